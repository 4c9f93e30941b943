import { execa } from 'execa';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ownIdentity } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { claim } from '@kubernetes-on-aws/eks-sandbox/sandbox-owner';
import { writeRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';

const PROGRAM = resolve('src/cli/run.mjs');
const ENDPOINT = 'http://127.0.0.1:9';
jest.setTimeout(60_000);

/** What leads programs of somebody's shell to AWS, to a cluster, or Terraform elsewhere. */
const HOSTILE = {
  AWS_PROFILE: 'work',
  AWS_SESSION_TOKEN: 'real',
  AWS_SSO_SESSION: 'work',
  AWS_ROLE_ARN: 'arn:aws:iam::999988887777:role/real',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
  AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials',
  AWS_ENDPOINT_URL_S3: 'https://s3.eu-west-1.amazonaws.com',
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
  AWS_USE_FIPS_ENDPOINT: 'true',
  KUBE_CONFIG_PATH: '/kube',
  KUBERNETES_SERVICE_HOST: '10.0.0.1',
  HELM_KUBEAPISERVER: 'https://real.example.com',
  TF_CLI_ARGS_plan: '-destroy',
  TF_WORKSPACE: 'real',
  TF_CLOUD_ORGANIZATION: 'real',
  HTTPS_PROXY: 'http://proxy.example.com:3128',
  no_proxy: 'intranet',
};

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'shell-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function start(): Promise<void> {
  const directory = join(folder, '.sandbox');
  claim(directory);
  writeRecord(directory, {
    pid: process.pid,
    identity: await ownIdentity(),
    startedAt: '2026-01-01T00:00:00.000Z',
    endpoint: ENDPOINT,
    region: 'eu-west-1',
    accountId: '111122223333',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    admin: 'arn:aws:iam::111122223333:role/admin',
    processes: [],
  });
}

async function run(
  program: string,
  args: readonly string[],
  { env = {}, input = '' }: { env?: Record<string, string>; input?: string } = {},
) {
  const { exitCode, stdout, stderr } = await execa(program, args, {
    cwd: folder,
    // The proxy does not exist, so the test reaches no registry.
    env: { HTTPS_PROXY: ENDPOINT, PLATFORM: undefined, CDKTF_OUTDIR: undefined, ...env },
    input,
    reject: false,
  });
  return { status: exitCode, stdout, stderr };
}

const sandbox = (args: readonly string[], options = {}) =>
  run(process.execPath, [PROGRAM, 'sandbox', ...args], options);

