import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { withFolderLock, type LockOwner } from '../../processes/folder-lock';
import { identitiesOf } from '../../processes/process-identity';

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'lock-'));
  folder = join(parent, 'tools');
});

afterEach(() => {
  rmSync(parent, { recursive: true, force: true });
});

/** As another process leaves it when it is ended by force. */
function lockOf(owner: Omit<LockOwner, 'id'>): void {
  mkdirSync(`${folder}.lock`);
  writeFileSync(join(`${folder}.lock`, 'owner.json'), JSON.stringify({ ...owner, id: 'theirs' }));
}

describe('a lock on a folder', () => {
  it('lets in one process at a time', async () => {
    let inside = 0;
    const seen: number[] = [];
    const enter = () =>
      withFolderLock(folder, async () => {
        inside += 1;
        seen.push(inside);
        await sleep(30);
        inside -= 1;
      });
    await Promise.all([enter(), enter(), enter()]);
    expect(seen).toEqual([1, 1, 1]);
  });

  it('is released afterward, whether the work succeeded or failed', async () => {
    expect(await withFolderLock(folder, () => Promise.resolve('result'))).toBe('result');
    await expect(withFolderLock(folder, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is taken over from a process that has ended', async () => {
    lockOf({ pid: spawnSync('true').pid, identity: 'Mon Jan  1 00:00:00 2024' });
    expect(await withFolderLock(folder, () => Promise.resolve(existsSync(`${folder}.lock`)))).toBe(true);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is taken over if another process has the number of the one that has ended', async () => {
    lockOf({ pid: process.pid, identity: 'Mon Jan  1 00:00:00 2024' });
    expect(await withFolderLock(folder, () => Promise.resolve('result'))).toBe('result');
  });

  it('is taken over by only one of several processes that find it', async () => {
    lockOf({ pid: spawnSync('true').pid, identity: 'Mon Jan  1 00:00:00 2024' });
    let inside = 0;
    const enter = () =>
      withFolderLock(folder, async () => {
        inside += 1;
        await sleep(20);
        const others = inside;
        inside -= 1;
        return others;
      });
    expect(await Promise.all([enter(), enter(), enter()])).toEqual([1, 1, 1]);
  });

  it('waits for a running process, prints which one, and continues after it ends', async () => {
    const other = spawn('sleep', ['30']);
    const pid = other.pid ?? 0;
    lockOf({ pid, identity: (await identitiesOf([pid])).get(pid) ?? '' });
    const told: number[] = [];
    const result = await withFolderLock(folder, () => Promise.resolve('result'), {
      onWait: (owner) => {
        told.push(owner.pid);
        other.kill();
      },
    });
    expect(result).toBe('result');
    expect(told).toEqual([pid]);
  });

  it('waits no longer than the signal allows', async () => {
    const other = spawn('sleep', ['30']);
    const pid = other.pid ?? 0;
    lockOf({ pid, identity: (await identitiesOf([pid])).get(pid) ?? '' });
    const controller = new AbortController();
    const action = jest.fn(() => Promise.resolve());
    const waiting = withFolderLock(folder, action, {
      signal: controller.signal,
      onWait: () => {
        controller.abort();
      },
    });
    await expect(waiting).rejects.toThrow(/abort/i);
    expect(action).not.toHaveBeenCalled();
    expect(existsSync(`${folder}.lock`)).toBe(true);
    other.kill();
  });
});
