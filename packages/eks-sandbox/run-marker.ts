import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  identitiesOf,
  isSameProcess,
  ownIdentity,
} from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { SandboxError } from './sandbox-error';
import { claim } from './sandbox-owner';
import { startCommand } from '@kubernetes-on-aws/eks-facts/start-command';

interface Identified {
  readonly pid: number;
  readonly identity: string;
}

/** A command that changes the sandbox, while it does. */
interface Marker extends Identified {
  readonly command: string;
  /** The leaders of the process groups that it started: Terraform with its providers. */
  readonly groups: readonly Identified[];
  readonly serverCompletes?: boolean;
}

interface MarkedRunOptions {
  /** The server completes the command after its process is killed: the sandbox is not half-changed then. */
  readonly serverCompletes?: boolean;
}

/** What a marked command can do with its mark. */
export interface MarkedRun {
  /** A command before was ended by force, and none has succeeded since: what is half-done is not known. */
  readonly interrupted: boolean;
  /** Writes down a process group that was started, so that it does not outlive the command for long. */
  readonly started: (pid: number) => Promise<void>;
}

/** The file of the mark, which a wipe of the sandbox leaves alone. */
export const MARKER_FILE = 'run.json';
/** The file that says that a command was killed, until another one succeeds. A wipe removes it with what was half-done. */
export const INTERRUPTED_FILE = 'interrupted.json';

/**
 * Runs a command that changes the sandbox, one at a time, with a mark while it runs. A mark without its process means that the
 * command was killed. The next command then ends what that one had started.
 *
 * @throws SandboxError when another command is at work, or the folder is another machine's or user's
 */
export async function markedRun<T>(
  directory: string,
  command: string,
  action: (run: MarkedRun) => Promise<T>,
  { serverCompletes = false }: MarkedRunOptions = {},
): Promise<T> {
  const file = join(directory, MARKER_FILE);
  const interruption = join(directory, INTERRUPTED_FILE);
  claim(directory);
  let marker: Marker = {
    ...{ command, pid: process.pid, identity: await ownIdentity() },
    ...{ groups: [], serverCompletes },
  };
  while (!create(file, marker)) {
    const other = read(file);
    if (!other) continue;
    if (await isRunning(other)) {
      throw new SandboxError(
        `${other.command} is at work in ${directory} (process ${other.pid}): wait until it ends, or end it`,
      );
    }
    await endGroups(other);
    if (!other.serverCompletes) writeFileSync(interruption, JSON.stringify(other), { mode: 0o600 });
    rmSync(file, { force: true });
  }
  try {
    const result = await action({
      interrupted: existsSync(interruption),
      started: async (pid) => {
        const identity = (await identitiesOf([pid])).get(pid);
        if (identity === undefined) return; // it has ended already
        marker = { ...marker, groups: [...marker.groups, { pid, identity }] };
        writeFileSync(`${file}.new`, JSON.stringify(marker), { mode: 0o600 });
        renameSync(`${file}.new`, file);
      },
    });
    rmSync(interruption, { force: true });
    return result;
  } finally {
    rmSync(file, { force: true });
  }
}

/** Ends the command that is at work on the sandbox, with all that it started. @returns its name, if there was one */
export async function endMarkedRun(directory: string): Promise<string | undefined> {
  const marker = read(join(directory, MARKER_FILE));
  if (!marker) return undefined;
  const running = await isRunning(marker);
  if (running) process.kill(marker.pid, 'SIGKILL');
  await endGroups(marker);
  return running ? marker.command : undefined;
}

async function endGroups({ groups }: Marker): Promise<void> {
  for (const group of groups) {
    if (await isRunning(group)) process.kill(-group.pid, 'SIGKILL');
  }
}

async function isRunning({ pid, identity }: Identified): Promise<boolean> {
  return isSameProcess(identity, (await identitiesOf([pid])).get(pid));
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
    // The process ended between creating and writing the file: it names no process.
    if (error instanceof SyntaxError) return { command: startCommand(), pid: 0, identity: '', groups: [] };
    throw error;
  }
}
