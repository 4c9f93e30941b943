import { execa } from 'execa';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readStacks } from '../../../src/manifests/stacks';

// Each test runs the program several times, and the first one builds it.
jest.setTimeout(90_000);

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'promote-'));
  cpSync('platform.yaml', join(folder, 'seed.yaml'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function run(args: readonly string[], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [resolve('src/cli/run.mjs'), ...args], {
    cwd: folder,
    env: { PLATFORM: 'seed.yaml', FORCE_COLOR: undefined, ...env },
    reject: false,
    stdin: 'ignore',
  });
  return { status: exitCode, stdout, stderr };
}

/** The line of what begins so. */
const lineOf = (start: string): number =>
  read()
    .split('\n')
    .findIndex((line) => line.startsWith(start)) + 1;

const read = (): string => readFileSync(join(folder, 'seed.yaml'), 'utf8');

/** The bytes of every stack. */
async function bytes(name: string): Promise<Record<string, string>> {
  const outdir = join(folder, name);
  expect(await run(['synth'], { CDKTF_OUTDIR: outdir })).toMatchObject({ status: 0 });
  return Object.fromEntries(
    readStacks(outdir).map((stack) => [
      stack.name,
      readFileSync(join(outdir, stack.workingDirectory, 'cdk.tf.json'), 'utf8'),
    ]),
  );
}

it('promote changes the version in the file, and so the bytes of one stack only', async () => {
  const before = await bytes('before');
  const text = read();
  expect(await run(['promote', 'storefront', 'qa', 'stage'])).toEqual({
    status: 0,
    stdout: `seed.yaml:${lineOf('  stage:')}:73 namespaces.stage.workloads.storefront.version: 1.3.2 -> 1.4.0, as in qa\nStacks that change: stage`,
    stderr: '',
  });
  expect(read()).toBe(text.replace(/(stage: .*version: )1\.3\.2/, '$11.4.0'));
  const after = await bytes('after');
  expect(Object.keys(after).filter((stack) => after[stack] !== before[stack])).toEqual(['stage']);
  expect(Object.keys(after)).toEqual(Object.keys(before));
});

it('promote reports that nothing changes, as JSON too', async () => {
  const text = read();
  const { status, stdout } = await run(['promote', 'storefront', 'dev', 'qa']);
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: `seed.yaml:${lineOf('  qa:')}:70 namespaces.qa.workloads.storefront.version: is 1.4.0 already, as in dev; nothing to do`,
  });
  expect(JSON.parse((await run(['promote', 'storefront', 'dev', 'qa', '--json'])).stdout)).toEqual({
    file: 'seed.yaml',
    line: lineOf('  qa:'),
    column: 70,
    path: 'namespaces.qa.workloads.storefront.version',
    before: '1.4.0',
    after: '1.4.0',
    changed: false,
    stacks: [],
  });
  expect(read()).toBe(text);
});

it('promote exits with 1 and every mistake, and leaves the file as it is', async () => {
  const text = read();
  expect(await run(['promote', 'storefront', 'qaa', 'stag'])).toEqual({
    status: 1,
    stdout: '',
    stderr:
      'promote: unknown namespace "qaa"; did you mean "qa"? known: dev, qa, stage, prod (seed.yaml)\n' +
      'promote: unknown namespace "stag"; did you mean "stage"? known: dev, qa, stage, prod (seed.yaml)',
  });
  expect((await run(['promote', 'storefront', 'qa'])).status).toBe(1);
  expect(read()).toBe(text);
  expect(readdirSync(folder)).toEqual(['seed.yaml']);
});

it('promote keeps permissions and links, and leaves nothing beside the file', async () => {
  chmodSync(join(folder, 'seed.yaml'), 0o640);
  symlinkSync('seed.yaml', join(folder, 'link.yaml'));
  const { status, stdout } = await run(['promote', 'storefront', 'qa', 'prod', '--json'], {
    PLATFORM: 'link.yaml',
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ changed: true, stacks: ['prod'] });
  expect(lstatSync(join(folder, 'link.yaml')).isSymbolicLink()).toBe(true);
  expect(statSync(join(folder, 'seed.yaml')).mode & 0o777).toBe(0o640);
  expect(read()).toMatch(/prod: .*version: 1\.4\.0/);
  expect(readdirSync(folder).sort()).toEqual(['link.yaml', 'seed.yaml']);
});
