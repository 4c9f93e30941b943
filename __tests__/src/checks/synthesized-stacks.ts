import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appOf, parsePlatform } from '../../own-platform';
import { readStacks, type Stack } from '../../../src/manifests/stacks';

/** The stacks of a platform as they are read back from what synthesis wrote. */
export function synthesizedStacks(platformYaml: string): Stack[] {
  const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
  try {
    const platform = parsePlatform(platformYaml, 'platform.yaml', { today: new Date('2026-11-23') });
    appOf(platform, outdir).synthesize();
    return readStacks(outdir);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
