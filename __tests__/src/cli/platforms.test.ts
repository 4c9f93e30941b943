import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { execa } from 'execa';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { backendOf } from '../../../src/pipeline/state/stack-backend';
import { readStacks } from '../../../src/manifests/stacks';
import { FakePrograms } from '../pipeline/fake-programs';

// Each test runs the program several times, and the first run builds it.
jest.setTimeout(90_000);

const BASE = `
network: { zones: [a, b] }
cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::444455556666:role/admin], publicAccess: [203.0.113.0/24] }
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
namespaces: { stage: { nodes: [node-1], workloads: { storefront: { version: 1.4.0 } } } }
`;
const EU = `extends: base.yaml\nname: shop-eu\nregion: eu-central-1\naccount: '444455556666'\n`;
const PROD = `extends: base.yaml
name: shop-prod
region: eu-central-1
account: '777788889999'
cluster: { admins: [arn:aws:iam::777788889999:role/admin] }
namespaces:
  stage: null
  prod: { nodes: [node-1], workloads: { storefront: { version: 1.3.2 } } }
`;

let folder: string;
let programs: FakePrograms;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'platforms-'));
  programs = new FakePrograms();
  cpSync('platform.yaml', join(folder, 'platform.yaml'));
  mkdirSync(join(folder, 'platforms'));
  for (const [name, text] of Object.entries({ base: BASE, eu: EU, 'prod-eu': PROD })) {
    writeFileSync(join(folder, 'platforms', `${name}.yaml`), text);
  }
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  programs.remove();
});

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve('src/cli/run.mjs'), ...args], {
    cwd: folder,
    env: { FORCE_COLOR: undefined, ...programs.environment, ...env },
    reject: false,
    stdin: 'ignore',
  });
  return { status: exitCode, stdout, stderr };
}

const at = (...parts: string[]): string => join(folder, ...parts);

it('platforms lists the selected platform', async () => {
  const { stdout } = await run(['platforms', '--platform', 'eu', '--json']);
  const { platforms } = JSON.parse(stdout) as { platforms: { platform: string }[] };
  expect(platforms.map(({ platform }) => platform)).toEqual(['eu']);
  const { status, stderr } = await run(['platforms', '--platform', '']);
  expect([status, stderr]).toEqual([1, expect.stringContaining('--platform: got ""; expected')]);
});

it('platforms lists the platforms, and not the files that they extend', async () => {
  const { status, stdout } = await run(['platforms', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    platforms: [
      {
        platform: 'platform.yaml',
        file: 'platform.yaml',
        name: 'seed',
        account: '111122223333',
        region: 'eu-west-1',
        outdir: 'cdktf.out',
      },
      ...[
        ['eu', 'shop-eu', '444455556666'],
        ['prod-eu', 'shop-prod', '777788889999'],
      ].map(([platform = '', name, account]) => ({
        platform,
        file: `platforms/${platform}.yaml`,
        name,
        account,
        region: 'eu-central-1',
        outdir: `cdktf.out/${platform}`,
      })),
    ],
  });
});

it('each platform has its own output, addresses and local states, by the option as by the variable', async () => {
  expect((await run(['synth'])).status).toBe(0);
  expect((await run(['synth', '--platform', 'eu'])).status).toBe(0);
  expect((await run(['synth'], { PLATFORM: 'prod-eu' })).status).toBe(0);
  const files = ['cdktf.out', 'cdktf.out/eu', 'cdktf.out/prod-eu'].map((outdir) => {
    const network = readStacks(at(outdir)).find(({ name }) => name === 'network');
    return network && backendOf(network, at(outdir));
  });
  expect(files).toEqual(
    ['network', 'eu.network', 'prod-eu.network'].map((name) => ({
      kind: 'local',
      file: at(`terraform.${name}.tfstate`),
    })),
  );
  expect((await run(['manifests', '--platform', 'eu'])).stdout).toContain(
    'cdktf.out/eu/manifests/stage.yaml',
  );
  expect((await run(['addresses', '--write', '--platform', 'eu'])).status).toBe(0);
  expect(existsSync(at('addresses', 'eu', 'stage.txt'))).toBe(true);
  expect(existsSync(at('addresses', 'network.txt'))).toBe(false);
  expect((await run(['addresses', '--platform', 'eu'])).status).toBe(0);
});

it.each([['plan'], ['drift'], ['teardown', '--plan']])(
  '%s exits with 1 before it reads anything if the credentials are of another account',
  async (...command) => {
    programs.have({
      'sts get-caller-identity': { Account: '111122223333', Arn: 'arn:aws:iam::111122223333:user/me' },
    });
    const { status, stderr, stdout } = await run([...command, '--platform', 'eu', '--json']);
    expect(status).toBe(1);
    expect(stderr).toContain(
      'signed in as arn:aws:iam::111122223333:user/me, and the platform is in the account 444455556666; sign in there',
    );
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'wrong-account' } });
    expect(programs.calls('aws')).toEqual([expect.stringMatching(/^aws sts get-caller-identity/)]);
  },
);

it('promote copies a version from one platform to another', async () => {
  const { status, stdout } = await run(['promote', 'storefront', 'eu/stage', 'prod-eu/prod', '--json']);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    file: 'platforms/prod-eu.yaml',
    before: '1.3.2',
    after: '1.4.0',
    stacks: ['prod'],
  });
  expect(readFileSync(at('platforms', 'prod-eu.yaml'), 'utf8')).toBe(PROD.replace('1.3.2', '1.4.0'));
});

it('promote refuses a file that several platforms share', async () => {
  const { status, stderr } = await run(['promote', 'storefront', 'prod-eu/prod', 'eu/stage']);
  expect(status).toBe(1);
  expect(stderr).toContain(
    'platforms/base.yaml:5:77 namespaces.stage.workloads.storefront.version: is in platforms/base.yaml, which other platforms may extend, too; ' +
      'write version: 1.3.2 under namespaces.stage.workloads.storefront in platforms/eu.yaml',
  );
  expect(readFileSync(at('platforms', 'base.yaml'), 'utf8')).toBe(BASE);
});

it('every command has help with examples and the option --platform', async () => {
  const commands = [
    'synth',
    'manifests',
    'access',
    'plan',
    'apply',
    'drift',
    'addresses',
    'promote',
    'teardown',
  ];
  const nested = [
    'state bootstrap',
    ...['up', 'status', 'env', 'destroy', 'down'].map((name) => `sandbox ${name}`),
  ];
  for (const command of [...commands, ...nested]) {
    const { status, stdout } = await run([...command.split(' '), '--help']);
    expect({ command, status }).toEqual({ command, status: 0 });
    expect(stdout).toContain('--platform <name>');
    const script = command === 'sandbox up' ? 'sandbox' : command.replace(' ', ':');
    expect(stdout).toContain(`Usage: npm run ${script} -- [options]`);
    expect(stdout).toContain(`Examples:\n  npm run ${script}`);
  }
});
