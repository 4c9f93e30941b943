import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { AFFINITY_PATCHES } from '../../../src/facts/affinity-patch';
import { EKS_CHARTS } from '../../../src/facts/charts';
import { changedValues } from '../../../src/pipeline/guard/classed/changed-values';
import { changedKeys, isSafe } from '../../../src/pipeline/guard/classed/safe-directions';
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

describe('a direction is safe', () => {
  it.each<[string, ...(readonly [before: Json, after: Json, isSafe: boolean])[]]>([
    ['judged', ['a', 'b', true]],
    [
      'true',
      [false, true, true],
      [null, 'true', true],
      [true, false, false],
      [true, null, false],
      [null, 'x', false],
    ],
    [
      'false',
      [true, false, true],
      [true, null, true],
      [true, 'false', true],
      [false, true, false],
      [null, '', false],
    ],
    ['set', [null, 'a', true], ['a', 'b', false], ['a', null, false]],
    [
      'longer',
      [7, 30, true],
      [7, 7, true],
      [7, 0, true],
      [7, null, true],
      [30, 7, false],
      [0, 7, false],
      [null, 7, false],
    ],
    [
      'more',
      ...([
        [null, 1, true],
        [1, 2, true],
        [2, 2, true],
        [2, 1, false],
        ['5%', '6%', true],
        ['5%', 6, false],
      ] as const),
      ...([
        [['a'], ['b', 'a'], true],
        [['a', 'b'], ['a'], false],
        [['a'], null, false],
        [1.5, '2.5', true],
      ] as const),
    ],
    [
      'fewer',
      ...([
        [2, 1, true],
        [2, 2, true],
        [1, 2, false],
        [null, 1, true],
        [null, 'x', false],
        [1, null, false],
      ] as const),
      ...([
        [['a', 'b'], ['a'], true],
        [['a'], ['a', 'b'], false],
        [['a'], null, true],
        [null, ['a'], false],
      ] as const),
      ...([
        ['x10', '9', false],
        ['10', '9x9', false],
      ] as const),
    ],
    [
      'keys',
      ...([
        ['{"a":1} x', '{"a":1,"b":2} x', true],
        ['{"a":1} x', '{"a":2} x', false],
      ] as const),
      ...([
        ['{"a":1} x', '{"a":1} y', false],
        ['{"a":1}\nx', '{"a":1,"b":2}\nx', true],
        ['x', 'x', false],
      ] as const),
      ...([
        ['{"a":1} x', 'y{"a":1} x', false],
        ['{a} x', '{a} x', false],
        [null, '{"a":1}', false],
      ] as const),
    ],
    ['=1', [null, 1, true], [null, '1', true], [1, 2, false], [1, null, false]],
    ['=ALL', [null, 'ALL', true], ['ALL', 'all', false], ['ALL', 'ALLx', false]],
  ])('%s', (safe, ...rows) => {
    for (const [before, after, expected] of rows) {
      expect([before, after, isSafe(safe, before, after)]).toEqual([before, after, expected]);
    }
    expect(isSafe(undefined, null, 'x')).toBe(false);
  });

  it('of the configuration of a node: what limits and reserves, and runs nothing', () => {
    const isSafeNode = (text: string): boolean =>
      isSafe('node-config', null, Buffer.from(text).toString('base64'));
    expect(isSafeNode('[settings.kubernetes]\nmax-pods = 10')).toBe(true);
    expect(isSafeNode('[settings.kubernetes]\nmax-pods = 10\n#!/bin/sh')).toBe(false);
    expect([isSafeNode(''), isSafe('node-config', 'x', null)]).toEqual([false, false]);
  });

  it('for maps, by the keys that change', () => {
    expect(changedKeys('{"a":1,"b":2,"c":[3]} x', '{"a":1,"b":3} x')).toEqual(['b', 'c']);
    expect(changedKeys('{"a":1}', '{"a":1} x')).toBeUndefined();
  });
});

