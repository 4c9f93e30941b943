import { isolatedEnvironment, sandboxEnvironment } from '../sandbox-environment';

const SANDBOX = {
  endpoint: 'http://127.0.0.1:4566',
  region: 'eu-west-1',
  credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
};

describe('the environment for the sandbox', () => {
  it('has nothing that leads to an account or a cluster of the user', () => {
    const own = {
      PATH: '/bin',
      AWS_PROFILE: 'work',
      AWS_SESSION_TOKEN: 'theirs',
      AWS_ENDPOINT_URL_EKS: 'https://eks.example',
      KUBECONFIG: 'theirs',
      KUBE_HOST: 'theirs',
      KUBERNETES_SERVICE_HOST: 'theirs',
      HELM_KUBECONTEXT: 'theirs',
      BASH_ENV: 'theirs',
      TF_CLI_ARGS_plan: '-target=x',
      TF_WORKSPACE: 'theirs',
      TF_VAR_region: 'theirs',
      TF_TOKEN_app_terraform_io: 'theirs',
      TF_HTTP_ADDRESS: 'https://state.example.com',
      TF_REATTACH_PROVIDERS: '{}',
      TF_LOG_PATH: '/theirs',
      PROMPT_COMMAND: 'theirs',
      'BASH_FUNC_aws%%': '() { theirs; }',
      TF_LOG: 'DEBUG',
    };
    const environment = isolatedEnvironment(SANDBOX, own);
    const added = Object.keys(sandboxEnvironment(SANDBOX));
    expect(Object.keys(environment).sort()).toEqual(['PATH', 'TF_LOG', ...added].sort());
    expect(environment).toMatchObject({ PATH: '/bin', AWS_ENDPOINT_URL: SANDBOX.endpoint });
  });

  it('names the region twice, because programs read different variables', () => {
    expect(sandboxEnvironment(SANDBOX)).toMatchObject({
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
    });
  });

  it('has a session token with temporary credentials only', () => {
    expect(sandboxEnvironment(SANDBOX)).not.toHaveProperty('AWS_SESSION_TOKEN');
    const credentials = { ...SANDBOX.credentials, sessionToken: 'token' };
    expect(sandboxEnvironment({ ...SANDBOX, credentials })).toHaveProperty('AWS_SESSION_TOKEN', 'token');
  });

  it('sends nothing for the sandbox to a proxy, and keeps the existing exceptions', () => {
    const { NO_PROXY, no_proxy } = isolatedEnvironment(SANDBOX, { no_proxy: 'intranet' });
    expect(NO_PROXY).toBe('intranet,127.0.0.1,localhost');
    expect(no_proxy).toBe(NO_PROXY);
  });
});
