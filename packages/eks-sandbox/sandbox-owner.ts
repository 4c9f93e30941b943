import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { SandboxError } from './sandbox-error';
import { readState, writeState } from './sandbox-files';

/** Whose a sandbox is. What is recorded in its folder counts nowhere else: the folder may be a copy, or on a shared disk. */
interface SandboxOwner {
  readonly directory: string;
  readonly machine: string;
  readonly user: string;
}

const FILE = 'owner.json';

function owner(directory: string): SandboxOwner {
  // A laptop gets another domain with each network.
  const [machine = ''] = hostname().split('.');
  return { directory: realpathSync(directory), machine, user: userInfo().username };
}

/**
 * Whose sandbox a folder holds, in words, when it is that of another folder, machine or user. One that was moved is its own still.
 *
 * @throws DamagedFileError
 */
export function foreignOwner(directory: string): string | undefined {
  const found = readState(directory, FILE) as SandboxOwner | undefined;
  if (!found) return undefined;
  const { machine, user, directory: place } = found;
  const own = owner(directory);
  const isOwn =
    own.machine === machine && own.user === user && (own.directory === place || !existsSync(place));
  return isOwn ? undefined : `the sandbox of ${user} on ${machine} in ${place}`;
}

/** Whether the folder was elsewhere when its sandbox started. What runs has the old paths, and serves no more. */
export function wasMoved(directory: string): boolean {
  const place = (readState(directory, FILE) as SandboxOwner | undefined)?.directory;
  return place !== undefined && !existsSync(place);
}

/**
 * Refuses the folder of another machine or user: what runs there cannot be seen from here. A copy of a folder is none.
 *
 * @returns whose sandbox the folder was copied from, in words
 * @throws SandboxError
 */
export function refuseForeign(directory: string): string | undefined {
  const foreign = foreignOwner(directory);
  if (foreign === undefined) return undefined;
  if ((readState(directory, FILE) as SandboxOwner | undefined)?.directory !== realpathSync(directory))
    return foreign;
  throw new SandboxError(
    `${relative(process.cwd(), directory)} holds ${foreign}, whose processes cannot be seen from here. ` +
      'End it there; once nothing of it runs, delete the folder',
  );
}

/**
 * Makes a folder this sandbox's own. What was copied into it along with the project is removed.
 *
 * @throws SandboxError when the folder is that of another machine or user
 */
export function claim(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const isCopy = refuseForeign(directory) !== undefined;
  // The processes of one that was moved are ended by their table.
  const stale = isCopy ? readdirSync(directory) : wasMoved(directory) ? ['sandbox.json'] : [];
  for (const entry of stale) {
    rmSync(join(directory, entry), { recursive: true, force: true });
  }
  writeState(directory, FILE, owner(directory));
}
