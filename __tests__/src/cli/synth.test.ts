import { execa } from 'execa';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'synth-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  [undefined, 0],
  ['true', 2],
])('synth reports missing validation by Kubernetes, and with CI=%s exits with %s', async (ci, status) => {
  const { exitCode, stdout, stderr } = await execa('node', ['src/cli/run.mjs', 'synth', '--quiet'], {
    reject: false,
    // A cache folder in which nothing was built.
    env: { CI: ci, XDG_CACHE_HOME: folder, HOME: folder, CDKTF_OUTDIR: join(folder, 'out') },
  });
  expect(stdout).toMatch(/: \d+ stacks: /);
  expect(stderr).toContain('the Kubernetes objects are not validated');
  expect(exitCode).toBe(status);
});
