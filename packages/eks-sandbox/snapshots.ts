import { cpSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import { exchangeAccount } from './aws-emulator/aws-emulator';
import type { AwsQuery } from './aws-emulator/aws-query';
import type { Memory } from './aws-emulator/memory';
import type { ClusterCopies } from './eks-emulator/cluster-copies';
import type { EksEmulator } from './eks-emulator/emulator';
import { INTERRUPTED_FILE, MARKER_FILE } from './run-marker';

/** What a snapshot may be named: it is a folder's name too. */
export const SNAPSHOT_NAME = /^\w[\w-]*$/;

const FOLDER = 'snapshots';
/** The folder of the snapshot that is being taken; none has that name. */
const UNFINISHED = '.unfinished';
/** What of the sandbox's folder a snapshot does not have: logs, and what names the owner and the processes. Clusters have their own copies. */
const LEFT_ALONE = [
  ...[FOLDER, 'clusters', 'logs', 'owner.json', 'processes.json', 'sandbox.json'],
  ...[MARKER_FILE, INTERRUPTED_FILE],
];

/** The parts of a snapshot's folder. */
const [CLUSTERS, FILES, ACCOUNT] = ['clusters', 'files', 'account'];

interface Snapshot {
  /** Absolute path. */
  readonly folder: string;
  readonly clusters: ClusterCopies;
  readonly memory: ReturnType<Memory['copy']>;
}

/** What the snapshots of a sandbox copy. */
export interface SnapshotsOptions {
  /** Absolute path of the sandbox's own folder. */
  readonly directory: string;
  /** moto. */
  readonly aws: AwsQuery;
  /** What moto was started with. */
  readonly accountToken: string;
  readonly memory: Memory;
  readonly eks: Pick<EksEmulator, 'stopClusters' | 'startClusters'>;
  /** Told why the sandbox is half of what it was. */
  readonly onFailure: (name: string, reason: string) => void;
}

/**
 * Copies of a sandbox. They end with its server, whose ports, keys and addresses of webhooks they have. Which ones there are is
 * known to the server alone: a folder that was copied from another sandbox or version is none.
 */
export class Snapshots {
  private readonly taken = new Map<string, Snapshot>();
  /** The end of all that was asked for: a client may end before its request does. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: SnapshotsOptions) {}

  names(): string[] {
    return [...this.taken.keys()];
  }

  /**
   * Copies the sandbox. Its clusters stop meanwhile. After success, one of the same name goes.
   *
   * @throws Error when something cannot be copied; the sandbox continues
   */
  take(name: string): Promise<void> {
    return this.inTurn(async () => {
      const folder = join(this.options.directory, FOLDER, name);
      const unfinished = join(this.options.directory, FOLDER, UNFINISHED);
      try {
        const copied = await this.copyTo(unfinished, name);
        this.taken.delete(name);
        rmSync(folder, { recursive: true, force: true });
        renameSync(unfinished, folder);
        this.taken.set(name, { folder, ...copied });
      } finally {
        rmSync(unfinished, { recursive: true, force: true });
      }
    });
  }

  /**
   * Brings the sandbox back to what it was.
   *
   * @throws Error when there is no such snapshot, or when this fails; the sandbox has to be started again then
   */
  restore(name: string): Promise<void> {
    return this.inTurn(async () => {
      const snapshot = this.taken.get(name);
      if (!snapshot) throw new Error(`no snapshot ${name}`);
      await this.orFail(name, this.exchange(snapshot));
    });
  }

  /** Waits until what was asked for before has ended. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  private async copyTo(folder: string, name: string): Promise<Omit<Snapshot, 'folder'>> {
    const { directory, aws, accountToken, memory, eks } = this.options;
    for (const part of [CLUSTERS, FILES]) mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
    const clusters = await this.orFail(name, eks.stopClusters(join(folder, CLUSTERS)));
    try {
      await exchangeAccount(aws, accountToken, 'POST', join(folder, ACCOUNT));
      copyFiles(directory, join(folder, FILES));
      return { clusters, memory: memory.copy() };
    } finally {
      await this.orFail(name, eks.startClusters(clusters, join(folder, CLUSTERS)));
    }
  }

  private async exchange({ folder, clusters, memory }: Snapshot): Promise<void> {
    const { directory, aws, accountToken, eks } = this.options;
    await eks.stopClusters();
    await exchangeAccount(aws, accountToken, 'PUT', join(folder, ACCOUNT));
    this.options.memory.restore(memory);
    for (const entry of filesOf(directory)) rmSync(join(directory, entry), { recursive: true });
    copyFiles(join(folder, FILES), directory);
    await eks.startClusters(clusters, join(folder, CLUSTERS));
  }

  private async orFail<T>(name: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.options.onFailure(`snapshot ${name}`, `failed: ${messageOf(error)}`);
      throw error;
    }
  }
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder).filter((entry) => !LEFT_ALONE.includes(entry));

function copyFiles(from: string, to: string): void {
  for (const entry of filesOf(from)) {
    // A token is as old as its file.
    const kept = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
    cpSync(join(from, entry), join(to, entry), kept);
  }
}