describe('without a sandbox', () => {
  const message = 'no sandbox runs here: start one by npm run sandbox';

  it('the shell does not start', async () => {
    expect(await sandbox(['shell', 'echo', 'real'])).toEqual({ status: 1, stdout: '', stderr: message });
  });

  it('the message says how to start that of another platform', async () => {
    mkdirSync(join(folder, 'platforms'));
    writeFileSync(join(folder, 'platforms', 'eu.yaml'), '');
    expect(await sandbox(['shell', '--platform', 'eu'])).toMatchObject({
      status: 1,
      stderr: `${message} -- --platform eu`,
    });
  });

  it.each([
    ['there is none', '', '', message],
    ['the platform is unknown', '--platform nope', '', /^--platform nope: /],
    ['the variable names an unknown platform', '', 'PLATFORM=nope', /^--platform nope: /],
    ['an option is unknown', '--nope', '', /unknown option '--nope'/],
  ])('the eval of what sandbox env prints fails where %s', async (_, options, variables, said) => {
    const deploy = `eval "$(${variables} '${process.execPath}' '${PROGRAM}' sandbox env ${options})" && echo deployed to AWS`;
    const { status, stdout, stderr } = await run('sh', ['-c', deploy]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(said);
  });

  it('the eval fails if the program cannot start', async () => {
    const { scripts } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as {
      scripts: Readonly<Record<string, string>>;
    };
    // The script has the options of the command line at its end.
    const printed = async (program: string) =>
      run('sh', [
        '-c',
        `${scripts['sandbox:env']?.replace('node src/cli/run.mjs', program) ?? ''} --platform eu`,
      ]);
    expect(await printed('echo')).toMatchObject({ status: 0, stdout: 'sandbox env --platform eu' });
    expect(await printed('no-such-program')).toMatchObject({ status: 1, stdout: 'false' });
  });
});

describe('in the shell of a sandbox', () => {
  beforeEach(start);

  it('no variable leads outside the sandbox', async () => {
    const print = 'process.stdout.write(JSON.stringify(process.env))';
    const { status, stdout } = await sandbox(['shell', process.execPath, '-e', print], { env: HOSTILE });
    expect(status).toBe(0);
    const variables = Object.entries(JSON.parse(stdout) as Record<string, string>);
    const directory = join(folder, '.sandbox');
    const outdir = join(directory, 'project', 'cdktf.out');
    expect(
      Object.fromEntries(
        variables.filter(([name]) => /^(AWS|KUBE|HELM|CDKTF|PLATFORM|TF_(?!CLI_CONFIG|PLUGIN))/.test(name)),
      ),
    ).toEqual({
      AWS_ENDPOINT_URL: ENDPOINT,
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_CONFIG_FILE: join(directory, 'aws', 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(directory, 'aws', 'credentials'),
      AWS_EC2_METADATA_DISABLED: 'true',
      KUBECONFIG: join(directory, 'kubeconfig'),
      PLATFORM: 'platform.yaml',
      PLATFORM_SANDBOX: directory,
      CDKTF_OUTDIR: outdir,
      CDKTF_OUTPUT: outdir,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      NO_PROXY: 'intranet,127.0.0.1,localhost',
      no_proxy: 'intranet,127.0.0.1,localhost',
    });
  });

  it('sandbox env prints the same to a shell that already runs', async () => {
    const read = `eval "$('${process.execPath}' '${PROGRAM}' sandbox env)" && env | grep -E '^(AWS|KUBE|TF_W|PLATFORM)' | sort`;
    const { status, stdout } = await run('sh', ['-c', read], { env: HOSTILE });
    expect(status).toBe(0);
    expect(stdout.split('\n').map((line) => line.split('=')[0])).toEqual([
      ...['AWS_ACCESS_KEY_ID', 'AWS_CONFIG_FILE', 'AWS_DEFAULT_REGION', 'AWS_EC2_METADATA_DISABLED'],
      ...['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_SECRET_ACCESS_KEY', 'AWS_SHARED_CREDENTIALS_FILE'],
      ...['KUBECONFIG', 'PLATFORM', 'PLATFORM_SANDBOX'],
    ]);
  });

  it('no function of the parent shell replaces a program', async () => {
    const read = `aws() { echo theirs; }; export -f aws; eval "$('${process.execPath}' '${PROGRAM}' sandbox env)" && type -t aws || echo none`;
    const { stdout, stderr } = await run('bash', ['-c', read], { env: { PATH: '/usr/bin:/bin' } });
    expect({ isTheirs: stdout.includes('function'), stderr }).toEqual({ isTheirs: false, stderr: '' });
  });

  it('aws sends every service to the sandbox, in version 1 too', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'aws'), '#!/bin/sh\necho "$@"\n', { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    // In a shell within the shell too.
    for (const shell of [['shell'], ['shell', process.execPath, PROGRAM, 'sandbox', 'shell']])
      expect(await sandbox([...shell, 'aws', 'sqs', 'list-queues'], { env })).toMatchObject({
        stdout: `--endpoint-url ${ENDPOINT} sqs list-queues`,
      });
  });

  it('status reports that there is no cluster yet', async () => {
    expect(await sandbox(['status'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('It has no cluster that npm run sandbox deployed.') as unknown,
    });
  });

  it.each(['owner.json', 'sandbox.json'])(
    'status reports that %s is damaged, without a stack trace',
    async (name) => {
      writeFileSync(join(folder, '.sandbox', name), '{');
      const { status, stderr } = await sandbox(['status']);
      expect(status).toBe(2);
      expect(stderr).toMatch(
        new RegExp(`^\\.sandbox/${name} is damaged: .*Take the sandbox down: this removes the file$`),
      );
    },
  );

  it('a command has its own options and exit status', async () => {
    expect(await sandbox(['shell', 'sh', '-c', 'exit 7'])).toMatchObject({ status: 7, stderr: '' });
    expect(await sandbox(['shell', '--', 'sh', '-c', 'kill -TERM $$'])).toMatchObject({ status: 143 });
    expect(await sandbox(['shell', 'no-such-program', '--json'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no-such-program cannot be started: ') as unknown,
    });
  });

  it('an interactive shell says where it is, reads no startup file, and exits with its own status', async () => {
    writeFileSync(join(folder, 'rc'), 'export AWS_PROFILE=work\n');
    const startup = { SHELL: '/bin/bash', BASH_ENV: join(folder, 'rc'), ENV: join(folder, 'rc') };
    const { status, stdout, stderr } = await sandbox(['shell'], {
      env: startup,
      input: 'echo "${AWS_PROFILE-none}"\nexit 3\n',
    });
    expect({ status, stdout }).toEqual({ status: 3, stdout: 'none' });
    expect(stderr).toBe(
      `This shell reaches only the sandbox in .sandbox: the account 111122223333 at ${ENDPOINT}. exit leaves it.`,
    );
  });
});
