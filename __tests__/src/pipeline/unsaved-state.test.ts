import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepUnsavedState } from '../../../src/pipeline/apply/apply-folder';

let outdir: string;
beforeEach(() => {
  outdir = mkdtempSync(join(tmpdir(), 'unsaved-'));
  mkdirSync(join(outdir, 'apply', 'network'), { recursive: true });
});
afterEach(() => {
  rmSync(outdir, { recursive: true });
});

it('a state that the backend did not take is kept for its owner, with what to do', () => {
  writeFileSync(join(outdir, 'apply', 'network', 'errored.tfstate'), 'the state', { mode: 0o644 });
  const kept = join(outdir, 'errored.network.tfstate');
  expect(keepUnsavedState('network', outdir)).toContain(`stacks/network state push ${kept}`);
  rmSync(join(outdir, 'apply'), { recursive: true });
  expect([readFileSync(kept, 'utf8'), statSync(kept).mode & 0o777]).toEqual(['the state', 0o600]);
});

it('a stack whose state was saved leaves nothing', () => {
  expect(keepUnsavedState('network', outdir)).toBeUndefined();
});
