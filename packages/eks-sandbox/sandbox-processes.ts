import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  identitiesOf,
  isSameProcess,
  ownIdentity,
} from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { readState, writeState } from './sandbox-files';

/** A process of the sandbox as it is written down, so that a later command can end exactly this one. */
export interface RecordedProcess {
  /** What it is, for people: `moto`, `kube-apiserver-seed`. */
  readonly name: string;
  readonly pid: number;
  /** When the process started, as the operating system tells it: a reused pid has another one. */
  readonly identity: string;
  /** Absolute path of the file that receives its output. */
  readonly log: string;
}

/** How long a process that was asked to end may take before it is ended by force, in milliseconds. */
const PATIENCE_MS = 1200;
const POLL_MS = 60;

const TABLE = 'processes.json';

/** The processes that a sandbox in `directory` started and has not yet ended. @throws DamagedFileError */
export function readProcesses(directory: string): RecordedProcess[] {
  return (readState(directory, TABLE) as RecordedProcess[] | undefined) ?? [];
}

/** A child process that is under the sandbox's care. */
export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  readonly log: string;
  /** Settles once the process is gone, however it ended. */
  readonly exited: Promise<void>;
  isRunning(): boolean;
  /** Ends it at once; the caller removes what it kept. */
  kill(): Promise<void>;
}

/** What a process is started with. */
export interface ProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Variables besides this process's own. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts the sandbox's processes and keeps `processes.json` in step with them. Nothing stays behind, even after a kill of the
 * server itself.
 */
export class Processes {
  private readonly recorded = new Map<number, RecordedProcess>();
  private readonly running = new Map<number, ChildProcess>();
  private readonly ending = new Set<number>();
  private readonly logs: string;

  /**
   * @param directory absolute path of the sandbox's folder
   * @param onFailure told about a process that ended without a request
   */
  constructor(
    private readonly directory: string,
    private readonly onFailure: (failed: RecordedProcess, reason: string) => void,
  ) {
    this.logs = join(directory, 'logs');
    mkdirSync(this.logs, { recursive: true });
  }

  /** The log file that a process of this name writes to. */
  logOf(name: string): string {
    return join(this.logs, `${name}.log`);
  }

  list(): RecordedProcess[] {
    return [...this.recorded.values()];
  }

  /** Writes this very process down, first: it is ended first. */
  async recordSelf(name: string): Promise<void> {
    const self = { name, pid: process.pid, identity: await ownIdentity(), log: this.logOf(name) };
    this.recorded.set(process.pid, self);
    this.write();
  }

  /** @throws when the program cannot be started at all */
  async start(options: ProcessOptions): Promise<ManagedProcess> {
    const log = this.logOf(options.name);
    const output = openSync(log, 'a', 0o600);
    const child = spawn(options.command, options.args, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', output, output],
    });
    closeSync(output);
    const started = new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        reject(new Error(`${options.name}: cannot start ${options.command}: ${error.message}`));
      });
    });
    const exited = new Promise<void>((resolve) => {
      child.once('exit', (code, signal) => {
        this.forget(child.pid, signal ? `ended by ${signal}` : `ended with status ${String(code)}`);
        resolve();
      });
    });
    // From here the moment is in the table: what ps will say a little later is this same start.
    if (child.pid !== undefined) {
      this.running.set(child.pid, child);
      this.recorded.set(child.pid, { name: options.name, pid: child.pid, identity: startOfNow(), log });
      this.write();
    }
    await started;
    return this.managed(options.name, child, log, exited);
  }

  /** Ends every child at once and waits for the last one. */
  async killAll(): Promise<void> {
    const children = [...this.running.values()];
    const gone = children.map((child) => once(child, 'exit'));
    for (const child of children) {
      if (child.pid !== undefined) this.ending.add(child.pid);
      child.kill('SIGKILL');
    }
    await Promise.all(gone);
  }

  private managed(name: string, child: ChildProcess, log: string, exited: Promise<void>): ManagedProcess {
    const pid = child.pid;
    if (pid === undefined) throw new Error(`${name}: started without a process ID`);
    return {
      name,
      pid,
      log,
      exited,
      isRunning: () => this.running.has(pid),
      kill: async () => {
        if (!this.running.has(pid)) return;
        this.ending.add(pid);
        child.kill('SIGKILL');
        await exited;
      },
    };
  }

  private forget(pid: number | undefined, reason: string): void {
    if (pid === undefined) return;
    const recorded = this.recorded.get(pid);
    this.running.delete(pid);
    this.recorded.delete(pid);
    this.write();
    if (!this.ending.delete(pid) && recorded) this.onFailure(recorded, reason);
  }

  private write(): void {
    writeState(this.directory, TABLE, this.list());
  }
}

/** This moment in the form of `ps -o lstart=` with TZ=UTC. */
function startOfNow(): string {
  const now = new Date();
  const [weekday, day, month, year, time] = now.toUTCString().replace(',', '').split(' ');
  return [weekday, month, String(Number(day)).padStart(2), time, year].join(' ');
}

/**
 * Ends every process that a sandbox in `directory` recorded: the server first, which ends its own, then what is left.
 * A pid that belongs to another process by now is not touched. Takes at most three seconds.
 *
 * @returns how many processes ended
 */
export async function stopAll(directory: string): Promise<number> {
  const recorded = readProcesses(directory);
  const alive = await stillRunning(recorded);
  let remaining = alive;
  const end = async (
    whom: readonly RecordedProcess[],
    how: 'SIGTERM' | 'SIGKILL',
    ms: number,
  ): Promise<void> => {
    if (whom.length === 0) return;
    signal(whom, how);
    remaining = await waitForEnd(remaining, ms);
  };
  await end(
    remaining.filter((process) => process === recorded[0]),
    'SIGTERM',
    PATIENCE_MS,
  );
  await end(remaining, 'SIGTERM', PATIENCE_MS / 2);
  await end(remaining, 'SIGKILL', PATIENCE_MS / 2);
  if (remaining.length > 0) {
    const names = remaining.map((process) => `${process.name} (${process.pid})`).join(', ');
    throw new Error(`these processes do not end: ${names}`);
  }
  rmSync(join(directory, TABLE), { force: true });
  return alive.length;
}

async function stillRunning(recorded: readonly RecordedProcess[]): Promise<RecordedProcess[]> {
  const identities = await identitiesOf(recorded.map((process) => process.pid));
  return recorded.filter((process) => isSameProcess(process.identity, identities.get(process.pid)));
}

async function waitForEnd(processes: readonly RecordedProcess[], limit: number): Promise<RecordedProcess[]> {
  const deadline = Date.now() + limit;
  for (;;) {
    const remaining = await stillRunning(processes);
    if (remaining.length === 0 || Date.now() >= deadline) return remaining;
    await sleep(POLL_MS);
  }
}

function signal(processes: readonly RecordedProcess[], name: 'SIGTERM' | 'SIGKILL'): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, name);
    } catch (error) {
      // It ended between being listed and being signalled.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
