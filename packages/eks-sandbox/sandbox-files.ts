import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DamagedFileError } from './sandbox-error';

/**
 * What a file of a sandbox's folder says; undefined where there is none.
 *
 * @throws DamagedFileError
 */
export function readState(directory: string, name: string): unknown {
  const file = join(directory, name);
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new DamagedFileError(
      `${relative(process.cwd(), file)} is damaged: ${error.message}. Take the sandbox down: this removes the file`,
    );
  }
}

/** Writes such a file in one step: a reader sees the old one or the new one, never half of it. Only its owner can read it. */
export function writeState(directory: string, name: string, content: unknown): void {
  const file = join(directory, name);
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
