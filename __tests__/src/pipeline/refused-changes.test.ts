import { refusedChanges, remedyFor } from '../../../src/pipeline/plan/refused-changes';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import type { PlanAction } from '../../../src/pipeline/plan/plan-json';
import { writtenPlan } from './written-plan';

const CLASS = [['spec', 0, 'storage_class_name']];
const SIZE = [['spec', 0, 'resources', 0, 'requests']];

/** What a plan says of an object `shop/data` that Terraform would replace, or change in place when nothing replaces it. */
function refusals(
  type: string,
  paths: readonly (readonly (string | number)[])[],
  actions = ['delete', 'create'],
) {
  const change = {
    actions: actions as ('delete' | 'create' | 'update')[],
    before: { metadata: [{ name: 'data', namespace: 'shop' }] },
    after: {},
    replace_paths: paths,
  };
  const resource = { address: `${type}.data`, mode: 'managed' as const, type, name: 'data', change };
  const plan = { format_version: '1.2', terraform_version: '1.11.4', resource_changes: [resource] };
  return refusedChanges({ name: 'shop', plan, document: {}, protectedBefore: [] });
}

it.each([
  [
    'another class of a claim',
    'kubernetes_persistent_volume_claim_v1',
    CLASS,
    'storage_class_name',
    'copy the data',
  ],
  ['a smaller claim', 'kubernetes_persistent_volume_claim_v1', SIZE, 'resources.requests', 'never shrinks'],
  [
    'another list of claim templates',
    'kubernetes_stateful_set_v1',
    [['spec', 0, 'volume_claim_template']],
    'volume_claim_template',
    'kubectl delete statefulset data --namespace shop --cascade=orphan',
  ],
  [
    'another address of a Service',
    'kubernetes_service_v1',
    [['spec', 0, 'cluster_ip']],
    'cluster_ip',
    'kubectl delete service data --namespace shop',
  ],
])('a plan refuses %s, and says how to do it by hand', (_, type, paths, cause, remedy) => {
  const [refusal = '', ...more] = refusals(type, paths);
  expect(more).toEqual([]);
  expect(refusal).toMatch(`${type}.data: replaced for its ${cause}; `);
  expect(refusal).toContain(remedy);
});

it('a plan replaces what carries neither data nor traffic, and what was never complete', () => {
  expect(refusals('kubernetes_pod_disruption_budget_v1', [['spec', 0, 'max_unavailable']])).toEqual([]);
  expect(refusals('kubernetes_stateful_set_v1', [])).toEqual([]);
});

it('a plan changes a growing claim in place', () => {
  expect(refusals('kubernetes_persistent_volume_claim_v1', [], ['update'])).toEqual([]);
});

it('a refusal by Terraform itself says how to move the data', () => {
  expect(
    remedyFor('Resource kubernetes_persistent_volume_claim_v1.data has lifecycle.prevent_destroy set'),
  ).toContain('Declare another claim under another ID, copy the data');
  expect(remedyFor('Resource aws_vpc.vpc has lifecycle.prevent_destroy set')).toBe('');
});

const service = (name: string, spec: JsonObject) => ({
  metadata: [{ name, namespace: 'shop' }],
  spec: [spec],
});

it('a plan refuses a node port that another Service still has', () => {
  const port = (protocol: string) => ({ port: [{ node_port: 30077, protocol }] });
  const [a, b] = [service('a', port('TCP')), service('b', port('TCP'))];
  const plan = (other: typeof a) =>
    writtenPlan('shop', {
      'kubernetes_service_v1.a': { actions: ['no-op'], before: a, after: a },
      'kubernetes_service_v1.b': { actions: ['create'], after: other },
    });
  expect(refusedChanges(plan(b))).toEqual([
    expect.stringMatching(/^node port TCP 30077: a --namespace shop and b --namespace shop would have it\./),
  ]);
  expect(refusedChanges(plan(service('b', port('UDP'))))).toEqual([]);
});

