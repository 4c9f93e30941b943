import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { AGENT_NAMESPACES } from '../../../src/facts/stack-names';
import { creating, type Resources, stopped } from './corpus/base-plans';
import { firstPlan } from './first-plan';
import { type WrittenChange, writtenPlan } from './written-plan';

const rights = (stack: PlannedStack): string[] =>
  stopped(stack).flatMap(({ rule, message }) => (rule === 'rights' ? message.split('; ') : []));
const of = (address: string, change: WrittenChange, document: TerraformDocument = {}): string[] =>
  rights(writtenPlan('dev', { [address]: change }, document));
const created = (resources: Resources, isNew = false): string[] => rights(creating(resources, isNew));
const changed = (type: string, before: JsonObject, after: JsonObject): string[] =>
  of(`${type}.x`, { before, after });

const json = (...statements: object[]): string => JSON.stringify({ Statement: statements });
const allow = (Action: Json, Resource: Json, more: object = {}): object => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const SERVICE = json({
  Effect: 'Allow',
  Principal: { Service: 'ec2.amazonaws.com' },
  Action: 'sts:AssumeRole',
});
const ROLE: Resources = { aws_iam_role: { a: { name: 'a', assume_role_policy: SERVICE } } };
const ILLEGIBLE = [
  'has a policy that Terraform knows only after the apply: write it so that its text is known, or look at it',
];

describe('a policy of a new role', () => {
  const policyOf = (...statements: object[]): Resources => ({
    ...ROLE,
    aws_iam_role_policy: { x: { role: '${aws_iam_role.a.id}', policy: json(...statements) } },
  });
  const NAMED = 'arn:aws:x:eu-west-1:111122223333:thing/name';

  it.each<[action: string, resource: string, isTold: boolean]>([
    ['s3:GetObject', NAMED, false],
    ['s3:GetObject', '${aws_iam_role.a.arn}', false],
    ['s3:Get*', NAMED, true],
    ['s3:GetObject', '*', true],
    ['s3:GetObject', 'arn:aws:s3:::*', true],
    ['ec2:DescribeInstances', '*', false],
    ['Ec2:DescribeInstances', '*', true],
    ['ec2:DescribeInstances:x', '*', true],
    ['sts:AssumeRole', NAMED, true],
    ['my-sts:Get', NAMED, false],
    ['sqs:AddPermission', NAMED, true],
    ['sqs:AddPermissions', NAMED, false],
    ['ec2:CreateTags', '*', true],
  ])('may say %s on %s: %j', (action, resource, isTold) => {
    const found = isTold ? [`allows ${action} on ${resource}`] : [];
    expect(created(policyOf(allow(action, resource)))).toEqual(found);
    expect(created(policyOf({ ...allow(action, resource), Effect: 'Deny' }))).toEqual([]);
  });

  it('reaches far by what it leaves out', () => {
    expect(created(policyOf({ Effect: 'Allow', NotAction: 's3:GetObject', Resource: NAMED }))).toEqual([
      `allows not s3:GetObject on ${NAMED}`,
    ]);
    expect(created(policyOf({ Effect: 'Allow', Action: 's3:GetObject', NotResource: NAMED }))).toEqual([
      `allows s3:GetObject on not ${NAMED}`,
    ]);
  });

  it.each<[action: string, conditions: JsonObject | null, isTold: boolean]>([
    ['ec2:CreateTags', null, false],
    ['elasticloadbalancing:CreateRule', null, false],
    ['my-shield:Get', null, true],
    ['iam:GetServerCertificate', null, false],
    ['iam:GetServerCertificates', null, true],
    ['iam:PassRole', { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } }, false],
    ['iam:PassRole', null, true],
    ['iam:CreateServiceLinkedRole', { StringEquals: { a: 'b' } }, false],
    ['iam:CreateUser', { StringEquals: { a: 'b' } }, true],
    ['s3:GetObject', null, true],
  ])('may say what a controller does in a new cluster: %s if %j', (action, Condition, isTold) => {
    const resource = policyOf(allow(action, '*', Condition === null ? {} : { Condition }));
    const found = isTold ? [`allows ${action} on *`] : [];
    for (const name of ['cluster', 'load-balancer-controller', 'platform']) {
      expect(rights(firstPlan({ name, document: { resource } }))).toEqual(found);
    }
    expect(rights(firstPlan({ name: 'dev', document: { resource } }))).toHaveLength(1);
  });

  it('is of the role that the same plan creates, by a reference or by its name', () => {
    const wide = json(allow('s3:GetObject', NAMED));
    const role = (written: string, others: Resources = ROLE): number =>
      created({ ...others, aws_iam_role_policy: { x: { role: written, policy: wide } } }).length;
    expect([role('${aws_iam_role.a.id}'), role('${aws_iam_role.a.name}'), role('a')]).toEqual([0, 0, 0]);
    expect([
      role('x${aws_iam_role.a.id}'),
      role('${aws_iam_role.a.id}x'),
      role('b'),
      role('${aws_iam_role.b.id}'),
    ]).toEqual([1, 1, 1, 1]);
    expect(role('a', { aws_iam_policy: { a: { name: 'a', policy: json() } } })).toBe(1);
    const update = { 'aws_iam_role.a': { before: { name: 'a' }, after: { name: 'a', path: '/x/' } } };
    const policy: WrittenChange = { actions: ['create'], after: { role: 'a', policy: wide } };
    expect(rights(writtenPlan('dev', { ...update, 'aws_iam_role_policy.x': policy }))).toHaveLength(1);
    const existing = { before: { role: 'a', policy: json() }, after: { role: 'a', policy: wide } };
    const roleA: WrittenChange = { actions: ['create'], after: { name: 'a', assume_role_policy: SERVICE } };
    expect(
      rights(writtenPlan('dev', { 'aws_iam_role.a': roleA, 'aws_iam_role_policy.x': existing })),
    ).toHaveLength(1);
    const none: WrittenChange = { actions: ['create'], after: { policy: wide } };
    expect(
      rights(
        writtenPlan('dev', {
          'aws_iam_role.a': { actions: ['create'], after: { assume_role_policy: SERVICE } },
          'aws_iam_role_policy.x': none,
        }),
      ),
    ).toHaveLength(1);
  });
});

