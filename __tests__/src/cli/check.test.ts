import { execa } from 'execa';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { appOf, parsePlatform } from '../../own-platform';

const folder = mkdtempSync(join(tmpdir(), 'check-'));
const outdir = join(folder, 'out');
const check = async (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  execa('node', ['src/cli/run.mjs', 'check', ...args, '--stacks', outdir], { reject: false, env });

beforeAll(() => {
  const platform = parsePlatform(readFileSync('platform.yaml', 'utf8'), 'platform.yaml');
  appOf(platform, outdir).synthesize();
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the command check', () => {
  it('exits with 0 if it finds nothing', async () => {
    const { exitCode, stdout } = await check([]);
    expect(stdout).toMatch(/NAMESPACE +node-1 +node-2 +node-3/);
    expect(stdout.trimEnd().endsWith('No finding')).toBe(true);
    expect(exitCode).toBe(0);
  }, 60_000);

  it('synthesizes the platform first, so that it judges nothing from before an edit', async () => {
    const cwd = join(folder, 'platform');
    cpSync('platform.yaml', join(cwd, 'platform.yaml'));
    const references = async () =>
      execa('node', [resolve('src/cli/run.mjs'), 'check', 'references'], {
        ...{ cwd, reject: false, env: { CDKTF_OUTDIR: undefined, PLATFORM: undefined } },
      });
    const { exitCode, stdout } = await references();
    expect([exitCode, stdout.trimEnd()]).toEqual([0, 'No finding']);
    const file = join(cwd, 'platform.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('min: ', 'min: -'));
    const after = await references();
    expect(after.stderr).toMatch(/platform\.yaml:\d+:\d+ nodes\.node-1\.min: got the number -1; expected/);
    expect([after.exitCode, after.stdout]).toEqual([1, '']);
  }, 60_000);

  it('reports an unknown check', async () => {
    const { exitCode, stderr } = await check(['placment']);
    expect(stderr).toContain('unknown check "placment"; did you mean "placement"?');
    expect(exitCode).toBe(1);
  }, 60_000);

  it('names the checks that did not run without the native build, and exits with 2', async () => {
    const { exitCode, stdout } = await check([], { XDG_CACHE_HOME: folder, HOME: folder });
    const { notRun } = JSON.parse(
      (await check(['--json'], { XDG_CACHE_HOME: folder, HOME: folder })).stdout,
    ) as {
      notRun: object;
    };
    expect(stdout).toContain(
      'capacity did not run: the code of Kubernetes that answers this is in the native build only',
    );
    expect(Object.keys(notRun)).toEqual([
      'placement',
      'capacity',
      'rollouts',
      'permissions',
      'compatibility',
    ]);
    expect(exitCode).toBe(2);
  }, 60_000);

  it('exits with 1 with findings, and writes them as SARIF', async () => {
    const file = join(outdir, 'stacks/dev/cdk.tf.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('"ingress_class_name": "alb"', '"ingress_class_name": "nginx"'));
    const log = join(folder, 'check.sarif');
    const markdown = join(folder, 'reports', 'check.md');
    const { exitCode, stdout } = await check(['references', '--sarif', log, '--markdown', markdown]);
    writeFileSync(file, before);
    expect(stdout).toContain('names the IngressClass "nginx", and there is none');
    expect(readFileSync(log, 'utf8')).toContain('"ruleId": "REF-005"');
    expect(readFileSync(markdown, 'utf8')).toMatch(
      /^Checks: 1 finding\n\n- \[\*\*REF-005\*\*\]\(.*#ref-005\) `Ingress dev\/.*: names the IngressClass "nginx", and there is none/,
    );
    expect(exitCode).toBe(1);
  }, 60_000);

  it('exits with 1 without synthesized stacks', async () => {
    rmSync(join(outdir, 'platform.json'));
    const { exitCode, stderr } = await check([]);
    expect(stderr).toContain('platform.json does not exist: run npm run synth first');
    expect(exitCode).toBe(1);
  }, 60_000);
});
