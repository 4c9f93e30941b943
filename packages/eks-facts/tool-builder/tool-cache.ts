import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import envPaths from 'env-paths';

/** The folder that keeps what is built or downloaded once for this user of the machine. */
export function toolCache(): string {
  return envPaths('kubernetes-on-aws', { suffix: '' }).cache;
}

/** The folder of downloaded programs. */
export function downloadedPrograms(): string {
  return join(toolCache(), 'bin');
}

/** Lets this process and those that it starts find downloaded programs, before any others. */
export function useDownloadedPrograms(): void {
  const folder = downloadedPrograms();
  const path = process.env.PATH ?? '';
  if (existsSync(folder) && !path.split(delimiter).includes(folder)) {
    process.env.PATH = [folder, path].join(delimiter);
  }
}
