import { mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/**
 * Writes a file whole or not at all: beside it first, under a name of its own, which then takes its place. The permissions of a file
 * that is there stay, and where it is a link, what it leads to is written.
 *
 * @param check looks at what was written before it takes the file's place; nothing has changed when it throws
 */
export function replaceFile(
  path: string,
  content: string,
  check: (draft: string) => void = () => undefined,
): void {
  mkdirSync(dirname(path), { recursive: true });
  const before = statSync(path, { throwIfNoEntry: false });
  const file = before ? realpathSync(path) : path;
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.draft`);
  try {
    writeFileSync(draft, content, { mode: before?.mode ?? 0o666 });
    check(draft);
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}
