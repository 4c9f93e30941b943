import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownIdentity } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { restoreSnapshot, takeSnapshot } from '../exchange-snapshot';
import { markedRun } from '../run-marker';
import { wipeSandbox } from '../sandbox';
import { claim } from '../sandbox-owner';
import { writeRecord } from '../sandbox-record';

const NO_PROCESS = { pid: 2 ** 22 - 1, identity: 'Mon Nov 23 01:52:16 2020' };
const BY_FORCE = 'a command was ended by force';

let directory: string;
let server: Server;
/** The mark while the server worked on a request. */
let markMeanwhile: object;
let names: string[];

const mark = (): string => join(directory, 'run.json');
const leaveMark = (more: object = {}): void => {
  const command = { command: 'npm run sandbox', groups: [], ...more };
  writeFileSync(mark(), JSON.stringify({ ...command, ...NO_PROCESS }));
};
const isInterrupted = (): Promise<boolean> =>
  markedRun(directory, 'sandbox', ({ interrupted }) => Promise.resolve(interrupted));
const failing = (work: () => Promise<void> = () => Promise.resolve()): Promise<void> =>
  markedRun(directory, 'sandbox', async () => {
    await work();
    throw new Error('failed');
  });

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'marker-'));
  names = [];
  server = createServer((_, response) => {
    markMeanwhile = JSON.parse(readFileSync(mark(), 'utf8')) as object;
    response.end(JSON.stringify(names));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  claim(directory);
  writeRecord(directory, {
    ...{ pid: process.pid, identity: await ownIdentity(), startedAt: '2026-01-01T00:00:00.000Z' },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ region: 'eu-west-1', accountId: '111122223333', processes: [] },
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    admin: 'arn:aws:iam::111122223333:role/admin',
  });
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

it('a restore says which snapshots there are', async () => {
  names = ['a', 'b'];
  await expect(restoreSnapshot(directory, 'typo')).rejects.toThrow('no snapshot typo: it has a, b. ');
});

describe('a command that was ended by force', () => {
  it('is known until another one succeeds', async () => {
    leaveMark();
    await expect(failing()).rejects.toThrow('failed');
    expect(await isInterrupted()).toBe(true);
    expect(await isInterrupted()).toBe(false);
  });

  it('is forgotten with the sandbox, also when the next start fails', async () => {
    leaveMark();
    mkdirSync(join(directory, 'logs'));
    await expect(failing(() => wipeSandbox(directory))).rejects.toThrow('failed');
    expect(await isInterrupted()).toBe(false);
  });

  it('lets no snapshot be taken, however often', async () => {
    leaveMark();
    for (let times = 0; times < 2; times++)
      await expect(takeSnapshot(directory, 'base')).rejects.toThrow(BY_FORCE);
    expect(await isInterrupted()).toBe(true);
  });

  it('is known after a restore that failed', async () => {
    leaveMark();
    await expect(restoreSnapshot(directory, 'typo')).rejects.toThrow('no snapshot typo: it has none');
    expect(await isInterrupted()).toBe(true);
  });

  it('has changed nothing where it only took a snapshot, which the server completes', async () => {
    await takeSnapshot(directory, 'base');
    leaveMark(markMeanwhile);
    expect(await isInterrupted()).toBe(false);
  });
});
