import type { JsonObject, Resources } from './base-plans';

/** What a plan creates, and what stops it: `rule address`, several with commas. */
export type Creation = readonly [what: string, resources: Resources, found: string];

const OTHERS = '444455556666';
const SEED_NODE = 'arn:aws:iam::111122223333:role/seed-node';
const HTTPS = { ip_protocol: 'tcp', from_port: 443, to_port: 443 };

const json = (...statements: object[]): string => JSON.stringify({ Statement: statements });
const allow = (action: string, resource: string): string =>
  json({ Effect: 'Allow', Action: action, Resource: resource });
const trust = (principal: unknown): string =>
  json({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' });
const letIn = (principal: unknown, condition?: object): string =>
  json({ Effect: 'Allow', Principal: principal, Action: 's3:*', Resource: '*', Condition: condition });

const one = (type: string, body: JsonObject): Resources => ({ [type]: { x: body } });
const role = (more: JsonObject = {}): Resources =>
  one('aws_iam_role', {
    ...{ name: 'seed-x', assume_role_policy: trust({ Service: 'pods.eks.amazonaws.com' }) },
    ...more,
  });
const roleWith = (policy: string): Resources => ({
  ...role(),
  ...one('aws_iam_role_policy', { role: '${aws_iam_role.x.name}', policy }),
});
/** A resource alone, which stops by its rule. */
const alone = (what: string, type: string, body: JsonObject, rule: string): Creation => [
  what,
  one(type, body),
  rule
    .split(', ')
    .map((name) => `${name} ${type}.x`)
    .join(', '),
];

const inDev = { name: 'x', namespace: 'dev' };
const RBAC = 'rbac.authorization.k8s.io/v1';
const object = (what: string, manifest: JsonObject, rule: string): Creation =>
  alone(what, 'kubernetes_manifest', { manifest }, rule);
const bound = (kind: string, to: string, subjects: JsonObject[]): JsonObject => ({
  ...{ apiVersion: RBAC, kind, metadata: kind === 'ClusterRoleBinding' ? { name: 'x' } : inDev },
  roleRef: {
    apiGroup: 'rbac.authorization.k8s.io',
    kind: to.split(' ')[0] ?? '',
    name: to.split(' ')[1] ?? '',
  },
  subjects,
});
const account = (namespace: string): JsonObject => ({ kind: 'ServiceAccount', name: 'x', namespace });
const group = (name: string): JsonObject => ({ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' });
const ruled = (kind: string, rule: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: RBAC, kind, metadata: kind === 'ClusterRole' ? { name: 'x' } : inDev, rules: [rule] },
  ...more,
});
const core = (resource: string, ...verbs: string[]): JsonObject => ({
  ...{ apiGroups: [''], resources: [resource], verbs },
});
const pod = (spec: JsonObject): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x', namespace: 'kube-system' } },
  spec: { containers: [{ name: 'x', image: 'x' }], ...spec },
});
const container = (more: JsonObject): JsonObject => pod({ containers: [{ name: 'x', image: 'x', ...more }] });
const network = (spec: JsonObject): JsonObject => ({
  ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'qa' } },
  spec: { podSelector: {}, ...spec },
});
const annotated = (apiVersion: string, kind: string, key: string, value = 'x'): JsonObject => ({
  ...{ apiVersion, kind, metadata: { ...inDev, annotations: { [key]: value } } },
});

