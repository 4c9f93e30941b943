import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identitiesOf, isSameProcess, ownIdentity } from './process-identity';

/** The process that has a lock. */
export interface LockOwner {
  readonly pid: number;
  /** When it started: tells it from a later process with the same pid. */
  readonly identity: string;
  /** Tells two locks of one process apart. */
  readonly id: string;
}

/** How to wait for a lock. */
export interface FolderLockOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Told once, when another process has the lock. */
  readonly onWait?: ((owner: LockOwner, lock: string) => void) | undefined;
}

const POLL_MS = 200;

/**
 * Does something that only one process of this user may do to a folder at a time; others wait their turn.
 *
 * The lock is a folder beside it, `<folder>.lock`, that comes into being together with its owner's name in it. One whose owner
 * has gone is taken over, so that an interrupted process leaves nothing to be cleaned up by hand.
 */
export async function withFolderLock<T>(
  folder: string,
  action: () => Promise<T>,
  options: FolderLockOptions = {},
): Promise<T> {
  const lock = `${folder}.lock`;
  const owner: LockOwner = { pid: process.pid, identity: await ownIdentity(), id: randomUUID() };
  mkdirSync(dirname(lock), { recursive: true });
  await acquire(lock, owner, options);
  try {
    return await action();
  } finally {
    if (readOwner(lock)?.id === owner.id) rmSync(lock, { recursive: true, force: true });
  }
}

async function acquire(lock: string, owner: LockOwner, { signal, onWait }: FolderLockOptions): Promise<void> {
  for (let told = false; !create(lock, owner);) {
    signal?.throwIfAborted();
    const other = readOwner(lock);
    if (other === undefined) continue;
    const running = (await identitiesOf([other.pid])).get(other.pid);
    if (!isSameProcess(other.identity, running)) {
      takeAway(lock, other);
      continue;
    }
    if (!told) onWait?.(other, lock);
    told = true;
    await sleep(POLL_MS, undefined, { ...(signal && { signal }) });
  }
}

/** A folder that is made whole elsewhere and renamed: renaming fails while there is a folder with something in it. */
function create(lock: string, owner: LockOwner): boolean {
  const draft = `${lock}.${owner.id}`;
  mkdirSync(draft);
  try {
    writeFileSync(ownerFile(draft), JSON.stringify(owner));
    renameSync(draft, lock);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Removes a lock that was left behind, unless another process was quicker, and has by now a lock of its own there. */
function takeAway(lock: string, left: LockOwner): void {
  const removed = `${lock}.${randomUUID()}`;
  try {
    renameSync(lock, removed);
    if (readOwner(removed)?.id === left.id) rmSync(removed, { recursive: true, force: true });
    else renameSync(removed, lock);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function readOwner(lock: string): LockOwner | undefined {
  try {
    return JSON.parse(readFileSync(ownerFile(lock), 'utf8')) as LockOwner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function ownerFile(lock: string): string {
  return join(lock, 'owner.json');
}
