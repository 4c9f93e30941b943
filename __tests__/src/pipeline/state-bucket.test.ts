import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findStateBucket, type FoundBucket } from '../../../src/pipeline/state/bucket-settings';

jest.setTimeout(120_000);
const hasAws = spawnSync('aws', ['--version']).status === 0;
if (!hasAws && process.env['CI'] === 'true') throw new Error('aws is missing, and CI may skip nothing');

/** What AWS answers, by the method and the URL; the AWS CLI is the real one. */
let answers: (request: string) => { status: number; body?: string; headers?: Record<string, string> };
let caller: string;
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::${caller}:assumed-role/admin/me</Arn><Account>${caller}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    const { status, body, headers } =
      request.method === 'POST'
        ? { status: 200, body: identity }
        : answers(`${request.method ?? ''} ${request.url ?? ''}`);
    response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(() => server.close());
beforeEach(() => {
  caller = '111122223333';
});

const find = (): Promise<FoundBucket> =>
  findStateBucket(
    { platform: 'seed', accountId: '111122223333', bucket: 'seed-state', region: 'eu-west-1' },
    {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '1',
      NO_PROXY: '127.0.0.1',
    },
  );

(hasAws ? describe : describe.skip)('the state bucket (skipped where aws is missing)', () => {
  it('can be created if there is none', async () => {
    answers = () => ({ status: 404 });
    expect(await find()).toEqual({ exists: false, findings: [] });
  });

  it('must be in the expected account, whose number the request to AWS has', async () => {
    answers = () => ({ status: 403 });
    expect((await find()).findings).toEqual([
      'the bucket seed-state is not one of the account 111122223333, or arn:aws:sts::111122223333:assumed-role/admin/me may ' +
        'not look at it; name another one in state.bucket',
    ]);
  });

  it('is searched only in the account of the platform', async () => {
    caller = '444455556666';
    answers = () => ({ status: 500 });
    expect((await find()).findings).toEqual([
      'signed in as arn:aws:sts::444455556666:assumed-role/admin/me, and the platform is in the account 111122223333; sign in there',
    ]);
  });

  it('is refused with all reasons in one error: region, owner, versions', async () => {
    answers = (request) => {
      if (request.includes('?location'))
        return { status: 200, body: '<LocationConstraint>eu-central-1</LocationConstraint>' };
      if (request.includes('?tagging'))
        return {
          status: 200,
          body: '<Tagging><TagSet><Tag><Key>Platform</Key><Value>other</Value></Tag></TagSet></Tagging>',
        };
      if (request.includes('?versioning')) return { status: 200, body: '<VersioningConfiguration/>' };
      if (request.includes('list-type=2'))
        return {
          status: 200,
          body: '<ListBucketResult><Contents><Key>photo</Key></Contents></ListBucketResult>',
        };
      return { status: 200 };
    };
    const { findings } = await find();
    expect(findings).toEqual([
      'the bucket seed-state is in eu-central-1, not in eu-west-1; write region: eu-central-1 under state',
      'the bucket seed-state is that of the platform other; each platform has one of its own',
      expect.stringMatching(/^the bucket seed-state holds objects and keeps no versions of them/),
    ]);
  });
});
