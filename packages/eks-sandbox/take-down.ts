import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { endMarkedRun } from './run-marker';
import { foreignOwner } from './sandbox-owner';
import { stopAll } from './sandbox-processes';

/**
 * Ends every process of a sandbox, a command that is at work on it too, and removes its files.
 *
 * @returns what was done, in a sentence
 */
export async function takeDown(directory: string): Promise<string> {
  if (!existsSync(directory)) return 'No sandbox is here.';
  const foreign = foreignOwner(directory);
  const command = foreign === undefined ? await endMarkedRun(directory) : undefined;
  const ended = foreign === undefined ? await stopAll(directory) : 0;
  rmSync(directory, { recursive: true, force: true });
  return (
    (command === undefined ? '' : `Ended ${command}, which was at work. `) +
    `Ended ${ended} ${ended === 1 ? 'process' : 'processes'}, removed ${relative(process.cwd(), directory)}` +
    (foreign === undefined ? '.' : `, which names ${foreign}: that one is left alone.`)
  );
}
