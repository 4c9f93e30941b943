import { ACCOUNT, type IamRequest } from './simulator';

/** What a role must not do: what for, the action, its resource, and what else IAM knows of the request. */
export type Prohibition = readonly [
  what: string,
  action: string,
  resource: string,
  context?: IamRequest['context'],
];

const REGION = 'eu-west-1';
const arn = (service: string, resource: string, region = REGION): string =>
  `arn:aws:${service}:${region}:${ACCOUNT}:${resource}`;
const iam = (resource: string): string => `arn:aws:iam::${ACCOUNT}:${resource}`;
const STATES = 'arn:aws:s3:::seed-state';

const OTHERS = { 'aws:ResourceTag/Platform': 'other' };
const TAGGED = { 'aws:RequestTag/Platform': 'seed', 'aws:TagKeys': ['Platform'] };
const BOUNDARY = { 'iam:PermissionsBoundary': iam('policy/seed-pipeline-role-boundary') };
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const to = (service: string): IamRequest['context'] => ({
  'iam:PassedToService': `${service}.amazonaws.com`,
});
const elsewhere = { 'aws:RequestedRegion': 'us-east-1' };
const KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');

/** For the role that applies a platform named `seed`, whose states are in the bucket `seed-state`. */
export const FORBIDDEN_TO_APPLY: readonly Prohibition[] = [
  ['read the state of another platform', 's3:GetObject', `${STATES}/other/network.tfstate`],
  ['write the state of another platform', 's3:PutObject', `${STATES}/other/network.tfstate`],
  ['delete a state', 's3:DeleteObject', `${STATES}/seed/network.tfstate`],
  ['delete a version of a state', 's3:DeleteObjectVersion', `${STATES}/seed/network.tfstate`],
  ['delete the bucket of the states', 's3:DeleteBucket', STATES],
  ['open the bucket of the states', 's3:PutBucketPolicy', STATES],
  ['stop keeping versions of states', 's3:PutBucketVersioning', STATES],
  ['read a bucket of others', 's3:GetObject', 'arn:aws:s3:::payroll/2026.csv'],
  ['write a bucket of others', 's3:PutObject', 'arn:aws:s3:::payroll/2026.csv'],
  ['delete a bucket of others', 's3:DeleteBucket', 'arn:aws:s3:::payroll'],
  ['make a bucket without the name of the platform', 's3:CreateBucket', 'arn:aws:s3:::exfiltrated'],

  ['pass the role of an administrator', 'iam:PassRole', iam('role/platform-admin'), to('ec2')],
  ['pass itself', 'iam:PassRole', iam('role/seed-pipeline-apply'), to('ec2')],
  ['pass the role of another platform', 'iam:PassRole', iam('role/other-node'), to('ec2')],
  ['pass a role to a service that needs none', 'iam:PassRole', iam('role/seed-dev-orders'), to('lambda')],
  ['make a role without its boundary', 'iam:CreateRole', iam('role/seed-dev-orders'), TAGGED],
  [
    'make a role with a wider boundary',
    'iam:CreateRole',
    iam('role/seed-dev-orders'),
    { ...TAGGED, 'iam:PermissionsBoundary': ADMINISTRATOR },
  ],
  [
    'make a role without the name of the platform',
    'iam:CreateRole',
    iam('role/operators'),
    { ...TAGGED, ...BOUNDARY },
  ],
  [
    'replace the boundary of a role',
    'iam:PutRolePermissionsBoundary',
    iam('role/seed-dev-orders'),
    { 'aws:ResourceTag/Platform': 'seed', 'iam:PermissionsBoundary': ADMINISTRATOR },
  ],
  [
    'take the boundary of a role away',
    'iam:DeleteRolePermissionsBoundary',
    iam('role/seed-dev-orders'),
    { 'aws:ResourceTag/Platform': 'seed', ...BOUNDARY },
  ],
  ['widen the boundary of roles', 'iam:CreatePolicyVersion', iam('policy/seed-pipeline-role-boundary')],
  ['go back to a wider boundary', 'iam:SetDefaultPolicyVersion', iam('policy/seed-pipeline-role-boundary')],
  ['delete the boundary of roles', 'iam:DeletePolicy', iam('policy/seed-pipeline-role-boundary')],
  ['widen its own boundary', 'iam:CreatePolicyVersion', iam('policy/seed-pipeline-guard')],
  ['widen its own policy', 'iam:CreatePolicyVersion', iam('policy/seed-pipeline-services')],
  ['write a policy of others', 'iam:CreatePolicyVersion', iam('policy/operators')],
  [
    'give rights to a role that has no boundary',
    'iam:AttachRolePolicy',
    iam('role/seed-dev-orders'),
    { 'aws:ResourceTag/Platform': 'seed', 'iam:PolicyARN': ADMINISTRATOR },
  ],
  [
    'give rights to an administrator of others',
    'iam:AttachRolePolicy',
    iam('role/operators'),
    { ...BOUNDARY, 'iam:PolicyARN': ADMINISTRATOR },
  ],
  [
    'give rights to a role of a platform whose name begins alike',
    'iam:PutRolePolicy',
    iam('role/seed-two-node'),
    { ...BOUNDARY, 'aws:ResourceTag/Platform': 'seed-two' },
  ],
  ['give itself rights', 'iam:PutRolePolicy', iam('role/seed-pipeline-apply'), BOUNDARY],
  ['give rights to the role that plans', 'iam:AttachRolePolicy', iam('role/seed-pipeline-plan'), BOUNDARY],
  ['change who may assume it', 'iam:UpdateAssumeRolePolicy', iam('role/seed-pipeline-apply')],
  ['change who may assume the role that plans', 'iam:UpdateAssumeRolePolicy', iam('role/seed-pipeline-plan')],
  ['change who may be administrator', 'iam:UpdateAssumeRolePolicy', iam('role/platform-admin')],
  ['make a role of others its own by a tag', 'iam:TagRole', iam('role/platform-admin'), TAGGED],
  ['delete a role of others', 'iam:DeleteRole', iam('role/platform-admin')],
  ['make a user', 'iam:CreateUser', iam('user/back-door')],
  ['make an access key', 'iam:CreateAccessKey', iam('user/back-door')],
  ['make a password', 'iam:CreateLoginProfile', iam('user/back-door')],
  [
    'give rights to a user',
    'iam:AttachUserPolicy',
    iam('user/back-door'),
    { 'iam:PolicyARN': ADMINISTRATOR },
  ],
  ['trust another identity provider', 'iam:CreateOpenIDConnectProvider', iam('oidc-provider/example.com')],
  [
    'change the provider of GitHub',
    'iam:AddClientIDToOpenIDConnectProvider',
    iam('oidc-provider/token.actions.githubusercontent.com'),
  ],
  ['trust a SAML provider', 'iam:CreateSAMLProvider', iam('saml-provider/back-door')],
  [
    'make a role of a service that it does not use',
    'iam:CreateServiceLinkedRole',
    iam('role/aws-service-role/organizations.amazonaws.com/AWSServiceRoleForOrganizations'),
    { 'iam:AWSServiceName': 'organizations.amazonaws.com' },
  ],
  ['assume another role', 'sts:AssumeRole', iam('role/platform-admin')],

  [
    'make a network in another region',
    'ec2:CreateVpc',
    arn('ec2', 'vpc/*', 'us-east-1'),
    { ...TAGGED, ...elsewhere },
  ],
  [
    'make a cluster in another region',
    'eks:CreateCluster',
    arn('eks', 'cluster/seed', 'us-east-1'),
    { ...TAGGED, ...elsewhere },
  ],
  ['make a key in another region', 'kms:CreateKey', '*', { ...TAGGED, ...elsewhere }],
  [
    'read a secret in another region',
    'secretsmanager:GetSecretValue',
    arn('secretsmanager', 'secret:seed/dev/orders-a1b2c3', 'us-east-1'),
    elsewhere,
  ],

  ['delete another cluster', 'eks:DeleteCluster', arn('eks', 'cluster/other'), OTHERS],
  ['change another cluster', 'eks:UpdateClusterConfig', arn('eks', 'cluster/other'), OTHERS],
  ['enter another cluster', 'eks:CreateAccessEntry', arn('eks', 'cluster/other'), TAGGED],
  [
    'give Pods of another cluster a role',
    'eks:CreatePodIdentityAssociation',
    arn('eks', 'cluster/other'),
    TAGGED,
  ],
  ['make another cluster', 'eks:CreateCluster', arn('eks', 'cluster/other'), TAGGED],

  [
    'tag a security group of others',
    'ec2:CreateTags',
    arn('ec2', 'security-group/sg-0123456789abcdef0'),
    TAGGED,
  ],
  [
    'open a security group of others',
    'ec2:AuthorizeSecurityGroupIngress',
    arn('ec2', 'security-group/sg-0123456789abcdef0'),
  ],
  [
    'open a security group of another platform',
    'ec2:AuthorizeSecurityGroupIngress',
    arn('ec2', 'security-group/sg-0123456789abcdef0'),
    OTHERS,
  ],
  [
    'close a security group of others',
    'ec2:RevokeSecurityGroupIngress',
    arn('ec2', 'security-group/sg-0123456789abcdef0'),
  ],
  [
    'tag a subnet of another platform',
    'ec2:CreateTags',
    arn('ec2', 'subnet/subnet-0123456789abcdef0'),
    { ...TAGGED, ...OTHERS },
  ],
  ['tag a network of others as a new one', 'ec2:CreateTags', arn('ec2', 'vpc/vpc-0123456789abcdef0'), TAGGED],
  ['delete a network of others', 'ec2:DeleteVpc', arn('ec2', 'vpc/vpc-0123456789abcdef0')],
  ['route a network of others', 'ec2:CreateRoute', arn('ec2', 'route-table/rtb-0123456789abcdef0'), OTHERS],
  [
    'make a subnet in a network of others',
    'ec2:CreateSubnet',
    arn('ec2', 'vpc/vpc-0123456789abcdef0'),
    OTHERS,
  ],
  ['make something without the tag', 'ec2:CreateVpc', arn('ec2', 'vpc/*')],
  ['start an instance without a launch template', 'ec2:RunInstances', arn('ec2', 'instance/*')],
  [
    'start an instance of another platform’s launch template',
    'ec2:RunInstances',
    arn('ec2', 'launch-template/lt-0123456789abcdef0'),
    { ...OTHERS, 'ec2:LaunchTemplate': arn('ec2', 'launch-template/lt-0123456789abcdef0') },
  ],
  [
    'start an instance in a subnet of others',
    'ec2:RunInstances',
    arn('ec2', 'subnet/subnet-0123456789abcdef0'),
    { ...OTHERS, 'ec2:LaunchTemplate': arn('ec2', 'launch-template/lt-0123456789abcdef0') },
  ],
  ['end an instance of others', 'ec2:TerminateInstances', arn('ec2', 'instance/i-0123456789abcdef0'), OTHERS],
  [
    'delete a network interface of another platform',
    'ec2:DeleteNetworkInterface',
    arn('ec2', 'network-interface/eni-0123456789abcdef0'),
    OTHERS,
  ],
  [
    'move a network interface of another platform',
    'ec2:ModifyNetworkInterfaceAttribute',
    arn('ec2', 'network-interface/eni-0123456789abcdef0'),
    OTHERS,
  ],
  [
    'share a snapshot',
    'ec2:ModifySnapshotAttribute',
    `arn:aws:ec2:${REGION}::snapshot/snap-0123456789abcdef0`,
  ],
  [
    'connect the network to another',
    'ec2:CreateVpcPeeringConnection',
    arn('ec2', 'vpc/vpc-0123456789abcdef0'),
    { 'aws:ResourceTag/Platform': 'seed' },
  ],

  [
    'read a secret of others',
    'secretsmanager:GetSecretValue',
    arn('secretsmanager', 'secret:payroll-a1b2c3'),
  ],
  [
    'read a secret of a platform whose name begins alike',
    'secretsmanager:GetSecretValue',
    arn('secretsmanager', 'secret:seed-two/dev/orders-a1b2c3'),
  ],
  [
    'write a secret of others',
    'secretsmanager:PutSecretValue',
    arn('secretsmanager', 'secret:payroll-a1b2c3'),
  ],
  ['read a parameter of others', 'ssm:GetParameter', arn('ssm', 'parameter/payroll/key')],
  ['run a command on an instance', 'ssm:SendCommand', arn('ec2', 'instance/i-0123456789abcdef0')],
  ['enter an instance', 'ssm:StartSession', arn('ec2', 'instance/i-0123456789abcdef0')],
  ['decrypt by a key of others', 'kms:Decrypt', KEY],
  ['decrypt by a key of another platform', 'kms:Decrypt', KEY, OTHERS],
  ['grant a key of another platform', 'kms:CreateGrant', KEY, OTHERS],
  ['delete a key of another platform', 'kms:ScheduleKeyDeletion', KEY, OTHERS],
  ['open a key of others', 'kms:PutKeyPolicy', KEY],
  ['make a key of another platform its own by a tag', 'kms:TagResource', KEY, { ...TAGGED, ...OTHERS }],
  [
    'make a key of others its own by a tag',
    'kms:TagResource',
    KEY,
    // One without an alias cannot be told from a new one.
    { ...TAGGED, 'kms:ResourceAliases': ['alias/payroll'] },
  ],
  ['name a key of others', 'kms:CreateAlias', KEY],
  ['take an alias of others', 'kms:UpdateAlias', arn('kms', 'alias/payroll')],

  ['write a DNS zone', 'route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z00000000OTHERS'],
  ['stop the trail', 'cloudtrail:StopLogging', arn('cloudtrail', 'trail/organization')],
  ['delete the trail', 'cloudtrail:DeleteTrail', arn('cloudtrail', 'trail/organization')],
  [
    'stop the detector',
    'guardduty:DeleteDetector',
    arn('guardduty', 'detector/12abc34d567e8fa901bc2d34e56789f0'),
  ],
  ['leave the organization', 'organizations:LeaveOrganization', '*'],
  ['run code elsewhere', 'lambda:CreateFunction', arn('lambda', 'function:seed-back-door'), TAGGED],
  ['delete logs of another cluster', 'logs:DeleteLogGroup', arn('logs', 'log-group:/aws/eks/other/cluster')],
  ['delete logs of the trail', 'logs:DeleteLogGroup', arn('logs', 'log-group:organization-trail')],
  ['delete a queue of others', 'sqs:DeleteQueue', arn('sqs', 'payments')],
  ['delete a database of others', 'rds:DeleteDBInstance', arn('rds', 'db:payroll')],
  ['share a snapshot of a database', 'rds:ModifyDBSnapshotAttribute', arn('rds', 'snapshot:seed-dev-orders')],
  [
    'delete a file system of others',
    'elasticfilesystem:DeleteFileSystem',
    arn('elasticfilesystem', 'file-system/fs-0123456789abcdef0'),
    OTHERS,
  ],
  [
    'make a file system of others its own by a tag',
    'elasticfilesystem:TagResource',
    arn('elasticfilesystem', 'file-system/fs-0123456789abcdef0'),
    TAGGED,
  ],
  [
    'delete metrics of others',
    'aps:DeleteWorkspace',
    arn('aps', 'workspace/ws-01234567-89ab-cdef-0123-456789abcdef'),
    OTHERS,
  ],
  ['send events of others elsewhere', 'events:PutTargets', arn('events', 'rule/payments')],
];

