import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { changedValues } from '../../../src/pipeline/guard/classed/changed-values';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { creating, type Resources, stopped } from './corpus/base-plans';
import { type WrittenChange, writtenPlan } from './written-plan';

const rules = (stack: PlannedStack): string[] =>
  stopped(stack).map(({ rule, address }) => `${rule} ${address}`);
const messages = (stack: PlannedStack): string[] => stopped(stack).map(({ message }) => message);
const manifest = (object: JsonObject): Resources => ({ kubernetes_manifest: { x: { manifest: object } } });

describe('values that differ', () => {
  it.each<[Json, Json, ...string[]]>([
    ['a', 'a'],
    ['a', 'b', ' "a" "b"'],
    ['', null],
    [[], null],
    [{}, null],
    [{}, 'x', ' null "x"'],
    [{ a: { b: 1 } }, { a: { b: 2 } }, 'a.b 1 2'],
    [{ a: 1 }, { b: 1 }, 'a 1 null', 'b null 1'],
    [{ a: { b: 1 } }, {}, 'a.b 1 null'],
    [['a', 'b'], ['a'], ' ["a","b"] ["a"]'],
    [
      [{ a: 1 }, { b: 1 }],
      [{ b: 1 }, { a: 1 }],
    ],
    [[{ a: 1 }, { a: 2 }], [{ a: 2 }, { a: 3 }], 'a 1 3'],
    [[{ a: 1 }], [{ a: 1 }, { a: 2 }], 'a null 2'],
    [[{ a: 1 }, { a: 2 }], [{ a: 2 }], 'a 1 null'],
    [null, [{ a: 1 }], 'a null 1'],
    [[{ a: 1 }], [], 'a 1 null'],
    [['x', { a: 1 }], ['x', { a: 2 }], 'a 1 2'],
    ['{"a":1}', '{"a":2}', 'a 1 2'],
    ['{"a":1}', '{ "a": 1 }'],
    ['{a', '{b', ' "{a" "{b"'],
    ['[1]', '[ 1 ]', ' "[1]" "[ 1 ]"'],
  ])('%j to %j', (before, after, ...expected) => {
    expect(
      changedValues(before, after).map(
        ({ path, before: was, after: is }) =>
          `${path.join('.')} ${JSON.stringify(was)} ${JSON.stringify(is)}`,
      ),
    ).toEqual(expected);
  });
});

describe('a sensitive value', () => {
  const plan = (address: string, change: object): PlannedStack => {
    const stack = writtenPlan('dev', { [address]: {} });
    const [resource] = stack.plan.resource_changes ?? [];
    const changed = { ...resource, change: { ...resource?.change, ...change } };
    return { ...stack, plan: { ...stack.plan, resource_changes: [changed] } as PlannedStack['plan'] };
  };

  it('is not told of, neither the old one nor the new one', () => {
    const after = {
      before: { password: 'old' },
      after: { password: 'new' },
      after_sensitive: { password: true },
    };
    expect(messages(plan('aws_db_instance.x', after))).toEqual([
      'changes password, which decides what protects it, from old to (sensitive)',
    ]);
    const disk = (key: string): JsonObject => ({ block_device_mappings: [{ ebs: [{ kms_key_id: key }] }] });
    const marked = { block_device_mappings: [{ ebs: [{ kms_key_id: true }] }] };
    const both = { before: disk('old'), after: disk('new'), before_sensitive: marked };
    expect(messages(plan('aws_launch_template.x', both))).toContain(
      'changes block_device_mappings.ebs.kms_key_id, which decides what protects it, from (sensitive) to new',
    );
  });

  it('that is not set is none', () => {
    const none = {
      before: { password: null },
      after: { password: null },
      before_sensitive: { password: true },
    };
    expect(messages(plan('aws_db_instance.x', none))).toEqual([]);
  });

  it('that is known after the apply only is stopped where the code sets it', () => {
    const unknown = { before: { user_data: 'x' }, after: {}, after_unknown: { user_data: true } };
    const stack = plan('aws_launch_template.x', unknown);
    expect(messages(stack)).toEqual([]);
    const document: TerraformDocument = {
      resource: { aws_launch_template: { x: { user_data: '${x.y.z}' } } },
    };
    expect(messages({ ...stack, document })).toEqual([
      'changes user_data, which decides which code runs, from x to (known after apply)',
    ]);
    const list = {
      before: { image_id: ['x'] },
      after: { image_id: [] },
      after_unknown: { image_id: [true] },
    };
    expect(
      messages({
        ...plan('aws_launch_template.x', list),
        document: { resource: { aws_launch_template: { x: { image_id: '${x.y.z}' } } } },
      }),
    ).toEqual(['changes image_id, which decides which code runs, from ["x"] to ["(known after apply)"]']);
  });
});

describe('what no table knows', () => {
  const meta = { name: 'x', namespace: 'dev' };

  it.each<[string, Resources, ...string[]]>([
    [
      'an object of another type than kubernetes_manifest',
      { foo_manifest: { x: { manifest: { apiVersion: 'v1', kind: 'ConfigMap', metadata: meta } } } },
      'creates a foo_manifest, which no table of the guard knows: give it a class below pipeline.classes of platform.yaml',
    ],
    [
      'a kind of the core group in another one',
      manifest({ apiVersion: 'x/v1', kind: 'ConfigMap', metadata: meta }),
      'creates a ConfigMap of x, which is not the one of the core group that the guard knows',
    ],
    [
      'a kind of another group in the core group',
      manifest({ apiVersion: 'v1', kind: 'Ingress', metadata: meta }),
      'creates an Ingress of the core group, which is not the one of networking.k8s.io that the guard knows',
    ],
  ])('%s', (_, resources, ...expected) => {
    expect(messages(creating(resources))).toEqual(expected);
  });

  it.each<JsonObject>([
    { kind: 'ConfigMap', metadata: meta },
    { apiVersion: 'v1', metadata: meta },
    { apiVersion: 'v1', kind: 'ConfigMap' },
  ])('%j, which is no object', (object) => {
    const created: WrittenChange = { actions: ['create'], after: { manifest: object } };
    expect(rules(writtenPlan('dev', { 'kubernetes_manifest.x': created }))).toEqual([
      'unknown kubernetes_manifest.x',
    ]);
  });

  it('is a loss once', () => {
    expect(rules(writtenPlan('dev', { 'aws_x.y': { before: { id: 'x' }, actions: ['delete'] } }))).toEqual([
      'data-loss aws_x.y',
    ]);
  });
});