describe('the message of a value', () => {
  const said = (before: Json, after: Json, type = 'aws_kms_key'): string[] =>
    messages(
      writtenPlan('dev', { [`${type}.x`]: { before: { anything: before }, after: { anything: after } } }),
    );

  it('shows no more than sixty characters of it', () => {
    const [long, longer] = ['x'.repeat(60), 'x'.repeat(61)];
    expect(said(long, longer)).toEqual([
      `changes anything, which decides what protects it, from ${long} to ${'x'.repeat(59)}…`,
    ]);
  });

  it('names keys of a map only where the table compares by them', () => {
    expect(said('{"a": 1} x', '{"a": 2} x')).toEqual([
      'changes anything, which decides what protects it, from {"a": 1} x to {"a": 2} x',
    ]);
    const policy = (expression: string): JsonObject => ({
      manifest: {
        ...{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingAdmissionPolicy' },
        ...{ metadata: { name: 'x' }, spec: { variables: [{ name: 'nodes', expression }] } },
      },
    });
    const [before, after] = [policy('{"a": 1, "b": 1} x'), policy('{"a": 2, "b": 2} x')];
    expect(messages(writtenPlan('dev', { 'kubernetes_manifest.x': { before, after } }))).toEqual([
      'changes spec.variables.expression, which decides what protects it, for a, b',
    ]);
  });

  it('says what a list and a number were', () => {
    expect(said(2, 1)).toEqual(['lowers anything from 2 to 1']);
    expect(said(1, 2)).toEqual(['raises anything from 1 to 2']);
    expect(said(0, 2)).toEqual(['changes anything, which decides what protects it, from 0 to 2']);
    expect(said(2, 0)).toEqual(['changes anything, which decides what protects it, from 2 to 0']);
    expect(said(null, ['a'])).toEqual(['sets anything, which decides what protects it, to ["a"]']);
    expect(said(['a'], null)).toEqual(['removes anything, which decides what protects it: it was ["a"]']);
    const logs = (...types: string[]): JsonObject => ({ enabled_cluster_log_types: types });
    const fewer = { before: logs('api', 'audit', 'authenticator'), after: logs('audit') };
    expect(messages(writtenPlan('dev', { 'aws_eks_cluster.x': fewer }))).toEqual([
      'removes api, authenticator from enabled_cluster_log_types',
    ]);
    const none = { before: logs('api'), after: {} };
    expect(messages(writtenPlan('dev', { 'aws_eks_cluster.x': none }))).toEqual([
      'removes api from enabled_cluster_log_types',
    ]);
  });
});

describe('a sensitive value', () => {
  const plan = (address: string, change: object): PlannedStack => {
    const stack = writtenPlan('dev', { [address]: {} });
    const [resource] = stack.plan.resource_changes ?? [];
    const changed = { ...resource, change: { ...resource?.change, ...change } };
    return { ...stack, plan: { ...stack.plan, resource_changes: [changed] } as PlannedStack['plan'] };
  };

  it('is in no message, neither the old one nor the new one', () => {
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

  it('is shown as a whole, too', () => {
    const shown = {
      before: { input: { a: 'x' } },
      after: { input: { a: 'x' } },
      before_sensitive: { input: true },
    };
    expect(messages(plan('terraform_data.x', shown))).toEqual([
      'shows input, which was sensitive, in plans and logs',
    ]);
    const gone = { actions: ['delete'], before: { input: 'x' }, before_sensitive: { input: true } };
    expect(messages(plan('terraform_data.x', gone))).toEqual([]);
  });

  it('of an output is shown when it exists and was sensitive', () => {
    const output = (change: object, declared?: JsonObject): string[] => {
      const stack = writtenPlan('dev', {}, declared === undefined ? {} : { output: { x: declared } });
      const changes = { x: { actions: ['update'], before: 'a', before_sensitive: true, ...change } };
      return messages({
        ...stack,
        plan: { ...stack.plan, output_changes: changes } as unknown as PlannedStack['plan'],
      });
    };
    expect(output({}, { value: 'x' })).toEqual(['shows an output that was sensitive in plans and logs']);
    expect(output({}, { value: 'x', sensitive: true })).toEqual([]);
    expect(output({ before: null }, { value: 'x' })).toEqual([]);
    expect(output({ before_sensitive: false }, { value: 'x' })).toEqual([]);
    expect(output({})).toEqual([]);
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

  it('is a finding that names what is done to it', () => {
    const replaced: WrittenChange = {
      before: { id: 'x' },
      after: { id: 'x' },
      actions: ['delete', 'create'],
    };
    expect(messages(writtenPlan('dev', { 'aws_x.y': replaced }))).toContain(
      'replaces an aws_x, which no table of the guard knows: give it a class below pipeline.classes of platform.yaml',
    );
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
    const table = {
      aws_vpc: { x: { cidr_block: '10.0.0.0/16' } },
      aws_route_table: {
        x: { vpc_id: '${aws_vpc.x.id}', route: [{ cidr_block: '0.0.0.0/0', gateway_id: 'x' }] },
      },
    };
    expect(rules(creating(table, true))).toEqual([]);
    expect(rules(creating(table))).toEqual(['exposure aws_route_table.x']);
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

describe('what the code sets', () => {
  const template = (written: Json, after: JsonObject, unknown: Json): string[] =>
    rules(
      writtenPlan(
        'dev',
        { 'aws_launch_template.x': { before: {}, after, after_unknown: unknown } },
        { resource: { aws_launch_template: { x: { block_device_mappings: written } } } },
      ),
    );
  const unknown = { block_device_mappings: [{ ebs: [{ snapshot_id: true }] }] };
  const disk = (ebs: Json): JsonObject => ({ device_name: 'x', ebs });

  it('counts where it is known after the apply only, in a list, a block or an expression', () => {
    const stopped = ['code aws_launch_template.x'];
    expect(template([disk({}), disk({ snapshot_id: '${x.y.z}' })], {}, unknown)).toEqual(stopped);
    expect(template(disk([{ snapshot_id: '${x.y.z}' }]), {}, unknown)).toEqual(stopped);
    expect(template(disk('${x.y.z}'), {}, unknown)).toEqual(stopped);
    expect(template([disk({}), disk({})], {}, unknown)).toEqual([]);
    expect(template(disk(7), {}, unknown)).toEqual([]);
    expect(template(null, {}, unknown)).toEqual([]);
  });

  it('counts by the names that the provider has for the fields of Kubernetes', () => {
    const hostIP = { container: [{ port: [{ host_ip: true }] }] };
    const pod = (spec: JsonObject): string[] =>
      rules(
        writtenPlan(
          'dev',
          {
            'kubernetes_pod_v1.x': {
              before: { metadata: [{ name: 'x' }], spec: [{ container: [{ name: 'x' }] }] },
              after: { metadata: [{ name: 'x' }], spec: [{ container: [{ name: 'x' }] }] },
              after_unknown: { spec: [hostIP] },
            },
          },
          { resource: { kubernetes_pod_v1: { x: { spec } } } },
        ),
      );
    expect(pod({ container: [{ name: 'x', port: { container_port: 80, host_ip: '${x.y.z}' } }] })).toEqual([
      'exposure kubernetes_pod_v1.x',
    ]);
    expect(pod({ container: [{ name: 'x' }] })).toEqual([]);
  });
});

describe('what the program itself makes', () => {
  const API = 'admissionregistration.k8s.io/v1beta1';
  const policy = (name: string, ...expressions: string[]): JsonObject => ({
    ...{ apiVersion: API, kind: 'MutatingAdmissionPolicy', metadata: { name } },
    spec: {
      failurePolicy: 'Fail',
      mutations: expressions.map((expression) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })),
    },
  });
  const binding = (policyName: string): JsonObject => ({
    ...{
      apiVersion: API,
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: 'b' },
      spec: { policyName },
    },
  });
  const created = (...objects: JsonObject[]): string[] =>
    rules(
      creating({
        kubernetes_manifest: Object.fromEntries(objects.map((object, i) => [`x${i}`, { manifest: object }])),
      }),
    );
  const [own = ''] = AFFINITY_PATCHES;
  const [first, second] = ['code kubernetes_manifest.x0', 'code kubernetes_manifest.x1'];

  it('is a policy that adds the node affinity, and its binding', () => {
    expect(created(policy('a', own), binding('a'))).toEqual([]);
    expect(created(policy('a', own, 'x'))).toEqual([first]);
    expect(created(policy('a'))).toEqual([first]);
    expect(created(policy('a', own), binding('b'))).toEqual([second]);
    expect(created(policy('a', 'x'), binding('a'))).toEqual([first, second]);
    expect(created({ ...policy('a', own), kind: 'ConfigMap', apiVersion: 'v1' }, binding('a'))).toEqual([
      second,
    ]);
  });

  it('is the chart of the load balancer controller, from where its makers publish it', () => {
    const chart = (name: string, repository: string): string[] =>
      rules(creating({ helm_release: { x: { chart: name, repository } } }));
    expect(chart('aws-load-balancer-controller', EKS_CHARTS)).toEqual([]);
    expect(chart('aws-load-balancer-controller', 'https://example.com')).toEqual(['code helm_release.x']);
    expect(chart('other', EKS_CHARTS)).toEqual(['code helm_release.x']);
  });

  it.each(['serviceAccount', 'serviceAccountName'])('is the ServiceAccount in %s of a Pod', (field) => {
    const pod = (name: string): JsonObject => ({
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { [field]: name } },
    });
    const account = (namespace?: string): JsonObject => ({
      ...{
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'own', ...(namespace && { namespace }) },
      },
    });
    expect([
      created(pod('default')),
      created(pod('own'), account()),
      created(pod('own'), account('default')),
    ]).toEqual([[], [], []]);
    expect(created(pod('own'), account('qa'))).toEqual(['identity kubernetes_manifest.x0']);
    expect(created(pod('own'), { ...account(), kind: 'ConfigMap' })).toEqual([
      'identity kubernetes_manifest.x0',
    ]);
  });

  it('is a role, an instance profile or a launch template by its name, and anything else by its ARN', () => {
    const log = (log_destination: string): string[] =>
      rules(creating({ aws_flow_log: { x: { log_destination } }, aws_s3_bucket: { x: { bucket: 'x' } } }));
    expect(log('${aws_s3_bucket.x.arn}')).toEqual([]);
    expect(log('${aws_s3_bucket.x.id}')).toEqual(['exposure aws_flow_log.x']);
    const policy = {
      aws_iam_policy: { x: { policy: '{}' } },
      aws_iam_instance_profile: { p: { role: '${aws_iam_policy.x.id}' } },
    };
    expect(rules(creating(policy))).toEqual(['identity aws_iam_instance_profile.p']);
    const named: Resources = {
      aws_iam_role: { a: { name: 'a', assume_role_policy: '{}' } },
      aws_iam_instance_profile: { p: { role: '${aws_iam_role.a.name}' } },
      aws_launch_template: { t: { iam_instance_profile: { name: '${aws_iam_instance_profile.p.name}' } } },
    };
    expect(rules(creating(named))).toEqual([]);
    const template = (id: string): Resources => ({
      aws_launch_template: { t: { name: 't' } },
      aws_eks_node_group: { x: { launch_template: { id } } },
    });
    expect(rules(creating(template('${aws_launch_template.t.id}')))).toEqual([]);
    expect(rules(creating(template('lt-9')))).toEqual(['code aws_eks_node_group.x']);
  });
});

describe.each(['Endpoints', 'EndpointSlice'])('%s of a new namespace', (kind) => {
  it('pass, and elsewhere are stopped', () => {
    const apiVersion = kind === 'Endpoints' ? 'v1' : 'discovery.k8s.io/v1';
    const of = (namespace: string): Resources => ({
      kubernetes_namespace_v1: {
        dev: { metadata: { name: 'dev', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } },
      },
      ...manifest({ apiVersion, kind, metadata: { name: 'x', namespace }, addressType: 'IPv4' }),
    });
    expect(rules(creating(of('dev'), true))).toEqual([]);
    expect(rules(creating(of('qa'), true))).toEqual(['exposure kubernetes_manifest.x']);
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