/** For the role that plans it: all that is forbidden to the one that applies, and every change. */
export const FORBIDDEN_TO_PLAN: readonly Prohibition[] = [
  ...FORBIDDEN_TO_APPLY,
  ['write a state', 's3:PutObject', `${STATES}/seed/network.tfstate`],
  ['make a network', 'ec2:CreateVpc', arn('ec2', 'vpc/*'), TAGGED],
  [
    'delete the network',
    'ec2:DeleteVpc',
    arn('ec2', 'vpc/vpc-0123456789abcdef0'),
    { 'aws:ResourceTag/Platform': 'seed' },
  ],
  [
    'open the cluster',
    'eks:UpdateClusterConfig',
    arn('eks', 'cluster/seed'),
    { 'aws:ResourceTag/Platform': 'seed' },
  ],
  [
    'enter the cluster as administrator',
    'eks:AssociateAccessPolicy',
    arn('eks', `access-entry/seed/role/${ACCOUNT}/x/1a`),
  ],
  [
    'make a role within its boundary',
    'iam:CreateRole',
    iam('role/seed-dev-orders'),
    { ...TAGGED, ...BOUNDARY },
  ],
  ['pass a role', 'iam:PassRole', iam('role/seed-node'), to('ec2')],
  ['write a secret', 'secretsmanager:PutSecretValue', arn('secretsmanager', 'secret:seed/dev/orders-a1b2c3')],
  ['decrypt by the platform’s key', 'kms:Decrypt', KEY, { 'aws:ResourceTag/Platform': 'seed' }],
  ['delete logs', 'logs:DeleteLogGroup', arn('logs', 'log-group:/aws/eks/seed/cluster')],
];

