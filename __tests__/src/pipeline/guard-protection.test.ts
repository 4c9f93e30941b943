import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard, type GuardOptions } from '../../../src/pipeline/guard/guard';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { type WrittenChange, writtenPlan } from './written-plan';

const stoppedOf = (stack: PlannedStack, options: Partial<GuardOptions> = {}) =>
  guard({
    stacks: [stack],
    documents: [],
    ...{ exceptions: [], maxChanges: 1e6, today: new Date('2026-11-29') },
    ...options,
  }).stopped;
const told = (stack: PlannedStack, declared: TerraformDocument = {}): string[] =>
  stoppedOf(stack, { documents: [{ name: 'dev', document: declared }] }).flatMap(({ rule, message }) =>
    rule === 'protection' ? [message] : [],
  );
const lost = (
  type: string,
  before: JsonObject,
  more: Record<string, WrittenChange> = {},
  declared?: TerraformDocument,
): string[] =>
  told(writtenPlan('dev', { [`${type}.x`]: { before, actions: ['delete'] }, ...more }), declared);
const object = (kind: string, fields: JsonObject = {}, namespace = 'dev'): JsonObject => ({
  manifest: { apiVersion: 'v1', kind, metadata: { name: 'x', namespace }, ...fields },
});
const changed = (kind: string, before: JsonObject, after: JsonObject): string[] =>
  told(
    writtenPlan('dev', {
      'kubernetes_manifest.x': { before: object(kind, before), after: object(kind, after) },
    }),
  );

describe('a protection', () => {
  it.each([
    ['aws_efs_backup_policy', 'turns off the backups of the file system'],
    ['aws_flow_log', 'no longer records the traffic of the VPC'],
    ['aws_s3_account_public_access_block', 'lets buckets of the account be public'],
    ['aws_s3_bucket_public_access_block', 'lets the bucket be public'],
    ['aws_s3_bucket_server_side_encryption_configuration', 'no longer encrypts objects as it is set'],
    [
      'aws_s3_bucket_versioning',
      'turns off the versions of the objects: what is overwritten or deleted is gone',
    ],
  ])('of AWS, %s, %s if it goes', (type, message) => {
    expect(lost(type, { id: 'x' })).toEqual([message]);
    expect(told(writtenPlan('dev', { [`${type}.x`]: { after: { id: 'x' }, actions: ['create'] } }))).toEqual(
      [],
    );
  });

  it.each([
    ['ResourceQuota', 'lets the namespace take all of the cluster'],
    ['LimitRange', 'lets Pods of the namespace run without requests and limits'],
    ['ValidatingAdmissionPolicy', 'lets in what the policy refuses'],
    ['ValidatingAdmissionPolicyBinding', 'lets in what the policy refuses'],
    ['ValidatingWebhookConfiguration', 'lets in what the webhook refuses'],
  ])('of Kubernetes, %s, %s if it goes', (kind, message) => {
    expect(lost('kubernetes_manifest', object(kind))).toEqual([message]);
    const namespace = (name: string, more: Partial<WrittenChange> = {}): Record<string, WrittenChange> => ({
      'kubernetes_namespace_v1.x': { before: { metadata: [{ name }] }, actions: ['delete'], ...more },
    });
    expect(lost('kubernetes_manifest', object(kind), namespace('dev'))).toEqual([]);
    expect(lost('kubernetes_manifest', object(kind), namespace('qa'))).toEqual([message]);
    const kept = namespace('dev', {
      actions: ['update'],
      after: { metadata: [{ name: 'dev', labels: { a: 'b' } }] },
    });
    expect(lost('kubernetes_manifest', object(kind), kept)).toEqual([message]);
    const named = {
      'kubernetes_manifest.n': { before: object('ConfigMap', {}, 'x'), actions: ['delete'] },
    } as const;
    expect(lost('kubernetes_manifest', object(kind), named)).toEqual([message]);
    const other = { before: object(kind), after: object('ConfigMap') };
    expect(told(writtenPlan('dev', { 'kubernetes_manifest.x': other }))).toEqual([message]);
  });

  it('of a budget goes with its Pods only', () => {
    const budget = object('PodDisruptionBudget', {
      spec: { selector: { matchLabels: { app: 'x', tier: 'web' } } },
    });
    const deployment = (labels: JsonObject, namespace = 'dev'): JsonObject =>
      object('Deployment', { spec: { template: { metadata: { labels }, spec: {} } } }, namespace);
    const besides = (...objects: JsonObject[]): string[] =>
      lost(
        'kubernetes_manifest',
        budget,
        {},
        { resource: { kubernetes_manifest: Object.fromEntries(objects.map((one, i) => [`x${i}`, one])) } },
      );
    const open = ['lets all Pods that it selects be evicted at once'];
    const labels = { app: 'x', tier: 'web' };
    expect(besides()).toEqual([]);
    expect(besides(deployment(labels))).toEqual(open);
    expect(besides(deployment({ app: 'x' }))).toEqual([]);
    expect(besides(deployment(labels, 'qa'))).toEqual([]);
    expect(
      besides(deployment({ app: 'y' }), object('ConfigMap'), deployment({ ...labels, more: 'z' })),
    ).toEqual(open);
  });
});

