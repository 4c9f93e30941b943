import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** `ps` computes a start time from the boot time, which drifts by a second on a busy machine. */
const CLOCK_DRIFT_MS = 2000;

const run = promisify(execFile);

/**
 * The identities of those of `pids` that run. Zombies do not: they have ended and wait for their parent.
 * `ps -o lstart=` is understood by Linux and macOS alike.
 */
export async function identitiesOf(pids: readonly number[]): Promise<Map<number, string>> {
  const identities = new Map<number, string>();
  if (pids.length === 0) return identities;
  let output: string;
  try {
    const environment = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
    const answer = await run('ps', ['-o', 'pid=,stat=,lstart=', '-p', pids.join(',')], { env: environment });
    output = answer.stdout;
  } catch (error) {
    // ps ends with status 1 when none of the pids runs.
    if ((error as { code?: unknown }).code === 1) return identities;
    throw error;
  }
  for (const line of output.split('\n')) {
    const match = /^\s*(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match?.[1] && match[2] && match[3] && !match[2].startsWith('Z')) {
      identities.set(Number(match[1]), match[3]);
    }
  }
  return identities;
}

/** The identity of this process, to be written into records. */
export async function ownIdentity(): Promise<string> {
  const identity = (await identitiesOf([process.pid])).get(process.pid);
  if (identity === undefined) throw new Error('ps does not list this process: is procps installed?');
  return identity;
}

/** Whether the process that was recorded is the one that runs under its pid now. */
export function isSameProcess(recorded: string, running: string | undefined): boolean {
  if (running === undefined) return false;
  return Math.abs(Date.parse(`${recorded} UTC`) - Date.parse(`${running} UTC`)) <= CLOCK_DRIFT_MS;
}
