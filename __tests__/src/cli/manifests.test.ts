import { execaSync } from 'execa';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifests-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What `npm run manifests -- --json` prints for a platform, which it synthesizes to a folder that may have an earlier one. */
function manifests(platformYaml: string): { stacks: string[]; stderr: string } {
  const file = join(folder, 'platform.yaml');
  writeFileSync(file, platformYaml);
  const env = { PLATFORM: file, CDKTF_OUTDIR: join(folder, 'build', 'cdktf.out') };
  const { stdout, stderr } = execaSync(process.execPath, ['src/cli/run.mjs', 'manifests', '--json'], { env });
  return { stacks: (JSON.parse(stdout) as { stack: string }[]).map(({ stack }) => stack), stderr };
}

it('manifests prints which charts have no manifests beside its result', () => {
  const platformYaml = readFileSync('platform.yaml', 'utf8');
  const stacks = ['platform', 'dev', 'prod', 'qa', 'stage'];
  expect(manifests(platformYaml)).toEqual({ stacks, stderr: '' });
  expect(manifests(platformYaml.replace('loadBalancer: false', 'loadBalancer: true'))).toEqual({
    stacks,
    stderr:
      'note: load-balancer-controller: no manifests are written of the chart aws-load-balancer-controller 3.5.0 in kube-system ' +
      '(helm_release.load_balancer_controller): its objects are in the chart',
  });
});
