import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import definition from '../../main';
import type { Platform } from '../config/platform';
import { readStacks, type Stack } from '../manifests/stacks';
import type { SynthesisOptions } from '../platform/synthesize-platform';

/** The platform and its stacks as the files say now. What `npm run synth` and `npm run plan` have written stays as it is. */
export function synthesizedNow(options: Omit<SynthesisOptions, 'outdir'> = {}): {
  readonly platform: Platform;
  readonly stacks: readonly Stack[];
} {
  const outdir = mkdtempSync(join(tmpdir(), 'synthesized-'));
  try {
    const { platform } = definition.synthesize({ ...options, outdir });
    return { platform, stacks: readStacks(outdir) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
