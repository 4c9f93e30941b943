import { existsSync, rmSync } from 'node:fs';
import { relative } from 'node:path';
import { stopAll } from '../sandbox/processes';
import { endMarkedRun } from '../sandbox/run-marker';
import { sandboxDirectory } from '../sandbox/sandbox';

/** `sandbox down`: ends every process of the sandbox, a command that is at work on it too, and removes its files. */
export async function down(): Promise<void> {
  const directory = sandboxDirectory();
  if (!existsSync(directory)) {
    process.stdout.write('No sandbox is here.\n');
    return;
  }
  const command = await endMarkedRun(directory);
  const ended = await stopAll(directory);
  rmSync(directory, { recursive: true, force: true });
  process.stdout.write(
    (command === undefined ? '' : `Ended npm run ${command}, which was at work. `) +
      `Ended ${ended} ${ended === 1 ? 'process' : 'processes'}, removed ${relative(process.cwd(), directory)}.\n`,
  );
}
