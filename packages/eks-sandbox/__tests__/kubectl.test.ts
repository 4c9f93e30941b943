import { execa } from 'execa';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCluster, writeEmptyKubeconfig, writeKubeconfig } from '../kubectl';
import type { SandboxRecord } from '../sandbox-record';

const RECORD: SandboxRecord = {
  ...{ pid: 1, identity: '', startedAt: '', accountId: '111122223333', admin: '', processes: [] },
  endpoint: 'http://127.0.0.1:4566',
  region: 'eu-west-1',
  credentials: {
    accessKeyId: 'ASIAADMIN',
    secretAccessKey: 'of-the-admin',
    sessionToken: 'session-of-admin',
  },
};
const CLUSTER = { cluster: { endpoint: 'https://127.0.0.1:6443', certificateAuthority: { data: 'UEVN' } } };

let folder: string;
const path = process.env['PATH'] ?? '';

// An `aws` that knows one cluster, and else says what it was called with.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  const aws = join(folder, 'aws');
  const describe = `if [ "$2" = describe-cluster ]; then echo '${JSON.stringify(CLUSTER)}'; exit; fi`;
  writeFileSync(aws, `#!/bin/sh\n${describe}\necho "$AWS_ACCESS_KEY_ID: $*"\n`);
  chmodSync(aws, 0o755);
  process.env['PATH'] = `${folder}:${path}`;
});
afterAll(() => {
  process.env['PATH'] = path;
  rmSync(folder, { recursive: true });
});

/** Signs in as kubectl does, in a shell with these variables. */
async function signIn(variables: Readonly<Record<string, string>>) {
  const config = JSON.parse(readFileSync(await writeKubeconfig(folder, RECORD, 'seed'), 'utf8')) as {
    users: { user: { exec: { command: string; args: string[]; env?: unknown } } }[];
  };
  const { command, args, env } = config.users[0]?.user.exec ?? { command: '', args: [] };
  expect(env).toBeUndefined();
  return execa(command, args, { env: variables, reject: false });
}

describe('the kubeconfig of a sandbox', () => {
  it('refuses with a message while there is no cluster', async () => {
    writeEmptyKubeconfig(folder);
    expect(hasCluster(folder)).toBe(false);
    const { clusters, users } = JSON.parse(readFileSync(join(folder, 'kubeconfig'), 'utf8')) as {
      clusters: [{ cluster: { server: string } }];
      users: [{ user: { exec: { command: string; args: string[] } } }];
    };
    expect(clusters[0].cluster.server).toBe('https://127.0.0.1:1');
    const { command, args } = users[0].user.exec;
    expect(await execa(command, args, { reject: false })).toMatchObject({
      ...{ exitCode: 1, stdout: '' },
      stderr: expect.stringContaining('The sandbox has no cluster yet.') as unknown,
    });
    await writeKubeconfig(folder, RECORD, 'seed');
    expect(hasCluster(folder)).toBe(true);
  });

  it('holds no key, and is readable by its owner only', async () => {
    const file = await writeKubeconfig(folder, RECORD, 'seed');
    expect(readFileSync(file, 'utf8')).not.toMatch(/ASIAADMIN|of-the-admin|session-of-admin/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('signs in with the credentials of the shell', async () => {
    const shell = { AWS_ENDPOINT_URL: RECORD.endpoint, AWS_ACCESS_KEY_ID: 'ASIAOTHER' };
    expect(await signIn(shell)).toMatchObject({
      exitCode: 0,
      stdout: 'ASIAOTHER: eks get-token --output json --cluster-name seed',
    });
  });

  it('signs in once in ten minutes where a file keeps the token, which only its owner can read', async () => {
    const token = join(folder, 'token.json');
    const as = (key: string) =>
      signIn({
        ...{ PATH: process.env['PATH'] ?? '', EKS_SANDBOX_SIGN_IN_FILE: token },
        ...{ AWS_ENDPOINT_URL: RECORD.endpoint, AWS_ACCESS_KEY_ID: key },
      });
    const first = 'ASIAFIRST: eks get-token --output json --cluster-name seed';
    expect([(await as('ASIAFIRST')).stdout, (await as('ASIASECOND')).stdout]).toEqual([first, first]);
    expect(statSync(token).mode & 0o777).toBe(0o600);
    const earlier = new Date(Date.now() - 11 * 60_000);
    utimesSync(token, earlier, earlier);
    expect((await as('ASIASECOND')).stdout).toContain('ASIASECOND');
  });

  it.each([
    ['a shell of the user', '', 'not set'],
    ['the shell of another sandbox', 'http://127.0.0.1:1', 'http://127.0.0.1:1'],
  ])('runs no aws in %s', async (_, AWS_ENDPOINT_URL, found) => {
    expect(await signIn({ AWS_ENDPOINT_URL })).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: `This shell does not reach the sandbox at ${RECORD.endpoint}: AWS_ENDPOINT_URL is ${found}.\nRun kubectl in the shell of the sandbox.`,
    });
  });
});
