import { execa } from 'execa';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

// Each test runs the program several times, and the first one builds it.
jest.setTimeout(90_000);

let folder: string;

/** A folder with the default platform and its lists, in which the program runs. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'addresses-'));
  cpSync('platform.yaml', join(folder, 'platform.yaml'));
  cpSync('addresses', join(folder, 'addresses'), { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [resolve('src/cli/run.mjs'), 'addresses', ...args],
    {
      cwd: folder,
      env: { CDKTF_OUTDIR: undefined, PLATFORM: undefined, FORCE_COLOR: undefined },
      reject: false,
      stdin: 'ignore',
    },
  );
  return { status: exitCode, stdout, stderr };
}

const path = (name: string): string => join(folder, 'addresses', name);
const read = (name: string): string => readFileSync(path(name), 'utf8');

/** Changes lists as if the code had made other addresses before. */
function before(from: string, to: string, ...stacks: string[]): void {
  for (const stack of stacks) {
    writeFileSync(
      path(`${stack}.txt`),
      read(`${stack}.txt`).replace(`${from}\n`, to === '' ? '' : `${to}\n`),
    );
  }
}

const WEB = 'kubernetes_deployment_v1.storefront_web';

it('addresses reports that all addresses are as listed', async () => {
  expect(await run()).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^addresses: \d+ addresses of 7 stacks, as listed$/) as string,
    stderr: '',
  });
});

it('addresses --write adds new addresses, and without it the command asks for that', async () => {
  before(WEB, '', 'dev');
  const asked = await run();
  expect(asked.status).toBe(1);
  expect(asked.stdout).toContain(`dev    new  ${WEB}`);
  expect(asked.stderr).toBe(
    'addresses: out of date; run npm run addresses -- --write, and commit what it writes',
  );
  expect(read('dev.txt')).not.toContain(WEB);
  expect(await run('--write')).toMatchObject({ status: 0, stderr: '' });
  expect(read('dev.txt')).toBe(readFileSync('addresses/dev.txt', 'utf8'));
  expect(read('moved.yaml')).toBe(readFileSync('addresses/moved.yaml', 'utf8'));
});

it('addresses writes the move of a renamed object, once for all namespaces', async () => {
  before(WEB, 'kubernetes_deployment_v1.storefront_wbe', 'dev', 'qa', 'stage', 'prod');
  before('aws_vpc.vpc', 'aws_vpc.vpcs', 'network');
  expect((await run()).stderr).toContain('addresses and addresses/moved.yaml: out of date');
  writeFileSync(path('moved.yaml'), '# none yet\n');
  expect(await run('--write')).toMatchObject({ status: 0, stderr: '' });
  expect(read('moved.yaml')).toBe(`# none yet

network:
  - from: aws_vpc.vpcs
    to: aws_vpc.vpc
<namespace>:
  - from: kubernetes_deployment_v1.storefront_wbe
    to: kubernetes_deployment_v1.storefront_web
`);
  expect(read('qa.txt')).toBe(readFileSync('addresses/qa.txt', 'utf8'));
  expect((await run()).status).toBe(0);
});

it('addresses uses the last synthesis as the old values', async () => {
  const synth = await execa(process.execPath, [resolve('src/cli/run.mjs'), 'synth'], { cwd: folder });
  expect(synth.exitCode).toBe(0);
  const file = join(folder, 'cdktf.out/stacks/network/cdk.tf.json');
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace('"vpc": {\n        "//"', '"main": {\n        "//"'),
  );
  before('aws_vpc.vpc', 'aws_vpc.main', 'network');
  const { stacks } = JSON.parse((await run('--json')).stdout) as {
    stacks: { stack: string; likely: unknown }[];
  };
  expect(stacks.find(({ stack }) => stack === 'network')?.likely).toEqual([
    { from: 'aws_vpc.main', to: 'aws_vpc.vpc', likeness: { values: 1, name: 0 } },
  ]);
});

it('addresses writes nothing while Terraform would destroy an object that the user has not named', async () => {
  before(WEB, `${WEB}\nkubernetes_secret_v1.gone`, 'dev', 'prod');
  before('aws_vpc.vpc', '', 'network');
  writeFileSync(path('old.txt'), 'kubernetes_pod_v1.a\nkubernetes_pod_v1.b\n');
  const lists = ['dev.txt', 'network.txt', 'old.txt'].map(read);
  const refused = await run('--write', '--removed', 'old', '--removed', 'dev/kubernetes_secret_v1.gnoe');
  expect(refused.status).toBe(1);
  expect(refused.stderr.split('\n')).toEqual([
    '--removed dev/kubernetes_secret_v1.gnoe: nothing of that name goes; unknown address "dev/kubernetes_secret_v1.gnoe"; did you mean "dev/kubernetes_secret_v1.gone"? known: dev/kubernetes_secret_v1.gone, prod/kubernetes_secret_v1.gone, old/kubernetes_pod_v1.a, old/kubernetes_pod_v1.b',
    ...['dev', 'prod'].map(
      (stack) =>
        `addresses/${stack}.txt: kubernetes_secret_v1.gone is gone, and Terraform would destroy its object. If its address has changed, write the move to addresses/moved.yaml. To destroy the object, add --removed ${stack}/kubernetes_secret_v1.gone`,
    ),
  ]);
  expect(['dev.txt', 'network.txt', 'old.txt'].map(read)).toEqual(lists);

  expect(await run('--write', '--removed', 'old', '--removed', 'kubernetes_secret_v1.gone')).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(read('dev.txt')).toBe(readFileSync('addresses/dev.txt', 'utf8'));
  expect(existsSync(path('old.txt'))).toBe(false);
});

it('addresses names the new addresses if the choice between them is open', async () => {
  before('aws_vpc.vpc', '', 'network');
  before('aws_subnet.vpc_private_a\naws_subnet.vpc_private_b', 'aws_subnet.vpc_private_q', 'network');
  const { status, stderr } = await run('--write');
  expect(status).toBe(1);
  expect(stderr).toContain(
    'If its address has changed (new and of its type: aws_subnet.vpc_private_a, aws_subnet.vpc_private_b), write the move',
  );
});

it('addresses reports a list out of order, and a move to a missing stack', async () => {
  writeFileSync(path('dev.txt'), read('dev.txt').split('\n').reverse().join('\n'));
  writeFileSync(path('moved.yaml'), 'clutser: [{ from: aws_vpc.a, to: aws_vpc.b }]\n');
  const { status, stdout, stderr } = await run();
  expect({ status, stdout }).toEqual({
    status: 1,
    stdout: expect.stringMatching(/not as listed$/) as string,
  });
  expect(stderr).toContain(
    'warning: addresses/moved.yaml:1:11 clutser: this platform has no such stack, so that nothing moves there; did you mean "cluster"?',
  );
  await run('--write');
  expect(read('dev.txt')).toBe(readFileSync('addresses/dev.txt', 'utf8'));
});
