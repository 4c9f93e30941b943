import { APPLY_SESSION_SECONDS, PipelineRoles } from '../../../../constructs/aws/pipeline/pipeline-roles';
import { workflow } from '../../../workflows/workflow';
import { awsStack } from '../aws-stack';
import { ROLE_POLICY_LIMIT } from '../role-policy';

type Options = Partial<ConstructorParameters<typeof PipelineRoles>[2]>;

const roles = (options: Options = {}) =>
  awsStack((stack) => {
    new PipelineRoles(stack, 'pipeline', {
      platform: 'seed',
      region: 'eu-west-1',
      state: { bucket: 'seed-state', region: 'eu-west-1' },
      repository: 'acme/platform',
      ...options,
    });
  }).resource;

const attachedTo = (role: string, resource = roles()): string[] =>
  Object.values(resource['aws_iam_role_policy_attachment'] ?? {})
    .filter((attachment) => attachment['role'] === `\${aws_iam_role.pipeline_${role}.name}`)
    .map(({ policy_arn }) => String(policy_arn).replace(/^\$\{aws_iam_policy\.pipeline_(.*)\.arn\}$/, '$1'))
    .sort();

it('the plan role has the read policies, and the apply role has the write policies too', () => {
  expect(attachedTo('plan')).toEqual(['read']);
  expect(attachedTo('apply')).toEqual(['network', 'network_2', 'read', 'services', 'services_2']);
});

it('the apply role has its own boundary, or that of an organization', () => {
  expect(roles()['aws_iam_role']?.['pipeline_apply']).toMatchObject({
    name: 'seed-pipeline-apply',
    permissions_boundary: '${aws_iam_policy.pipeline_guard.arn}',
  });
  const permissionsBoundary = 'arn:aws:iam::111122223333:policy/boundary';
  const bounded = roles({ permissionsBoundary });
  expect(bounded['aws_iam_role']?.['pipeline_apply']).toMatchObject({
    permissions_boundary: permissionsBoundary,
  });
  expect(Object.keys(bounded['aws_iam_policy'] ?? {})).not.toContain('pipeline_guard');
  expect(Object.keys(bounded['aws_iam_role_policy'] ?? {})).toContain('pipeline_apply_guard');
});

it('the apply role has credentials for the longest apply job: several upgrades of an hour', () => {
  expect(roles()['aws_iam_role']?.['pipeline_apply']).toMatchObject({
    max_session_duration: APPLY_SESSION_SECONDS,
  });
  expect(roles()['aws_iam_role']?.['pipeline_plan']).not.toHaveProperty('max_session_duration');
  const { apply } = workflow('deploy.yml').jobs;
  const signIn = apply?.steps?.find(({ uses }) => uses?.startsWith('aws-actions/configure-aws-credentials@'));
  expect(signIn?.with).toMatchObject({ 'role-duration-seconds': APPLY_SESSION_SECONDS });
  expect(apply).toMatchObject({ 'timeout-minutes': APPLY_SESSION_SECONDS / 60 });
});

describe.each([
  ['aws', 'ap-southeast-4'],
  ['aws-cn', 'cn-northwest-1'],
  ['aws-us-gov', 'us-gov-west-1'],
])('the policies with the longest of all names in %s', (partition, region) => {
  const resource = roles({
    platform: 'a-platform-of-thirty-two-letters',
    region,
    state: { bucket: 'b'.repeat(63), region },
    repository: `${'o'.repeat(39)}/${'r'.repeat(100)}`,
    repositoryIds: { owner: Number.MAX_SAFE_INTEGER, repository: Number.MAX_SAFE_INTEGER },
    rolePath: '/a-path-of-thirty-two-letters-ab/',
    boundary: { zones: ['Z0123456789ABCDEFGHIJKL'] },
  });
  /** As IAM gets it, without white space, which it does not count. */
  const length = (policy: unknown): number => {
    const text = String(policy)
      .replace(/\$\{data\.aws_partition\.\w+\.partition\}/g, partition)
      .replace(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, '111122223333');
    expect(text).not.toContain('${');
    return text.length;
  };
  const of = (type: string, attribute: string): [string, number][] =>
    Object.entries(resource[type] ?? {}).map(([name, attributes]) => [name, length(attributes[attribute])]);

  it('have at most 6,144 characters each, and a role has at most ten', () => {
    const policies = of('aws_iam_policy', 'policy');
    expect(policies.length).toBeGreaterThan(6);
    expect(policies.filter(([, size]) => size > 6_144)).toEqual([]);
    expect(attachedTo('apply', resource).length).toBeLessThanOrEqual(10);
  });

  it('have at most 10,240 characters in one role, and 2,048 of trust', () => {
    const inline = of('aws_iam_role_policy', 'policy').filter(([name]) => name.includes('apply'));
    expect(inline.reduce((sum, [, size]) => sum + size, 0)).toBeLessThan(ROLE_POLICY_LIMIT);
    const trust = of('aws_iam_role', 'assume_role_policy');
    expect(trust).toHaveLength(2);
    expect(trust.filter(([, size]) => size > 2_048)).toEqual([]);
  });
});

it('a boundary that is too long for one policy is an error before anything is deployed', () => {
  const allow = Array.from({ length: 100 }, (_, i) => ({
    actions: ['kinesis:GetRecords'],
    resources: [`arn:aws:kinesis:eu-west-1:111122223333:stream/of-another-team-${i}`],
  }));
  expect(() => roles({ boundary: { allow } })).toThrow(
    /pipeline: the boundary of the platform's roles has \d+ characters; IAM takes 6144\. Name fewer actions and resources in iam\.boundary\.allow/,
  );
});