it('a plan refuses to leave a Service headless that is no longer declared so', () => {
  const headless = service('web', { cluster_ip: 'None' });
  const change = {
    'kubernetes_service_v1.web': { actions: ['no-op' as const], before: headless, after: headless },
  };
  const document = (spec: JsonObject) => ({ resource: { kubernetes_service_v1: { web: { spec } } } });
  expect(refusedChanges(writtenPlan('shop', change, document({ type: 'ClusterIP' })))).toEqual([
    expect.stringMatching(/^kubernetes_service_v1.web: stays headless; /),
  ]);
  expect(refusedChanges(writtenPlan('shop', change, document({ cluster_ip: 'None' })))).toEqual([]);
});

it('a plan refuses a ConfigMap whose name a failed apply has left, and deletes it otherwise', () => {
  const configMap = (hash: string) => ({ metadata: [{ name: `web-${hash}`, namespace: 'shop' }] });
  const plan = (hash: string) =>
    writtenPlan('shop', {
      'kubernetes_config_map_v1.web': {
        actions: ['create', 'delete'],
        before: configMap('2'),
        after: configMap(hash),
      },
      'kubernetes_config_map_v1.web#1': { actions: ['delete'], before: configMap('1'), deposed: 'c0ffee00' },
    });
  expect(refusedChanges(plan('1'))).toEqual([
    expect.stringMatching(
      /^kubernetes_config_map_v1.web: its content is that of web-1 --namespace shop again, which a failed apply has left .* c0ffee00\. .* Change any value/,
    ),
  ]);
  expect(refusedChanges(plan('3'))).toEqual([]);
});

it('a plan ignores what a failed apply has left of a type without Kubernetes names', () => {
  const group = (name: string) => ({ name, family: 'postgres16' });
  const plan = writtenPlan('shop', {
    'aws_db_parameter_group.invoices': { actions: ['create'], after: group('invoices') },
    'aws_db_parameter_group.orders#1': { actions: ['delete'], before: group('orders'), deposed: 'c0ffee00' },
  });
  expect(refusedChanges(plan)).toEqual([]);
});

it.each([
  ['a tainted add-on', 'aws_eks_addon.cni', { addon_name: 'vpc-cni', cluster_name: 'seed' }, {}, true],
  ['a role', 'aws_iam_role.node', { name: 'seed-node', path: '/' }, { path: '/team/' }, false],
])(
  'a plan refuses to create %s before it deletes the one of its name',
  (_, address, before, other, tainted) => {
    const plan = (actions: readonly PlanAction[], after: JsonObject) => {
      const reason = tainted && { action_reason: 'replace_because_tainted' };
      return writtenPlan('cluster', {
        [address]: { actions, before, after: { ...before, ...after }, ...reason },
      });
    };
    expect(refusedChanges(plan(['create', 'delete'], other))).toEqual([
      expect.stringMatching(
        tainted
          ? /^aws_eks_addon.cni: Terraform would create .* one object named vpc-cni. It is tainted: .* terraform untaint aws_eks_addon.cni. If not, delete it/
          : /^aws_iam_role.node: Terraform would create .* one object named seed-node. Give the new one another name/,
      ),
    ]);
    expect(refusedChanges(plan(['delete', 'create'], other))).toEqual([]);
    expect(refusedChanges(plan(['create', 'delete'], { name: 'b', addon_name: 'b' }))).toEqual([]);
  },
);

it.each([
  ['a node group', 'aws_eks_node_group.one', { node_group_name_prefix: 'node-1-' }],
  ['what has no name', 'aws_nat_gateway.a', { subnet_id: 'subnet-1' }],
])('a plan creates %s before it deletes the one that it replaces', (_, address, values) => {
  const change = { actions: ['create', 'delete'] as const, before: { id: 'a', ...values }, after: values };
  expect(refusedChanges(writtenPlan('cluster', { [address]: change }))).toEqual([]);
});