/** For every role that the pipeline can make, were it given all rights within the boundary that it must have. */
export const FORBIDDEN_WITHIN_BOUNDARY: readonly Prohibition[] = [
  ['read a state', 's3:GetObject', `${STATES}/seed/network.tfstate`],
  ['write a state', 's3:PutObject', `${STATES}/seed/network.tfstate`],
  ['read a bucket of others', 's3:GetObject', 'arn:aws:s3:::payroll/2026.csv'],
  [
    'read a secret of others',
    'secretsmanager:GetSecretValue',
    arn('secretsmanager', 'secret:payroll-a1b2c3'),
  ],
  ['read a parameter of others', 'ssm:GetParameter', arn('ssm', 'parameter/payroll/key')],
  ['decrypt by a key of another platform', 'kms:Decrypt', KEY, OTHERS],
  [
    'write a DNS zone of others',
    'route53:ChangeResourceRecordSets',
    'arn:aws:route53:::hostedzone/Z00000000OTHERS',
  ],
  ['delete another cluster', 'eks:DeleteCluster', arn('eks', 'cluster/other'), OTHERS],
  [
    'delete its own cluster',
    'eks:DeleteCluster',
    arn('eks', 'cluster/seed'),
    { 'aws:ResourceTag/Platform': 'seed' },
  ],
  [
    'start an instance in another region',
    'ec2:RunInstances',
    arn('ec2', 'instance/*', 'us-east-1'),
    { ...TAGGED, ...elsewhere },
  ],
  [
    'end an instance of another platform',
    'ec2:TerminateInstances',
    arn('ec2', 'instance/i-0123456789abcdef0'),
    OTHERS,
  ],
  [
    'open a security group of another platform',
    'ec2:AuthorizeSecurityGroupIngress',
    arn('ec2', 'security-group/sg-0123456789abcdef0'),
    OTHERS,
  ],
  ['make a role', 'iam:CreateRole', iam('role/seed-dev-more'), { ...TAGGED, ...BOUNDARY }],
  ['give itself rights', 'iam:PutRolePolicy', iam('role/seed-dev-orders'), BOUNDARY],
  ['take its boundary away', 'iam:DeleteRolePermissionsBoundary', iam('role/seed-dev-orders'), BOUNDARY],
  ['widen its boundary', 'iam:CreatePolicyVersion', iam('policy/seed-pipeline-role-boundary')],
  [
    'change who may assume the pipeline’s role',
    'iam:UpdateAssumeRolePolicy',
    iam('role/seed-pipeline-apply'),
  ],
  ['pass the pipeline’s role', 'iam:PassRole', iam('role/seed-pipeline-apply'), to('ec2')],
  ['pass the role of an administrator', 'iam:PassRole', iam('role/platform-admin'), to('ec2')],
  ['make a user', 'iam:CreateUser', iam('user/back-door')],
  ['make an access key', 'iam:CreateAccessKey', iam('user/back-door')],
  ['assume the role of an administrator', 'sts:AssumeRole', iam('role/platform-admin')],
  ['assume the pipeline’s role', 'sts:AssumeRole', iam('role/seed-pipeline-apply')],
  ['stop the trail', 'cloudtrail:StopLogging', arn('cloudtrail', 'trail/organization')],
  ['delete a database of others', 'rds:DeleteDBInstance', arn('rds', 'db:payroll')],
  ['delete a table of others', 'dynamodb:DeleteTable', arn('dynamodb', 'table/payroll')],
  ['read a queue of others', 'sqs:ReceiveMessage', arn('sqs', 'payments')],
];

