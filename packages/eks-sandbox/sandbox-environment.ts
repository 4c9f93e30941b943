import { devNull } from 'node:os';
import type { SandboxRecord } from './sandbox-record';

/** What of a sandbox's record its environment is made of. */
export type SandboxEndpoint = Pick<SandboxRecord, 'endpoint' | 'region' | 'credentials'>;

/**
 * The variables that point a shell, the AWS CLI and Terraform at the sandbox instead of AWS, and nothing else differs.
 *
 * A shell that has more of the user's own has to unset what `isForeign` names, a profile above all.
 *
 * @param own the user's environment. @default process.env
 */
export function sandboxEnvironment(
  sandbox: SandboxEndpoint,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, sessionToken } = sandbox.credentials;
  const direct = ['127.0.0.1', 'localhost'];
  const others = (own['NO_PROXY'] ?? own['no_proxy'] ?? '')
    .split(',')
    .filter((host) => host && !direct.includes(host));
  // Python's HTTP clients send requests for 127.0.0.1 to a proxy unless told otherwise; Go's never do.
  const noProxy = [...others, ...direct].join(',');
  return {
    AWS_ENDPOINT_URL: sandbox.endpoint,
    AWS_REGION: sandbox.region,
    // Version 1 of the AWS CLI reads only this one.
    AWS_DEFAULT_REGION: sandbox.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    // Present and empty: a default profile in the user's own files could bring a role, an endpoint or a region along.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/**
 * Whether a variable of the user's shell would lead a program elsewhere than to the sandbox. `AWS_*` leads to the user's account:
 * keys, profiles, SSO, web identity, containers' credentials, an endpoint for each service. Others lead kubectl, the providers of
 * Kubernetes and Helm, or a Pod's clients to the user's cluster. Others give Terraform another workspace, other arguments or another
 * data folder. A file that shells read at their start could set all of them again.
 */
export function isForeign(variable: string): boolean {
  return (
    /^(AWS|BASH_FUNC|KUBE|KUBERNETES|TF_(CLOUD|HTTP|TOKEN|VAR))_|^(HELM_KUBE|TF_CLI_ARGS)/.test(variable) ||
    FOREIGN.includes(variable)
  );
}

const FOREIGN = [
  ...['BASH_ENV', 'BOTO_CONFIG', 'ENV', 'KUBECONFIG', 'PROMPT_COMMAND'],
  ...['TF_DATA_DIR', 'TF_INPUT', 'TF_IN_AUTOMATION', 'TF_LOG_PATH', 'TF_REATTACH_PROVIDERS', 'TF_WORKSPACE'],
];

/**
 * The user's environment for a program that must see the sandbox only: theirs without what `isForeign` names, and with
 * `sandboxEnvironment`.
 *
 * @param own - the environment to start from. @default process.env
 */
export function isolatedEnvironment(
  sandbox: SandboxEndpoint,
  own: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [variable, value] of Object.entries(own)) {
    if (value !== undefined && !isForeign(variable)) kept[variable] = value;
  }
  return { ...kept, ...sandboxEnvironment(sandbox, own) };
}
