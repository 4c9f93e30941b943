import { readFileSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { identitiesOf, isSameProcess, ownIdentity } from './processes';
import { SandboxError } from './sandbox-error';

/** A command that changes the sandbox, while it does. */
interface Marker {
  readonly command: string;
  readonly pid: number;
  readonly identity: string;
}

/**
 * Runs a command that changes the sandbox, one at a time. It leaves a mark while it is at work: a mark whose process is gone
 * tells that it was ended by force, and that nobody knows what was half-done.
 *
 * @param action is told whether the command before was ended by force
 * @throws SandboxError when another command is at work
 */
export async function markedRun<T>(
  directory: string,
  command: string,
  action: (interrupted: boolean) => Promise<T>,
): Promise<T> {
  const file = join(directory, 'run.json');
  mkdirSync(directory, { recursive: true });
  const marker: Marker = { command, pid: process.pid, identity: await ownIdentity() };
  let interrupted = false;
  while (!create(file, marker)) {
    const other = read(file);
    if (!other) continue;
    const running = (await identitiesOf([other.pid])).get(other.pid);
    if (isSameProcess(other.identity, running)) {
      throw new SandboxError(
        `npm run ${other.command} is at work in ${directory} (process ${other.pid}): wait until it ends, or end it`,
      );
    }
    interrupted = true;
    rmSync(file, { force: true });
  }
  try {
    return await action(interrupted);
  } finally {
    rmSync(file, { force: true });
  }
}

function create(file: string, marker: Marker): boolean {
  try {
    writeFileSync(file, JSON.stringify(marker), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): Marker | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Marker;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    // Ended between creating and writing the file: it names nobody.
    if (error instanceof SyntaxError) return { command: 'sandbox', pid: 0, identity: '' };
    throw error;
  }
}