describe('an admission policy', () => {
  const kind = 'ValidatingAdmissionPolicy';
  const policy = (spec: JsonObject): JsonObject => ({ spec });
  const validations = (...expressions: string[]): JsonObject =>
    policy({ validations: expressions.map((expression) => ({ expression })) });

  it('protects by its expressions and by its failure policy', () => {
    expect(changed(kind, validations('a', 'b', 'c'), validations('b'))).toEqual([
      'no longer refuses what does not meet: a; c',
    ]);
    expect(changed(kind, validations('a'), validations('a', 'b'))).toEqual([]);
    const ignored = ['lets in what the policy fails on'];
    expect(changed(kind, policy({}), policy({ failurePolicy: 'Ignore' }))).toEqual(ignored);
    expect(changed(kind, policy({ failurePolicy: 'Fail' }), policy({ failurePolicy: 'Ignore' }))).toEqual(
      ignored,
    );
    expect(changed(kind, policy({ failurePolicy: 'Ignore' }), policy({ failurePolicy: 'Fail' }))).toEqual([]);
    const still = { failurePolicy: 'Ignore', validations: [{ expression: 'b' }] };
    expect(changed(kind, policy({ failurePolicy: 'Ignore' }), policy(still))).toEqual([]);
  });

  const expression = (values: readonly string[], more: JsonObject = {}): JsonObject => ({
    key: 'ns',
    operator: 'In',
    values,
    ...more,
  });
  const matching = (...matchExpressions: JsonObject[]): JsonObject =>
    policy({ matchConstraints: { namespaceSelector: { matchExpressions } } });

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ['the same', matching(expression(['a'])), matching(expression(['a'])), true],
    ['one value more', matching(expression(['a', 'b'])), matching(expression(['b', 'c', 'a'])), true],
    ['one value less', matching(expression(['a', 'b'])), matching(expression(['b'])), false],
    [
      'another operator',
      matching(expression(['a'])),
      matching(expression(['a'], { operator: 'NotIn' })),
      false,
    ],
    ['another key', matching(expression(['a'])), matching(expression(['a'], { key: 'other' })), false],
    [
      'a value more that it leaves out',
      matching(expression(['a'], { operator: 'NotIn' })),
      matching(expression(['a', 'b'], { operator: 'NotIn' })),
      false,
    ],
    [
      'one expression more',
      matching(expression(['a'])),
      matching(expression(['a']), expression(['b'])),
      false,
    ],
    [
      'one expression less',
      matching(expression(['a']), expression(['b'])),
      matching(expression(['a'])),
      false,
    ],
    [
      'another second expression',
      matching(expression(['a']), expression(['b'])),
      matching(expression(['a']), expression(['c'])),
      false,
    ],
    ['no constraint', matching(expression(['a'])), policy({}), false],
    [
      'a constraint more',
      policy({ matchConstraints: { a: {} } }),
      policy({ matchConstraints: { a: {}, b: {} } }),
      false,
    ],
    [
      'a list in the place of an object',
      policy({ matchConstraints: { a: [] } }),
      policy({ matchConstraints: { a: {} } }),
      false,
    ],
  ])('looks at as much with %s or not', (_, before, after, looksAtAll) => {
    expect(changed(kind, before, after)).toEqual(
      looksAtAll ? [] : ['changes what the policy looks at: matchConstraints'],
    );
  });

  it.each(['matchConstraints', 'matchConditions', 'paramKind'])('looks at what its %s say', (name) => {
    expect(changed(kind, policy({ [name]: { a: 'x' } }), policy({ [name]: { a: 'y' } }))).toEqual([
      `changes what the policy looks at: ${name}`,
    ]);
  });

  it.each(['matchResources', 'policyName', 'paramRef'])('is bound by what %s of its binding says', (name) => {
    const [before, after] = [policy({ [name]: { a: 'x' } }), policy({ [name]: { a: 'y' } })];
    expect(changed(`${kind}Binding`, before, after)).toEqual([`changes what the policy looks at: ${name}`]);
  });

  it('does what its binding says', () => {
    const actions = (...validationActions: string[]): JsonObject => policy({ validationActions });
    expect(changed(`${kind}Binding`, actions('Deny', 'Audit', 'Warn'), actions('Audit'))).toEqual([
      'no longer does: Deny, Warn',
    ]);
    expect(changed(`${kind}Binding`, actions('Audit'), actions('Audit', 'Deny'))).toEqual([]);
  });
});