it('a plan attaches a policy to another role before it detaches it', () => {
  const [before, after] = ['a', 'b'].map((role) => ({ role, policy_arn: 'arn:aws:iam::aws:policy/Any' }));
  const change = {
    actions: ['create', 'delete'] as const,
    ...(before && { before }),
    ...(after && { after }),
  };
  const address = 'aws_iam_role_policy_attachment.any';
  expect(refusedChanges(writtenPlan('cluster', { [address]: change }))).toEqual([]);
});

const deployment = { metadata: [{ name: 'web', namespace: 'shop' }], spec: [{ replicas: 1 }] };
const manifest = (kind: string, spec: JsonObject, apiVersion = 'apps/v1') => ({
  manifest: { apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, spec },
});

it('a plan refuses an object of another Terraform type with the same name', () => {
  const plan = (kind: string) =>
    writtenPlan('shop', {
      'kubernetes_deployment_v1.app_web': { actions: ['delete'], before: deployment },
      'kubernetes_manifest.app_web': { actions: ['create'], after: manifest(kind, {}) },
    });
  expect(refusedChanges(plan('Deployment'))).toEqual([
    expect.stringMatching(
      /^kubernetes_deployment_v1.app_web: becomes kubernetes_manifest.app_web, .* kubectl delete Deployment web --namespace shop --cascade=orphan$/,
    ),
  ]);
  expect(refusedChanges(plan('DaemonSet'))).toEqual([]);
});

it('a plan refuses to delete what AWS protects', () => {
  const plan = (isProtected: boolean) =>
    writtenPlan('shop', {
      'aws_db_instance.orders': { actions: ['delete'], before: { deletion_protection: isProtected } },
    });
  expect(refusedChanges(plan(true))).toEqual([
    expect.stringMatching(/^aws_db_instance.orders: AWS protects it from being deleted\. Turn/),
  ]);
  expect(refusedChanges(plan(false))).toEqual([]);
});

it('a plan refuses to remove a probe of a container, and lets the container and schemas be removed', () => {
  const probe = { livenessProbe: { httpGet: { path: '/', port: 80 } } };
  const pods = (...containers: JsonObject[]) => ({ template: { spec: { containers } } });
  const change = (kind: string, before: JsonObject, after: JsonObject, apiVersion?: string) =>
    refusedChanges(
      writtenPlan('shop', {
        'kubernetes_manifest.web': {
          before: manifest(kind, before, apiVersion),
          after: manifest(kind, after, apiVersion),
        },
      }),
    );
  const web = { name: 'web', ...probe };
  expect(change('ReplicaSet', pods(web), pods({ name: 'web' }))).toEqual([
    expect.stringContaining('kubectl delete ReplicaSet web --namespace shop --cascade=orphan'),
  ]);
  expect(change('ReplicaSet', pods({ name: 'web' }), pods(web))).toEqual([]);
  expect(change('ReplicaSet', pods(web, { name: 'proxy', ...probe }), pods(web))).toEqual([]);
  expect(change('CustomResourceDefinition', { versions: [probe] }, {}, 'apiextensions.k8s.io/v1')).toEqual(
    [],
  );
});

it('a plan refuses other Pods of a Job that is a manifest, also of one that is imported', () => {
  const pods = (image: string, labels: JsonObject = {}): JsonObject => ({
    template: { metadata: { labels }, spec: { containers: [{ name: 'web', image }] } },
  });
  const plan = (before: JsonObject, after: JsonObject, kind = 'Job') =>
    refusedChanges(
      writtenPlan('shop', {
        'kubernetes_manifest.web': { before, after: manifest(kind, after, 'batch/v1') },
      }),
    );
  const applied = manifest('Job', pods('web:1'), 'batch/v1');
  const refusal = expect.stringMatching(
    /^kubernetes_manifest\.web: has other Pods, .* kubectl delete job web --namespace shop$/,
  ) as string;
  expect(plan(applied, pods('web:2'))).toEqual([refusal]);
  expect(plan(applied, { ...pods('web:1'), suspend: true })).toEqual([]);
  expect(plan(manifest('CronJob', pods('web:1'), 'batch/v1'), pods('web:2'), 'CronJob')).toEqual([]);
  const imported = { manifest: null, object: { spec: pods('web:1', { 'controller-uid': '1' }) } };
  expect(plan(imported, pods('web:2'))).toEqual([refusal]);
  expect(plan(imported, pods('web:1'))).toEqual([]);
});

