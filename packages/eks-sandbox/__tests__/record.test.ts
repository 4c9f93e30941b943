import { spawn, type ChildProcess } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identitiesOf, ownIdentity } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { markedRun } from '../run-marker';
import { matchingSandbox, runningSandbox, wipeSandbox } from '../sandbox';
import { claim } from '../sandbox-owner';
import { isAlive, readRecord, writeRecord, type SandboxRecord } from '../sandbox-record';
import type { ServerOptions } from '../sandbox-server';
import { takeDown } from '../take-down';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'record-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

async function record(): Promise<SandboxRecord> {
  return {
    pid: process.pid,
    identity: await ownIdentity(),
    startedAt: '2026-01-01T00:00:00.000Z',
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-west-1',
    accountId: '111122223333',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    admin: 'arn:aws:iam::111122223333:role/admin',
    processes: [],
  };
}

describe('the record of a sandbox', () => {
  it('is read as it was written, by its owner only', async () => {
    expect(readRecord(directory)).toBeUndefined();
    writeRecord(directory, await record());
    expect(readRecord(directory)).toEqual(await record());
    expect(statSync(join(directory, 'sandbox.json')).mode & 0o777).toBe(0o600);
  });

  it('shows whether its server runs', async () => {
    const own = await record();
    await expect(isAlive(own)).resolves.toBe(true);
    await expect(isAlive({ ...own, identity: 'Mon Nov 23 01:52:16 2020' })).resolves.toBe(false);
    await expect(isAlive({ ...own, pid: 2 ** 22 - 1 })).resolves.toBe(false);
  });
});

describe('a damaged file', () => {
  it.each(['owner.json', 'sandbox.json'])(
    'named %s is reported by its readers, and deleted by down',
    async (name) => {
      claim(directory);
      const server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      await new Promise((resolve) => server.once('spawn', resolve));
      const pid = server.pid ?? 0;
      const log = join(directory, 'logs', 'server.log');
      const identity = (await identitiesOf([pid])).get(pid) ?? '';
      writeFileSync(
        join(directory, 'processes.json'),
        JSON.stringify([{ name: 'server', pid, identity, log }]),
      );
      writeRecord(directory, { ...(await record()), pid, identity });
      writeFileSync(join(directory, name), '{"direc');
      for (const read of [runningSandbox(directory), matchingSandbox({ directory } as ServerOptions)])
        await expect(read).rejects.toMatchObject({
          exitStatus: 2,
          message: expect.stringMatching(`${name} is damaged: .*Take the sandbox down`) as unknown,
        });
      expect(await takeDown(directory)).toMatch(/^Ended 1 process, removed /);
      expect([existsSync(directory), server.signalCode]).toEqual([false, 'SIGTERM']);
    },
  );

  it('of a copy lets the original run', async () => {
    claim(directory);
    const own = {
      name: 'self',
      pid: process.pid,
      identity: await ownIdentity(),
      log: '/elsewhere/server.log',
    };
    writeFileSync(join(directory, 'processes.json'), JSON.stringify([own]));
    writeFileSync(join(directory, 'owner.json'), '');
    expect(await takeDown(directory)).toMatch(/^Ended 0 processes, removed .* no longer known/);
  });
});

describe('a copy of a project with its sandbox', () => {
  let original: string;
  let server: ChildProcess;

  beforeEach(async () => {
    original = directory;
    claim(original);
    server = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await new Promise((resolve) => server.once('spawn', resolve));
    const pid = server.pid ?? 0;
    const identity = (await identitiesOf([pid])).get(pid) ?? '';
    writeRecord(original, { ...(await record()), pid, identity });
    writeFileSync(
      join(original, 'processes.json'),
      JSON.stringify([{ name: 'server', pid, identity, log: '' }]),
    );
    writeFileSync(
      join(original, 'run.json'),
      JSON.stringify({ command: 'npm run sandbox', pid, identity, groups: [] }),
    );
    directory = mkdtempSync(join(tmpdir(), 'copy-'));
    cpSync(original, directory, { recursive: true });
  });
  afterEach(() => {
    server.kill('SIGKILL');
    rmSync(original, { recursive: true, force: true });
  });

  it('ends nothing of the original when down removes it', async () => {
    await expect(takeDown(directory)).resolves.toMatch(
      /^Ended 0 processes, removed .*, which names the sandbox of .*left alone\.$/,
    );
    expect([existsSync(directory), existsSync(original)]).toEqual([false, true]);
    expect(server.signalCode).toBeNull();
    await expect(runningSandbox(original)).resolves.toMatchObject({ pid: server.pid });
    await expect(takeDown(original)).resolves.toContain('Ended npm run sandbox, which was at work.');
  });

  it('has no running sandbox, and is the folder of a new one', async () => {
    await expect(runningSandbox(directory)).rejects.toMatchObject({
      code: 'no-sandbox',
      exitStatus: 1,
      message: expect.stringContaining(original) as unknown,
    });
    await markedRun(directory, 'sandbox', ({ interrupted }) => {
      expect(interrupted).toBe(false);
      return Promise.resolve();
    });
    expect(readdirSync(directory)).toEqual(['owner.json']);
    expect(server.signalCode).toBeNull();
  });

  it.each([
    ['machine', { machine: 'elsewhere' }],
    ['user', { user: 'somebody' }],
  ])('is not used while it is the folder of another %s', async (_, other) => {
    const file = join(original, 'owner.json');
    const own = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...own, ...other }));
    expect(readRecord(original)).toBeUndefined();
    await expect(markedRun(original, 'sandbox', () => Promise.resolve())).rejects.toThrow('End it there');
    expect(existsSync(join(original, 'sandbox.json'))).toBe(true);
    await expect(takeDown(original)).rejects.toThrow('End it there');
    expect([existsSync(original), server.signalCode]).toEqual([true, null]);
  });

  describe('with a moved original', () => {
    let moved: string;
    beforeEach(() => {
      moved = `${original}-moved`;
      renameSync(original, moved);
    });
    afterEach(() => {
      rmSync(moved, { recursive: true, force: true });
    });

    it('ends what still runs when down removes the moved folder', async () => {
      await expect(runningSandbox(moved)).rejects.toMatchObject({ code: 'no-sandbox' });
      expect(await takeDown(moved)).toContain('Ended npm run sandbox, which was at work.');
      expect([existsSync(moved), server.signalCode]).toEqual([false, 'SIGKILL']);
    });

    it('ends what still runs when a sandbox starts in the moved folder', async () => {
      rmSync(join(moved, 'run.json'));
      await markedRun(moved, 'sandbox', async () => {
        expect(readRecord(moved)).toBeUndefined();
        await wipeSandbox(moved);
      });
      expect(server.signalCode).toBe('SIGTERM');
    });
  });
});