describe('data', () => {
  const keptNoLonger = ['deletes the data together with the claim, and keeps it no longer'];

  it.each<[string, (policy: Json) => JsonObject]>([
    ['PersistentVolume', (policy) => ({ spec: { persistentVolumeReclaimPolicy: policy } })],
    ['StorageClass', (policy) => ({ reclaimPolicy: policy })],
  ])('of a %s stays without its claim', (kind, of) => {
    expect(changed(kind, of('Retain'), of('Delete'))).toEqual(keptNoLonger);
    expect(changed(kind, of('Retain'), of(null))).toEqual(keptNoLonger);
    expect(changed(kind, of('Delete'), of('Retain'))).toEqual([]);
    expect(changed(kind, { ...of('Retain'), a: '1' }, { ...of('Retain'), a: '2' })).toEqual([]);
  });

  it('of a StatefulSet stays without it, and without some of its Pods', () => {
    const of = (policy: JsonObject): JsonObject => ({
      spec: { persistentVolumeClaimRetentionPolicy: policy },
    });
    const deleted = (when: string): string => `deletes the data of its Pods ${when}, and keeps it no longer`;
    const gone = { whenDeleted: 'Delete', whenScaled: 'Delete' };
    expect(changed('StatefulSet', of({}), of(gone))).toEqual([
      `${deleted('together with it')}; ${deleted('when it is scaled down')}`,
    ]);
    expect(changed('StatefulSet', of({ whenDeleted: 'Retain' }), of({ whenDeleted: 'Delete' }))).toEqual([
      deleted('together with it'),
    ]);
    expect(changed('StatefulSet', of(gone), of({ ...gone, whenScaled: 'Retain' }))).toEqual([]);
    expect(changed('StatefulSet', of({ whenScaled: 'Delete' }), of(gone))).toEqual([
      deleted('together with it'),
    ]);
  });
});

