import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard } from '../../../src/pipeline/guard/guard';
import { AWS_LOSSES, KUBERNETES_LOSSES } from '../../../src/pipeline/guard/loss/losses';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { type WrittenChange, writtenPlan } from './written-plan';

const IS_NEEDED: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'dev' },
  spec: { nodeSelector: { group: 'x' } },
};
const claim = (name: string, storageClassName: string | null = 'x'): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'dev' } },
  spec: { ...(storageClassName !== null && { storageClassName }) },
});
const declaring = (...objects: JsonObject[]): TerraformDocument => ({
  resource: {
    kubernetes_manifest: Object.fromEntries(objects.map((manifest, i) => [`x${i}`, { manifest }])),
  },
});

function told(stack: PlannedStack, declared: TerraformDocument = {}): string[] {
  return guard({
    stacks: [stack],
    documents: [{ name: 'dev', document: declared }],
    ...{ exceptions: [], maxChanges: 1e6, today: new Date('2026-11-29') },
  }).stopped.flatMap(({ rule, message }) => (['data-loss', 'rename'].includes(rule) ? [message] : []));
}
const lost = (
  type: string,
  before: JsonObject,
  more: Partial<WrittenChange> = {},
  declared?: TerraformDocument,
): string[] =>
  told(writtenPlan('dev', { [`${type}.x`]: { before, actions: ['delete'], ...more } }), declared);
const ofKind = (kind: string, more: JsonObject = {}): JsonObject => ({
  manifest: { apiVersion: 'v1', kind, metadata: { name: 'x', namespace: 'dev' }, ...more },
});

/**
 * What the guard says of the loss of each type and kind that a table knows, while something uses it, and what it says where an apply
 * did not finish its creation. `VERDICTS=write` writes the file again, with the rows that are new: read the difference.
 */
const FILE = join(__dirname, 'lost-objects.json');
const LOST = JSON.parse(readFileSync(FILE, 'utf8')) as Readonly<Record<string, string>>;

function verdictOn(name: string): string {
  const isKind = /^[A-Z]/.test(name);
  const type = isKind ? 'kubernetes_manifest' : name;
  const before = isKind ? ofKind(name) : { name: 'x', labels: { group: 'x' } };
  const declared = declaring(IS_NEEDED, claim('c'));
  const tainted: Partial<WrittenChange> = {
    ...{ actions: ['delete', 'create'], action_reason: 'replace_because_tainted', after: before },
  };
  const [whole, unfinished] = [lost(type, before, {}, declared), lost(type, before, tainted, declared)];
  if (whole.length === 0) return unfinished.length === 0 ? 'passes' : 'passes, but not unfinished';
  return `${whole.join('; ')}${unfinished.length === 0 ? '; unfinished, it passes' : ''}`;
}

if (process.env['VERDICTS'] === 'write') {
  const names = [...Object.keys(AWS_LOSSES), ...Object.keys(KUBERNETES_LOSSES)];
  writeFileSync(
    FILE,
    `${JSON.stringify(Object.fromEntries(names.map((name) => [name, verdictOn(name)])), null, 2)}\n`,
  );
}

it.each(Object.entries(LOST))('the loss of %s is judged', (name, verdict) => {
  expect(verdictOn(name)).toBe(verdict);
});

