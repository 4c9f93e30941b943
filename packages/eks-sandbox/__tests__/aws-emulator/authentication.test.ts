import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { AccessKeys } from '../../aws-emulator/access-keys';
import { FrontDoor } from '../../aws-emulator/front-door';
import { RequestRefusal } from '../../aws-emulator/refusals';
import { RequestVerifier } from '../../aws-emulator/request-verifier';
import { ask, egressSocket, KEY, REGION, send, signer, type Answer, type Asked } from './signed-request';

const MINUTE = 60_000;
const ago = (minutes: number): Date => new Date(Date.now() - minutes * MINUTE);
const SESSION = { accessKeyId: 'ASIAX', secretAccessKey: 'session', sessionToken: 'a/token+of=it' };
const ENDED = { accessKeyId: 'ASIAOLD', secretAccessKey: 'session', sessionToken: 'token', endsAt: ago(1) };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_11 = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.ListKeys' };

let moto: Server;
let door: FrontDoor;
let endpoint: string;
/** What came through to moto. */
const passed: string[] = [];
const keys = new AccessKeys();
const egress = egressSocket();

beforeAll(async () => {
  moto = createServer((request, response) => {
    void text(request).then((body) => {
      passed.push(body);
      response.end('<ok/>');
    });
  });
  await new Promise<void>((resolve) => moto.listen(0, '127.0.0.1', resolve));
  for (const key of [KEY, SESSION, ENDED]) keys.remember(key);
  door = new FrontDoor({
    egress,
    moto: `http://127.0.0.1:${(moto.address() as AddressInfo).port}`,
    region: REGION,
    eks: { handle: ({ accessKeyId }) => Promise.resolve({ status: 200, headers: {}, body: accessKeyId }) },
    keys,
    verifier: new RequestVerifier(keys, REGION),
    webIdentity: (form) =>
      form.get('WebIdentityToken') === 'good'
        ? Promise.resolve()
        : Promise.reject(new RequestRefusal('InvalidIdentityToken', 'not of a cluster here')),
    admin: (_, path) => Promise.resolve({ path }),
    report: () => undefined,
  });
  endpoint = await door.listen();
});
afterAll(async () => {
  await door.close();
  moto.close();
});
beforeEach(() => {
  passed.length = 0;
});

const without = (object: Readonly<Record<string, string>>, key: string): Record<string, string> =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
const answerTo = (asked: Asked): Promise<Answer> => ask(endpoint, asked);
const sts = (more: Partial<Asked> = {}): Asked => ({
  ...{ service: 'sts', method: 'POST', headers: FORM, body: 'Action=GetCallerIdentity&Version=2011-06-15' },
  ...more,
});
const object = (more: Partial<Asked> = {}): Asked => ({
  ...{ service: 's3', method: 'PUT', url: '/bucket/a%20key%2Bmore?x-id=PutObject', body: 'state' },
  ...more,
});

