import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How Jest was told to treat snapshots: `all` is --updateSnapshot, `none` is --ci, `new` writes missing ones. */
function updateMode(): 'all' | 'new' | 'none' {
  const { snapshotState } = expect.getState() as unknown as {
    snapshotState: { _updateSnapshot: 'all' | 'new' | 'none' };
  };
  return snapshotState._updateSnapshot;
}

/** The text of a committed file, written first where Jest would write a snapshot. */
export function committedText(file: string, text: string): string {
  const mode = updateMode();
  if (mode === 'all' || (mode === 'new' && !existsSync(file))) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return readFileSync(file, 'utf8');
}