describe('a loss', () => {
  it.each(['name', 'node_group_name', 'addon_name', 'bucket', 'alias'])(
    'names the object by its %s',
    (name) => {
      expect(lost('aws_vpc', { [name]: 'seed', id: 'vpc-1' })).toEqual([
        'destroys the VPC seed, with all that is in it',
      ]);
      expect(lost('aws_vpc', { [name]: '', tags: { Name: 'tagged' } })).toEqual([
        'destroys the VPC tagged, with all that is in it',
      ]);
      expect(lost('aws_vpc', { [name]: 7 })).toEqual(['destroys the VPC x, with all that is in it']);
    },
  );

  it('names the object by its best name, or by its address', () => {
    const names = { alias: 'e', bucket: 'd', addon_name: 'c', node_group_name: 'b', name: 'a' };
    expect(lost('aws_vpc', names)).toEqual(['destroys the VPC a, with all that is in it']);
    expect(lost('aws_vpc', { ...names, name: null })).toEqual(['destroys the VPC b, with all that is in it']);
    expect(told(writtenPlan('dev', { 'aws_vpc.x["a.b"]': { before: {}, actions: ['delete'] } }))).toEqual([
      'destroys the VPC x["a.b"], with all that is in it',
    ]);
  });

  it('is none of what a failed apply has left beside the successor of what carries Pods, but is of what holds data', () => {
    const before = { name: 'x', labels: { group: 'x' } };
    const left = (
      type: string,
      successor: WrittenChange = { actions: ['no-op'], before, after: before },
    ): string[] =>
      told(
        writtenPlan('dev', {
          [`${type}.x`]: successor,
          [`${type}.x#1`]: { before, actions: ['delete'], deposed: 'c0ffee00' },
        }),
        declaring(IS_NEEDED),
      );
    expect(left('aws_eks_node_group')).toEqual([]);
    expect(left('aws_eks_node_group', { actions: ['create'], after: before })).toEqual([]);
    // The successor never worked, and both are deleted.
    const removed: WrittenChange = {
      actions: ['delete'],
      before,
      action_reason: 'delete_because_no_resource_config',
    };
    expect(left('aws_eks_node_group', removed)).toContainEqual(
      expect.stringContaining('destroys the node group x'),
    );
    expect(left('aws_efs_file_system')).toEqual(['destroys the EFS file system x, with all files in it']);
  });

  it('names the arguments that make it a replacement', () => {
    const replaced = (...paths: string[]): string[] =>
      lost(
        'aws_vpc',
        { name: 'x' },
        { actions: ['delete', 'create'], after: {}, replace_paths: paths.map((path) => [path]) },
      );
    const whole = 'replaces the VPC x, with all that is in it';
    expect(replaced()).toEqual([whole]);
    expect(replaced('a')).toEqual([`${whole}: its a changes`]);
    expect(replaced('a', 'b')).toEqual([`${whole}: its a and b change`]);
    expect(replaced('a', 'b', 'c', 'a')).toEqual([`${whole}: its a, b and c change`]);
    expect(lost('aws_vpc', { name: 'x' }, { actions: ['forget'] })).toEqual([
      'lets Terraform forget the VPC x, with all that is in it',
    ]);
  });
});

