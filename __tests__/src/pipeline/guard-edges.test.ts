import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard } from '../../../src/pipeline/guard/guard';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { changing, creating, existing, losing, type Resources, stopped } from './corpus/base-plans';
import { firstPlan } from './first-plan';
import { type WrittenChange, writtenPlan } from './written-plan';

const rules = (stack: PlannedStack): string[] =>
  stopped(stack).map(({ rule, address }) => `${rule} ${address}`);
const messages = (stack: PlannedStack): string[] => stopped(stack).map(({ message }) => message);
const json = (...statements: object[]): string => JSON.stringify({ Statement: statements });
const letIn = (principal: unknown): string =>
  json({ Effect: 'Allow', Principal: principal, Action: 'kms:Decrypt', Resource: '*' });

describe('objects of a state that no longer exist', () => {
  const gone = (number: number, actions: readonly string[] = ['delete'], mode = 'managed'): PlannedStack => {
    const stack = writtenPlan('dev', {});
    const drift = Array.from({ length: number }, (_, i) => ({
      ...{ address: `aws_vpc.x${i}`, mode, type: 'aws_vpc', name: `x${i}` },
      change: { actions, before: { id: `vpc-${i}` }, after: null },
    }));
    return { ...stack, plan: { ...stack.plan, resource_drift: drift } as unknown as PlannedStack['plan'] };
  };

  it('stop the plan if they are more than three', () => {
    expect(rules(gone(3))).toEqual([]);
    expect(stopped(gone(4))).toEqual([
      {
        ...{ rule: 'missing', address: 'dev' },
        message:
          'does not find 4 objects of its state, such as aws_vpc.x0: they were deleted by hand, or the plan looks in the wrong place',
      },
    ]);
  });

  it('are neither changed objects nor data sources', () => {
    expect(rules(gone(9, ['update']))).toEqual([]);
    expect(rules(gone(9, ['delete'], 'data'))).toEqual([]);
  });
});

describe('a policy of a new resource', () => {
  const asked = (account: string): PlannedStack => {
    const stack = creating({
      aws_kms_key: { x: { policy: letIn({ AWS: `arn:aws:iam::${account}:root` }) } },
    });
    const caller = {
      ...{ address: 'data.aws_caller_identity.current', mode: 'data', type: 'aws_caller_identity' },
      ...{ name: 'current', values: { account_id: '111122223333' } },
    };
    const resources = [...(stack.plan.prior_state?.values?.root_module?.resources ?? []), caller];
    return {
      ...stack,
      plan: {
        ...stack.plan,
        prior_state: { values: { root_module: { resources } } },
      } as PlannedStack['plan'],
    };
  };

  it('lets in the account that the plan has requested, and no other', () => {
    expect(rules(asked('111122223333'))).toEqual([]);
    expect(messages(asked('444455556666'))).toEqual(['lets in AWS:arn:aws:iam::444455556666:root']);
  });

  it.each([
    [{ Service: 'logs.eu-west-1.amazonaws.com' }, []],
    [{ AWS: '${aws_iam_role.x.arn}' }, []],
    [{ AWS: '${data.aws_caller_identity.current.account_id}' }, []],
    [{ AWS: ['444455556666', '444455556666'] }, ['lets in AWS:444455556666']],
    [
      { AWS: 'arn:aws:sts::444455556666:assumed-role/x/y' },
      ['lets in AWS:arn:aws:sts::444455556666:assumed-role/x/y'],
    ],
    [{ Federated: 'accounts.google.com' }, ['lets in Federated:accounts.google.com']],
  ])('lets in %j: %j', (principal, found) => {
    expect(messages(creating({ aws_kms_key: { x: { policy: letIn(principal) } } }))).toEqual(found);
  });

  it('lets in no principal that it denies', () => {
    const policy = json({ Effect: 'Deny', Principal: '*', Action: 'kms:*', Resource: '*' });
    expect(rules(creating({ aws_kms_key: { x: { policy } } }))).toEqual([]);
  });

  it('lets in clients of the mount targets of a file system', () => {
    const policy = (Condition: JsonObject): string =>
      json({ Effect: 'Allow', Principal: { AWS: '*' }, Action: '*', Condition });
    const created = (condition: JsonObject) =>
      rules(
        creating({
          aws_efs_file_system_policy: { x: { file_system_id: 'fs-9', policy: policy(condition) } },
        }),
      );
    expect(created({ Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } })).toEqual([]);
    expect(created({ Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'false' } })).toHaveLength(1);
  });
});

