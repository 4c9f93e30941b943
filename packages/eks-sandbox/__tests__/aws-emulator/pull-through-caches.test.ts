import { MotoAmendments } from '../../aws-emulator/moto-amendments';

const amendments = new MotoAmendments('eu-west-1');
function ask(
  operation: string,
  input: object,
): { status: number | undefined; output: Record<string, unknown> } {
  const { answer } =
    amendments.for({
      service: 'ecr',
      method: 'POST',
      path: '/',
      query: new URLSearchParams(),
      target: `AmazonEC2ContainerRegistry_V20150921.${operation}`,
      body: JSON.stringify(input),
    }) ?? {};
  return { status: answer?.status, output: JSON.parse(answer?.body ?? '{}') as Record<string, unknown> };
}
const rule = { ecrRepositoryPrefix: 'seed/quay', upstreamRegistryUrl: 'quay.io' };

it('a pull-through cache rule is created once, found, and deleted, without moto', () => {
  const missing = { status: 400, output: { __type: 'PullThroughCacheRuleNotFoundException' } };
  const wanted = { ecrRepositoryPrefixes: ['seed/quay'] };
  expect(ask('DescribePullThroughCacheRules', wanted)).toMatchObject(missing);
  expect(ask('CreatePullThroughCacheRule', rule)).toMatchObject({ status: 200, output: rule });
  expect(ask('CreatePullThroughCacheRule', rule)).toMatchObject({
    output: { __type: 'PullThroughCacheRuleAlreadyExistsException' },
  });
  for (const input of [wanted, {}]) {
    expect(ask('DescribePullThroughCacheRules', input)).toMatchObject({
      output: { pullThroughCacheRules: [rule] },
    });
  }
  expect(ask('DeletePullThroughCacheRule', { ecrRepositoryPrefix: 'seed/quay' })).toMatchObject({
    output: rule,
  });
  expect(ask('DescribePullThroughCacheRules', wanted)).toMatchObject(missing);
});

it.each(['a', 'Seed/quay', `${'n'.repeat(26)}/quay`])(
  'the prefix %s is refused as ECR refuses it',
  (prefix) => {
    expect(ask('CreatePullThroughCacheRule', { ...rule, ecrRepositoryPrefix: prefix })).toMatchObject({
      status: 400,
      output: { __type: 'InvalidParameterException' },
    });
  },
);

it('moto answers the rest of ECR', () => {
  expect(ask('DescribeRepositories', {}).status).toBeUndefined();
});
