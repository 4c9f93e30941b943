import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard } from '../../../src/pipeline/guard/guard';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { firstPlan } from './first-plan';
import { writtenPlan } from './written-plan';

type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

const found = (stack: PlannedStack): readonly string[] =>
  guard({
    stacks: [stack],
    documents: [stack],
    exceptions: [],
    maxChanges: 1e6,
    today: new Date('2026-11-29'),
  }).stopped.map(({ rule, address }) => `${rule} ${address.replace(/^dev\//, '')}`);

/** Created in a stack of which something exists, or nothing. */
function created(resource: Resources, isNew: boolean): readonly string[] {
  const stack = firstPlan({ name: 'dev', document: { resource } });
  const { prior_state: any } = writtenPlan('dev', {}).plan;
  return found(isNew ? stack : { ...stack, plan: { ...stack.plan, ...(any && { prior_state: any }) } });
}

const changed = (kind: JsonObject, before: JsonObject, after: JsonObject): readonly string[] =>
  found(
    writtenPlan('dev', {
      'kubernetes_manifest.x': {
        before: { manifest: { ...kind, ...before } },
        after: { manifest: { ...kind, ...after } },
      },
    }),
  );

const policy = (action: string, resource: string): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Action: action, Resource: resource }] });
const trust = (principal: object): string =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] });
const eks = trust({ Service: 'pods.eks.amazonaws.com' });
const role = (more: JsonObject = {}): Resources => ({
  aws_iam_role: { x: { name: 'seed-x', assume_role_policy: eks, ...more } },
});
const roleWith = (text: string): Resources => ({
  ...role(),
  aws_iam_role_policy: { x: { role: '${aws_iam_role.x.name}', policy: text } },
});
const manifest = (object: JsonObject): Resources => ({ kubernetes_manifest: { x: { manifest: object } } });
const inDev = { name: 'x', namespace: 'dev' };
const others = JSON.stringify({
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::444455556666:root' }, Action: 'sqs:*', Resource: '*' },
  ],
});
const pod = (capability: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: inDev,
  spec: { containers: [{ name: 'x', securityContext: { capabilities: { add: [capability] } } }] },
});
const networkPolicy: JsonObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: inDev,
};
const rbac = 'rbac.authorization.k8s.io/v1';

