import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { remainsInAccount } from '../remains';
import { ownIdentity } from '@kubernetes-on-aws/eks-facts/processes/process-identity';
import { readRecord, writeRecord } from '../sandbox-record';
import { matchingSandbox } from '../sandbox';
import type { ServerOptions } from '../sandbox-server';

const roleArn = (name: string): string => `arn:aws:iam::111122223333:role/${name}`;

let directory: string;
let aws: Server;
/** What the account was asked to make. */
let asked: string[];
let inventory: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const options = (change: Partial<ServerOptions> = {}): ServerOptions => ({
  directory,
  region: 'eu-west-1',
  accountId: '111122223333',
  admins: [roleArn('admin'), roleArn('on-call')],
  people: [roleArn('auditor')],
  binaries: { kubernetes: {}, kwok: '/kwok' },
  moto: '/moto_server',
  ...change,
});

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sandbox-'));
  asked = [];
  inventory = { iam: { Role: [roleArn('admin')] } };
  aws = createServer((request, response) => {
    void text(request).then((body) => {
      if (request.url?.startsWith('/__sandbox/')) {
        response.end(JSON.stringify(inventory));
        return;
      }
      const form = new URLSearchParams(body);
      asked.push([form.get('Action'), form.get('RoleName'), form.get('PolicyArn')].filter(Boolean).join(' '));
      response.end(`<${form.get('Action') ?? ''}Response/>`);
    });
  });
  await new Promise<void>((resolve) => aws.listen(0, '127.0.0.1', resolve));
  writeRecord(directory, {
    pid: process.pid,
    identity: await ownIdentity(),
    startedAt: '2026-01-01T00:00:00.000Z',
    endpoint: `http://127.0.0.1:${(aws.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    accountId: '111122223333',
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'secret' },
    admin: roleArn('admin'),
    processes: [],
  });
  writeFileSync(join(directory, 'server-options.json'), JSON.stringify(options()));
  writeFileSync(join(directory, 'baseline.json'), JSON.stringify(inventory));
});

afterEach(async () => {
  await new Promise((resolve) => aws.close(resolve));
  rmSync(directory, { recursive: true, force: true });
});

describe('a running sandbox', () => {
  it('is resumed if nothing in its account changes', async () => {
    expect(await matchingSandbox(options())).toEqual(readRecord(directory));
    expect(asked).toEqual([]);
  });

  it('is resumed if a principal joins or leaves, and creates a new one in the account', async () => {
    const joined = options({
      admins: [roleArn('admin'), roleArn('on-call-2')],
      people: [roleArn('developer')],
    });
    expect(await matchingSandbox(joined)).toEqual(readRecord(directory));
    expect(asked).toEqual([
      'CreateRole on-call-2',
      'AttachRolePolicy on-call-2 arn:aws:iam::aws:policy/AdministratorAccess',
      'CreateRole developer',
    ]);
  });

  it('creates each principal once, also one that returns', async () => {
    await matchingSandbox(options({ admins: [roleArn('admin'), roleArn('on-call-2')] }));
    asked = [];
    expect(await matchingSandbox(options())).toBeDefined();
    expect(
      await matchingSandbox(options({ admins: [roleArn('admin'), roleArn('on-call-2')] })),
    ).toBeDefined();
    expect(asked).toEqual([]);
  });

  it('does not report the role of a new principal as left behind', async () => {
    await matchingSandbox(options({ people: [roleArn('auditor'), roleArn('developer')] }));
    inventory = { iam: { Role: [roleArn('admin'), roleArn('developer'), roleArn('stray')] } };
    const record = readRecord(directory);
    if (!record) throw new Error('no record');
    expect(await remainsInAccount(directory, record)).toEqual([
      `left in the account: iam Role ${roleArn('stray')}`,
    ]);
  });

  it('is not resumed after a command that was ended by force, and reports the reason', async () => {
    const told: string[] = [];
    expect(await matchingSandbox(options(), (why) => told.push(why), true)).toBeUndefined();
    expect(told).toEqual(['a command was ended by force while it changed it']);
  });

  it.each<[string, Partial<ServerOptions>, string]>([
    ['another region', { region: 'eu-central-1' }, 'region'],
    [
      'another first admin, who Terraform runs as',
      { admins: [roleArn('on-call'), roleArn('admin')] },
      'admins',
    ],
    [
      'an admin who had no rights in AWS before',
      { admins: [roleArn('admin'), roleArn('auditor')] },
      'admins',
    ],
    ['a bucket', { stateBucket: 'state' }, 'stateBucket'],
  ])('is not resumed for %s, and reports the reason', async (_, change, key) => {
    const told: string[] = [];
    const before = readFileSync(join(directory, 'server-options.json'), 'utf8');
    expect(await matchingSandbox(options(change), (why) => told.push(why))).toBeUndefined();
    expect(told).toEqual([`it was started with another value of ${key}`]);
    expect(asked).toEqual([]);
    expect(readFileSync(join(directory, 'server-options.json'), 'utf8')).toBe(before);
  });
});