describe('what something new refers to', () => {
  const role = { aws_iam_role: { a: { name: 'a', assume_role_policy: '{}' } } };
  const group = (node_role_arn: string): Resources => ({
    ...role,
    aws_eks_node_group: { x: { node_role_arn } },
  });

  it('is its own when the whole value names it', () => {
    expect(rules(creating(group('${aws_iam_role.a.arn}')))).toEqual([]);
    for (const other of [
      'x${aws_iam_role.a.arn}',
      '${aws_iam_role.a.arn}x',
      '${aws_iam_role.b.arn}',
      '${aws_iam_role.a.path}',
    ]) {
      expect(rules(creating(group(other)))).toEqual(['identity aws_eks_node_group.x']);
    }
  });

  it('exists when the plan only changes it', () => {
    const rule = {
      security_group_id: '${aws_security_group.x.id}',
      cidr_ipv4: '10.0.0.0/8',
      ip_protocol: 'tcp',
    };
    const created: WrittenChange = {
      actions: ['create'],
      after: { cidr_ipv4: '10.0.0.0/8', ip_protocol: 'tcp' },
      after_unknown: { security_group_id: true },
    };
    const document: TerraformDocument = { resource: { aws_vpc_security_group_ingress_rule: { x: rule } } };
    const beside = (group: WrittenChange): string[] =>
      rules(
        writtenPlan(
          'dev',
          { 'aws_security_group.x': group, 'aws_vpc_security_group_ingress_rule.x': created },
          document,
        ),
      );
    expect(beside({ actions: ['create'], after: {} })).toEqual([]);
    expect(beside({ before: {}, after: { description: 'x' } })).toEqual([
      'exposure aws_vpc_security_group_ingress_rule.x',
    ]);
  });

  it('is all new, or it is not part of something new', () => {
    const route = (gateway_id: string): Resources => ({
      aws_route_table: { x: { vpc_id: '${aws_vpc.x.id}' } },
      aws_vpc: { x: { cidr_block: '10.0.0.0/16' } },
      aws_route: { x: { route_table_id: '${aws_route_table.x.id}', gateway_id } },
    });
    expect(rules(creating(route('${aws_vpc.x.id}'), true))).toEqual([]);
    expect(rules(creating(route('${data.aws_internet_gateway.y.id}'), true))).toEqual([
      'exposure aws_route.x',
    ]);
    expect(rules(creating(route('igw-0123456789abcdef0'), true))).toEqual(['exposure aws_route.x']);
  });

  it('is not bound beside what is not known', () => {
    const name = (type: string): string => `\${kubernetes_${type}_v1.x.metadata[0].name}`;
    const bound = (...subjects: JsonObject[]): Resources => ({
      kubernetes_cluster_role_v1: {
        x: { metadata: { name: 'x' }, rule: [{ api_groups: [''], resources: ['nodes'], verbs: ['get'] }] },
      },
      kubernetes_service_account_v1: { x: { metadata: { name: 'x', namespace: 'dev' } } },
      terraform_data: { x: { input: 'x' } },
      kubernetes_cluster_role_binding_v1: {
        x: {
          metadata: { name: 'x' },
          role_ref: {
            api_group: 'rbac.authorization.k8s.io',
            kind: 'ClusterRole',
            name: name('cluster_role'),
          },
          subject: subjects,
        },
      },
    });
    const own = { kind: 'ServiceAccount', namespace: 'dev', name: name('service_account') };
    expect(rules(creating(bound(own), true))).toEqual([]);
    expect(rules(creating(bound(own, { ...own, name: '${terraform_data.x.output}' }), true))).toEqual([
      'rights kubernetes_cluster_role_binding_v1.x',
    ]);
  });
});

describe('a Pod with files of its node passes in a namespace that is new, and in no other', () => {
  const namespaces = {
    kubernetes_namespace_v1: {
      dev: { metadata: { name: 'dev', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } },
    },
    kubernetes_config_map_v1: { dev: { metadata: { name: 'dev', namespace: 'dev' } } },
  };
  const pod = (namespace: string | null): Resources => ({
    ...namespaces,
    ...manifest({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'x', ...(namespace !== null && { namespace }) },
      spec: { volumes: [{ name: 'x', hostPath: { path: '/' } }] },
    }),
  });
  const of = (type: string): string => `\${kubernetes_${type}_v1.dev.metadata[0].name}`;

  it.each(['dev', of('namespace')])('%s', (namespace) => {
    expect(rules(creating(pod(namespace), true))).toEqual([]);
    expect(rules(creating(pod(namespace)))).toEqual(['rights kubernetes_manifest.x']);
  });

  it.each(['qa', of('config_map'), '${terraform_data.x.output}', null])('not %s', (namespace) => {
    expect(rules(creating(pod(namespace), true))).toEqual(['rights kubernetes_manifest.x']);
  });
});
