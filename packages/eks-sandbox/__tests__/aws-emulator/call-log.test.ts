import { createServer } from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AccessKeys } from '../../aws-emulator/access-keys';
import type { RecordedCall } from '../../aws-emulator/call-log';
import { FrontDoor } from '../../aws-emulator/front-door';
import { RequestVerifier } from '../../aws-emulator/request-verifier';
import { ask, egressSocket, KEY, type Asked } from './signed-request';

const keys = new AccessKeys();
keys.remember(KEY);
let folder: string;
let door: FrontDoor;
let endpoint: string;
const moto = createServer((request, response) => {
  request.resume();
  request.on('end', () =>
    response.end(
      '<vpcId>vpc-0123456789abcdef0</vpcId><associationId>vpc-cidr-assoc-0123456789abcdef0</associationId><secret>of-the-answer</secret>',
    ),
  );
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'calls-'));
  await new Promise<void>((resolve) => moto.listen(0, '127.0.0.1', resolve));
  door = new FrontDoor({
    moto: `http://127.0.0.1:${(moto.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    eks: {
      handle: () =>
        Promise.resolve({ status: 404, headers: {}, body: '{"arn":"arn:aws:eks:eu-west-1:1:cluster/a"}' }),
    },
    egress: egressSocket(),
    keys,
    verifier: new RequestVerifier(keys, 'eu-west-1'),
    webIdentity: () => Promise.resolve(),
    admin: () => Promise.resolve({}),
    report: () => undefined,
    callLog: join(folder, 'calls.jsonl'),
  });
  endpoint = await door.listen();
});
afterAll(async () => {
  await door.close();
  moto.close();
  rmSync(folder, { recursive: true });
});

/** Makes a call. @returns what was written down of it */
async function recorded(
  service: string,
  path: string,
  init: Partial<Asked>,
): Promise<RecordedCall | undefined> {
  const file = join(folder, 'calls.jsonl');
  rmSync(file, { force: true });
  await ask(endpoint, { service, url: path, ...init });
  for (let waited = 0; waited < 5_000 && !existsSync(file); waited += 10) await sleep(10);
  await sleep(50); // For what should not be written.
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as RecordedCall;
}

describe('an entry in the log of calls', () => {
  it.each([
    ['ec2', 'read here'],
    ['elasticloadbalancing', 'passed on'],
  ])('has the fields of a form and the IDs of the answer: %s, which is %s', async (service) => {
    const body = 'Action=CreateVpc&TagSpecification.1.Tag.1.Value=seed&UserData=aGk%3D';
    const headers = { 'user-agent': 'aws-cli/1.45.0 app/somebody' };
    expect(await recorded(service, '/', { method: 'POST', body, headers })).toEqual({
      service,
      region: 'eu-west-1',
      operation: 'CreateVpc',
      parameters: { Action: 'CreateVpc', 'TagSpecification.1.Tag.1.Value': 'seed' },
      status: 200,
      answered: ['vpc-0123456789abcdef0', 'vpc-cidr-assoc-0123456789abcdef0'],
      agent: 'aws-cli/1.45.0 app/somebody',
    });
  });

  it('has the tags of a JSON body, and none of its secrets', async () => {
    const headers = { 'x-amz-target': 'secretsmanager.CreateSecret' };
    const body = JSON.stringify({
      Name: 'seed/dev',
      SecretString: 's3cret',
      Value: 's3cret',
      Tags: [{ Key: 'Platform', Value: 'seed' }],
    });
    expect(await recorded('secretsmanager', '/', { method: 'POST', body, headers })).toMatchObject({
      operation: 'CreateSecret',
      parameters: { Name: 'seed/dev', Tags: [{ Key: 'Platform', Value: 'seed' }] },
    });
    expect(readFileSync(join(folder, 'calls.jsonl'), 'utf8')).not.toContain('s3cret');
  });

  it('has method and path for a request without a name, and the status of a refusal', async () => {
    expect(await recorded('eks', '/clusters/a', { method: 'GET' })).toMatchObject({
      operation: 'GET /clusters/a',
      status: 404,
      answered: ['arn:aws:eks:eu-west-1:1:cluster/a'],
    });
  });

  it('has no content of S3 objects or of secrets that are read', async () => {
    const body = '{"state":"vpc-0123456789abcdef0"}';
    expect(await recorded('s3', '/bucket/key', { method: 'PUT', body })).toMatchObject({
      operation: 'PUT /bucket/key',
      parameters: {},
      answered: [],
    });
    const headers = { 'x-amz-target': 'secretsmanager.GetSecretValue' };
    expect(await recorded('secretsmanager', '/', { method: 'POST', body: '{}', headers })).toMatchObject({
      answered: [],
    });
  });
});