const WAYS: [string, Resources, string][] = [
  [
    'the name of something else for a new cluster',
    {
      aws_cloudwatch_log_group: { x: { name: 'seed' } },
      aws_eks_access_entry: {
        x: {
          cluster_name: '${aws_cloudwatch_log_group.x.name}',
          principal_arn: 'arn:aws:iam::444455556666:role/x',
        },
      },
    },
    'rights aws_eks_access_entry.x',
  ],
  [
    'a managed policy that goes through terraform_data',
    {
      ...role(),
      terraform_data: { x: { input: 'arn:aws:iam::aws:policy/AdministratorAccess' } },
      aws_iam_role_policy_attachment: {
        x: { role: '${aws_iam_role.x.name}', policy_arn: '${terraform_data.x.output}' },
      },
    },
    'rights aws_iam_role_policy_attachment.x',
  ],
  [
    'the description of a new role for an existing one',
    {
      ...role({ description: 'seed-node' }),
      aws_iam_role_policy: {
        x: { role: '${aws_iam_role.x.description}', policy: policy('s3:GetObject', 'arn:aws:s3:::a/*') },
      },
    },
    'rights aws_iam_role_policy.x',
  ],
  [
    'a security group that goes through terraform_data',
    {
      terraform_data: { x: { input: 'sg-0123456789abcdef0' } },
      aws_vpc_security_group_ingress_rule: {
        x: { security_group_id: '${terraform_data.x.output}', ip_protocol: '-1', cidr_ipv4: '10.0.0.0/8' },
      },
    },
    'exposure aws_vpc_security_group_ingress_rule.x',
  ],
  ...[
    '${terraform_data.x.output}',
    '${true ? "*" : aws_sqs_queue.x.arn}',
    'arn:aws:s3:::?*',
    'arn:aws:s3:*:*:*',
    'arn:aws:secretsmanager:*:*:secret:?*',
    'arn:aws:secretsmanager:*',
  ].map((resource): [string, Resources, string] => [
    `the resource ${resource}`,
    roleWith(policy('s3:GetObject', resource)),
    'rights aws_iam_role_policy.x',
  ]),
  ...['${terraform_data.x.output}', 's3:?etObject', 'eks:AssociateAccessPolicy', 's3:PutBucketPolicy'].map(
    (action): [string, Resources, string] => [
      `the action ${action}`,
      roleWith(policy(action, 'arn:aws:s3:::a')),
      'rights aws_iam_role_policy.x',
    ],
  ),
  [
    'the rights of a controller for another',
    roleWith(policy('ec2:RunInstances', '*')),
    'rights aws_iam_role_policy.x',
  ],
  [
    'a text that is no JSON before it is known',
    roleWith('{"Statement": ${jsonencode([])}}'),
    'rights aws_iam_role_policy.x',
  ],
  ['a trust that is not known', role({ assume_role_policy: '${jsonencode({})}' }), 'rights aws_iam_role.x'],
  [
    'a policy within a role that is not known',
    role({ inline_policy: [{ name: 'x', policy: '${jsonencode({})}' }] }),
    'rights aws_iam_role.x',
  ],
  [
    'managed policies that are not known',
    role({ managed_policy_arns: ['${terraform_data.x.output}'] }),
    'rights aws_iam_role.x',
  ],
  [
    'sources that are not known',
    {
      aws_security_group: {
        x: {
          ingress: [
            { from_port: 0, to_port: 0, protocol: '-1', cidr_blocks: ['${terraform_data.x.output}'] },
          ],
        },
      },
    },
    'exposure aws_security_group.x',
  ],
  ...[
    ['aws_sqs_queue_policy', { queue_url: 'https://sqs.eu-west-1.amazonaws.com/111122223333/x' }],
    ['aws_s3_bucket_policy', { bucket: 'x' }],
    ['aws_kms_key', {}],
    ['aws_sns_topic', { name: 'x' }],
  ].map(([type, more]): [string, Resources, string] => [
    `another account in a new ${type as string}`,
    { [type as string]: { x: { ...(more as JsonObject), policy: others } } },
    `rights ${type as string}.x`,
  ]),
  [
    'a bucket that may be public',
    { aws_s3_bucket_public_access_block: { x: { bucket: 'x', block_public_policy: false } } },
    'exposure aws_s3_bucket_public_access_block.x',
  ],
  [
    'a public database beside its own subnets',
    {
      aws_db_subnet_group: { x: { name: 'x' } },
      aws_db_instance: {
        x: { publicly_accessible: true, db_subnet_group_name: '${aws_db_subnet_group.x.name}' },
      },
    },
    'exposure aws_db_instance.x',
  ],
  [
    'an add-on with the role of somebody else',
    {
      aws_eks_addon: {
        x: {
          cluster_name: 'seed',
          addon_name: 'x',
          service_account_role_arn: 'arn:aws:iam::111122223333:role/admin',
        },
      },
    },
    'identity aws_eks_addon.x',
  ],
  [
    'the records of traffic for somebody else',
    { aws_flow_log: { x: { vpc_id: 'vpc-0123456789', log_destination: 'arn:aws:s3:::other' } } },
    'exposure aws_flow_log.x',
  ],
  [
    'an AMI of somebody else',
    { aws_launch_template: { x: { image_id: 'ami-0123456789abcdef0' } } },
    'code aws_launch_template.x',
  ],
  [
    'a chart in a namespace that is new, too',
    {
      kubernetes_namespace_v1: {
        x: { metadata: { name: 'x', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } },
      },
      helm_release: {
        x: {
          name: 'x',
          chart: 'x',
          repository: 'https://charts.example.com',
          namespace: '${kubernetes_namespace_v1.x.metadata[0].name}',
        },
      },
    },
    'code helm_release.x',
  ],
  ...['eks.amazonaws.com/role-arn', 'kubernetes.io/service-account.name'].map(
    (key): [string, Resources, string] => [
      `the annotation ${key} on something new`,
      manifest({ apiVersion: 'v1', kind: 'Secret', metadata: { ...inDev, annotations: { [key]: 'x' } } }),
      'identity kubernetes_manifest.x',
    ],
  ),
  [
    'an Ingress in the group of another',
    manifest({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { ...inDev, annotations: { 'alb.ingress.kubernetes.io/group.name': 'x' } },
    }),
    'exposure kubernetes_manifest.x',
  ],
  [
    'the kind of another group',
    manifest({ apiVersion: 'jobs.example.com/v1', kind: 'Job', metadata: inDev }),
    'unknown kubernetes_manifest.x',
  ],
  [
    'a capability that no standard lets a Pod have',
    manifest(pod('SYS_ADMIN')),
    'rights kubernetes_manifest.x',
  ],
  [
    'a volume of the files of nodes',
    manifest({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'x' },
      spec: { hostPath: { path: '/' } },
    }),
    'rights kubernetes_manifest.x',
  ],
  [
    'the ConfigMap by which roles enter the cluster',
    manifest({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'aws-auth', namespace: 'kube-system' },
      data: { mapRoles: '[]' },
    }),
    'rights kubernetes_manifest.x',
  ],
  [
    'a Role that exists',
    manifest({
      apiVersion: rbac,
      kind: 'RoleBinding',
      metadata: inDev,
      roleRef: { kind: 'Role', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'x', namespace: 'dev' }],
    }),
    'rights kubernetes_manifest.x',
  ],
  [
    'tokens by a wildcard',
    manifest({
      apiVersion: rbac,
      kind: 'Role',
      metadata: inDev,
      rules: [{ apiGroups: [''], resources: ['*/token'], verbs: ['create'] }],
    }),
    'rights kubernetes_manifest.x',
  ],
  [
    'commands in all Pods by a GET',
    manifest({
      apiVersion: rbac,
      kind: 'ClusterRole',
      metadata: { name: 'x' },
      rules: [{ apiGroups: [''], resources: ['pods/exec'], verbs: ['get'] }],
    }),
    'rights kubernetes_manifest.x',
  ],
  ...[
    { 'pod-security.kubernetes.io/enforce': '${terraform_data.x.output}' },
    {
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/enforce-version': 'v1.20',
    },
  ].map((labels): [string, Resources, string] => [
    `a namespace with ${JSON.stringify(labels)}`,
    { kubernetes_namespace_v1: { x: { metadata: { name: 'x', labels } } } },
    'rights kubernetes_namespace_v1.x',
  ]),
  [
    'ports that everyone reaches',
    manifest({
      ...networkPolicy,
      spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }] }] },
    }),
    'exposure kubernetes_manifest.x',
  ],
];

