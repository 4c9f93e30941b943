import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsQuery, type AwsAnswer } from '../aws-emulator/aws-query';
import { Memory } from '../aws-emulator/memory';
import { restoreSnapshot, takeSnapshot } from '../exchange-snapshot';
import { Snapshots } from '../snapshots';

let directory: string;
/** What was asked of clusters and moto, in order. */
let asked: string[];
let tokens: Set<string | undefined>;
let failures: string[];
let memory: Memory;
let remembered: Map<string, string>;
let answer: AwsAnswer;
let startError: Error | undefined;

class FakeMoto extends AwsQuery {
  override rest(
    _: string,
    method: string,
    __: string,
    body = '',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<AwsAnswer> {
    asked.push(`moto ${method} ${body}`);
    tokens.add(headers['x-eks-sandbox-token']);
    if (method === 'POST') writeFileSync(body, `account ${asked.length}`);
    return Promise.resolve(answer);
  }
}

const file = (...parts: string[]): string => join(directory, ...parts);
const snapshots = (): Snapshots =>
  new Snapshots({
    ...{ directory, memory, aws: new FakeMoto('/socket', 'eu-west-1'), accountToken: 'token' },
    eks: {
      stopClusters: (keep) => {
        asked.push(`stop ${keep ?? 'for good'}`);
        return Promise.resolve(new Map());
      },
      startClusters: (_, files) => {
        asked.push(`start ${files}`);
        return startError ? Promise.reject(startError) : Promise.resolve();
      },
    },
    onFailure: (name, reason) => failures.push(`${name} ${reason}`),
  });

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
  [asked, failures, tokens] = [[], [], new Set<string | undefined>()];
  memory = new Memory();
  remembered = memory.map();
  answer = { status: 200, body: '' };
  startError = undefined;
  mkdirSync(file('project'));
  writeFileSync(file('project', 'terraform.tfstate'), 'before');
  for (const name of ['sandbox.json', 'processes.json', 'owner.json', 'run.json'])
    writeFileSync(file(name), 'of now');
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('a snapshot', () => {
  it('stops the clusters while it copies, in a folder of the user alone', async () => {
    const taken = snapshots();
    await taken.take('base');
    const clusters = file('snapshots', '.unfinished', 'clusters');
    expect(asked).toEqual([
      `stop ${clusters}`,
      `moto POST ${file('snapshots', '.unfinished', 'account')}`,
      `start ${clusters}`,
    ]);
    expect([...tokens]).toEqual(['token']);
    expect(taken.names()).toEqual(['base']);
    expect(readdirSync(file('snapshots'))).toEqual(['base']);
    expect(statSync(file('snapshots', 'base')).mode & 0o777).toBe(0o700);
  });

  it('restores memory and files, however often, but not what names the processes', async () => {
    const taken = snapshots();
    remembered.set('a', 'before');
    await taken.take('base');
    asked = [];
    for (let times = 0; times < 2; times++) {
      remembered.set('a', 'after').set('b', 'after');
      writeFileSync(file('project', 'terraform.tfstate'), 'after');
      writeFileSync(file('later'), '');
      writeFileSync(file('sandbox.json'), 'of later');
      await taken.restore('base');
      expect([...remembered]).toEqual([['a', 'before']]);
      expect(readFileSync(file('project', 'terraform.tfstate'), 'utf8')).toBe('before');
      expect(existsSync(file('later'))).toBe(false);
      expect(readFileSync(file('sandbox.json'), 'utf8')).toBe('of later');
    }
    const clusters = file('snapshots', 'base', 'clusters');
    const once = ['stop for good', `moto PUT ${file('snapshots', 'base', 'account')}`, `start ${clusters}`];
    expect(asked).toEqual([...once, ...once]);
  });

  it('is none where moto cannot copy the account; the clusters continue', async () => {
    const taken = snapshots();
    answer = { status: 500, body: "TypeError: cannot pickle 'generator' object" };
    await expect(taken.take('base')).rejects.toThrow(
      'moto cannot copy the account: TypeError: cannot pickle',
    );
    expect(taken.names()).toEqual([]);
    expect(asked.at(-1)).toMatch(/^start /);
    expect(failures).toEqual([]);
    expect(readdirSync(file('snapshots'))).toEqual([]);
  });

  it('replaces the one of its name only after success', async () => {
    const taken = snapshots();
    await taken.take('base');
    const account = readFileSync(file('snapshots', 'base', 'account'), 'utf8');
    answer = { status: 500, body: 'TypeError' };
    await expect(taken.take('base')).rejects.toThrow('moto cannot copy');
    expect(taken.names()).toEqual(['base']);
    expect(readFileSync(file('snapshots', 'base', 'account'), 'utf8')).toBe(account);

    answer = { status: 200, body: '' };
    writeFileSync(file('project', 'terraform.tfstate'), 'later');
    await taken.take('base');
    writeFileSync(file('project', 'terraform.tfstate'), 'after');
    await taken.restore('base');
    expect(readFileSync(file('project', 'terraform.tfstate'), 'utf8')).toBe('later');
  });

  it('waits for what was asked before, also when that fails', async () => {
    const taken = snapshots();
    await Promise.all([
      taken.take('one'),
      expect(taken.restore('typo')).rejects.toThrow('no snapshot typo'),
      taken.take('two'),
      taken.restore('one'),
    ]);
    const exchanges = ['stop', 'moto', 'start'];
    expect(asked.map((each) => each.split(' ')[0])).toEqual([...exchanges, ...exchanges, ...exchanges]);
  });

  it('leaves no sandbox that counts as whole where it cannot be restored', async () => {
    const taken = snapshots();
    await taken.take('base');
    startError = new Error('kube-apiserver did not become ready');
    await expect(taken.restore('base')).rejects.toThrow('did not become ready');
    expect(failures).toEqual(['snapshot base failed: kube-apiserver did not become ready']);
  });

  it('is that of a folder only where this server took it', async () => {
    mkdirSync(file('snapshots', 'copied'), { recursive: true });
    await expect(snapshots().restore('copied')).rejects.toThrow('no snapshot copied');
    expect(asked).toEqual([]);
  });

  it.each(['', '..', '../elsewhere', '.hidden', 'two words'])('cannot be named %j', async (name) => {
    for (const exchange of [takeSnapshot, restoreSnapshot])
      await expect(exchange(directory, name)).rejects.toMatchObject({
        ...{ code: 'snapshot-unknown', exitStatus: 1 },
        message: `got ${JSON.stringify(name)}; a snapshot's name has letters, digits, - and _`,
      });
  });
});