describe('an object that Terraform keeps or deletes', () => {
  const changed = (type: string, before: JsonObject, after?: JsonObject): string[] =>
    told(
      writtenPlan('dev', {
        [`${type}.x`]: { before, ...(after ? { after } : { actions: ['delete'] as const }) },
      }),
    );
  const manifest = (kind: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject =>
    ofKind(kind, { spec, metadata: { name: 'x', namespace: 'dev', ...metadata } });

  describe('deletes claims with a StatefulSet', () => {
    const set = (replicas: number | null, policy: JsonObject, templates = 1): JsonObject =>
      manifest('StatefulSet', {
        ...(replicas !== null && { replicas }),
        persistentVolumeClaimRetentionPolicy: policy,
        volumeClaimTemplates: Array.from({ length: templates }, (_, i) => ({ metadata: { name: `v${i}` } })),
      });
    const scaled = (was: JsonObject, is: JsonObject): string[] => changed('kubernetes_manifest', was, is);
    const DELETE = { whenScaled: 'Delete' };
    const deletes = (what: string, when = 'whenScaled'): string =>
      `deletes ${what} of its Pods with the data: its ${when} is Delete`;

    it('that is scaled down', () => {
      expect(scaled(set(3, DELETE), set(0, DELETE))).toEqual([deletes('3 claims')]);
      expect(scaled(set(3, DELETE, 2), set(2, DELETE, 2))).toEqual([deletes('2 claims')]);
      expect(scaled(set(3, {}), set(2, DELETE))).toEqual([deletes('1 claim')]);
      expect(scaled(set(3, DELETE), set(null, DELETE))).toEqual([deletes('the claims')]);
      expect(scaled(set(null, DELETE), set(3, DELETE))).toEqual([deletes('the claims')]);
    });

    it('of a type of its own', () => {
      const typed = (replicas: string): JsonObject => ({
        metadata: [{ name: 'x', namespace: 'dev' }],
        spec: [
          {
            replicas,
            persistent_volume_claim_retention_policy: [{ when_deleted: 'Retain', when_scaled: 'Delete' }],
            volume_claim_template: [{ metadata: [{ name: 'v' }], spec: [{}] }],
          },
        ],
      });
      expect(changed('kubernetes_stateful_set_v1', typed('3'), typed('1'))).toEqual([deletes('2 claims')]);
    });

    it('unless it keeps them, has none, or runs as many Pods', () => {
      expect(scaled(set(3, DELETE), set(3, { ...DELETE, whenDeleted: 'Retain' }))).toEqual([]);
      expect(scaled(set(null, DELETE), set(null, { ...DELETE, whenDeleted: 'Retain' }))).toEqual([]);
      expect(scaled(set(1, DELETE), set(3, DELETE))).toEqual([]);
      expect(scaled(set(3, { whenDeleted: 'Delete' }), set(1, { whenDeleted: 'Delete' }))).toEqual([]);
      expect(scaled(set(3, DELETE), set(1, {}))).toEqual([]);
      expect(scaled(set(3, DELETE, 0), set(1, DELETE, 0))).toEqual([]);
    });

    it('that is deleted or replaced, and not with one that Terraform forgets', () => {
      const whole = 'the StatefulSet dev/x, with its Pods, and with what keeps their data';
      const gone = (replicas: number, more: Partial<WrittenChange> = {}): string[] =>
        lost('kubernetes_manifest', set(replicas, { whenDeleted: 'Delete' }), more);
      expect(gone(3)).toEqual([`destroys ${whole}; ${deletes('3 claims', 'whenDeleted')}`]);
      expect(gone(0)).toEqual([`destroys ${whole}; ${deletes('the claims', 'whenDeleted')}`]);
      expect(gone(1, { actions: ['delete', 'create'], after: set(1, {}) })).toEqual([
        `replaces ${whole}; ${deletes('1 claim', 'whenDeleted')}`,
      ]);
      expect(gone(3, { actions: ['forget'] })).toEqual([`lets Terraform forget ${whole}`]);
    });
  });

  describe('takes values with a CustomResourceDefinition', () => {
    const version = (name: string, schema: JsonObject, more: JsonObject = {}): JsonObject => ({
      ...{ name, served: true, storage: true, schema: { openAPIV3Schema: schema } },
      ...more,
    });
    const definition = (...versions: JsonObject[]): JsonObject =>
      ofKind('CustomResourceDefinition', {
        apiVersion: 'apiextensions.k8s.io/v1',
        metadata: { name: 'things.x.io' },
        spec: { versions },
      });
    const defined = (was: readonly JsonObject[], is: readonly JsonObject[]): string[] =>
      changed('kubernetes_manifest', definition(...was), definition(...is));

    it('that serves a version no longer', () => {
      const [old, next] = [version('v1beta1', {}), version('v1', {})];
      const ended = ['no longer serves v1beta1 of things.x.io: what still uses it fails'];
      expect(defined([old, next], [next])).toEqual(ended);
      expect(defined([old, next], [version('v1beta1', {}, { served: false }), next])).toEqual(ended);
      expect(defined([version('v1beta1', {}, { served: false }), next], [next])).toEqual([]);
      expect(defined([next], [old, next])).toEqual([]);
    });

    const PRESERVE = { 'x-kubernetes-preserve-unknown-fields': true };
    const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
      ...{ type: 'object', properties },
      ...more,
    });
    const A = of({ a: of({ b: { type: 'string' } }) });
    it.each<[string, JsonObject, JsonObject, string?]>([
      ['nothing', A, A],
      ['a field more', of({}), A],
      ['a field', of({ spec: A }), of({ spec: of({}) }), 'spec.a'],
      ['an inner field', A, of({ a: of({}) }), 'a.b'],
      ['two fields', of({ a: {}, b: {} }), of({}), 'a and b'],
      ['a field of a list', of({ l: { items: A } }), of({ l: { items: of({}) } }), 'l[].a'],
      ['the items of a list', of({ l: { items: A } }), of({ l: {} }), 'l[]'],
      ['any key', of({ m: { additionalProperties: A } }), of({ m: {} }), 'm.*'],
      ['a field of any key', { additionalProperties: A }, { additionalProperties: of({}) }, '*.a'],
      ['a field that stays as any key', A, { additionalProperties: of({ b: {} }) }],
      ['a field that stays as any value', A, { additionalProperties: true }],
      ['a field that stays unknown', A, PRESERVE],
      ['unknown fields', of({ s: PRESERVE }), of({ s: of({}) }), 's.*'],
      ['what each object has', of({ apiVersion: {}, kind: {}, metadata: {} }), of({})],
    ])('whose schema loses %s', (_, was, is, fields = '') => {
      expect(defined([version('v1', was)], [version('v1', is)])).toEqual(
        fields === ''
          ? []
          : [`takes ${fields} out of the schema of v1: each object loses the values at its next write`],
      );
    });
  });

  describe('deletes a load balancer with', () => {
    const deletes = (kind: string): string[] => [
      `deletes the load balancer of the ${kind} dev/x, whose DNS name does not come back`,
    ];

    it('a Service that is deleted, replaced or no longer of its type', () => {
      const [balanced, inside] = [{ type: 'LoadBalancer' }, { type: 'ClusterIP' }].map((spec) =>
        manifest('Service', spec),
      ) as [JsonObject, JsonObject];
      expect(changed('kubernetes_manifest', balanced)).toEqual(deletes('Service'));
      expect(changed('kubernetes_manifest', balanced, inside)).toEqual(deletes('Service'));
      expect(
        lost('kubernetes_manifest', balanced, { actions: ['delete', 'create'], after: balanced }),
      ).toEqual(deletes('Service'));
      expect(lost('kubernetes_manifest', balanced, { actions: ['forget'] })).toEqual([]);
      expect(changed('kubernetes_manifest', inside)).toEqual([]);
      expect(
        changed('kubernetes_manifest', balanced, manifest('Service', { type: 'LoadBalancer', a: 1 })),
      ).toEqual([]);
      const typed = (type: string): JsonObject => ({
        metadata: [{ name: 'x', namespace: 'dev' }],
        spec: [{ type }],
      });
      expect(changed('kubernetes_service_v1', typed('LoadBalancer'), typed('ClusterIP'))).toEqual(
        deletes('Service'),
      );
    });

    it('an Ingress that has one of its own', () => {
      const ingress = (spec: JsonObject, annotations: JsonObject = {}): string[] =>
        changed('kubernetes_manifest', manifest('Ingress', spec, { annotations }));
      expect(ingress({})).toEqual(deletes('Ingress'));
      expect(ingress({ ingressClassName: 'alb' })).toEqual(deletes('Ingress'));
      expect(ingress({ ingressClassName: 'nginx' })).toEqual([]);
      expect(ingress({}, { 'kubernetes.io/ingress.class': 'nginx' })).toEqual([]);
      expect(ingress({}, { 'alb.ingress.kubernetes.io/group.name': 'shared' })).toEqual([]);
    });
  });
});