describe('a ClusterRole of a new stack', () => {
  const RBAC = 'rbac.authorization.k8s.io';
  const role = (rule: JsonObject, name = 'x'): Resources => ({
    kubernetes_cluster_role_v1: { x: { metadata: { name }, rule: [rule] } },
  });
  const account = { kubernetes_service_account_v1: { x: { metadata: { name: 'x', namespace: 'dev' } } } };
  const bound = (to: JsonObject, subject: JsonObject): Resources => ({
    kubernetes_cluster_role_binding_v1: {
      x: {
        metadata: { name: 'x' },
        role_ref: { api_group: RBAC, kind: 'ClusterRole', ...to },
        subject: [subject],
      },
    },
  });
  const nodes = { api_groups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] };
  const own = { kind: 'ServiceAccount', name: 'x', namespace: 'dev' };

  it('passes if it only reads and is bound to a ServiceAccount of the stack, by names and by references', () => {
    expect(rules(creating({ ...role(nodes), ...account, ...bound({ name: 'x' }, own) }, true))).toEqual([]);
    const [ofRole, ofAccount] = ['cluster_role', 'service_account'].map(
      (type) => `\${kubernetes_${type}_v1.x.metadata[0].name}`,
    );
    const byReference = bound({ name: ofRole ?? '' }, { ...own, name: ofAccount ?? '' });
    expect(rules(creating({ ...role(nodes), ...account, ...byReference }, true))).toEqual([]);
  });

  it.each<[string, Resources]>([
    ['another ServiceAccount', bound({ name: 'x' }, { ...own, name: 'other' })],
    ['one of another namespace', bound({ name: 'x' }, { ...own, namespace: 'qa' })],
    ['a user', bound({ name: 'x' }, { kind: 'User', name: 'x' })],
    ['its own, with another role', bound({ name: 'view' }, own)],
  ])('does not pass if it is bound to %s', (_, binding) => {
    expect(rules(creating({ ...role(nodes), ...account, ...binding }, true))).toEqual([
      'rights kubernetes_cluster_role_binding_v1.x',
    ]);
  });

  it.each([
    ['writes', { ...nodes, verbs: ['get', 'patch'] }],
    ['reads Secrets of a name', { ...nodes, resources: ['secrets'], resource_names: ['x'] }],
  ])('does not pass if it %s', (_, rule) => {
    expect(rules(creating(role(rule), true))).toEqual(['rights kubernetes_cluster_role_v1.x']);
  });

  it('does not pass in an existing stack', () => {
    expect(rules(creating(role(nodes)))).toEqual(['rights kubernetes_cluster_role_v1.x']);
  });
});