describe('a policy that exists', () => {
  it('gets rights on what the same plan creates, and on nothing beside it', () => {
    const text = (action: string, resource: string): string[] =>
      rights(
        writtenPlan(
          'dev',
          {
            'aws_iam_policy.x': { before: { policy: json() }, after: {}, after_unknown: { policy: true } },
            'aws_cloudwatch_log_group.new': { actions: ['create'], after: {} },
          },
          { resource: { aws_iam_policy: { x: { policy: json(allow(action, resource)) } } } },
        ),
      );
    expect(text('logs:PutLogEvents', '${aws_cloudwatch_log_group.new.arn}:*')).toEqual([]);
    expect(text('logs:*', '${aws_cloudwatch_log_group.new.arn}:*')).toHaveLength(1);
    expect(text('logs:PutLogEvents', 'x${aws_cloudwatch_log_group.new.arn}:*')).toHaveLength(1);
    expect(text('logs:PutLogEvents', '${aws_cloudwatch_log_group.old.arn}:*')).toHaveLength(1);
  });

  it('names what exists and stays by what it is', () => {
    const text = (address: string, changes: Record<string, WrittenChange> = {}): string[] => {
      const stack = writtenPlan(
        'dev',
        {
          'aws_iam_policy.x': {
            before: { policy: json(allow('sqs:SendMessage', 'arn:aws:sqs:::q')) },
            after: {},
            after_unknown: { policy: true },
          },
          ...changes,
        },
        {
          resource: {
            aws_iam_policy: { x: { policy: json(allow('sqs:SendMessage', `\${${address}.arn}`)) } },
          },
        },
      );
      const known = ['q', 'r'].map((name) => ({
        ...{ address: `aws_sqs_queue.${name}`, mode: 'managed', type: 'aws_sqs_queue', name },
        values: { arn: `arn:aws:sqs:::${name}` },
      }));
      const resources = [...(stack.plan.prior_state?.values?.root_module?.resources ?? []), ...known];
      return rights({
        ...stack,
        plan: {
          ...stack.plan,
          prior_state: { values: { root_module: { resources } } },
        } as PlannedStack['plan'],
      });
    };
    expect(text('aws_sqs_queue.q')).toEqual([]);
    expect(text('aws_sqs_queue.r')).toEqual(['allows sqs:SendMessage on arn:aws:sqs:::r']);
    expect(text('aws_sqs_queue.s')).toEqual(['allows sqs:SendMessage on ${aws_sqs_queue.s.arn}']);
    const update = { 'aws_sqs_queue.q': { before: {}, after: { tags: {} } } };
    expect(text('aws_sqs_queue.q', update)).toEqual(['allows sqs:SendMessage on ${aws_sqs_queue.q.arn}']);
  });

  it('may be deleted, where it only allows', () => {
    for (const type of ['aws_iam_role_policy', 'aws_iam_policy']) {
      expect(of(`${type}.x`, { before: { policy: json(allow('*', '*')) }, actions: ['delete'] })).toEqual([]);
    }
  });
});