describe('the digest that an exception names', () => {
  const digests = (stack: PlannedStack, options: Partial<GuardOptions> = {}): Record<string, string> =>
    Object.fromEntries(
      stoppedOf(stack, options).map(({ rule, address, change }) => [`${rule} ${address}`, change]),
    );
  const vpc = (id: string): WrittenChange => ({ before: { id, name: 'x' }, actions: ['delete'] });

  it('is of the objects that no longer exist', () => {
    const missing = (...ids: Json[]): Record<string, string> => {
      const stack = writtenPlan('dev', {});
      const resource_drift = ids.map((id, i) => ({
        ...{ address: `aws_vpc.x${i}`, mode: 'managed', type: 'aws_vpc', name: `x${i}` },
        change: { actions: ['delete'], before: id === null ? null : { id }, after: null },
      }));
      return digests({
        ...stack,
        plan: { ...stack.plan, resource_drift } as unknown as PlannedStack['plan'],
      });
    };
    expect([missing('a', 'b', 'c', 'd'), missing('a', 'b', 'c', 'e'), missing('a', 'b', 'c', null)]).toEqual([
      {
        'missing dev': 'a0856b6efd6c',
      },
      {
        'missing dev': '3cec9e4fe978',
      },
      {
        'missing dev': 'ca7e18f564fc',
      },
    ]);
  });

  it('is of all changes that are too many, by stacks', () => {
    const stacks = [
      writtenPlan('dev', { 'aws_vpc.x': vpc('a'), 'aws_vpc.y': vpc('b') }),
      writtenPlan('qa', {
        'aws_vpc.x': { before: {}, after: { tags: {} } },
        'aws_vpc.z': { after: {}, actions: ['create'] },
      }),
      writtenPlan('network', {}),
    ];
    const found = (maxChanges: number) =>
      guard({
        stacks,
        documents: [],
        exceptions: [],
        maxChanges,
        today: new Date('2026-11-29'),
      }).stopped.filter(({ rule }) => rule === 'too-many-changes');
    expect(found(3)).toEqual([]);
    const forgotten = writtenPlan('dev', { 'aws_vpc.x': { ...vpc('a'), actions: ['forget'] } });
    expect(digests(forgotten, { maxChanges: 0 })).toHaveProperty(['too-many-changes dev']);
    expect(found(2).map(({ address, message, change }) => [address, message, change])).toEqual([
      [
        'dev',
        'changes, replaces or destroys 3 objects, more than the 2 of pipeline.maxChanges: dev 2, qa 1',
        '57554ab6a06a',
      ],
    ]);
  });

  it('is of a protection that is taken away, with or without a change', () => {
    const unprotected = (changes: Record<string, WrittenChange>, moved?: string) => {
      const stack = writtenPlan('dev', changes);
      const resource_changes = (stack.plan.resource_changes ?? []).map((change) => ({
        ...change,
        ...(moved && { previous_address: moved }),
      }));
      return digests({ ...stack, plan: { ...stack.plan, resource_changes }, protectedBefore: ['aws_vpc.x'] });
    };
    const update: WrittenChange = { before: { id: 'a' }, after: { id: 'a', tags: {} } };
    expect([
      unprotected({}),
      unprotected({ 'aws_vpc.x': update }),
      unprotected({ 'aws_vpc.y': update }, 'aws_vpc.x'),
    ]).toEqual([
      {
        'protection dev/aws_vpc.x': '59281301707a',
      },
      {
        'protection dev/aws_vpc.x': 'ae5d215bacaf',
      },
      {
        'protection dev/aws_vpc.y': '95f2efda6686',
      },
    ]);
  });

  it('is of a rename, of an output, and of an object that a rollout needs', () => {
    const values = { before: { id: 'a', name: 'x', type: 'String' } };
    const renamed = writtenPlan('dev', {
      'aws_ssm_parameter.a': { ...values, actions: ['delete'] },
      'aws_ssm_parameter.b': { after: { name: 'x', type: 'String' }, actions: ['create'] },
    });
    const stack = writtenPlan('dev', {}, { output: { x: { value: 'x' } } });
    const output_changes = { x: { actions: ['update'], before: 'a', before_sensitive: true, after: 'a' } };
    const shown = { ...stack, plan: { ...stack.plan, output_changes } as unknown as PlannedStack['plan'] };
    const left = writtenPlan('dev', {
      'kubernetes_manifest.x#1': { before: object('ConfigMap'), actions: ['delete'], deposed: 'd1' },
    });
    const reasons = ['a is not ready', 'b is not ready'].map((reason) => ({
      workload: 'Deployment dev/web',
      reason,
    }));
    const unready = new Map([['dev', reasons]]);
    expect(stoppedOf(left, { unready }).map(({ message }) => message)).toEqual([
      'destroys the ConfigMap dev/x of an earlier revision, which its Pods need to start again: ' +
        'a is not ready, b is not ready. Finish the rollout first: fix the workload, or what keeps it from starting',
    ]);
    expect([digests(renamed), digests(shown), digests(left, { unready })]).toEqual([
      {
        'rename dev/aws_ssm_parameter.a': 'c1031f2edde5',
      },
      {
        'secret dev/output.x': 'c803f8dff9b4',
      },
      {
        'rollout dev/kubernetes_manifest.x': 'a3a14f7e1177',
      },
    ]);
  });

  it('is of the object that exists: its IDs, and the uid of one of Kubernetes', () => {
    const of = (before: JsonObject): string =>
      Object.values(digests(writtenPlan('dev', { 'aws_vpc.x': { before, actions: ['delete'] } })))[0] ?? '';
    const name = { name: 'x' };
    const all = ['id', 'arn', 'unique_id', 'created_at', 'creation_date', 'create_date'].map((key) =>
      of({ ...name, [key]: 'a' }),
    );
    expect(new Set([...all, of(name)]).size).toBe(7);
    expect([of({ ...name, id: 7 }), of({ ...name, other: 'a' })]).toEqual([of(name), of(name)]);
    const uid = (metadata: Json): string => of({ ...name, metadata });
    expect(uid([{ uid: 'a' }])).toBe(uid({ uid: 'a' }));
    expect(of({ ...name, object: { metadata: { uid: 'a' } } })).toBe(uid({ uid: 'a' }));
    expect([uid([{ uid: 7 }]), uid([]), uid({}), uid('a')]).toEqual([of(name), of(name), of(name), of(name)]);
    expect(uid([{ uid: 'a' }])).not.toBe(uid([{ uid: 'b' }]));
  });
});
