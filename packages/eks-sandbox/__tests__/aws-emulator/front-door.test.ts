import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccessKeys } from '../../aws-emulator/access-keys';
import { FrontDoor } from '../../aws-emulator/front-door';
import { RequestRefusal } from '../../aws-emulator/refusals';
import { RequestVerifier } from '../../aws-emulator/request-verifier';
import { ask, egressSocket, KEY, type Asked } from './signed-request';

const VERSIONS =
  '<DescribeLaunchTemplateVersionsResponse><launchTemplateVersionSet><item><launchTemplateData><tagSpecificationSet>' +
  '<item><resourceType>instance</resourceType><tagSet><item><key>a</key><value>b</value></item></tagSet></item>' +
  '<item><resourceType>launch-template</resourceType><tagSet><item><key>k</key><value>v</value></item></tagSet></item>' +
  '</tagSpecificationSet></launchTemplateData></item></launchTemplateVersionSet></DescribeLaunchTemplateVersionsResponse>';
const NEW_KEY =
  '<CreateAccessKeyResponse><CreateAccessKeyResult><AccessKey><AccessKeyId>AKIANEW</AccessKeyId>' +
  '<SecretAccessKey>s3cret</SecretAccessKey></AccessKey></CreateAccessKeyResult></CreateAccessKeyResponse>';

const seen: { request: IncomingMessage; body: string }[] = [];
const keys = new AccessKeys();
keys.remember(KEY);
let moto: Server;
let door: FrontDoor;
let endpoint: string;
let answer = '';
/** Status of moto's answers. */
let motoStatus = 200;

beforeAll(async () => {
  moto = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({ request, body: Buffer.concat(chunks).toString() });
      response.writeHead(motoStatus, { 'content-type': 'text/xml', 'x-amzn-requestid': 'r' });
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => moto.listen(0, '127.0.0.1', resolve));
  door = new FrontDoor({
    egress: egressSocket(),
    moto: `http://127.0.0.1:${(moto.address() as AddressInfo).port}`,
    region: 'eu-west-1',
    eks: {
      handle: (request) =>
        Promise.resolve({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(request),
        }),
    },
    keys,
    verifier: new RequestVerifier(keys, 'eu-west-1'),
    webIdentity: () => Promise.reject(new RequestRefusal('InvalidIdentityToken', 'not here')),
    admin: (method, path) => Promise.resolve(path === 'health' ? { method, status: 'ok' } : undefined),
    report: () => undefined,
  });
  endpoint = await door.listen();
});
afterAll(async () => {
  await door.close();
  moto.close();
});
beforeEach(() => {
  seen.length = 0;
  answer = '<ok/>';
  motoStatus = 200;
});

/** Asks with a key of the account; how that is verified, is for another test. */
async function send(service: string, init: Partial<Asked> = {}, url = '/'): Promise<Response> {
  const { status, body } = await ask(endpoint, { ...init, service, url });
  return new Response(body, { status });
}