describe('a policy of a resource', () => {
  const denies = json({ Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' });
  const key = (...statements: object[]): Resources => ({
    aws_kms_key: { x: { policy: json(...statements) } },
  });
  const letting = (Principal: Json, more: object = {}): object =>
    allow('kms:Decrypt', '*', { Principal, ...more });

  it('that goes with it is no loss, and one of its own is', () => {
    const gone = (type: string): string[] =>
      of(`${type}.x`, { before: { policy: denies }, actions: ['delete'] });
    expect([gone('aws_kms_key'), gone('aws_sqs_queue_policy')]).toEqual([
      [],
      ['no longer denies * to AWS:* on *'],
    ]);
    expect(gone('aws_efs_file_system_policy')).toEqual([
      'takes away the policy of a file system: every client that reaches it may then mount it',
    ]);
    expect(changed('aws_kms_key', { policy: denies }, {})).toEqual(['no longer denies * to AWS:* on *']);
    expect(changed('aws_kms_key', {}, { policy: json(letting('*')) })).toEqual([]);
  });

  it('that is new names who comes in', () => {
    expect(created({ aws_vpc_endpoint: { x: { policy: json(letting('*')) } } })).toEqual([]);
    expect(created({ aws_kms_key: { x: { policy: '${x.y.z}' } } })).toEqual(ILLEGIBLE);
    expect(created(key(allow('kms:Decrypt', '*')))).toEqual([]);
    expect(created(key(letting({ AWS: ['444455556666', '777788889999'] })))).toEqual([
      'lets in AWS:444455556666, AWS:777788889999',
    ]);
    expect(created(key(letting({ Service: 'ec2.amazonaws.com' })))).toEqual([]);
    expect(created({ aws_s3_bucket_policy: { x: { policy: json(letting('*')) } } })).toEqual([]);
  });

  it('that is new lets in the account of the plan', () => {
    const asked = (Principal: Json): string[] => {
      const stack = creating(key(letting(Principal)));
      const data = (type: string, values: JsonObject) => ({
        ...{ address: `data.${type}.x`, mode: 'data', type, name: 'x', values },
      });
      const resources = [
        ...(stack.plan.prior_state?.values?.root_module?.resources ?? []),
        data('aws_region', { account_id: 'x' }),
        data('aws_caller_identity', { account_id: '111122223333' }),
      ];
      return rights({
        ...stack,
        plan: {
          ...stack.plan,
          prior_state: { values: { root_module: { resources } } },
        } as PlannedStack['plan'],
      });
    };
    expect(asked({ AWS: '111122223333' })).toEqual([]);
    expect(asked({ AWS: 'arn:aws:iam::111122223333:root' })).toEqual([]);
    for (const other of ['1111222233334', 'arn:aws:iam::444455556666:root', 'arn:aws:s3::111122223333:x']) {
      expect(asked({ AWS: other })).toEqual([`lets in AWS:${other}`]);
    }
    expect(asked({ Federated: 'AWS:111122223333' })).toEqual(['lets in Federated:AWS:111122223333']);
  });

  it('of a module is read where it is written, and stops where it is nowhere', () => {
    const unknown = (type: string, attribute: string): string[] => {
      const stack = writtenPlan('dev', {});
      const change = { actions: ['create'], before: null, after: {}, after_unknown: { [attribute]: true } };
      const resource = { address: `module.m.${type}.x`, mode: 'managed', type, name: 'x', change };
      return rights({
        ...stack,
        plan: { ...stack.plan, resource_changes: [resource] } as unknown as PlannedStack['plan'],
      });
    };
    expect(unknown('aws_kms_key', 'policy')).toEqual([]);
    expect(unknown('aws_kms_key_policy', 'policy')).toEqual(ILLEGIBLE);
    expect(unknown('aws_iam_role', 'assume_role_policy')).toEqual(ILLEGIBLE);
  });
});

describe('a role', () => {
  const role = (more: JsonObject): JsonObject => ({ name: 'x', assume_role_policy: SERVICE, ...more });
  const update = (before: JsonObject, after: JsonObject): string[] =>
    changed('aws_iam_role', role(before), role(after));
  const inline = (policy: string): JsonObject => ({ inline_policy: [{ name: 'p', policy }] });
  const WIDE = json(allow('s3:*', '*'));

  it('keeps its boundary', () => {
    const of = (permissions_boundary: string | null): JsonObject => ({ permissions_boundary });
    expect(update({ ...of('b'), path: '/' }, { ...of('b'), path: '/x/' })).toEqual([]);
    expect(update(of('b'), of(null))).toEqual(['takes away the permissions boundary b']);
    expect(update(of('b'), of('c'))).toEqual(['takes away the permissions boundary b']);
    expect(update(of(null), of('b'))).toEqual([]);
  });

  it('has policies of its own', () => {
    expect(update({ ...inline(WIDE), path: '/' }, { ...inline(WIDE), path: '/x/' })).toEqual([]);
    expect(update(inline(json()), inline(WIDE))).toEqual(['allows s3:* on *']);
    expect(update(inline(WIDE), inline(json()))).toEqual([]);
    expect(
      created({ aws_iam_role: { x: role(inline(json(allow('s3:GetObject', 'arn:aws:s3:::a/b')))) } }),
    ).toEqual([]);
    expect(created({ aws_iam_role: { x: role(inline(WIDE)) } })).toEqual(['allows s3:* on *']);
  });

  it('has policies of its own that are known after the apply', () => {
    const planned = (inline_policy: Json, unknown: Json, written?: Json): string[] =>
      of(
        'aws_iam_role.x',
        { before: role({}), after: role({ inline_policy }), after_unknown: { inline_policy: unknown } },
        written === undefined ? {} : { resource: { aws_iam_role: { x: { inline_policy: written } } } },
      );
    const block = (policy: string): JsonObject[] => [{ name: 'p', policy }];
    expect(planned(null, true)).toEqual([]);
    expect(planned(null, true, '${x.y.z}')).toEqual(ILLEGIBLE);
    expect(planned(null, true, block('${x.y.z}'))).toEqual(ILLEGIBLE);
    expect(planned(null, true, block(WIDE))).toEqual(['allows s3:* on *']);
    expect(planned(null, true, block(json()))).toEqual([]);
    expect(planned([{ name: 'p' }], [{ policy: true }], block(WIDE))).toEqual(['allows s3:* on *']);
    expect(planned([{ name: 'p' }], [{ policy: true }])).toEqual(ILLEGIBLE);
    expect(planned(block(json()), [], '${x.y.z}')).toEqual([]);
    expect(planned(block(WIDE), [], block(json()))).toEqual(['allows s3:* on *']);
  });

  it('gets managed policies, and is assumed by more', () => {
    expect(update({ managed_policy_arns: ['a'] }, { managed_policy_arns: ['a', 'b', 'c'] })).toEqual([
      'attaches b, c',
    ]);
    const trust = (...AWS: string[]): string =>
      json({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
    expect(created({ aws_iam_role: { x: role({ assume_role_policy: trust('a', 'b', 'a') }) } })).toEqual([
      'lets AWS:a, AWS:b assume a new role',
    ]);
    expect(created({ aws_iam_role: { x: role({ assume_role_policy: '${x.y.z}' }) } })).toEqual(ILLEGIBLE);
    const denied = json({ Effect: 'Deny', Principal: { AWS: 'a' }, Action: 'sts:AssumeRole' });
    expect(created({ aws_iam_role: { x: role({ assume_role_policy: denied }) } })).toEqual([]);
    expect(of('aws_iam_role.x', { before: role(inline(WIDE)), actions: ['delete'] })).toEqual([]);
  });
});

describe('an attachment', () => {
  const aws = (name: string): string => `arn:aws:iam::aws:policy/${name}`;
  const attached = (policy_arn: string, role = '${aws_iam_role.a.name}'): string[] =>
    created({
      ...ROLE,
      aws_iam_policy: { p: { policy: json() } },
      terraform_data: { p: { input: 'x' } },
      aws_iam_role_policy_attachment: { x: { role, policy_arn } },
    });

  it.each([
    ...[
      'AmazonEBSCSIDriverEKSClusterScopedPolicy',
      'AmazonEC2ContainerRegistryPullOnly',
      'AmazonEKSClusterPolicy',
    ],
    ...[
      'AmazonEKSWorkerNodePolicy',
      'AmazonEKS_CNI_Policy',
      'AWSXrayWriteOnlyAccess',
      'AmazonSSMManagedInstanceCore',
    ],
    ...[
      'CloudWatchAgentServerPolicy',
      'service-role/AmazonEBSCSIDriverPolicy',
      'service-role/AmazonEFSCSIDriverPolicy',
    ],
  ])('of %s to a new role is what the program makes', (name) => {
    expect(attached(aws(name))).toEqual([]);
    expect(attached(aws(name), 'b')).toEqual([`attaches the policy ${aws(name)} to b`]);
    expect(attached(`x${aws(name)}`)).toHaveLength(1);
  });

  it('is of a policy that the same plan creates', () => {
    expect(attached('${aws_iam_policy.p.arn}')).toEqual([]);
    expect(attached('${terraform_data.p.id}')).toHaveLength(1);
    expect(attached('${aws_iam_policy.q.arn}')).toHaveLength(1);
    expect(attached(aws('AdministratorAccess'))).toHaveLength(1);
  });

  it('counts when it is made, or becomes another', () => {
    const one = (policy_arn: string, more: JsonObject = {}): JsonObject => ({
      role: 'b',
      policy_arn,
      ...more,
    });
    const type = 'aws_iam_role_policy_attachment';
    expect(changed(type, one('a'), one('a', { id: 'x' }))).toEqual([]);
    expect(changed(type, one('a'), one('b'))).toEqual(['attaches the policy b to b']);
    expect(of(`${type}.x`, { before: one('a'), after: one('a'), actions: ['delete', 'create'] })).toEqual([
      'attaches the policy a to b',
    ]);
    expect(of(`${type}.x`, { before: one('a'), actions: ['delete'] })).toEqual([]);
  });
});

describe('access to a cluster', () => {
  const entry = (principal_arn: string, ...kubernetes_groups: string[]): JsonObject => ({
    principal_arn,
    kubernetes_groups,
  });

  it('is given by entries', () => {
    const type = 'aws_eks_access_entry';
    expect(changed(type, entry('a'), entry('b'))).toEqual(['lets b enter the cluster']);
    expect(changed(type, entry('a', 'x'), entry('a', 'x', 'y', 'z'))).toEqual([
      'puts a into the groups y, z',
    ]);
    expect(changed(type, entry('a', 'x', 'y'), entry('a', 'x'))).toEqual([]);
    expect(of(`${type}.x`, { before: entry('a', 'x'), actions: ['delete'] })).toEqual([]);
    expect(created({ [type]: { x: { cluster_name: 'c', ...entry('a') } } })).toEqual([
      'lets a enter the cluster',
    ]);
    const cluster = { aws_eks_cluster: { c: { name: 'c' } } };
    expect(
      created({ ...cluster, [type]: { x: { cluster_name: '${aws_eks_cluster.c.name}', ...entry('a') } } }),
    ).toEqual([]);
  });

  it('is given by policies, in the cluster or in namespaces', () => {
    const type = 'aws_eks_access_policy_association';
    const policy = (
      access_scope: JsonObject,
      name = 'AmazonEKSViewPolicy',
      principal_arn = 'a',
    ): JsonObject => ({
      ...{
        principal_arn,
        policy_arn: `arn:aws:eks::aws:cluster-access-policy/${name}`,
        access_scope: [access_scope],
      },
    });
    const all = { type: 'cluster' };
    const some = (...namespaces: string[]): JsonObject => ({ type: 'namespace', namespaces });
    const gives = (where: string, name = 'AmazonEKSViewPolicy', who = 'a'): string[] => [
      `gives ${name} to ${who} in ${where}`,
    ];
    expect(changed(type, policy(some('dev')), policy(some('dev', 'qa')))).toEqual(gives('dev, qa'));
    expect(changed(type, policy(some('dev', 'qa')), policy(some('qa')))).toEqual([]);
    expect(changed(type, policy(some('dev')), policy(all))).toEqual(gives('the whole cluster'));
    expect(changed(type, policy(all), policy(some('dev')))).toEqual([]);
    expect(changed(type, policy({ ...all, a: '1' }), policy({ ...all, a: '2' }))).toEqual([]);
    expect(changed(type, policy(all), policy(all, 'AmazonEKSAdminPolicy'))).toEqual(
      gives('the whole cluster', 'AmazonEKSAdminPolicy'),
    );
    expect(changed(type, policy(all), policy(all, 'AmazonEKSViewPolicy', 'b'))).toEqual(
      gives('the whole cluster', 'AmazonEKSViewPolicy', 'b'),
    );
    expect(created({ [type]: { x: policy(some('dev')) } })).toEqual(gives('dev'));
    expect(of(`${type}.x`, { before: policy(all), actions: ['delete'] })).toEqual([]);
  });

  it('is given by a ConfigMap where its mode says so', () => {
    const mode = (authentication_mode: string): JsonObject => ({ access_config: [{ authentication_mode }] });
    const found = [
      'lets the ConfigMap aws-auth give rights in the cluster: its authentication mode becomes API_AND_CONFIG_MAP',
    ];
    expect(changed('aws_eks_cluster', mode('API'), mode('API_AND_CONFIG_MAP'))).toEqual(found);
    expect(changed('aws_eks_cluster', mode('CONFIG_MAP'), mode('API_AND_CONFIG_MAP'))).toEqual([]);
    expect(changed('aws_eks_cluster', mode('API_AND_CONFIG_MAP'), mode('API'))).toEqual([]);
    expect(changed('aws_eks_cluster', mode('API'), mode(''))).toEqual([]);
    const unknown = {
      before: mode('API'),
      after: { access_config: [{}] },
      after_unknown: { access_config: [{ authentication_mode: true }] },
    };
    expect(of('aws_eks_cluster.x', unknown)).toEqual([]);
  });

  it('is given to Pods by the role of their ServiceAccount', () => {
    const type = 'aws_eks_pod_identity_association';
    const association = (role_arn: string, more: JsonObject = {}): JsonObject => ({
      namespace: 'dev',
      service_account: 'x',
      role_arn,
      ...more,
    });
    const gives = (role: string): string[] => [`gives the ServiceAccount dev/x the role ${role}`];
    expect(changed(type, association('a', { tags: {} }), association('a', { tags: { a: 'b' } }))).toEqual([]);
    expect(changed(type, association('a'), association('b'))).toEqual(gives('b'));
    expect(
      of(`${type}.x`, { before: association('a'), after: association('a'), actions: ['delete', 'create'] }),
    ).toEqual(gives('a'));
    expect(of(`${type}.x`, { before: association('a'), actions: ['delete'] })).toEqual([]);
    expect(created({ [type]: { x: association('b') } })).toEqual(gives('b'));
    expect(created({ ...ROLE, [type]: { x: association('${aws_iam_role.a.arn}') } })).toEqual([]);
  });
});

describe('rights in Kubernetes', () => {
  const object = (
    kind: string,
    fields: JsonObject,
    name = 'x',
    namespace: string | null = 'dev',
  ): JsonObject => ({
    manifest: {
      apiVersion: /Role/.test(kind) ? 'rbac.authorization.k8s.io/v1' : 'v1',
      ...{ kind, metadata: { name, ...(namespace !== null && { namespace }) }, ...fields },
    },
  });
  const rule = (resources: string[], verbs: string[], more: JsonObject = {}): JsonObject => ({
    apiGroups: [''],
    resources,
    verbs,
    ...more,
  });
  const role = (...rules: JsonObject[]): JsonObject => object('Role', { rules });
  const update = (before: JsonObject, after: JsonObject): string[] =>
    changed('kubernetes_manifest', before, after);
  const make = (objects: Record<string, JsonObject>, isNew = false): string[] =>
    created({ kubernetes_manifest: objects }, isNew);

  it.each<[JsonObject, JsonObject, ...string[]]>([
    [rule(['pods'], ['get']), rule(['pods'], ['get', 'list']), 'allows list on pods'],
    [rule(['pods'], ['get', 'list']), rule(['pods'], ['get'])],
    [rule(['pods'], ['*']), rule(['pods'], ['get'])],
    [rule(['*'], ['get']), rule(['pods'], ['get'])],
    [rule(['pods'], ['get'], { apiGroups: ['*'] }), rule(['pods'], ['get'])],
    [rule(['pods'], ['get'], { apiGroups: ['apps'] }), rule(['pods'], ['get']), 'allows get on pods'],
    [
      rule(['pods'], ['get']),
      rule(['deployments'], ['get', 'list'], { apiGroups: ['apps'] }),
      'allows get, list on deployments.apps',
    ],
    [rule(['pods'], ['get']), rule(['pods'], ['get'], { resourceNames: ['a'] })],
    [rule(['pods'], ['get'], { resourceNames: ['a'] }), rule(['pods'], ['get']), 'allows get on pods'],
    [
      rule(['pods'], ['get'], { resourceNames: ['a'] }),
      rule(['pods'], ['get'], { resourceNames: ['a', 'b'] }),
      'allows get on pods b',
    ],
    [{ verbs: ['get'] }, { verbs: ['get'], nonResourceURLs: ['/metrics'] }, 'allows get on /metrics'],
    [
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
    ],
  ])('grow from %j to %j', (before, after, ...found) => {
    expect(update(role(before), role(after))).toEqual(found);
  });

  it('grow by the rules of other roles', () => {
    const cluster = (fields: JsonObject): JsonObject => object('ClusterRole', fields, 'x', null);
    const aggregating = (app: string): JsonObject =>
      cluster({ aggregationRule: { clusterRoleSelectors: [{ matchLabels: { app } }] } });
    const takes = ['takes over the rules of other ClusterRoles'];
    expect([update(cluster({}), aggregating('a')), update(aggregating('a'), aggregating('b'))]).toEqual([
      takes,
      takes,
    ]);
    expect(update(aggregating('a'), cluster({ aggregationRule: {} }))).toEqual([]);
    const labelled = {
      manifest: {
        ...(aggregating('a')['manifest'] as JsonObject),
        metadata: { name: 'x', labels: { a: 'b' } },
      },
    };
    expect(update(aggregating('a'), labelled)).toEqual([]);
    expect(make({ x: aggregating('a') }, true)).toEqual(takes);
  });

  it('are all new where an object becomes one of another kind', () => {
    const rules = { rules: [rule(['pods'], ['get'])] };
    expect(update(object('Role', rules), object('ClusterRole', rules))).toEqual(['allows get on pods']);
    expect(of('kubernetes_manifest.x', { before: role(rule(['pods'], ['*'])), actions: ['delete'] })).toEqual(
      [],
    );
  });

  it.each<[JsonObject, boolean]>([
    [rule(['pods'], ['get', 'delete']), false],
    [rule(['*'], ['get']), true],
    [rule(['pods'], ['*']), true],
    [rule(['pods'], ['get'], { apiGroups: ['*'] }), true],
    [rule(['*/scale'], ['get']), true],
    [rule(['x*/scale'], ['get']), false],
    [rule(['roles'], ['escalate']), true],
    [rule(['roles'], ['bind']), true],
    [rule(['users'], ['impersonate']), true],
    ...['attach', 'ephemeralcontainers', 'exec', 'portforward', 'proxy', 'token'].map(
      (name): [JsonObject, boolean] => [rule([`pods/${name}`], ['create']), true],
    ),
    [rule(['pods/tokens'], ['create']), false],
    ...['get', 'list', 'watch'].map((verb): [JsonObject, boolean] => [rule(['secrets'], [verb]), true]),
    [rule(['secrets'], ['create']), false],
    [rule(['secrets'], ['get'], { resourceNames: ['x'] }), false],
  ])('of a new Role are those of a workload: %j', (of, isRisky) => {
    expect(make({ x: role(of) })).toHaveLength(isRisky ? 1 : 0);
  });

  it.each<[JsonObject, boolean]>([
    [rule(['nodes'], ['get', 'list', 'watch']), true],
    [rule(['nodes'], ['patch']), false],
    [rule(['mysecrets'], ['get']), true],
    [rule(['secrets'], ['get'], { resourceNames: ['x'] }), false],
    [rule(['secrets/status'], ['get']), false],
    [rule(['*'], ['get']), false],
  ])('of a ClusterRole in a new stack only read: %j', (of, passes) => {
    expect(make({ x: object('ClusterRole', { rules: [of] }, 'x', null) }, true)).toHaveLength(passes ? 0 : 1);
  });

  const account = (name = 'own', namespace = 'dev'): JsonObject => ({
    kind: 'ServiceAccount',
    name,
    namespace,
  });
  const binding = (
    kind: string,
    to: JsonObject,
    subjects: JsonObject[],
    namespace: string | null = 'dev',
  ): JsonObject =>
    object(kind, { roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...to }, subjects }, 'b', namespace);
  const own = object('ServiceAccount', {}, 'own');

  it('of a new Role go to ServiceAccounts of its namespace', () => {
    const bound = (to: JsonObject, subject: JsonObject, isNew = false): string[] =>
      make({ r: role(rule(['pods'], ['get'])), own, b: binding('RoleBinding', to, [subject]) }, isNew);
    const toRole = { kind: 'Role', name: 'x' };
    expect([bound(toRole, account()), bound(toRole, account('other'))]).toEqual([[], []]);
    expect(bound(toRole, account('own', 'qa'))).toEqual(['gives the Role x to ServiceAccount qa/own in dev']);
    expect(bound(toRole, { kind: 'User', name: 'u', namespace: 'dev' })).toEqual([
      'gives the Role x to User u in dev',
    ]);
    expect(bound({ kind: 'ClusterRole', name: 'x' }, account())).toEqual([
      'gives the ClusterRole x to ServiceAccount dev/own in dev',
    ]);
    expect(bound({ kind: 'Role', name: 'y' }, account())).toEqual([
      'gives the Role y to ServiceAccount dev/own in dev',
    ]);
  });

  it('of a ClusterRole of a new stack go to its ServiceAccounts, all of them new', () => {
    const reader = object('ClusterRole', { rules: [rule(['nodes'], ['get'])] }, 'x', null);
    const bound = (to: JsonObject, subjects: JsonObject[], isNew = true): string[] =>
      make({ reader, own, b: binding('ClusterRoleBinding', to, subjects, null) }, isNew).filter((message) =>
        message.startsWith('gives'),
      );
    const toReader = { kind: 'ClusterRole', name: 'x' };
    expect(bound(toReader, [account()])).toEqual([]);
    expect(bound(toReader, [account()], false)).toEqual([
      'gives the ClusterRole x to ServiceAccount dev/own in the whole cluster',
    ]);
    expect(bound(toReader, [account(), account('other')])).toEqual([
      'gives the ClusterRole x to ServiceAccount dev/own, ServiceAccount dev/other in the whole cluster',
    ]);
    expect(bound({ kind: 'ClusterRole', name: 'view' }, [account()])).toHaveLength(1);
    expect(bound(toReader, [{ ...account(), kind: 'Group' }])).toHaveLength(1);
  });

  it('go to more by a binding that exists', () => {
    const to = (name: string, ...subjects: JsonObject[]): JsonObject =>
      binding('RoleBinding', { kind: 'Role', name }, subjects);
    expect(update(to('x', account()), to('x', account(), account('other')))).toEqual([
      'gives the Role x to ServiceAccount dev/other in dev',
    ]);
    expect(update(to('x', account(), account('other')), to('x', account()))).toEqual([]);
    expect(update(to('x', account()), to('y', account()))).toEqual([
      'gives the Role y to ServiceAccount dev/own in dev',
    ]);
    expect(update(to('x', account()), to('x', account('own', 'qa')))).toEqual([
      'gives the Role x to ServiceAccount qa/own in dev',
    ]);
    expect(update(to('x', { kind: 'User', name: 'u' }), to('x', { kind: 'Group', name: 'u' }))).toEqual([
      'gives the Role x to Group u in dev',
    ]);
  });

  it('of an existing binding grow by a Role that the same plan creates', () => {
    const before = binding('RoleBinding', { kind: 'Role', name: 'x' }, [account()]);
    const after = binding('RoleBinding', { kind: 'Role', name: 'x' }, [account(), account('other')]);
    const changes: Record<string, WrittenChange> = {
      'kubernetes_manifest.r': { after: role(rule(['pods'], ['get'])), actions: ['create'] },
      'kubernetes_manifest.b': { before, after },
    };
    expect(rights(writtenPlan('dev', changes))).toEqual([
      'gives the Role x to ServiceAccount dev/other in dev',
    ]);
  });

  it('of roles in AWS come from one ConfigMap', () => {
    const auth = (
      data: JsonObject,
      name = 'aws-auth',
      namespace = 'kube-system',
      more: JsonObject = {},
    ): JsonObject => object('ConfigMap', { data, ...more }, name, namespace);
    const found = ['changes who may enter the cluster, and as whom'];
    expect(update(auth({ mapRoles: 'a' }), auth({ mapRoles: 'b' }))).toEqual(found);
    expect(make({ x: auth({ mapRoles: 'a' }) })).toEqual(found);
    expect(
      update(
        auth({ mapRoles: 'a' }),
        auth({ mapRoles: 'a' }, 'aws-auth', 'kube-system', { immutable: true }),
      ),
    ).toEqual([]);
    expect(update(auth({ a: 'a' }, 'other'), auth({ a: 'b' }, 'other'))).toEqual([]);
    expect(update(auth({ a: 'a' }, 'aws-auth', 'dev'), auth({ a: 'b' }, 'aws-auth', 'dev'))).toEqual([]);
  });

  it('of Pods have the level of their namespace', () => {
    const namespace = (level: string | null, name = 'dev'): JsonObject => ({
      manifest: {
        ...{ apiVersion: 'v1', kind: 'Namespace' },
        metadata: { name, labels: level === null ? {} : { 'pod-security.kubernetes.io/enforce': level } },
      },
    });
    const loosens = (from: string, to: string): string[] => [
      `loosens the Pod Security Standard of dev from ${from} to ${to}`,
    ];
    expect(update(namespace('restricted'), namespace('baseline'))).toEqual(loosens('restricted', 'baseline'));
    expect(update(namespace('baseline'), namespace(null))).toEqual(loosens('baseline', 'privileged'));
    expect(update(namespace('baseline'), namespace('restricted'))).toEqual([]);
    expect(update(namespace('privileged'), namespace(null))).toEqual([]);
    const open = (name: string): string[] => [
      `creates ${name} without a Pod Security Standard that is enforced`,
    ];
    for (const level of ['baseline', 'restricted']) expect(make({ x: namespace(level) }, true)).toEqual([]);
    for (const level of ['privileged', null, 'x']) expect(make({ x: namespace(level) })).toEqual(open('dev'));
    const agents = (name: string, inStack: string): string[] =>
      rights(
        firstPlan({
          name: inStack,
          document: { resource: { kubernetes_manifest: { x: namespace('privileged', name) } } },
        }),
      );
    const [first = ''] = AGENT_NAMESPACES;
    expect([agents(first, 'platform'), agents(first, 'dev'), agents('dev', 'platform')]).toEqual([
      [],
      open(first),
      open('dev'),
    ]);
    expect(make({ x: namespace('privileged', first) })).toEqual(open(first));
  });
});