describe.each([
  ['new', true],
  ['existing', false],
])('a stack that is %s is stopped for', (_, isNew) => {
  it.each(WAYS)('%s', (__, resources, finding) => {
    expect(created(resources, isNew)).toEqual([finding]);
  });
});

it.each([
  ['aws_iam_role_policy.x[0]', { resource: { aws_iam_role_policy: { x: { policy: '${jsonencode({})}' } } } }],
  ['module.m.aws_iam_role_policy.x', {}],
])('a policy of %s that is not known is stopped', (address, document: TerraformDocument) => {
  const stack = writtenPlan('dev', {}, document);
  const change = {
    actions: ['create' as const],
    before: null,
    after: { role: 'seed-node' },
    after_unknown: { policy: true },
  };
  const resource = { address, mode: 'managed' as const, type: 'aws_iam_role_policy', name: 'x', change };
  expect(found({ ...stack, plan: { ...stack.plan, resource_changes: [resource] } })).toEqual([
    `rights ${address}`,
  ]);
});

it('a lookup of a policy is told by the keys that change', () => {
  const admission = (nodes: string): JsonObject => ({
    manifest: {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'x' },
      spec: { variables: [{ name: 'row', expression: `{"dev": ["a"], "qa": ${nodes}}[request.namespace]` }] },
    },
  });
  const stack = writtenPlan('dev', {
    'kubernetes_manifest.x': { before: admission('["a"]'), after: admission('["b"]') },
  });
  const today = new Date('2026-11-29');
  const { stopped } = guard({ stacks: [stack], documents: [stack], exceptions: [], maxChanges: 9, today });
  expect(stopped.map(({ message }) => message)).toEqual([
    'changes spec.variables.expression, which decides what protects it, for qa',
  ]);
});

it('a bucket that is closed passes, and a Pod that listens on a port below 1024', () => {
  const closed = { bucket: '${aws_s3_bucket.x.id}', block_public_acls: true, block_public_policy: true };
  const bucket = {
    aws_s3_bucket: { x: { bucket: 'x' } },
    aws_s3_bucket_public_access_block: { x: closed },
  };
  expect(created({ ...bucket, ...manifest(pod('NET_BIND_SERVICE')) }, false)).toEqual([]);
});

describe('a NetworkPolicy', () => {
  const spec = (rules: JsonObject): JsonObject => ({ spec: { podSelector: {}, ...rules } });
  const from = (peer: JsonObject): JsonObject =>
    spec({ ingress: [{ from: [peer], ports: [{ port: 80 }] }], policyTypes: ['Ingress'] });
  const to = (cidr: string): JsonObject =>
    spec({ egress: [{ to: [{ ipBlock: { cidr } }] }], policyTypes: ['Egress'] });

  it.each([
    ['its sources away', from({ podSelector: {} }), spec({ ingress: [{ ports: [{ port: 80 }] }] })],
    [
      'an exception away',
      from({ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }),
      from({ ipBlock: { cidr: '10.0.0.0/8' } }),
    ],
    ['the bounds of where Pods go away', to('10.0.0.0/8'), to('0.0.0.0/0')],
  ])('does not take %s', (_, before, after) => {
    expect(changed(networkPolicy, before, after)).toEqual(['exposure kubernetes_manifest.x']);
  });

  it('may let in the Pods of its own namespace', () => {
    const own = manifest({ ...networkPolicy, ...spec({ ingress: [{ from: [{ podSelector: {} }] }] }) });
    expect(created(own, false)).toEqual([]);
  });
});