describe('what goes with its owner', () => {
  const policy = json({ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' });
  it.each([
    ['aws_efs_backup_policy.x', 'file_system_id', 'aws_efs_file_system.x'],
    ['aws_efs_file_system_policy.x', 'file_system_id', 'aws_efs_file_system.x'],
    ['aws_flow_log.x', 'vpc_id', 'aws_vpc.x'],
    ['aws_s3_bucket_policy.x', 'bucket', 'aws_s3_bucket.x'],
    ['aws_s3_bucket_public_access_block.x', 'bucket', 'aws_s3_bucket.x'],
    ['aws_s3_bucket_server_side_encryption_configuration.x', 'bucket', 'aws_s3_bucket.x'],
    ['aws_s3_bucket_versioning.x', 'bucket', 'aws_s3_bucket.x'],
    ['aws_secretsmanager_secret_policy.x', 'secret_arn', 'aws_secretsmanager_secret.x'],
    ['aws_sqs_queue_policy.x', 'queue_url', 'aws_sqs_queue.x'],
  ])('makes %s no finding, and makes it one beside another owner', (of, argument, owner) => {
    const gone = { before: { [argument]: 'one', policy }, actions: ['delete'] } as const;
    const told = (owned: WrittenChange, others: Record<string, WrittenChange>): boolean =>
      rules(writtenPlan('dev', { [of]: owned, ...others })).some((found) =>
        [`rights ${of}`, `protection ${of}`].includes(found),
      );
    const deleted = (id: string): WrittenChange => ({ before: { id, name: 'x' }, actions: ['delete'] });
    expect(told(gone, { [owner]: deleted('one') })).toBe(false);
    expect(told(gone, { [owner]: deleted('another') })).toBe(true);
    expect(told(gone, { [owner]: { before: { id: 'one' }, after: { id: 'one' } } })).toBe(true);
    expect(told(gone, { 'aws_vpc_other.x': deleted('one') })).toBe(true);
    // Terraform forgets it, and it stays.
    expect(told({ ...gone, actions: ['forget'] }, { [owner]: deleted('one') })).toBe(true);
  });

  it('is a policy of something that the guard knows an owner of', () => {
    const change = { before: { repository: 'x', policy }, actions: ['delete'] as const };
    expect(messages(writtenPlan('dev', { 'aws_ecr_repository_policy.x': change })).slice(1)).toEqual([
      'no longer denies * to AWS:* on *',
    ]);
  });
});

describe('what another stack takes over', () => {
  const taken = (address: string, action: 'forget' | 'delete', state: JsonObject = {}): string[] => {
    const from = writtenPlan('dev', { [address]: { before: { id: 'vpc-1' }, actions: [action] } });
    const to = writtenPlan('qa', state as Record<string, WrittenChange>);
    const handedOver = { qa: [{ to: 'aws_vpc.b', fromStack: 'dev', from: 'aws_vpc.a' }] };
    const options = { documents: [], exceptions: [], maxChanges: 1e6, today: new Date('2026-11-29') };
    return guard({ stacks: [from, to], handedOver, ...options }).stopped.map(({ address: of }) => of);
  };
  const gets = { 'aws_vpc.b': { actions: ['create'], after: {} } };
  const has = { 'aws_vpc.b': { before: {}, after: {} } };

  it('may be forgotten, when it gets it or has it, and is lost otherwise', () => {
    expect([taken('aws_vpc.a', 'forget', gets), taken('aws_vpc.a', 'forget', has)]).toEqual([[], []]);
    expect(taken('aws_vpc.a', 'forget')).toEqual(['dev/aws_vpc.a']);
    expect(taken('aws_vpc.c', 'forget', gets)).toEqual(['dev/aws_vpc.c']);
    expect(taken('aws_vpc.a', 'delete', gets)).toEqual(['dev/aws_vpc.a']);
  });
});

describe('a module', () => {
  it('is judged like any other resource', () => {
    const [change] = losing('aws_vpc.vpc', 'delete').plan.resource_changes ?? [];
    const stack = writtenPlan('dev', {});
    const address = 'module.m.aws_vpc.vpc';
    const plan = { ...stack.plan, resource_changes: [{ ...change, address }] } as PlannedStack['plan'];
    expect(rules({ ...stack, plan })).toEqual([`data-loss ${address}`]);
  });
});

describe('the setting prevent_destroy', () => {
  const document: TerraformDocument = {
    resource: { aws_vpc: { vpc: { lifecycle: { prevent_destroy: true } } } },
  };
  const stack = (before: string, now: TerraformDocument): PlannedStack => ({
    ...writtenPlan('dev', {}, now),
    protectedBefore: [before],
  });

  it('passes if it stays, and stops the plan if it is removed', () => {
    expect(rules(stack('aws_vpc.vpc', document))).toEqual([]);
    expect(rules(stack('aws_vpc.vpc', {}))).toEqual(['protection aws_vpc.vpc']);
  });
});

describe('a secret', () => {
  const marked = (before: Json, after: Json, value: Json = { login: 'x' }): PlannedStack => {
    const stack = writtenPlan('dev', {
      'terraform_data.x': { before: { input: { login: 'y' } }, after: { input: value } },
    });
    const [resource] = stack.plan.resource_changes ?? [];
    const change = { ...resource?.change, before_sensitive: before, after_sensitive: after };
    return {
      ...stack,
      plan: { ...stack.plan, resource_changes: [{ ...resource, change }] } as unknown as PlannedStack['plan'],
    };
  };
  const SHOWN = ['shows input.login, which was sensitive, in plans and logs'];

  it('is a finding if a part of it is no longer sensitive', () => {
    expect(messages(marked({ input: { login: true } }, { input: {} }))).toEqual(SHOWN);
    expect(messages(marked({ input: { login: true } }, {}))).toEqual(SHOWN);
    expect(messages(marked({ input: { login: true } }, { input: { login: true } }))).toEqual([]);
    expect(messages(marked({ input: { login: true } }, { input: true }))).toEqual([]);
    expect(messages(marked({ input: { login: true } }, {}, { login: '' }))).toEqual([]);
    expect(messages(marked({ input: { login: true } }, {}, {}))).toEqual([]);
    expect(messages(marked({ input: [{ login: true }] }, { input: [] }, [{ login: 'x' }]))).toHaveLength(1);
  });

  it('is no further finding if a literal stays', () => {
    const map = 'kubernetes_config_map_v1.storefront_settings';
    const withSecret = { ...existing(map), data: { 'db-password': 'x' } };
    const plan = (password: string) =>
      writtenPlan('dev', {
        [map]: { before: withSecret, after: { ...withSecret, data: { 'db-password': password } } },
      });
    expect(rules(plan('x'))).toEqual([]);
    expect(rules(plan('y'))).toEqual([`secret ${map}`]);
    expect(rules(changing(map, { data: { 'db-password': '' } }))).toEqual([]);
  });
});

describe('a rename', () => {
  const parameter = (name: string, value: string): JsonObject => ({
    name,
    type: 'SecureString',
    tier: 'Standard',
    value,
  });
  const plan = (after: JsonObject, to = 'aws_ssm_parameter.b', isNew = false): PlannedStack => {
    const before = { ...parameter('a', '1'), id: 'a', arn: 'a' };
    const stack = writtenPlan('dev', {
      'aws_ssm_parameter.a': { before, actions: ['delete'] },
      [to]: { after, actions: ['create'] },
    });
    return isNew ? { ...stack, plan: { ...stack.plan, prior_state: {} } } : stack;
  };

  it('is a deleted object and a similar one of its type', () => {
    expect(rules(plan(parameter('a', '1')))).toEqual(['rename aws_ssm_parameter.a']);
    expect(rules(plan(parameter('a', '1'), 'aws_sqs_queue.b'))).toEqual([]);
    expect(rules(plan(parameter('b', '2')))).toEqual([]);
    expect(rules(plan({ type: 'SecureString' }))).toEqual([]);
    expect(rules(plan(parameter('a', '1'), 'aws_ssm_parameter.b', true))).toEqual([]);
  });
});

it('a first plan with imports is judged by what it imports', () => {
  const stack = firstPlan({ name: 'dev', document: { resource: { aws_iam_user: { x: { name: 'x' } } } } });
  const [resource] = stack.plan.resource_changes ?? [];
  const change = { ...resource?.change, actions: ['no-op'], importing: { id: 'x' }, before: { name: 'x' } };
  const plan = {
    ...stack.plan,
    resource_changes: [{ ...resource, change }],
  } as unknown as PlannedStack['plan'];
  expect(messages({ ...stack, plan })).toEqual([
    'imports an aws_iam_user, which no table of the guard knows: give it a class below pipeline.classes of platform.yaml',
  ]);
});
