import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The committed Terraform addresses of each stack, by its name. */
export function readAddressLists(folder: string): Map<string, string[]> {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.txt')) : [];
  return new Map(
    files.sort().map((file) => {
      const lines = readFileSync(join(folder, file), 'utf8').split(/\r?\n/);
      return [file.slice(0, -'.txt'.length), lines.filter((line) => line !== '')];
    }),
  );
}
