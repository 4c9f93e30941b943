import { arn, iam, STATES, OTHERS, TAGGED, BOUNDARY, to, elsewhere, KEY, type Row } from './named-resources';
import { ACCOUNT } from './simulator';

/** For every role that the pipeline can make, were it given all rights within the boundary that it must have. */
export const FORBIDDEN_WITHIN_BOUNDARY: readonly Row[] = [
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
    arn('ec2', 'instance/new', 'us-east-1'),
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
export const POSSIBLE_WITHIN_BOUNDARY: readonly Row[] = [
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
