import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join, relative } from 'node:path';
import { SandboxError } from './sandbox-error';

/** Whose a sandbox is. What is recorded in its folder counts nowhere else: the folder may be a copy, or on a shared disk. */
interface SandboxOwner {
  readonly directory: string;
  readonly machine: string;
  readonly user: string;
}

const ownerFile = (directory: string): string => join(directory, 'owner.json');

function owner(directory: string): SandboxOwner {
  // A laptop gets another domain with each network.
  const [machine = ''] = hostname().split('.');
  return { directory: realpathSync(directory), machine, user: userInfo().username };
}

/** Whose sandbox a folder holds, in words, when it is that of another folder, machine or user. */
export function foreignOwner(directory: string): string | undefined {
  if (!existsSync(ownerFile(directory))) return undefined;
  const { machine, user, directory: place } = recorded(directory);
  const own = owner(directory);
  return own.directory === place && own.machine === machine && own.user === user
    ? undefined
    : `the sandbox of ${user} on ${machine} in ${place}`;
}

/**
 * Makes a folder this sandbox's own. What was copied into it along with the project is removed.
 *
 * @throws SandboxError when the folder is that of another machine or user
 */
export function claim(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const foreign = foreignOwner(directory);
  if (foreign !== undefined && recorded(directory).directory === realpathSync(directory)) {
    throw new SandboxError(
      `${relative(process.cwd(), directory)} holds ${foreign}, whose processes cannot be seen from here. ` +
        'End it there; once nothing of it runs, delete the folder',
    );
  }
  for (const entry of foreign === undefined ? [] : readdirSync(directory)) {
    rmSync(join(directory, entry), { recursive: true, force: true });
  }
  writeFileSync(ownerFile(directory), JSON.stringify(owner(directory)), { mode: 0o600 });
}

function recorded(directory: string): SandboxOwner {
  return JSON.parse(readFileSync(ownerFile(directory), 'utf8')) as SandboxOwner;
}