/** What such a role must be able to do, given the right: else a workload fails for a boundary that it does not know. */
export const POSSIBLE_WITHIN_BOUNDARY: readonly Prohibition[] = [
  ['read its bucket', 's3:GetObject', `arn:aws:s3:::seed-dev-media-${ACCOUNT}/one.png`],
  ['write its bucket', 's3:PutObject', `arn:aws:s3:::seed-dev-media-${ACCOUNT}/one.png`],
  ['send to its queue', 'sqs:SendMessage', arn('sqs', 'seed-dev-orders')],
  [
    'read its secret',
    'secretsmanager:GetSecretValue',
    arn('secretsmanager', 'secret:seed/dev/orders-a1b2c3'),
  ],
  ['decrypt by the platform’s key', 'kms:Decrypt', KEY, { 'aws:ResourceTag/Platform': 'seed' }],
  ['sign in to its database', 'rds-db:connect', arn('rds-db', 'dbuser:db-ABCDEFGHIJKL01234/orders')],
  ['write logs', 'logs:PutLogEvents', arn('logs', 'log-group:/seed/dev:log-stream:orders')],
  ['pull an image', 'ecr:BatchGetImage', arn('ecr', 'repository/seed/orders-web')],
  ['sign in to the registry', 'ecr:GetAuthorizationToken', '*'],
  ['write traces', 'xray:PutTraceSegments', '*'],
  [
    'write metrics',
    'aps:RemoteWrite',
    arn('aps', 'workspace/ws-01234567-89ab-cdef-0123-456789abcdef'),
    { 'aws:ResourceTag/Platform': 'seed' },
  ],
  [
    'attach an address to a node',
    'ec2:AssignPrivateIpAddresses',
    arn('ec2', 'network-interface/eni-0123456789abcdef0'),
  ],
  ['describe instances', 'ec2:DescribeInstances', '*'],
  ['get credentials for Pods', 'eks-auth:AssumeRoleForPodIdentity', arn('eks', 'cluster/seed')],
  ['be told of its cluster', 'eks:DescribeCluster', arn('eks', 'cluster/seed')],
];