const IN_AWS: readonly Creation[] = [
  // A policy on what exists.
  alone(
    'a managed policy on a role that exists',
    'aws_iam_role_policy_attachment',
    { role: 'seed-node', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    'rights',
  ),
  alone(
    'a policy in a role that exists',
    'aws_iam_role_policy',
    { role: 'seed-node', policy: allow('s3:GetObject', 'arn:aws:s3:::a/*') },
    'rights',
  ),
  [
    'a managed policy that goes through terraform_data',
    {
      ...role(),
      ...one('terraform_data', { input: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
      ...one('aws_iam_role_policy_attachment', {
        ...{ role: '${aws_iam_role.x.name}', policy_arn: '${terraform_data.x.output}' },
      }),
    },
    'rights aws_iam_role_policy_attachment.x',
  ],
  [
    'the description of a new role for an existing one',
    {
      ...role({ description: 'seed-node' }),
      ...one('aws_iam_role_policy', {
        ...{ role: '${aws_iam_role.x.description}', policy: allow('s3:GetObject', 'arn:aws:s3:::a/*') },
      }),
    },
    'rights aws_iam_role_policy.x',
  ],
  [
    'an administrator for a new role',
    {
      ...role(),
      ...one('aws_iam_role_policy_attachment', {
        ...{ role: '${aws_iam_role.x.name}', policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      }),
    },
    'rights aws_iam_role_policy_attachment.x',
  ],
  // What is open in a new role.
  ...[
    '*',
    '${terraform_data.x.output}',
    '${true ? "*" : aws_sqs_queue.x.arn}',
    'arn:aws:s3:::*',
    'arn:aws:s3:::?*',
    'arn:aws:s3:*:*:*',
    'arn:aws:secretsmanager:*:*:secret:?*',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:*',
    'arn:aws:ec2:eu-west-1:111122223333:instance/*',
    'arn:aws:secretsmanager:*',
  ].map((resource): Creation => [
    `a role for the resource ${resource}`,
    roleWith(allow('s3:GetObject', resource)),
    'rights aws_iam_role_policy.x',
  ]),
  ...[
    '*',
    's3:*',
    's3:?etObject',
    '${terraform_data.x.output}',
    'account:CloseAccount',
    'cloudformation:UpdateStack',
    'codebuild:StartBuild',
    'ec2-instance-connect:SendSSHPublicKey',
    'ec2:ModifyInstanceAttribute',
    'ecr:SetRepositoryPolicy',
    'ecs:ExecuteCommand',
    'eks:AssociateAccessPolicy',
    'eks:CreateAccessEntry',
    'eks:CreatePodIdentityAssociation',
    'eks:UpdateAccessEntry',
    'eks:UpdatePodIdentityAssociation',
    'glue:UpdateDevEndpoint',
    'iam:CreateAccessKey',
    'iam:PassRole',
    'kms:CreateGrant',
    'kms:PutKeyPolicy',
    'lambda:AddPermission',
    'lambda:InvokeFunction',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
    'organizations:LeaveOrganization',
    's3:PutAccessPointPolicy',
    's3:PutBucketAcl',
    's3:PutBucketPolicy',
    's3:DeleteBucketPolicy',
    's3:PutBucketPublicAccessBlock',
    's3:PutObjectAcl',
    'secretsmanager:PutResourcePolicy',
    'sns:AddPermission',
    'sqs:AddPermission',
    'ssm:SendCommand',
    'ssm:StartSession',
    'sts:AssumeRole',
  ].map((action): Creation => [
    `a role for the action ${action}`,
    roleWith(allow(action, 'arn:aws:s3:::a')),
    'rights aws_iam_role_policy.x',
  ]),
  [
    'a role for all but one action',
    roleWith(json({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::a' })),
    'rights aws_iam_role_policy.x',
  ],
  [
    'a role for all but one resource',
    roleWith(json({ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:aws:s3:::a' })),
    'rights aws_iam_role_policy.x',
  ],
  [
    'the rights of a controller for another',
    roleWith(allow('ec2:RunInstances', '*')),
    'rights aws_iam_role_policy.x',
  ],
  [
    'a policy that is not known yet',
    roleWith('${jsonencode({ Statement = [] })}'),
    'rights aws_iam_role_policy.x',
  ],
  [
    'a text that is no JSON before it is known',
    roleWith('{"Statement": ${jsonencode([])}}'),
    'rights aws_iam_role_policy.x',
  ],
  alone('a policy for every action', 'aws_iam_policy', { name: 'x', policy: allow('*', '*') }, 'rights'),
  ['a trust that is not known', role({ assume_role_policy: '${jsonencode({})}' }), 'rights aws_iam_role.x'],
  [
    'a policy within a role that is not known',
    role({ inline_policy: [{ name: 'x', policy: '${jsonencode({})}' }] }),
    'rights aws_iam_role.x',
  ],
  [
    'every action within a new role',
    role({ inline_policy: [{ name: 'x', policy: allow('*', '*') }] }),
    'rights aws_iam_role.x',
  ],
  [
    'managed policies that are not known',
    role({ managed_policy_arns: ['${terraform_data.x.output}'] }),
    'rights aws_iam_role.x',
  ],
  [
    'a managed policy within a new role',
    role({ managed_policy_arns: ['arn:aws:iam::aws:policy/X'] }),
    'rights aws_iam_role.x',
  ],
  // Who assumes a new role.
  ...[
    '*',
    { AWS: '*' },
    { AWS: OTHERS },
    { AWS: `arn:aws:iam::${OTHERS}:root` },
    { AWS: 'arn:aws:iam::111122223333:user/x' },
    { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' },
  ].map((principal): Creation => [
    `a role that ${JSON.stringify(principal)} assumes`,
    role({ assume_role_policy: trust(principal) }),
    'rights aws_iam_role.x',
  ]),
  // Whom a new policy of what holds data lets in.
  ...(
    [
      ['aws_ecr_repository_policy', { repository: 'x' }, 'rights, unknown'],
      ['aws_efs_file_system_policy', { file_system_id: 'fs-0123456789abcdef0' }, 'rights'],
      ['aws_kms_key', {}, 'rights'],
      ['aws_s3_bucket', { bucket: 'x' }, 'rights'],
      ['aws_s3_bucket_policy', { bucket: 'x' }, 'rights'],
      ['aws_secretsmanager_secret', { name: 'x' }, 'rights'],
      ['aws_secretsmanager_secret_policy', { secret_arn: 'x' }, 'rights, unknown'],
      ['aws_sns_topic', { name: 'x' }, 'rights'],
      ['aws_sqs_queue', { name: 'x' }, 'rights'],
      ['aws_sqs_queue_policy', { queue_url: 'https://sqs.eu-west-1.amazonaws.com/111122223333/x' }, 'rights'],
    ] as const
  ).flatMap(([type, body, rule]): Creation[] => [
    alone(
      `another account in a new ${type}`,
      type,
      { ...body, policy: letIn({ AWS: `arn:aws:iam::${OTHERS}:root` }) },
      rule,
    ),
    alone(
      `everyone in a new ${type}`,
      type,
      { ...body, policy: letIn('*') },
      type === 'aws_s3_bucket_policy' ? 'exposure' : rule,
    ),
    alone(
      `everyone of an organization in a new ${type}`,
      type,
      { ...body, policy: letIn('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }) },
      rule,
    ),
  ]),
  // The cluster and what acts in it.
  alone(
    'a role of another account in the cluster',
    'aws_eks_access_entry',
    { cluster_name: 'seed', principal_arn: `arn:aws:iam::${OTHERS}:role/x` },
    'rights',
  ),
  [
    'the name of something else for a new cluster',
    {
      ...one('aws_cloudwatch_log_group', { name: 'seed' }),
      ...one('aws_eks_access_entry', {
        cluster_name: '${aws_cloudwatch_log_group.x.name}',
        principal_arn: `arn:aws:iam::${OTHERS}:role/x`,
      }),
    },
    'rights aws_eks_access_entry.x',
  ],
  ...['AmazonEKSClusterAdminPolicy', 'AmazonEKSViewPolicy'].map((policy) =>
    alone(
      `the access policy ${policy}`,
      'aws_eks_access_policy_association',
      {
        cluster_name: 'seed',
        principal_arn: SEED_NODE,
        policy_arn: `arn:aws:eks::aws:cluster-access-policy/${policy}`,
        access_scope: [{ type: 'cluster' }],
      },
      'rights',
    ),
  ),
  alone(
    'a role of somebody else for a ServiceAccount',
    'aws_eks_pod_identity_association',
    { cluster_name: 'seed', namespace: 'dev', service_account: 'x', role_arn: SEED_NODE },
    'rights',
  ),
  alone(
    'an add-on with the role of somebody else',
    'aws_eks_addon',
    { cluster_name: 'seed', addon_name: 'x', service_account_role_arn: SEED_NODE },
    'identity',
  ),
  alone(
    'a role of somebody else for a ServiceAccount of an add-on',
    'aws_eks_addon',
    {
      ...{ cluster_name: 'seed', addon_name: 'x' },
      pod_identity_association: [{ role_arn: SEED_NODE, service_account: 'x' }],
    },
    'identity',
  ),
  alone(
    'a node group with the role of somebody else',
    'aws_eks_node_group',
    { cluster_name: 'seed', node_group_name: 'x', node_role_arn: SEED_NODE },
    'identity',
  ),
  alone(
    'a node group that SSH reaches',
    'aws_eks_node_group',
    { cluster_name: 'seed', node_group_name: 'x', remote_access: [{ ec2_ssh_key: 'x' }] },
    'exposure',
  ),
  alone(
    'a node group of a launch template that exists',
    'aws_eks_node_group',
    {
      cluster_name: 'seed',
      node_group_name: 'x',
      launch_template: [{ id: 'lt-0123456789abcdef0', version: '1' }],
    },
    'code',
  ),
  alone(
    'an instance profile of a role that exists',
    'aws_iam_instance_profile',
    { role: 'seed-node' },
    'identity',
  ),
  alone(
    'an identity provider',
    'aws_iam_openid_connect_provider',
    { url: 'https://example.com' },
    'identity',
  ),
  // Launch templates.
  ...(
    [
      ['an AMI', { image_id: 'ami-0123456789abcdef0' }, 'code'],
      ['a shell script', { user_data: Buffer.from('#!/bin/sh\nid').toString('base64') }, 'code'],
      [
        'a shell script beside the configuration',
        {
          user_data:
            '${base64encode("Content-Type: application/node.eks.aws\\n\\nContent-Type: text/x-shellscript\\n")}',
        },
        'code',
      ],
      ['user data that are not known', { user_data: '${terraform_data.x.output}' }, 'code'],
      ['a key for SSH', { key_name: 'x' }, 'exposure'],
      [
        'an instance profile',
        { iam_instance_profile: [{ arn: 'arn:aws:iam::111122223333:instance-profile/x' }] },
        'identity',
      ],
      ['public addresses', { network_interfaces: [{ associate_public_ip_address: 'true' }] }, 'exposure'],
      ['IMDSv1', { metadata_options: [{ http_tokens: 'optional' }] }, 'protection'],
      ['IMDS for Pods', { metadata_options: [{ http_put_response_hop_limit: 2 }] }, 'exposure'],
      [
        'a disk without encryption',
        { block_device_mappings: [{ ebs: [{ encrypted: 'false' }] }] },
        'protection',
      ],
    ] as const
  ).map(([what, body, rule]) => alone(`${what} in a new launch template`, 'aws_launch_template', body, rule)),
  // The network.
  ...['0.0.0.0/0', '198.51.100.0/24'].map((range) =>
    alone(
      `${range} in a security group that exists`,
      'aws_vpc_security_group_ingress_rule',
      { security_group_id: 'sg-0123456789abcdef0', ...HTTPS, cidr_ipv4: range },
      'exposure',
    ),
  ),
  ...(
    [
      ['IPv6', { cidr_ipv6: '::/0' }],
      ['a prefix list', { prefix_list_id: 'pl-0123456789abcdef0' }],
      ['another group', { referenced_security_group_id: 'sg-0123456789abcdef1' }],
    ] as const
  ).map(([what, source]) =>
    alone(
      `${what} in a security group that exists`,
      'aws_vpc_security_group_ingress_rule',
      { security_group_id: 'sg-0123456789abcdef0', ...HTTPS, ...source },
      'exposure',
    ),
  ),
  [
    'a security group that goes through terraform_data',
    {
      ...one('terraform_data', { input: 'sg-0123456789abcdef0' }),
      ...one('aws_vpc_security_group_ingress_rule', {
        ...{ security_group_id: '${terraform_data.x.output}', ip_protocol: '-1', cidr_ipv4: '10.0.0.0/8' },
      }),
    },
    'exposure aws_vpc_security_group_ingress_rule.x',
  ],
  ...(
    [
      ['sources that are not known', { cidr_blocks: ['${terraform_data.x.output}'] }],
      ['everyone', { cidr_blocks: ['0.0.0.0/0'] }],
      ['everyone by IPv6', { ipv6_cidr_blocks: ['::/0'] }],
      ['a prefix list', { prefix_list_ids: ['pl-0123456789abcdef0'] }],
    ] as const
  ).map(([what, source]) =>
    alone(
      `${what} in a new security group`,
      'aws_security_group',
      { ingress: [{ from_port: 0, to_port: 0, protocol: '-1', ...source }] },
      'exposure',
    ),
  ),
  alone(
    'the rules of a security group as one resource each',
    'aws_security_group_rule',
    {
      ...{ security_group_id: 'sg-0123456789abcdef0', type: 'ingress', protocol: 'tcp' },
      ...{ from_port: 22, to_port: 22, cidr_blocks: ['0.0.0.0/0'] },
    },
    'exposure, unknown',
  ),
  ...(
    [
      ['an internet gateway', { gateway_id: 'igw-0123456789abcdef0' }],
      ['a peering', { vpc_peering_connection_id: 'pcx-0123456789abcdef0' }],
      ['a transit gateway', { transit_gateway_id: 'tgw-0123456789abcdef0' }],
      ['a network interface', { network_interface_id: 'eni-0123456789abcdef0' }],
    ] as const
  ).map(([what, target]) =>
    alone(
      `a route that exists to ${what}`,
      'aws_route',
      { route_table_id: 'rtb-0123456789abcdef0', destination_cidr_block: '0.0.0.0/0', ...target },
      'exposure',
    ),
  ),
  alone(
    'routes in a new route table',
    'aws_route_table',
    {
      vpc_id: 'vpc-0123456789abcdef0',
      route: [{ cidr_block: '0.0.0.0/0', gateway_id: 'igw-0123456789abcdef0' }],
    },
    'exposure',
  ),
  // Data and who sees it.
  ...['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].map(
    (name) =>
      alone(
        `a bucket without ${name}`,
        'aws_s3_bucket_public_access_block',
        { bucket: 'x', [name]: false },
        'exposure',
      ),
  ),
  ...(
    [
      ['a public ACL', { acl: 'public-read' }],
      [
        'a grant',
        {
          grant: [
            { type: 'Group', permissions: ['READ'], uri: 'http://acs.amazonaws.com/groups/global/AllUsers' },
          ],
        },
      ],
      ['a website', { website: [{ index_document: 'index.html' }] }],
      ['requests of other sites', { cors_rule: [{ allowed_methods: ['GET'], allowed_origins: ['*'] }] }],
      ['a copy elsewhere', { replication_configuration: [{ role: SEED_NODE }] }],
    ] as const
  ).map(([what, body]) => alone(`${what} for a new bucket`, 'aws_s3_bucket', body, 'exposure')),
  alone(
    'a copy of a secret in another region',
    'aws_secretsmanager_secret',
    { name: 'x', replica: [{ region: 'us-east-1' }] },
    'exposure',
  ),
  alone('a public database', 'aws_db_instance', { publicly_accessible: true }, 'exposure'),
  [
    'a public database beside its own subnets',
    {
      ...one('aws_db_subnet_group', { name: 'x' }),
      ...one('aws_db_instance', {
        ...{ publicly_accessible: true, db_subnet_group_name: '${aws_db_subnet_group.x.name}' },
      }),
    },
    'exposure aws_db_instance.x',
  ],
  alone(
    'the records of traffic for somebody else',
    'aws_flow_log',
    { vpc_id: 'vpc-0123456789', log_destination: 'arn:aws:s3:::other' },
    'exposure',
  ),
  alone(
    'events for another account',
    'aws_cloudwatch_event_target',
    { rule: 'x', arn: `arn:aws:events:eu-west-1:${OTHERS}:event-bus/x` },
    'exposure',
  ),
  alone(
    'metrics for another account',
    'aws_prometheus_scraper',
    { destination: [{ amp: [{ workspace_arn: `arn:aws:aps:eu-west-1:${OTHERS}:workspace/ws-1` }] }] },
    'exposure',
  ),
  alone(
    'a chart',
    'helm_release',
    { name: 'x', chart: 'x', repository: 'https://charts.example.com' },
    'code',
  ),
  alone(
    "the program's chart from another repository",
    'helm_release',
    { name: 'x', chart: 'aws-load-balancer-controller', repository: 'https://charts.example.com' },
    'code',
  ),
  // What no table knows.
  ...[
    'aws_ami_launch_permission',
    'aws_cloudwatch_event_bus_policy',
    'aws_cloudwatch_log_subscription_filter',
    'aws_codebuild_project',
    'aws_default_network_acl',
    'aws_ec2_transit_gateway_vpc_attachment',
    'aws_ecr_replication_configuration',
    'aws_eks_identity_provider_config',
    'aws_iam_access_key',
    'aws_iam_group',
    'aws_iam_group_membership',
    'aws_iam_policy_attachment',
    'aws_iam_role_policy_attachments_exclusive',
    'aws_iam_saml_provider',
    'aws_iam_user',
    'aws_iam_user_policy_attachment',
    'aws_instance',
    'aws_kms_grant',
    'aws_lambda_function',
    'aws_lambda_function_url',
    'aws_lambda_permission',
    'aws_lb',
    'aws_network_acl',
    'aws_network_acl_rule',
    'aws_ram_principal_association',
    'aws_ram_resource_share',
    'aws_rds_cluster',
    'aws_s3_access_point',
    'aws_s3_account_public_access_block',
    'aws_s3_bucket_acl',
    'aws_s3_bucket_website_configuration',
    'aws_ssm_association',
    'aws_ssm_document',
    'aws_vpc_peering_connection',
    'aws_vpc_peering_connection_accepter',
    'null_resource',
  ].map((type) => alone(`a new ${type}`, type, { name: 'x' }, 'unknown')),
];

const IN_KUBERNETES: readonly Creation[] = [
  ...(
    ['system:unauthenticated', 'system:authenticated', 'system:masters', 'system:serviceaccounts'] as const
  ).map((name) =>
    object(
      `an administrator for ${name}`,
      bound('ClusterRoleBinding', 'ClusterRole cluster-admin', [group(name)]),
      'rights',
    ),
  ),
  alone(
    'an administrator for everyone who is not signed in, typed',
    'kubernetes_cluster_role_binding_v1',
    {
      metadata: { name: 'x' },
      role_ref: { api_group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subject: [{ api_group: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:unauthenticated' }],
    },
    'rights',
  ),
  object(
    'an administrator for a user',
    bound('ClusterRoleBinding', 'ClusterRole cluster-admin', [{ kind: 'User', name: 'x' }]),
    'rights',
  ),
  object(
    'a ClusterRole that exists for a ServiceAccount',
    bound('ClusterRoleBinding', 'ClusterRole view', [account('dev')]),
    'rights',
  ),
  object(
    'a ClusterRole in a namespace',
    bound('RoleBinding', 'ClusterRole admin', [account('dev')]),
    'rights',
  ),
  object('a Role that exists', bound('RoleBinding', 'Role admin', [account('dev')]), 'rights'),
  [
    'a new Role for a ServiceAccount of another namespace',
    {
      kubernetes_manifest: {
        r: { manifest: ruled('Role', core('configmaps', 'get')) },
        x: { manifest: bound('RoleBinding', 'Role x', [account('qa')]) },
      },
    },
    'rights kubernetes_manifest.x',
  ],
  [
    'a new Role for a group',
    {
      kubernetes_manifest: {
        r: { manifest: ruled('Role', core('configmaps', 'get')) },
        x: { manifest: bound('RoleBinding', 'Role x', [group('system:authenticated')]) },
      },
    },
    'rights kubernetes_manifest.x',
  ],
  ...(
    [
      ['every verb', core('pods', '*')],
      ['every resource', core('*', 'get')],
      ['every group', { apiGroups: ['*'], resources: ['pods'], verbs: ['get'] }],
      ['all Secrets', core('secrets', 'get')],
      ['a list of the Secrets', core('secrets', 'list')],
      ['a watch of the Secrets', core('secrets', 'watch')],
      ['tokens of ServiceAccounts', core('serviceaccounts/token', 'create')],
      ['tokens by a wildcard', core('*/token', 'create')],
      ['the names of others', core('users', 'impersonate')],
      [
        'to give what it lacks',
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['escalate'] },
      ],
      [
        'to bind what it lacks',
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['bind'] },
      ],
      ['commands in all Pods', core('pods/exec', 'create')],
      ['commands in all Pods by a GET', core('pods/exec', 'get')],
      ['the terminal of all Pods', core('pods/attach', 'create')],
      ['the ports of all Pods', core('pods/portforward', 'create')],
      ['containers in all Pods', core('pods/ephemeralcontainers', 'patch')],
    ] as const
  ).flatMap(([what, rule]) => [
    object(`a Role with ${what}`, ruled('Role', rule), 'rights'),
    object(`a ClusterRole with ${what}`, ruled('ClusterRole', rule), 'rights'),
  ]),
  object(
    'a ClusterRole with every path',
    ruled('ClusterRole', { nonResourceURLs: ['*'], verbs: ['get'] }),
    'rights',
  ),
  object(
    'a ClusterRole with nodes by their kubelet',
    ruled('ClusterRole', core('nodes/proxy', 'get')),
    'rights',
  ),
  object(
    'a ClusterRole that takes over others',
    ruled('ClusterRole', core('pods', 'get'), {
      rules: [],
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    }),
    'rights',
  ),
  object(
    'a ClusterRole that others take over',
    {
      ...ruled('ClusterRole', core('pods', 'get')),
      metadata: { name: 'x', labels: { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' } },
    },
    'rights',
  ),
  ...[
    {},
    { 'pod-security.kubernetes.io/enforce': 'privileged' },
    { 'pod-security.kubernetes.io/enforce': '${terraform_data.x.output}' },
    {
      'pod-security.kubernetes.io/enforce': 'baseline',
      'pod-security.kubernetes.io/enforce-version': 'v1.20',
    },
  ].map((labels) =>
    alone(
      `a namespace with ${JSON.stringify(labels)}`,
      'kubernetes_namespace_v1',
      { metadata: { name: 'x', labels } },
      'rights',
    ),
  ),
  // Pods where others are.
  ...(
    [
      ['the network of its node', pod({ hostNetwork: true })],
      ['the processes of its node', pod({ hostPID: true })],
      ['the memory of its node', pod({ hostIPC: true })],
      ['the files of its node', pod({ volumes: [{ name: 'x', hostPath: { path: '/' } }] })],
      ['a privileged container', container({ securityContext: { privileged: true } })],
      [
        'a privileged container that starts first',
        pod({ initContainers: [{ name: 'y', securityContext: { privileged: true } }] }),
      ],
      ['a capability', container({ securityContext: { capabilities: { add: ['SYS_ADMIN'] } } })],
      [
        'a capability beside a harmless one',
        container({ securityContext: { capabilities: { add: ['NET_BIND_SERVICE', 'NET_RAW'] } } }),
      ],
      [
        'a process of the host on Windows',
        pod({ securityContext: { windowsOptions: { hostProcess: true } } }),
      ],
    ] as const
  ).map(([what, manifest]) => object(`a Pod with ${what}`, manifest, 'rights')),
  object(
    'a Pod with a network that is not known',
    pod({ hostNetwork: '${terraform_data.x.output}' }),
    'rights',
  ),
  object(
    'a Pod with a port of its node',
    container({ ports: [{ containerPort: 80, hostPort: 80 }] }),
    'exposure',
  ),
  [
    'a privileged Pod in a namespace that has the name of another new object',
    {
      ...one('kubernetes_manifest', {
        manifest: {
          ...container({ securityContext: { privileged: true } }),
          metadata: { name: 'x', namespace: '${kubernetes_cluster_role_v1.t.id}' },
        },
      }),
      kubernetes_cluster_role_v1: { t: { metadata: { name: 'kube-system' }, rule: [] } },
    },
    'rights kubernetes_manifest.x',
  ],
  [
    'a Pod with a ServiceAccount that the stack has in another namespace',
    {
      ...one('kubernetes_manifest', { manifest: pod({ serviceAccountName: 'x' }) }),
      ...one('kubernetes_service_account_v1', { metadata: inDev }),
    },
    'identity kubernetes_manifest.x',
  ],
  object('a Pod with a ServiceAccount that exists', pod({ serviceAccountName: 'aws-node' }), 'identity'),
  object(
    'a Pod with a token for somebody else',
    pod({
      volumes: [
        {
          name: 'x',
          projected: { sources: [{ serviceAccountToken: { audience: 'sts.amazonaws.com', path: 'x' } }] },
        },
      ],
    }),
    'identity',
  ),
  ...(
    [
      ['Deployment', 'apps/v1', { selector: {}, template: { spec: { hostNetwork: true } } }],
      ['DaemonSet', 'apps/v1', { selector: {}, template: { spec: { hostPID: true } } }],
      ['StatefulSet', 'apps/v1', { selector: {}, template: { spec: { hostIPC: true } } }],
      ['Job', 'batch/v1', { template: { spec: { hostNetwork: true } } }],
      ['CronJob', 'batch/v1', { jobTemplate: { spec: { template: { spec: { hostNetwork: true } } } } }],
    ] as const
  ).map(([kind, apiVersion, spec]) =>
    object(
      `a ${kind} on its nodes`,
      { apiVersion, kind, metadata: { name: 'x', namespace: 'kube-system' }, spec },
      'rights',
    ),
  ),
  alone(
    'a Pod on the host network, typed',
    'kubernetes_pod_v1',
    {
      metadata: { name: 'x', namespace: 'kube-system' },
      spec: { host_network: true, container: [{ name: 'x', image: 'x' }] },
    },
    'rights',
  ),
  object(
    'a volume of the files of nodes',
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'x' },
      spec: { hostPath: { path: '/' } },
    },
    'rights',
  ),
  object(
    'a volume of a disk of nodes',
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'x' }, spec: { local: { path: '/' } } },
    'rights',
  ),
  // Who reaches what.
  object(
    'a load balancer on the internet',
    { apiVersion: 'v1', kind: 'Service', metadata: inDev, spec: { type: 'LoadBalancer' } },
    'exposure',
  ),
  object(
    'a load balancer on the internet by its annotation',
    {
      ...annotated('v1', 'Service', 'service.beta.kubernetes.io/aws-load-balancer-scheme', 'internet-facing'),
      spec: { type: 'LoadBalancer', loadBalancerClass: 'service.k8s.aws/nlb' },
    },
    'exposure',
  ),
  object(
    'the address of somebody else',
    { apiVersion: 'v1', kind: 'Service', metadata: inDev, spec: { externalIPs: ['198.51.100.1'] } },
    'exposure',
  ),
  object(
    'an Ingress on the internet',
    annotated('networking.k8s.io/v1', 'Ingress', 'alb.ingress.kubernetes.io/scheme', 'internet-facing'),
    'exposure',
  ),
  object(
    'an Ingress in the group of another',
    annotated('networking.k8s.io/v1', 'Ingress', 'alb.ingress.kubernetes.io/group.name'),
    'exposure',
  ),
  ...(
    [
      ['ports that everyone reaches', { policyTypes: ['Ingress'], ingress: [{ ports: [{ port: 80 }] }] }],
      ['everyone', { policyTypes: ['Ingress'], ingress: [{}] }],
      ['everyone, without types', { ingress: [{}] }],
      ['every namespace', { policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: {} }] }] }],
      [
        'every Pod of every namespace',
        { policyTypes: ['Ingress'], ingress: [{ from: [{ namespaceSelector: {}, podSelector: {} }] }] },
      ],
      [
        'the internet',
        { policyTypes: ['Ingress'], ingress: [{ from: [{ ipBlock: { cidr: '198.51.100.0/24' } }] }] },
      ],
      ['a way out to everywhere', { policyTypes: ['Egress'], egress: [{}] }],
      [
        'a way out to every namespace',
        { policyTypes: ['Egress'], egress: [{ to: [{ namespaceSelector: {} }] }] },
      ],
      [
        'a way out to every address',
        { policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] },
      ],
      ['a way out to every address, without types', { egress: [{ to: [{ ipBlock: { cidr: '::/0' } }] }] }],
    ] as const
  ).map(([what, spec]) => object(`a NetworkPolicy with ${what}`, network(spec), 'exposure')),
  object(
    'the address of a Service that exists',
    {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'x', namespace: 'qa' },
      subsets: [{ addresses: [{ ip: '198.51.100.1' }] }],
    },
    'exposure',
  ),
  object(
    'an address for a Service that exists',
    {
      ...{
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'x', namespace: 'qa' },
      },
      ...{ addressType: 'IPv4', endpoints: [{ addresses: ['198.51.100.1'] }] },
    },
    'exposure',
  ),
  // Names that controllers act on.
  ...['eks.amazonaws.com/role-arn', 'kubernetes.io/service-account.name'].map((key) =>
    object(`the annotation ${key}`, annotated('v1', 'Secret', key), 'identity'),
  ),
  ...(
    [
      ['networking.k8s.io/v1', 'Ingress', 'nginx.ingress.kubernetes.io/configuration-snippet', 'rights'],
      ['networking.k8s.io/v1', 'Ingress', 'external-dns.alpha.kubernetes.io/hostname', 'rights'],
      ['networking.k8s.io/v1', 'IngressClass', 'ingressclass.kubernetes.io/is-default-class', 'rights'],
      ['networking.k8s.io/v1', 'Ingress', 'cert-manager.io/cluster-issuer', 'exposure'],
      ['v1', 'Service', 'service.beta.kubernetes.io/aws-load-balancer-security-groups', 'exposure'],
      ['v1', 'Service', 'service.kubernetes.io/topology-aware-hints', 'rights'],
    ] as const
  ).map(([apiVersion, kind, key, rule]) =>
    object(`the annotation ${key} on a new ${kind}`, annotated(apiVersion, kind, key), rule),
  ),
  ...['kubernetes_manifest', 'kubernetes_config_map_v1'].map((type) =>
    alone(
      `the ConfigMap by which roles enter the cluster, by ${type}`,
      type,
      type === 'kubernetes_manifest'
        ? {
            manifest: {
              ...{ apiVersion: 'v1', kind: 'ConfigMap', data: { mapRoles: '[]' } },
              metadata: { name: 'aws-auth', namespace: 'kube-system' },
            },
          }
        : { metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: { mapRoles: '[]' } },
      'rights',
    ),
  ),
  // Code of others, and what it gets.
  object(
    'a conversion by a webhook',
    {
      ...{ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'x' } },
      spec: { conversion: { strategy: 'Webhook' } },
    },
    'code',
  ),
  object(
    'tokens of Pods for a driver',
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'x' },
      spec: { tokenRequests: [{ audience: 'x' }] },
    },
    'rights',
  ),
  object(
    'another runtime',
    { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'x' }, handler: 'x' },
    'rights',
  ),
  object(
    'a policy that gives Pods another image',
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata: { name: 'x' },
      spec: {
        mutations: [
          {
            patchType: 'JSONPatch',
            jsonPatch: {
              expression: '[JSONPatch{op: "replace", path: "/spec/containers/0/image", value: "x"}]',
            },
          },
        ],
      },
    },
    'code',
  ),
  object(
    'a binding of a policy of others',
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: 'x' },
      spec: { policyName: 'x' },
    },
    'code',
  ),
  ...(
    [
      ['admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration'],
      ['admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration'],
      ['apiregistration.k8s.io/v1', 'APIService'],
      ['certificates.k8s.io/v1', 'CertificateSigningRequest'],
      ['argoproj.io/v1alpha1', 'Application'],
      ['example.com/v1', 'Backup'],
      ['jobs.example.com/v1', 'Job'],
      ['example.com/v1', 'Role'],
    ] as const
  ).map(([apiVersion, kind]) =>
    object(`a ${kind} of ${apiVersion}`, { apiVersion, kind, metadata: inDev }, 'unknown'),
  ),
  [
    'a chart in a namespace that is new, too',
    {
      ...one('kubernetes_namespace_v1', {
        metadata: { name: 'x', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      }),
      ...one('helm_release', {
        name: 'x',
        chart: 'x',
        repository: 'https://charts.example.com',
        namespace: '${kubernetes_namespace_v1.x.metadata[0].name}',
      }),
    },
    'code helm_release.x',
  ],
  // Secrets.
  object(
    'a password in a ConfigMap',
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: inDev, data: { 'db-password': 'x' } },
    'secret',
  ),
  object('a password in a variable', container({ env: [{ name: 'DB_PASSWORD', value: 'x' }] }), 'secret'),
  object(
    'the values of a Secret in a manifest',
    { apiVersion: 'v1', kind: 'Secret', metadata: inDev, stringData: { a: 'b' } },
    'secret',
  ),
  alone(
    'the values of a Secret in the state',
    'kubernetes_secret_v1',
    { metadata: inDev, data: { a: 'b' } },
    'secret',
  ),
  alone(
    'a value of Secrets Manager in the state',
    'aws_secretsmanager_secret_version',
    { secret_id: 'x', secret_string: 'b' },
    'secret',
  ),
];

/** Each is stopped, in a stack that exists and in one that is new. */
export const DANGEROUS_CREATIONS: readonly Creation[] = [...IN_AWS, ...IN_KUBERNETES];
