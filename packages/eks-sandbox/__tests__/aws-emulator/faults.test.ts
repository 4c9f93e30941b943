import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccessKeys } from '../../aws-emulator/access-keys';
import { OWN_AGENT } from '../../aws-emulator/aws-query';
import { Faults } from '../../aws-emulator/faults';
import { FrontDoor } from '../../aws-emulator/front-door';
import { RequestVerifier } from '../../aws-emulator/request-verifier';
import { ask, egressSocket, KEY, REGION, type Answer, type Asked } from './signed-request';

const ADDON = { addon: { addonName: 'coredns', status: 'ACTIVE', health: { issues: [] }, tags: { a: 'b' } } };
const ISSUE = { code: 'InsufficientNumberOfReplicas', message: 'It has no replicas' };

const keys = new AccessKeys();
keys.remember(KEY);
const faults = new Faults();
const moto = createServer((request, response) => {
  request.resume().on('end', () => response.end('<ok/>'));
});
let door: FrontDoor;
let endpoint: string;
/** Calls that the emulator got. */
let asked = 0;

beforeAll(async () => {
  await new Promise<void>((resolve) => moto.listen(0, '127.0.0.1', resolve));
  door = new FrontDoor({
    moto: `http://127.0.0.1:${(moto.address() as AddressInfo).port}`,
    region: REGION,
    eks: {
      handle: ({ path }) => {
        asked += 1;
        return Promise.resolve(
          path.endsWith('/none')
            ? { status: 404, headers: {}, body: '{"message":"none"}' }
            : { status: 200, headers: {}, body: JSON.stringify(ADDON) },
        );
      },
    },
    egress: egressSocket(),
    keys,
    verifier: new RequestVerifier(keys, REGION),
    webIdentity: () => Promise.resolve(),
    admin: () => Promise.resolve({}),
    report: () => undefined,
    faults,
  });
  endpoint = await door.listen();
});
afterAll(async () => {
  await door.close();
  moto.close();
});
beforeEach(() => {
  asked = 0;
});

const send = (service: string, init: Partial<Asked> = {}): Promise<Answer> =>
  ask(endpoint, { ...init, service });
const query = (action: string): Partial<Asked> => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: `Action=${action}`,
});

describe('a fault', () => {
  const error = { code: 'AccessDenied', message: 'no', status: 403 };

  it.each([
    ['ec2', 'CreateVpc', query('CreateVpc'), '<Response><Errors><Error><Code>AccessDenied</Code>'],
    ['iam', 'CreateRole', query('CreateRole'), '<ErrorResponse><Error><Code>AccessDenied</Code>'],
    ['s3', 'PUT /bucket/*', { method: 'PUT', url: '/bucket/state' }, '<Error><Code>AccessDenied</Code>'],
    ['eks', 'POST /clusters', { method: 'POST', url: '/clusters', body: '{}' }, '{"__type":"AccessDenied"'],
    [
      ...(['logs', 'CreateLogGroup'] as const),
      { method: 'POST', headers: { 'x-amz-target': 'Logs_20140328.CreateLogGroup' }, body: '{}' },
      '{"__type":"AccessDenied"',
    ],
  ])('refuses a call as the service does: %s', async (service, operation, init, expected) => {
    faults.replace([{ service, operation, error }]);
    const { status, body, code } = await send(service, init);
    expect({ status, code, body }).toEqual({
      ...{ status: 403, code: 'AccessDenied' },
      body: expect.stringContaining(expected) as string,
    });
    expect(asked).toBe(0);
    const other = service === 'ec2' ? 'iam' : 'ec2';
    expect((await send(other, query('CreateVpc'))).status).toBe(200);
  });

  it('is had by as many calls as it says, and is counted', async () => {
    const fault = {
      service: 'ec2',
      operation: 'Describe*',
      times: 2,
      error: { code: 'RequestLimitExceeded', message: 'slower' },
    };
    faults.replace([fault]);
    const statuses = [];
    for (let i = 0; i < 3; i++) statuses.push((await send('ec2', query('DescribeSubnets'))).status);
    expect(statuses).toEqual([400, 400, 200]);
    expect(faults.list()).toEqual([{ ...fault, had: 2 }]);
  });

  it('changes members of an answer of EKS and keeps the others; a refusal stays', async () => {
    const answer = { addon: { status: 'DEGRADED', health: { issues: [ISSUE] } } };
    faults.replace([{ service: 'eks', operation: 'GET /clusters/*/addons/*', answer }]);
    const { body } = await send('eks', { url: '/clusters/seed/addons/coredns' });
    expect(JSON.parse(body)).toEqual({ addon: { ...ADDON.addon, ...answer.addon } });
    expect(asked).toBe(1);
    expect((await send('eks', { url: '/clusters/seed/addons/none' })).status).toBe(404);
  });

  it("is not had by the sandbox's own questions", async () => {
    faults.replace([{ service: 'ec2', operation: '*', error }]);
    const { headers, ...own } = query('DescribeVpcs');
    expect((await send('ec2', { ...own, headers: { ...headers, 'user-agent': OWN_AGENT } })).status).toBe(
      200,
    );
  });

  it.each<[unknown, string]>([
    [{}, 'expected a list of'],
    [[3], 'faults[0]: got 3'],
    [
      [{ service: 'ec2', operation: 'A', error, retries: 2 }],
      'faults[0]: unknown member retries; known: service',
    ],
    [
      [{ service: 'ec2', operation: 'A', times: 0, error }],
      'faults[0].times: got 0; expected a number from 1',
    ],
    [[{ service: 'ec2', operation: 'A', error: { ...error, status: 200 } }], 'faults[0].error: got'],
    [[{ service: 'ec2', operation: 'A' }], 'faults[0]: expected either error or answer'],
    [[{ service: 'ec2', operation: 'A', answer: {} }], 'only EKS answers with JSON'],
  ])('is refused with its place: %j', (wrong, message) => {
    faults.replace([]);
    expect(() => {
      faults.replace(wrong);
    }).toThrow(message);
    expect(faults.list()).toEqual([]);
  });
});
