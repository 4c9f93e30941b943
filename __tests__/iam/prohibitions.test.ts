import { readFileSync } from 'node:fs';
import { synthesized } from '../stacks/synthesized-platform';
import { boundedWorkload, pipelineRole } from './pipeline-roles';
import { arn, iam, type Row, TAGGED, to } from './named-resources';
import { FORBIDDEN_TO_APPLY, FORBIDDEN_TO_PLAN } from './prohibitions';
import { FORBIDDEN_WITHIN_BOUNDARY, POSSIBLE_WITHIN_BOUNDARY } from './within-boundary';
import { ACCOUNT, decide, installSimulator, type Principal } from './simulator';

const documents = synthesized(
  `${readFileSync('platform.yaml', 'utf8')}\nstate: { bucket: seed-state }\npipeline: { repository: acme/platform }\n`,
);

// A minute on a machine that does other work too.
jest.setTimeout(120_000);
beforeAll(installSimulator);

/** Which of them AWS would allow. */
async function allowed(principal: Principal, requests: readonly Row[]): Promise<string[]> {
  const decisions = await Promise.all(
    requests.map(async ([what, action, resource, context = {}]) => {
      const region = action.startsWith('iam:') ? 'us-east-1' : 'eu-west-1';
      const decision = await decide(principal, {
        action,
        resource,
        context: { 'aws:RequestedRegion': region, ...context },
      });
      return decision === 'Allowed' ? [what] : [];
    }),
  );
  return decisions.flat();
}

const names = (requests: readonly Row[]): string[] => requests.map(([what]) => what);

describe('the apply role', () => {
  it('is denied at least 40 actions', async () => {
    expect(new Set(names(FORBIDDEN_TO_APPLY)).size).toBeGreaterThan(40);
    expect(await allowed(pipelineRole('apply', documents), FORBIDDEN_TO_APPLY)).toEqual([]);
  });
});

describe('a platform beside one with a longer name', () => {
  const beside = synthesized(
    `${readFileSync('platform.yaml', 'utf8')}\nstate: { bucket: seed-state }\n` +
      'pipeline: { repository: acme/platform, otherPlatforms: [seed-eu] }\n',
  );
  const REGION = { 'aws:RequestedRegion': 'eu-west-1' };
  const of = (platform: string): readonly Row[] => [
    ['pass a role', 'iam:PassRole', iam(`role/${platform}-dev-orders`), to('pods.eks')],
    ['read a role', 'iam:GetRole', iam(`role/${platform}-dev-orders`)],
    ['delete a bucket', 's3:DeleteBucket', `arn:aws:s3:::${platform}-media-${ACCOUNT}`],
    ['make a queue', 'sqs:CreateQueue', arn('sqs', `${platform}-dev-orders`), { ...TAGGED, ...REGION }],
  ];

  it('has an apply role that is denied the resources of the other, and keeps its own', async () => {
    const apply = pipelineRole('apply', beside);
    expect(await allowed(apply, of('seed-eu'))).toEqual([]);
    expect(await allowed(apply, of('seed'))).toEqual(names(of('seed')));
    expect(await allowed(pipelineRole('apply', documents), of('seed-eu'))).toEqual(names(of('seed-eu')));
  });

  it('has a role that is denied the resources of the other', async () => {
    const requests = (platform: string): readonly Row[] => [
      ['read a bucket', 's3:GetObject', `arn:aws:s3:::${platform}-media-${ACCOUNT}/one.png`],
      ['read a queue', 'sqs:ReceiveMessage', arn('sqs', `${platform}-dev-orders`)],
      ['read a table', 'dynamodb:GetItem', arn('dynamodb', `table/${platform}-dev-orders`)],
    ];
    const context = { 'aws:ResourceAccount': ACCOUNT };
    const rows = (platform: string): Row[] => requests(platform).map(([a, b, c]) => [a, b, c, context]);
    expect(await allowed(boundedWorkload(beside), rows('seed-eu'))).toEqual([]);
    expect(await allowed(boundedWorkload(beside), rows('seed'))).toEqual(names(rows('seed')));
  });
});

describe('the plan role', () => {
  it('is denied all of them, and every change', async () => {
    expect(await allowed(pipelineRole('plan', documents), FORBIDDEN_TO_PLAN)).toEqual([]);
  });
});

describe('a role of the platform with every right, within its boundary,', () => {
  it('cannot do what the pipeline cannot', async () => {
    expect(await allowed(boundedWorkload(documents), FORBIDDEN_WITHIN_BOUNDARY)).toEqual([]);
  });

  it('can do what nodes, controllers and workloads need', async () => {
    expect(await allowed(boundedWorkload(documents), POSSIBLE_WITHIN_BOUNDARY)).toEqual(
      names(POSSIBLE_WITHIN_BOUNDARY),
    );
  });
});