it.each(['secretsmanager.services.k8s.aws/v1alpha1 Secret', 'serving.knative.dev/v1 Service'])(
  'the loss of a custom %s is not that of the built-in kind',
  (text) => {
    const [apiVersion = '', kind = ''] = text.split(' ');
    const [group = ''] = apiVersion.split('/');
    expect(lost('kubernetes_manifest', ofKind(kind, { apiVersion }))).toEqual([
      `destroys the ${kind}.${group} dev/x, of which the guard does not know what is lost with it`,
    ]);
    expect(lost('kubernetes_manifest', ofKind(kind))).toEqual([]);
  },
);

it('the loss of the ServiceAccount that every namespace has is none', () => {
  const before = { metadata: [{ name: 'default', namespace: 'dev' }] };
  expect(lost('kubernetes_default_service_account_v1', before)).toEqual([]);
});

describe('a node group', () => {
  const group = (labels: Json, ...pods: JsonObject[]): string[] =>
    lost('aws_eks_node_group', { name: 'x', labels }, {}, declaring(...pods));
  const pod = (namespace: string | null, spec: JsonObject): JsonObject => ({
    ...{
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', ...(namespace !== null && { namespace }) },
      spec,
    },
  });
  const affinity = (...expressions: JsonObject[]): JsonObject => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: expressions }],
        },
      },
    },
  });
  const on = (what: string): string[] => [`destroys the node group x, on which Pods of ${what} run`];

  it('is lost while Pods are kept to it by a label', () => {
    const labels = { group: 'x', zone: 'a' };
    expect(group(labels)).toEqual([]);
    expect(group(null, pod('dev', { nodeSelector: { group: 'x' } }))).toEqual([]);
    expect(group(labels, pod('dev', { nodeSelector: { group: 'x' } }))).toEqual(on('dev'));
    expect(group(labels, pod('dev', { nodeSelector: { group: 'y', zone: 'a' } }))).toEqual(on('dev'));
    expect(group(labels, pod('dev', { nodeSelector: { group: 'y' } }))).toEqual([]);
    const selected = { nodeSelector: { group: 'x' } };
    const all = [pod('qa', selected), pod(null, selected), pod('dev', selected), pod('dev', selected)];
    expect(group(labels, ...all)).toEqual(on('default, dev and qa'));
  });

  it('is lost while Pods require one of its labels', () => {
    const labels = { group: 'x' };
    const one = (expression: JsonObject): string[] => group(labels, pod('dev', affinity(expression)));
    expect(one({ key: 'group', operator: 'In', values: ['y', 'x'] })).toEqual(on('dev'));
    expect(one({ key: 'group', operator: 'In', values: ['y'] })).toEqual([]);
    expect(one({ key: 'other', operator: 'In', values: ['x'] })).toEqual([]);
    expect(one({ key: 'group', operator: 'NotIn', values: ['x'] })).toEqual([]);
    expect(
      group(
        labels,
        pod(
          'dev',
          affinity({ key: 'a', operator: 'Exists' }, { key: 'group', operator: 'In', values: ['x'] }),
        ),
      ),
    ).toEqual(on('dev'));
    const template = (kind: string, spec: JsonObject): JsonObject => ({
      ...{
        apiVersion: 'apps/v1',
        kind,
        metadata: { name: 'd', namespace: 'dev' },
        spec: { template: { spec } },
      },
    });
    expect(group(labels, template('Deployment', { nodeSelector: { group: 'x' } }))).toEqual(on('dev'));
  });
});