describe('the front door lets in', () => {
  it.each<[string, Asked]>([
    ['a request of the Query protocol', sts()],
    ['one of a session', sts({ key: SESSION })],
    ['one whose clock is four minutes off', sts({ signedAt: ago(4) })],
    [
      'a presigned one',
      sts({ method: 'GET', body: '', url: '/?Action=GetCallerIdentity', expiresIn: 60, headers: {} }),
    ],
    [
      'one to STS for fifteen minutes, whatever it says',
      sts({ method: 'GET', body: '', url: '/', expiresIn: 0, headers: {}, signedAt: ago(14) }),
    ],
    ['JSON', { service: 'kms', method: 'POST', headers: JSON_11, body: '{}' }],
    [
      'a path that is encoded',
      { service: 'eks', url: '/clusters/seed/access-entries/arn%3Aaws%3Aiam?maxResults=5' },
    ],
    ['an object', object()],
    ['an object of S3 signed fourteen minutes ago', object({ signedAt: ago(14) })],
    ['an object without its hash', object({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })],
    [
      'an unsigned stream',
      object({ headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' } }),
    ],
    ['a presigned upload', object({ expiresIn: 900, signedAt: ago(14) })],
    [
      'a request to a region of the partition',
      { service: 'ec2', method: 'POST', headers: FORM, region: 'us-east-1' },
    ],
  ])('%s', async (_, asked) => {
    expect(await answerTo(asked)).toMatchObject({ status: 200, code: '' });
  });

  it('the token of a web identity instead of a signature, after it is verified', async () => {
    const request = (token: string): Promise<Answer> =>
      send(endpoint, {
        method: 'POST',
        headers: FORM,
        body: `Action=AssumeRoleWithWebIdentity&WebIdentityToken=${token}`,
      });
    expect(await request('good')).toMatchObject({ status: 200 });
    expect(passed).toHaveLength(1);
    expect(await request('forged')).toMatchObject({ status: 400, code: 'InvalidIdentityToken' });
    const body = 'Action=AssumeRoleWithSAML&SAMLAssertion=forged';
    expect(await answerTo(sts({ body }))).toMatchObject({ code: 'InvalidIdentityToken' });
    expect(passed).toHaveLength(1);
  });

  it.each<[string, Partial<Asked>]>([
    ['of a path of the sandbox', { method: 'GET', url: '/__sandbox/inventory' }],
    ['of a webhook', { url: '/__sandbox/token-review/seed' }],
    ['of a bucket', { method: 'PUT', url: '/bucket/key' }],
    ['with a query', { url: '/?Action=CreateUser' }],
    [
      'with two actions',
      { body: 'Action=AssumeRoleWithWebIdentity&WebIdentityToken=good&Action=CreateUser' },
    ],
  ])('no token of a web identity in a request %s', async (_, more) => {
    const body = 'Action=AssumeRoleWithWebIdentity&WebIdentityToken=good';
    const answer = await send(endpoint, { method: 'POST', url: '/', headers: FORM, body, ...more });
    expect(answer).toMatchObject({ status: 403, code: 'MissingAuthenticationToken' });
    expect(passed).toEqual([]);
  });

  it('the webhooks of its clusters by an address that only they know', async () => {
    const url = `${new URL(door.webhooks).pathname}/token-review/seed`;
    expect(await send(endpoint, { url })).toMatchObject({ body: '{"path":"token-review/seed"}' });
    for (const other of [url.replace(/[0-9a-f]{64}/, 'f'.repeat(64)), '/__sandbox/token-review/seed'])
      expect(await send(endpoint, { url: other })).toMatchObject({ status: 403 });
  });
});

it.each([
  '/%5F%5Fsandbox/account',
  '/%5f_sandbox',
  '//__sandbox/account',
  '/__sandbox',
  '/__%73andbox/a#%ZZ',
])('the front door refuses what moto would read as a path of the sandbox: %s', async (url) => {
  const asked = { service: 's3', method: 'PUT', body: '/a/file' };
  const [path = ''] = url.split('#');
  const answer = await answerTo({ ...asked, url: path, tamper: () => ({ url }) });
  expect(answer).toMatchObject({ status: 403, code: 'AccessDenied' });
  expect(passed).toEqual([]);
});

it('an object may have any name', async () => {
  expect(await answerTo(object({ url: '/bucket/__sandbox/account' }))).toMatchObject({ status: 200 });
});

/** One fault as a service of each protocol names it: Query, EC2, JSON, JSON over REST, S3. */
type Codes = readonly [query: string, ec2: string, json: string, rest: string, s3: string];
const INVALID: Codes = [
  'InvalidClientTokenId',
  'AuthFailure',
  'UnrecognizedClientException',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
];
const MISMATCH: Codes = [
  'SignatureDoesNotMatch',
  'AuthFailure',
  'InvalidSignatureException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
];

describe('the front door refuses in the words of the service', () => {
  it.each<[string, Partial<Asked>, Codes]>([
    ['a key that the account does not know', { key: { ...KEY, accessKeyId: 'AKIAOTHER' } }, INVALID],
    ['another secret', { key: { ...KEY, secretAccessKey: 'guessed' } }, MISMATCH],
    [
      'another session',
      { key: { ...SESSION, sessionToken: 'another' } },
      [...INVALID.slice(0, 4), 'InvalidToken'] as unknown as Codes,
    ],
    [
      'a session without its token',
      { key: { accessKeyId: 'ASIAX', secretAccessKey: 'session' } },
      [...INVALID.slice(0, 4), 'InvalidToken'] as unknown as Codes,
    ],
    [
      'a session that has ended',
      { key: ENDED },
      ['ExpiredToken', 'RequestExpired', 'ExpiredTokenException', 'ExpiredTokenException', 'ExpiredToken'],
    ],
    [
      'a signature of sixteen minutes ago',
      { signedAt: ago(16) },
      [
        'RequestExpired',
        'RequestExpired',
        'RequestExpiredException',
        'RequestExpiredException',
        'RequestTimeTooSkewed',
      ],
    ],
    [
      'a region of another partition',
      { region: 'cn-north-1' },
      [...MISMATCH.slice(0, 4), 'AuthorizationHeaderMalformed'] as unknown as Codes,
    ],
    [
      'a header of AWS that is not signed',
      { tamper: ({ headers }) => ({ headers: { ...headers, 'x-amz-acl': 'public-read' } }) },
      MISMATCH,
    ],
    ['another path', { tamper: ({ url }) => ({ url: `${url.replace('?', 'more?')}&more` }) }, MISMATCH],
    [
      'no signature',
      { tamper: ({ headers }) => ({ headers: without(headers, 'authorization') }) },
      [
        'MissingAuthenticationToken',
        'MissingAuthenticationToken',
        'MissingAuthenticationTokenException',
        'MissingAuthenticationTokenException',
        'MissingAuthenticationTokenException',
      ],
    ],
    [
      'half a signature',
      {
        tamper: ({ headers }) => ({
          headers: {
            ...headers,
            authorization: (headers['authorization'] ?? '').replace(/, Signature=.*/, ''),
          },
        }),
      },
      [
        'IncompleteSignature',
        'AuthFailure',
        'IncompleteSignatureException',
        'IncompleteSignatureException',
        'AuthorizationHeaderMalformed',
      ],
    ],
  ])('%s', async (_, change, codes) => {
    const requests: Asked[] = [
      sts(),
      { service: 'ec2', method: 'POST', headers: FORM, body: 'Action=DescribeVpcs' },
      { service: 'kms', method: 'POST', headers: JSON_11, body: '{}' },
      { service: 'eks', url: '/clusters?maxResults=5' },
      object(),
    ];
    const answers = await Promise.all(requests.map((asked) => answerTo({ ...asked, ...change })));
    expect(answers.map(({ code }) => code)).toEqual(codes);
    expect(answers.every(({ status }) => status >= 400 && status < 404)).toBe(true);
    expect(passed).toEqual([]);
  });

  it.each<[string, Asked, string]>([
    [
      'a body that was changed',
      sts({ tamper: () => ({ body: 'Action=CreateUser' }) }),
      'SignatureDoesNotMatch',
    ],
    [
      'an object that was changed',
      object({ tamper: () => ({ body: 'other' }) }),
      'XAmzContentSHA256Mismatch',
    ],
    [
      'an unsigned body of anything but S3',
      sts({ headers: { ...FORM, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }),
      'SignatureDoesNotMatch',
    ],
    ['a presigned upload that has expired', object({ expiresIn: 60, signedAt: ago(2) }), 'AccessDenied'],
    [
      'a request to STS, presigned sixteen minutes ago',
      sts({
        method: 'GET',
        body: '',
        headers: {},
        url: '/?Action=GetCallerIdentity',
        expiresIn: 3600,
        signedAt: ago(16),
      }),
      'RequestExpired',
    ],
    ['a clock that is six minutes ahead', sts({ signedAt: ago(-6) }), 'RequestExpired'],
    [
      'EKS of another region',
      { service: 'eks', url: '/clusters', region: 'eu-central-1' },
      'InvalidSignatureException',
    ],
    ['a service by no name', { service: '-', url: '/clusters' }, 'InvalidSignatureException'],
    [
      'a signature for another service',
      sts({
        tamper: ({ headers }) => ({
          headers: { ...headers, authorization: (headers['authorization'] ?? '').replace('/sts/', '/iam/') },
        }),
      }),
      'SignatureDoesNotMatch',
    ],
    [
      'a signature of another day',
      sts({ tamper: ({ headers }) => ({ headers: { ...headers, 'x-amz-date': '20260101T000000Z' } }) }),
      'IncompleteSignature',
    ],
    [
      'the right request by another host',
      sts({ tamper: ({ headers }) => ({ headers: { ...headers, host: 'rebound.example' } }) }),
      'AccessDenied',
    ],
    [
      'the right request of a web page',
      sts({ tamper: ({ headers }) => ({ headers: { ...headers, origin: 'http://127.0.0.1:3000' } }) }),
      'AccessDenied',
    ],
  ])('%s', async (_, asked, code) => {
    expect(await answerTo(asked)).toMatchObject({ code });
    expect(passed).toEqual([]);
  });

  it('a key that was deleted or deactivated', async () => {
    const key = { accessKeyId: 'AKIANEW', secretAccessKey: 's3cret' };
    keys.learn(
      new URLSearchParams('Action=CreateAccessKey'),
      '<r><CreateAccessKeyResult><AccessKey><AccessKeyId>AKIANEW</AccessKeyId><SecretAccessKey>s3cret</SecretAccessKey></AccessKey></CreateAccessKeyResult></r>',
    );
    const told = (body: string): Promise<Answer> => answerTo(sts({ service: 'iam', body }));
    expect(await answerTo(sts({ key }))).toMatchObject({ status: 200 });
    await told('Action=UpdateAccessKey&AccessKeyId=AKIANEW&Status=Inactive');
    expect(await answerTo(sts({ key }))).toMatchObject({ code: 'InvalidClientTokenId' });
    await told('Action=UpdateAccessKey&AccessKeyId=AKIANEW&Status=Active');
    expect(await answerTo(sts({ key }))).toMatchObject({ status: 200 });
    await told('Action=DeleteAccessKey&AccessKeyId=AKIANEW');
    expect(await answerTo(sts({ key }))).toMatchObject({ code: 'InvalidClientTokenId' });
  });
});

describe('an upload in chunks', () => {
  const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');

  /** The body of a chunked upload, whose chunks are signed after the request. */
  async function upload(trailer: string, damage: (body: string) => string = (body) => body): Promise<Answer> {
    const mode = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer && '-TRAILER'}`;
    let body = '';
    const chunks = async (seed: string, date: string): Promise<string> => {
      const scope = `${date.slice(0, 8)}/${REGION}/s3/aws4_request`;
      let prior = seed;
      const sign = async (kind: string, ...hashes: string[]): Promise<string> =>
        (prior = await signer({ service: 's3' }).sign(
          [`AWS4-HMAC-SHA256-${kind}`, date, scope, prior, ...hashes].join('\n'),
        ));
      for (const data of ['a'.repeat(65_536), 'the rest\r\n', '']) {
        const signature = await sign('PAYLOAD', sha256(''), sha256(data));
        body += `${data.length.toString(16)};chunk-signature=${signature}\r\n${data}${data && '\r\n'}`;
      }
      if (trailer === '') return `${body}\r\n`;
      return `${body}${trailer}\r\nx-amz-trailer-signature:${await sign('TRAILER', sha256(`${trailer}\n`))}\r\n\r\n`;
    };
    let sent: { url: string; headers: Readonly<Record<string, string>> } | undefined;
    await answerTo(
      object({
        headers: { 'x-amz-content-sha256': mode, 'x-amz-decoded-content-length': '65546' },
        tamper: (request) => {
          sent = request;
          return { headers: {} };
        },
      }),
    );
    const { url = '', headers = {} } = sent ?? {};
    const seed = /Signature=(\w+)/.exec(headers['authorization'] ?? '')?.[1] ?? '';
    const signed = await chunks(seed, headers['x-amz-date'] ?? '');
    return send(endpoint, { method: 'PUT', url, headers, body: damage(signed) });
  }

  it.each(['', 'x-amz-checksum-crc32:AAAAAA=='])(
    'is verified chunk by chunk, with the trailer %j',
    async (trailer) => {
      expect(await upload(trailer)).toMatchObject({ status: 200 });
      expect(passed).toEqual([expect.stringContaining('the rest')]);
      const damages = [
        (body: string) => body.replace('the rest', 'the last'),
        (body: string) => body.replace(/chunk-signature=\w/, 'chunk-signature=g'),
        (body: string) => body.slice(0, 65_650),
        () => '',
        ...(trailer ? [(body: string) => body.replace('AAAA==', 'AAAB==')] : []),
      ];
      for (const damage of damages)
        expect(await upload(trailer, damage)).toMatchObject({ code: 'SignatureDoesNotMatch' });
      expect(passed).toHaveLength(1);
    },
  );
});

it.each([
  ['POST', '/', 'Action=GetSessionToken'],
  ['POST', '/', 'Action=GetFederationToken&Name=me'],
  ['GET', '/?Action=GetSessionToken', ''],
])(
  '%s %s creates no user session: its keys would be those of the documentation',
  async (method, url, body) => {
    const asked = sts({ method, url, body, headers: method === 'POST' ? FORM : {} });
    expect(await answerTo(asked)).toMatchObject({ status: 400, code: 'AccessDenied' });
    expect(passed).toEqual([]);
  },
);

describe('an API server', () => {
  const answerOf = (host: string, request = ''): Promise<string> => {
    const socket = connect(egress);
    socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n${request}`);
    return text(socket);
  };

  it.each(['ip-10-0-1-2.eu-west-1.compute.internal:10250', 'hooks.example.com:443', '127.0.0.1:22'])(
    'that calls %s gets the reason for the refusal, and no name is looked up',
    async (host) => {
      expect(await answerOf(host)).toMatch(
        /^HTTP\/1\.1 501 The nodes of the sandbox are simulated: no container runs.* API servers connect to nothing outside/,
      );
    },
  );

  it('reaches its webhooks', async () => {
    const { host, pathname } = new URL(`${door.webhooks}/token-review/seed`);
    const request = `GET ${pathname} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(await answerOf(host, request)).toMatch(
      /^HTTP\/1\.1 200 OK\r\n\r\nHTTP\/1\.1 200 OK[^]*"token-review\/seed"/,
    );
  });
});