describe('the front door', () => {
  it('listens on the loopback address only', () => {
    expect(endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('sends EKS requests to the emulator, with the caller and the original path', async () => {
    const init = { method: 'POST', body: '{"a":1}' };
    const response = await send(
      'eks',
      init,
      '/clusters/seed/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx?maxResults=5',
    );
    expect(await response.json()).toMatchObject({
      method: 'POST',
      path: '/clusters/seed/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx',
      body: { a: 1 },
      accessKeyId: 'AKIAX',
    });
    expect(seen).toEqual([]);
  });

  it('sends everything else to moto unchanged', async () => {
    const body = 'x'.repeat(300_000);
    await (await send('s3', { method: 'PUT', body }, '/bucket/key?x=%2F')).text();
    expect(seen[0]).toMatchObject({ body, request: { method: 'PUT', url: '/bucket/key?x=%2F' } });
    expect(seen[0]?.request.headers.host).toBe(new URL(endpoint).host);
  });

  it('recognizes presigned requests by their credential', async () => {
    const response = await send('eks', { expiresIn: 60 }, '/clusters');
    expect(await response.json()).toMatchObject({ accessKeyId: 'AKIAX', path: '/clusters' });
  });

  it('removes the tags of a launch template from its versions', async () => {
    answer = VERSIONS;
    const init = { method: 'POST', body: 'Action=DescribeLaunchTemplateVersions&Version=2016-11-15' };
    const text = await (await send('ec2', init)).text();
    expect(text).toContain('<resourceType>instance</resourceType>');
    expect(text).not.toContain('launch-template<');
    expect(text).toContain('</item></tagSpecificationSet>');
    expect(seen[0]?.body).toBe(init.body);
  });

  it('knows how long a bucket keeps old versions, of which moto loses a part', async () => {
    const rules =
      '<LifecycleConfiguration><Rule><NewerNoncurrentVersions>20</NewerNoncurrentVersions></Rule></LifecycleConfiguration>';
    answer = '<LifecycleConfiguration><Rule></Rule></LifecycleConfiguration>';
    const got = async (): Promise<string> => (await send('s3', {}, '/state?lifecycle')).text();
    expect(await got()).toBe(answer);
    motoStatus = 404;
    await send('s3', { method: 'PUT', body: rules }, '/state?lifecycle');
    motoStatus = 200;
    expect(await got()).toBe(answer);
    await send('s3', { method: 'PUT', body: rules }, '/state?lifecycle');
    expect(await got()).toBe(rules);
    expect(await (await send('s3', {}, '/other?lifecycle')).text()).toBe(answer);
    motoStatus = 404;
    expect(await got()).toBe(answer);
  });

  it('hides the conditional statements of a bucket policy from moto, which ignores conditions', async () => {
    const always = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteBucket',
      Resource: 'arn:aws:s3:::state',
    };
    const withoutTls = { ...always, Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [always, withoutTls] });
    await send('s3', { method: 'PUT', body: policy }, '/state?policy');
    expect(seen[0]?.request.url).toBe('/state?policy');
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual({ Version: '2012-10-17', Statement: [always] });
    expect(await (await send('s3', {}, '/state?policy')).text()).toBe(policy);
  });

  it('answers for the AMIs of EKS', async () => {
    const Name = '/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/standard/recommended/image_id';
    const headers = {
      'x-amz-target': 'AmazonSSM.GetParameter',
      'content-type': 'application/x-amz-json-1.1',
    };
    const response = await send('ssm', { method: 'POST', body: JSON.stringify({ Name }), headers });
    expect(await response.json()).toMatchObject({
      Parameter: { Name, Value: expect.stringMatching(/^ami-0[0-9a-f]{16}$/) as unknown },
    });
    expect(seen).toEqual([]);
    await send('ssm', { method: 'POST', body: JSON.stringify({ Name: '/mine' }), headers });
    expect(seen).toHaveLength(1);
  });

  it('merges parameters of EKS with those of the account', async () => {
    const release =
      '/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/arm64/standard/recommended/release_version';
    answer = JSON.stringify({ Parameters: [{ Name: '/mine' }], InvalidParameters: [release, '/none'] });
    const headers = { 'x-amz-target': 'AmazonSSM.GetParameters' };
    const body = JSON.stringify({ Names: ['/mine', release, '/none'] });
    const response = await send('ssm', { method: 'POST', body, headers });
    expect(await response.json()).toMatchObject({
      Parameters: [
        { Name: '/mine' },
        { Name: release, Value: expect.stringMatching(/^1\.36\.\d+-\d{8}$/) as unknown },
      ],
      InvalidParameters: ['/none'],
    });
  });

  it('remembers the access keys of the account until they are deleted', async () => {
    answer = NEW_KEY;
    await (await send('iam', { method: 'POST', body: 'Action=CreateAccessKey&UserName=bob' })).text();
    const key = { accessKeyId: 'AKIANEW', secretAccessKey: 's3cret' };
    expect((await send('eks', { key })).status).toBe(200);
    await (await send('iam', { method: 'POST', body: 'Action=DeleteAccessKey&AccessKeyId=AKIANEW' })).text();
    expect((await send('eks', { key })).status).toBe(403);
  });

  it('deletes the policy of a file system, which moto can only replace', async () => {
    answer = '{"FileSystemId":"fs-1","Policy":""}';
    const path = '/2015-02-01/file-systems/fs-1/policy';
    const response = await send('elasticfilesystem', { method: 'DELETE' }, path);
    expect(await response.text()).toBe('');
    expect(seen).toMatchObject([{ body: '{"Policy":""}', request: { method: 'PUT', url: path } }]);
  });

  it('remembers which existing file systems are backed up', async () => {
    const path = '/2015-02-01/file-systems/fs-1/backup-policy';
    const backup = async (method: string, policy?: object): Promise<unknown> =>
      (
        await send('elasticfilesystem', { method, ...(policy && { body: JSON.stringify(policy) }) }, path)
      ).json();
    answer = '{"BackupPolicy":"of a new one"}';
    expect(await backup('GET')).toEqual({ BackupPolicy: 'of a new one' });
    expect(seen).toMatchObject([{ request: { method: 'GET', url: path } }]);

    answer = '{"FileSystems":[{}]}';
    const enabled = { BackupPolicy: { Status: 'ENABLED' } };
    expect(await backup('PUT', enabled)).toEqual(enabled);
    expect(await backup('GET')).toEqual(enabled);
    const disabled = { BackupPolicy: { Status: 'DISABLED' } };
    await backup('PUT', disabled);
    expect(await backup('GET')).toEqual(disabled);
    expect(seen.at(-1)).toMatchObject({
      body: '',
      request: { method: 'GET', url: '/2015-02-01/file-systems?FileSystemId=fs-1' },
    });

    motoStatus = 404;
    answer = '{"__type":"FileSystemNotFound"}';
    expect(await backup('GET')).toEqual({ __type: 'FileSystemNotFound' });
  });

  it('refuses a secret with the name of one that can still be restored', async () => {
    const ask = (operation: string, body: object): Promise<Response> =>
      send('secretsmanager', {
        method: 'POST',
        headers: { 'x-amz-target': `secretsmanager.${operation}` },
        body: JSON.stringify(body),
      });
    answer = '{"Name":"seed/database"}';
    const create = (): Promise<Response> => ask('CreateSecret', { Name: 'seed/database' });
    await (await ask('DeleteSecret', { SecretId: 'arn:1', RecoveryWindowInDays: 30 })).text();
    const refused = await create();
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      __type: 'InvalidRequestException',
      message: expect.stringContaining('scheduled for deletion') as unknown,
    });
    expect((await ask('CreateSecret', { Name: 'seed/queue' })).status).toBe(200);

    await (await ask('DeleteSecret', { SecretId: 'arn:1', ForceDeleteWithoutRecovery: true })).text();
    expect((await create()).status).toBe(200);
    await (await ask('DeleteSecret', { SecretId: 'arn:1' })).text();
    expect((await create()).status).toBe(400);
    await (await ask('RestoreSecret', { SecretId: 'arn:1' })).text();
    expect((await create()).status).toBe(200);
  });

  it('keeps the policy of a queue if another setting changes, until the queue is deleted', async () => {
    const QueueUrl = `${endpoint}/1/orders`;
    const ask = (operation: string, body: object): Promise<Response> =>
      send('sqs', {
        method: 'POST',
        headers: { 'x-amz-target': `AmazonSQS.${operation}` },
        body: JSON.stringify(body),
      });
    const set = async (Attributes: object): Promise<unknown> => {
      await ask('SetQueueAttributes', { QueueUrl, Attributes });
      return JSON.parse(seen.at(-1)?.body ?? '');
    };
    expect(await set({ VisibilityTimeout: '60' })).toEqual({
      QueueUrl,
      Attributes: { VisibilityTimeout: '60' },
    });
    await set({ Policy: '{"Statement":[]}' });
    expect(await set({ VisibilityTimeout: '90' })).toEqual({
      QueueUrl,
      Attributes: { VisibilityTimeout: '90', Policy: '{"Statement":[]}' },
    });
    await ask('DeleteQueue', { QueueUrl });
    expect(await set({ VisibilityTimeout: '30' })).toEqual({
      QueueUrl,
      Attributes: { VisibilityTimeout: '30' },
    });
  });

  it('writes the target of dead letters as AWS does, without spaces', async () => {
    const get = async (): Promise<unknown> =>
      (
        await send('sqs', {
          method: 'POST',
          headers: { 'x-amz-target': 'AmazonSQS.GetQueueAttributes' },
          body: '{"QueueUrl":"orders"}',
        })
      ).json();
    answer = JSON.stringify({
      Attributes: { RedrivePolicy: '{"maxReceiveCount": 5}', VisibilityTimeout: '30' },
    });
    expect(await get()).toEqual({
      Attributes: { RedrivePolicy: '{"maxReceiveCount":5}', VisibilityTimeout: '30' },
    });
    answer = '{"Attributes":{"VisibilityTimeout":"30"}}';
    expect(await get()).toEqual({ Attributes: { VisibilityTimeout: '30' } });
  });

  it('knows the support status of a database, and the source of its parameters', async () => {
    const ask = async (body: string): Promise<string> =>
      (await send('rds', { method: 'POST', body: `${body}&Version=2014-10-31` })).text();
    const found = (name: string, more = ''): string =>
      `<DBInstance><DBInstanceIdentifier>${name}</DBInstanceIdentifier>${more}<Engine>postgres</Engine></DBInstance>`;
    await ask('Action=CreateDBInstance&DBInstanceIdentifier=a&EngineLifecycleSupport=disabled');
    await ask('Action=CreateDBInstance&DBInstanceIdentifier=b');
    answer = `<DBInstances>${found('a')}${found('b')}</DBInstances>`;
    const lifecycle = '<EngineLifecycleSupport>disabled</EngineLifecycleSupport>';
    expect(await ask('Action=DescribeDBInstances')).toBe(
      `<DBInstances>${found('a', lifecycle)}${found('b')}</DBInstances>`,
    );
    answer = '<Parameters><Parameter><ParameterName>rds.force_ssl</ParameterName></Parameter></Parameters>';
    expect(await ask('Action=DescribeDBParameters')).toBe(
      '<Parameters><Parameter><ParameterName>rds.force_ssl</ParameterName><Source>user</Source></Parameter></Parameters>',
    );
  });

  it('has its own paths', async () => {
    expect(await (await send('sandbox', {}, '/__sandbox/health')).json()).toEqual({
      method: 'GET',
      status: 'ok',
    });
    expect((await send('sandbox', {}, '/__sandbox/nothing')).status).toBe(404);
  });

  it('reports if moto does not answer', async () => {
    const lonely = new FrontDoor({
      moto: 'http://127.0.0.1:9',
      egress: egressSocket(),
      region: 'eu-west-1',
      eks: { handle: () => Promise.reject(new Error('unused')) },
      keys,
      verifier: new RequestVerifier(keys, 'eu-west-1'),
      webIdentity: () => Promise.resolve(),
      admin: () => Promise.resolve(undefined),
      report: () => undefined,
    });
    const response = await ask(await lonely.listen(), { service: 'ec2' });
    expect(response).toMatchObject({
      status: 503,
      body: expect.stringContaining('moto does not answer') as unknown,
    });
    await lonely.close();
  });
});