describe('a StorageClass', () => {
  const storage = (declared: JsonObject[], annotations: JsonObject = {}): string[] => {
    const before = {
      manifest: {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'x', annotations },
      },
    };
    return lost('kubernetes_manifest', before, {}, declaring(...declared));
  };
  const by = (users: string): string[] => [`destroys the StorageClass x, by which ${users} volumes`];

  it('is lost while claims name it, or when it is the default', () => {
    expect(storage([claim('c', 'y'), claim('d', null)])).toEqual([]);
    expect(storage([claim('c')])).toEqual(by('PersistentVolumeClaim dev/c gets'));
    expect(storage([claim('c'), claim('c'), claim('d')])).toEqual(
      by('PersistentVolumeClaim dev/c and PersistentVolumeClaim dev/d get'),
    );
    const isDefault = (value: string): JsonObject => ({
      'storageclass.kubernetes.io/is-default-class': value,
    });
    expect(storage([], isDefault('true'))).toEqual(by('every claim that names no class gets'));
    expect(storage([claim('c')], isDefault('true'))).toEqual(
      by('PersistentVolumeClaim dev/c and every claim that names no class get'),
    );
    expect(storage([], isDefault('false'))).toEqual([]);
  });

  it('is named by templates of a StatefulSet, and by ephemeral volumes', () => {
    const template = { metadata: { name: 'v' }, spec: { storageClassName: 'x' } };
    const set = (kind: string): JsonObject => ({
      ...{ apiVersion: 'apps/v1', kind, metadata: { name: 's' }, spec: { volumeClaimTemplates: [template] } },
    });
    expect(storage([set('StatefulSet')])).toEqual(by('StatefulSet s gets'));
    expect(storage([set('Deployment')])).toEqual([]);
    const volumes = [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec: { storageClassName: 'x' } } } }];
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd', namespace: 'dev' },
    };
    expect(storage([{ ...deployment, spec: { template: { spec: { volumes } } } }])).toEqual(
      by('Deployment dev/d gets'),
    );
  });
});

