import type { RecordedCall } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/call-log';
import { ACCOUNT } from './simulator';

const REGION = 'eu-west-1';
const PLATFORM = { Platform: 'seed', ManagedBy: 'terraform' };
const LIST = [
  { Key: 'Platform', Value: 'seed' },
  { Key: 'ManagedBy', Value: 'terraform' },
];
const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/seed-pipeline-role-boundary`;

type Given = readonly [
  operation: string,
  parameters?: Readonly<Record<string, unknown>>,
  answered?: readonly string[],
];

const of = (service: string, ...calls: readonly Given[]): RecordedCall[] =>
  calls.map(([operation, parameters = {}, answered = []]) => ({
    ...{ service, region: REGION, operation, parameters, answered },
    ...{ status: 200, agent: '' },
  }));

/** Tags as EC2 and IAM take them in a form. */
const specification = (type: string): Record<string, string> => ({
  'TagSpecification.1.ResourceType': type,
  'TagSpecification.1.Tag.1.Key': 'Platform',
  'TagSpecification.1.Tag.1.Value': 'seed',
});
const member = { 'Tags.member.1.Key': 'Platform', 'Tags.member.1.Value': 'seed' };

const VPC = 'vpc-0000000000000000a';
const SUBNET = 'subnet-0000000000000000a';
const GROUP = 'sg-0000000000000000a';
const TEMPLATE = 'lt-0000000000000000a';
const KEY = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
const BUCKET = `seed-dev-media-${ACCOUNT}`;
const RULE = arn('events', 'rule/seed-karpenter-spot-interruption');
const WORKSPACE = arn('aps', 'workspace/ws-01234567-89ab-cdef-0123-456789abcdef');
const SCRAPER = arn('aps', 'scraper/s-01234567-89ab-cdef-0123-456789abcdef');

/**
 * Calls that Terraform makes for options which the default platform does not have, or of which the sandbox emulates nothing: with
 * the parameters that name something. Source: the AWS provider 5.100, and `npm run test:long iam`, which records most of them.
 */
export const CALLS_OF_OPTIONS: readonly RecordedCall[] = [
  ...of(
    'ec2',
    ['CreateVpc', specification('vpc'), [VPC]],
    [
      'AssociateVpcCidrBlock',
      { VpcId: VPC, CidrBlock: '100.64.0.0/16' },
      ['vpc-cidr-assoc-0000000000000000a'],
    ],
    ['CreateSubnet', { VpcId: VPC, ...specification('subnet') }, [SUBNET]],
    ['CreateSecurityGroup', { VpcId: VPC, ...specification('security-group') }, [GROUP]],
    ['AuthorizeSecurityGroupIngress', { GroupId: GROUP }],
    ['AuthorizeSecurityGroupEgress', { GroupId: GROUP }],
    [
      'CreateVpcEndpoint',
      {
        ...{ VpcId: VPC, 'SubnetId.1': SUBNET, 'SecurityGroupId.1': GROUP, PrivateDnsEnabled: 'true' },
        ...{ ServiceName: `com.amazonaws.${REGION}.sts`, VpcEndpointType: 'Interface' },
        ...specification('vpc-endpoint'),
      },
      ['vpce-0000000000000000a'],
    ],
    ['ModifyVpcEndpoint', { VpcEndpointId: 'vpce-0000000000000000a', 'AddSubnetId.1': SUBNET }],
    ['DeleteVpcEndpoints', { 'VpcEndpointId.1': 'vpce-0000000000000000a' }],
    [
      'CreateLaunchTemplate',
      { LaunchTemplateName: 'seed-node-1', ...specification('launch-template') },
      [TEMPLATE],
    ],
    ['CreateLaunchTemplateVersion', { LaunchTemplateId: TEMPLATE }],
    ['ModifyLaunchTemplate', { LaunchTemplateId: TEMPLATE }],
    ['CreateTags', { 'ResourceId.1': SUBNET, 'Tag.1.Key': 'kubernetes.io/role/elb', 'Tag.1.Value': '1' }],
    ['DeleteTags', { 'ResourceId.1': SUBNET, 'Tag.1.Key': 'kubernetes.io/role/elb' }],
    ['DescribeAvailabilityZones'],
    ['DisassociateVpcCidrBlock', { AssociationId: 'vpc-cidr-assoc-0000000000000000a' }],
  ),
  ...of(
    'iam',
    ['CreateRole', { RoleName: 'seed-karpenter-node', PermissionsBoundary: BOUNDARY, ...member }],
    [
      'AttachRolePolicy',
      { RoleName: 'seed-karpenter-node', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy' },
    ],
    ['PutRolePolicy', { RoleName: 'seed-karpenter-node', PolicyName: 'node' }],
    ['PutRolePermissionsBoundary', { RoleName: 'seed-karpenter-node', PermissionsBoundary: BOUNDARY }],
    ['UpdateAssumeRolePolicy', { RoleName: 'seed-karpenter-node' }],
    ['CreateInstanceProfile', { InstanceProfileName: 'seed-karpenter-node', ...member }],
    [
      'AddRoleToInstanceProfile',
      { InstanceProfileName: 'seed-karpenter-node', RoleName: 'seed-karpenter-node' },
    ],
    ['GetInstanceProfile', { InstanceProfileName: 'seed-karpenter-node' }],
    [
      'RemoveRoleFromInstanceProfile',
      { InstanceProfileName: 'seed-karpenter-node', RoleName: 'seed-karpenter-node' },
    ],
    ['DeleteInstanceProfile', { InstanceProfileName: 'seed-karpenter-node' }],
    [
      'DetachRolePolicy',
      { RoleName: 'seed-karpenter-node', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy' },
    ],
    ['DeleteRole', { RoleName: 'seed-karpenter-node' }],
  ),
  ...of(
    'ecr',
    ['CreatePullThroughCacheRule', { ecrRepositoryPrefix: 'seed/quay', upstreamRegistryUrl: 'quay.io' }],
    ['DescribePullThroughCacheRules', { ecrRepositoryPrefixes: ['seed/quay'] }],
    ['DeletePullThroughCacheRule', { ecrRepositoryPrefix: 'seed/quay' }],
  ),
  ...of('ssm', [
    'GetParameter',
    { Name: '/aws/service/bottlerocket/aws-k8s-1.36/x86_64/latest/image_version' },
  ]),
  ...of(
    'kms',
    ['CreateKey', { Tags: [{ TagKey: 'Platform', TagValue: 'seed' }] }, [KEY]],
    ['PutKeyPolicy', { KeyId: KEY }],
  ),
  ...of(
    'eks',
    [
      'POST /clusters',
      {
        name: 'seed',
        roleArn: role('seed-cluster'),
        tags: PLATFORM,
        encryptionConfig: [{ provider: { keyArn: KEY } }],
      },
    ],
    ['POST /clusters/seed/update-config', { resourcesVpcConfig: { publicAccessCidrs: [] } }],
    ['POST /clusters/seed/updates', { version: '1.37' }],
    ['GET /clusters/seed/updates/0'],
    [
      'POST /clusters/seed/node-groups',
      {
        ...{ nodegroupName: 'node-1', nodeRole: role('seed-node'), subnets: [SUBNET], capacityType: 'SPOT' },
        ...{ launchTemplate: { id: TEMPLATE, version: '1' }, tags: PLATFORM },
      },
    ],
    ['POST /clusters/seed/node-groups/node-1/update-config', { scalingConfig: { maxSize: 4 } }],
    [
      'POST /clusters/seed/node-groups/node-1/update-version',
      { launchTemplate: { id: TEMPLATE, version: '2' } },
    ],
    ['GET /clusters/seed/updates/0?nodegroupName=node-1'],
    ['POST /clusters/seed/addons/coredns/update', { addonVersion: 'v1' }],
    ['POST /clusters/seed/access-entries', { principalArn: role('support'), tags: PLATFORM }],
    [`POST /clusters/seed/access-entries/${encodeURIComponent(role('support'))}`],
    ['POST /clusters/seed/pod-identity-associations', { roleArn: role('seed-karpenter'), tags: PLATFORM }],
    [
      'POST /clusters/seed/pod-identity-associations/a-0123456789abcdef0',
      { roleArn: role('seed-karpenter') },
    ],
    [`POST /tags/${encodeURIComponent(arn('eks', 'cluster/seed'))}`, { tags: PLATFORM }],
  ),
  ...of(
    'sqs',
    ['CreateQueue', { QueueName: 'seed-karpenter', tags: PLATFORM }],
    ['SetQueueAttributes', { QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/111122223333/seed-karpenter' }],
  ),
  ...of(
    'events',
    ['PutRule', { Name: 'seed-karpenter-spot-interruption', Tags: LIST }],
    ['PutTargets', { Rule: 'seed-karpenter-spot-interruption' }],
    ['DescribeRule', { Name: 'seed-karpenter-spot-interruption' }],
    ['ListTargetsByRule', { Rule: 'seed-karpenter-spot-interruption' }],
    ['ListTagsForResource', { ResourceARN: RULE }],
    ['RemoveTargets', { Rule: 'seed-karpenter-spot-interruption' }],
    ['DeleteRule', { Name: 'seed-karpenter-spot-interruption' }],
  ),
  ...of(
    'logs',
    ['CreateLogGroup', { logGroupName: '/aws/vendedlogs/prometheus/seed', tags: PLATFORM }],
    ['PutRetentionPolicy', { logGroupName: '/aws/vendedlogs/prometheus/seed' }],
    ['ListTagsForResource', { resourceArn: arn('logs', 'log-group:/aws/vendedlogs/prometheus/seed') }],
    ['DeleteLogGroup', { logGroupName: '/aws/vendedlogs/prometheus/seed' }],
  ),
  ...of(
    'aps',
    ['POST /workspaces', { alias: 'seed', tags: PLATFORM }, [WORKSPACE]],
    ['GET /workspaces/ws-01234567-89ab-cdef-0123-456789abcdef'],
    ['POST /workspaces/ws-01234567-89ab-cdef-0123-456789abcdef/logging'],
    ['GET /workspaces/ws-01234567-89ab-cdef-0123-456789abcdef/logging'],
    ['GET /workspaces/ws-01234567-89ab-cdef-0123-456789abcdef/configuration'],
    [
      'POST /scrapers',
      {
        source: { eksConfiguration: { clusterArn: arn('eks', 'cluster/seed'), subnetIds: [SUBNET] } },
        destination: { ampConfiguration: { workspaceArn: WORKSPACE } },
        tags: PLATFORM,
      },
      [SCRAPER],
    ],
    ['GET /scrapers/s-01234567-89ab-cdef-0123-456789abcdef'],
    ['PUT /scrapers/s-01234567-89ab-cdef-0123-456789abcdef'],
    [`GET /tags/${encodeURIComponent(SCRAPER)}`],
    ['DELETE /scrapers/s-01234567-89ab-cdef-0123-456789abcdef'],
    ['DELETE /workspaces/ws-01234567-89ab-cdef-0123-456789abcdef/logging'],
    ['DELETE /workspaces/ws-01234567-89ab-cdef-0123-456789abcdef'],
  ),
  ...of(
    's3',
    [`PUT /${BUCKET}`],
    ...[
      'versioning',
      'publicAccessBlock',
      'policy',
      'encryption',
      'lifecycle',
      'ownershipControls',
      'tagging',
    ].flatMap((part): Given[] => [[`PUT /${BUCKET}?${part}`], [`GET /${BUCKET}?${part}`]]),
    ...[
      'acl',
      'cors',
      'accelerate',
      'logging',
      'object-lock',
      'replication',
      'requestPayment',
      'website',
    ].map((part): Given => [`GET /${BUCKET}?${part}`]),
    [`HEAD /${BUCKET}`],
    [`DELETE /${BUCKET}?policy`],
    [`DELETE /${BUCKET}`],
    ['PUT /seed-state/seed/network.tfstate'],
    ['PUT /seed-state/seed/network.tfstate.tflock'],
    ['DELETE /seed-state/seed/network.tfstate.tflock'],
    ['GET /seed-state/seed/network.tfstate'],
    ['GET /seed-state?list-type=2'],
  ),
  ...of(
    'rds',
    [
      'CreateDBParameterGroup',
      { DBParameterGroupName: 'seed-dev-orders', 'Tags.Tag.1.Key': 'Platform', 'Tags.Tag.1.Value': 'seed' },
    ],
    ['ModifyDBParameterGroup', { DBParameterGroupName: 'seed-dev-orders' }],
    ['DescribeDBParameters', { DBParameterGroupName: 'seed-dev-orders' }],
    [
      'CreateDBSubnetGroup',
      { DBSubnetGroupName: 'seed-dev-orders', 'Tags.Tag.1.Key': 'Platform', 'Tags.Tag.1.Value': 'seed' },
    ],
    [
      'CreateDBInstance',
      {
        ...{ DBInstanceIdentifier: 'seed-dev-orders', DBParameterGroupName: 'seed-dev-orders' },
        ...{ DBSubnetGroupName: 'seed-dev-orders', KmsKeyId: KEY },
        ...{ 'Tags.Tag.1.Key': 'Platform', 'Tags.Tag.1.Value': 'seed' },
      },
    ],
    ['DescribeDBInstances'],
    [
      'ModifyDBInstance',
      { DBInstanceIdentifier: 'seed-dev-orders', DBParameterGroupName: 'seed-dev-orders' },
    ],
    [
      'DeleteDBInstance',
      { DBInstanceIdentifier: 'seed-dev-orders', FinalDBSnapshotIdentifier: 'seed-dev-orders-final' },
    ],
    ['DeleteDBSubnetGroup', { DBSubnetGroupName: 'seed-dev-orders' }],
    ['DeleteDBParameterGroup', { DBParameterGroupName: 'seed-dev-orders' }],
  ),
];
