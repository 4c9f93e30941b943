import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from './config-error';

/** Why the file could not be read, by the system's code. */
const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; create it, or name another one by --platform',
  ENOTDIR: 'no such file; create it, or name another one by --platform',
  EACCES: 'may not be read; give yourself the right to, or name another file by --platform',
};

/**
 * The text of a platform's file.
 * @throws ConfigError when it cannot be read
 */
export function readPlatform(file: string): string {
  try {
    // A pipe may never end, and neither does a device.
    if (statSync(file).isFile()) return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    throw new ConfigError([{ file, path: '', message: UNREADABLE[code] ?? `cannot be read: ${message}` }]);
  }
  const message = 'a directory, a pipe or a device; name a regular file, such as the one in the directory';
  throw new ConfigError([{ file, path: '', message }]);
}
