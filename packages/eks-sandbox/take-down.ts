import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { endMarkedRun } from './run-marker';
import { DamagedFileError } from './sandbox-error';
import { refuseForeign } from './sandbox-owner';
import { readProcesses, stopAll } from './sandbox-processes';

/** @returns whose sandbox the folder was copied from, in words @throws SandboxError when it is another machine's or user's */
function ownerOf(directory: string): string | undefined {
  try {
    return refuseForeign(directory);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    // The logs of what a sandbox runs are in its folder, and those of a copy elsewhere.
    const isOwn = readProcesses(directory).every(({ log }) => log.startsWith(join(directory, '/')));
    return isOwn ? undefined : 'an owner that is no longer known';
  }
}

/**
 * Ends every process of a sandbox, a command that is at work on it too, and removes its files.
 *
 * @returns what was done, in a sentence
 */
export async function takeDown(directory: string): Promise<string> {
  if (!existsSync(directory)) return 'No sandbox is here.';
  const place = relative(process.cwd(), directory);
  const foreign = ownerOf(directory);
  const command = foreign === undefined ? await endMarkedRun(directory) : undefined;
  const ended = foreign === undefined ? await stopAll(directory) : 0;
  rmSync(directory, { recursive: true, force: true });
  return (
    (command === undefined ? '' : `Ended ${command}, which was at work. `) +
    `Ended ${ended} ${ended === 1 ? 'process' : 'processes'}, removed ${place}` +
    (foreign === undefined ? '.' : `, which names ${foreign}: that one is left alone.`)
  );
}