it.each([
  [
    'the claims of a StatefulSet',
    'StatefulSet apps/v1',
    (size: string) => ({
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: { containers: [{ name: 'web', image: 'shop/web:1' }] },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: size } } },
        },
      ],
    }),
    'Delete it without its Pods, .* --cascade=orphan',
  ],
  [
    'the class of a claim',
    'PersistentVolumeClaim v1',
    (size: string) => ({
      storageClassName: `of-${size.toLowerCase()}`,
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: '1Gi' } },
    }),
    'Add another one, copy the data',
  ],
])('a plan refuses to change %s that a manifest has, and keeps the data', (_, kind, spec, remedy) => {
  const [name = '', apiVersion = ''] = kind.split(' ');
  const of = (size: string) => manifest(name, spec(size), apiVersion);
  const plan = (to: string) =>
    writtenPlan('shop', { 'kubernetes_manifest.web': { before: of('1Gi'), after: of(to) } });
  expect(refusedChanges(plan('1Gi'))).toEqual([]);
  expect(refusedChanges(plan('2Gi'))).toEqual([expect.stringMatching(new RegExp(remedy))]);
});

it('a plan refuses a ServiceAccount that follows a Group, whose API group the provider keeps', () => {
  const bound = (subject: JsonObject): JsonObject => ({
    metadata: [{ name: 'readers', namespace: 'shop' }],
    role_ref: [{ api_group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' }],
    subject: [{ api_group: 'rbac.authorization.k8s.io', ...subject }],
  });
  const change = {
    before: bound({ kind: 'Group', name: 'shop' }),
    after: bound({ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }),
  };
  expect(refusedChanges(writtenPlan('shop', { 'kubernetes_role_binding_v1.readers': change }))).toEqual([
    expect.stringMatching(
      /^kubernetes_role_binding_v1.readers: .*subjects\[0\].apiGroup: Unsupported value: "rbac.*Delete it, and plan again: kubectl delete RoleBinding readers --namespace shop$/,
    ),
  ]);
});

it.each([
  [
    'the selector of a DaemonSet',
    'daemon_set',
    'spec.selector: Invalid value: .*field is immutable',
    'DaemonSet',
  ],
  ['the probe of a Pod', 'pod', 'spec: Forbidden: pod updates may not change fields', 'Pod'],
])('a plan refuses to change %s, in the words of the API server', (_, type, words, kind) => {
  const labels = (app: string) => ({ metadata: [{ labels: { app } }] });
  const container = (probe: object[]) => [{ name: 'web', image: 'shop/web:1', liveness_probe: probe }];
  const of = (app: string, path: string): JsonObject => ({
    metadata: [{ name: 'web', namespace: 'shop' }],
    spec: [
      type === 'pod'
        ? { container: container([{ tcp_socket: [{ port: path }] }]) as never }
        : {
            selector: [{ match_labels: { app } }],
            template: [{ ...labels(app), spec: [{ container: container([]) as never }] }],
          },
    ],
  });
  const plan = (before: JsonObject, after: JsonObject, more = {}) =>
    writtenPlan('shop', { [`kubernetes_${type}_v1.web`]: { before, after, ...more } });
  expect(refusedChanges(plan(of('a', '80'), of('b', '81')))).toEqual([
    expect.stringMatching(
      new RegExp(
        `^kubernetes_${type}_v1.web: the API server refuses to change it: ${words}.*kubectl delete ${kind} web --namespace shop$`,
      ),
    ),
  ]);
  expect(refusedChanges(plan(of('a', '80'), of('a', '80')))).toEqual([]);
  // What is known only later may be as it was.
  expect(
    refusedChanges(plan(of('a', '80'), of('b', '81'), { after_unknown: { spec: [{ a: true }] } })),
  ).toEqual([]);
});