describe('a rename', () => {
  const type = 'aws_ssm_parameter';
  const renamed = (
    before: JsonObject,
    after: JsonObject,
    more: Record<string, WrittenChange> = {},
    actions: readonly ['create' | 'update'] = ['create'],
  ): string[] =>
    told(
      writtenPlan('dev', {
        [`${type}.a`]: { before, actions: ['delete'] },
        [`${type}.b`]: { after, actions },
        ...more,
      }),
    );
  const to = (name: string): string[] => [
    `destroys it and creates ${type}.${name} with like values, which looks like a rename: ` +
      'add a moved entry with npm run addresses -- --write, and it stays as it is',
  ];
  const values = (number: number): JsonObject =>
    Object.fromEntries(Array.from({ length: number }, (_, i) => [`v${i}`, i]));

  it('has two values at least, and nine of ten are the same', () => {
    expect(renamed(values(1), values(1))).toEqual([]);
    expect(renamed(values(2), values(2))).toEqual(to('b'));
    expect(renamed(values(10), { ...values(10), v0: 'x' })).toEqual(to('b'));
    expect(renamed(values(10), { ...values(10), v0: 'x', v1: 'x' })).toEqual([]);
    expect(renamed({ ...values(2), more: 'x' }, values(2))).toEqual(to('b'));
  });

  it('counts nothing that says nothing, such as the tags that all objects have', () => {
    const before = { ...values(2), c: 'x' };
    for (const c of ['', null]) expect(renamed(before, { ...values(2), c })).toEqual(to('b'));
    const tags_all = values(30);
    expect(renamed({ tags_all, a: 1, b: 2 }, { tags_all, a: 3, b: 4 })).toEqual([]);
  });

  it('compares lists by their places', () => {
    expect(renamed({ l: ['b', 'a'] }, { l: ['a', 'a'] })).toEqual([]);
    expect(renamed({ l: [{ a: 1 }, { a: 2 }] }, { l: [{ a: 1 }, { a: 2 }] })).toEqual(to('b'));
  });

  it('is to the object that is most alike, which is created, and to each once', () => {
    const created = (after: JsonObject): WrittenChange => ({ after, actions: ['create'] });
    const liker = { [`${type}.c`]: created(values(10)) };
    expect(renamed(values(10), { ...values(10), v0: 'x' }, liker)).toEqual(to('c'));
    expect(renamed(values(10), values(10), { [`${type}.c`]: created({ ...values(10), v0: 'x' }) })).toEqual(
      to('b'),
    );
    expect(renamed(values(10), values(10), {}, ['update'])).toEqual([]);
    const second = { [`${type}.d`]: { before: values(10), actions: ['delete'] } } as const;
    expect(renamed(values(10), values(10), second)).toEqual(to('b'));
    expect(renamed(values(10), values(10), { ...second, ...liker })).toEqual([...to('b'), ...to('c')]);
    expect(
      told(
        writtenPlan('dev', {
          [`${type}.a`]: { before: values(10), after: values(9) },
          [`${type}.b`]: created(values(10)),
        }),
      ),
    ).toEqual([]);
  });

  it('of an object of Kubernetes goes by its kind and its name', () => {
    const config = (kind: string, name: string, data: JsonObject): JsonObject => ({
      manifest: { apiVersion: 'v1', kind, metadata: { name, namespace: 'dev' }, data },
    });
    const moved = (before: JsonObject, after: JsonObject): number =>
      told(
        writtenPlan('dev', {
          'kubernetes_manifest.a': { before, actions: ['delete'] },
          'kubernetes_manifest.b': { after, actions: ['create'] },
        }),
      ).length;
    expect(moved(config('ConfigMap', 'x', { a: 'x' }), config('ConfigMap', 'x', { b: 'y' }))).toBe(1);
    expect(moved(config('ConfigMap', 'x', values(20)), config('ConfigMap', 'y', values(20)))).toBe(0);
    expect(moved(config('ConfigMap', 'x', values(20)), config('Secret', 'x', values(20)))).toBe(0);
  });
});

it('an exception that was used lets nothing pass again: the same change has another digest each time', () => {
  const digest = (...passedBefore: string[]): string => {
    const stack = {
      ...writtenPlan('dev', { 'aws_vpc.x': { before: {}, actions: ['delete'] } }),
      passedBefore,
    };
    const options = { documents: [], exceptions: [], maxChanges: 9, today: new Date('2026-11-29') };
    return guard({ stacks: [stack], ...options }).stopped[0]?.change ?? '';
  };
  const first = digest();
  const second = digest(first);
  expect([first, second, digest(first, second)]).toEqual(['53af70b8f4a2', 'a6db4375db42', 'ea64942ee35b']);
});
