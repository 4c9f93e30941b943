import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownIdentity } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { isAlive, readRecord, writeRecord, type SandboxRecord } from '../sandbox-record';

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

  it('tells whether its server runs', async () => {
    const own = await record();
    await expect(isAlive(own)).resolves.toBe(true);
    await expect(isAlive({ ...own, identity: 'Mon Nov 23 01:52:16 2020' })).resolves.toBe(false);
    await expect(isAlive({ ...own, pid: 2 ** 22 - 1 })).resolves.toBe(false);
  });
});
