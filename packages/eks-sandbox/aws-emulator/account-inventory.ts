import { parseAwsXml, type AwsQuery, type XmlElement } from './aws-query';
import type { EksEmulator } from '../eks-emulator/emulator';

/** Identifiers of what exists, by service and kind: comparing two of them shows what was left. */
export type AccountInventory = Record<string, Record<string, string[]>>;

/** How the resources of one kind are listed in EC2: what has ended still comes back for a while and does not count. */
const EC2_KINDS: readonly (readonly [
  kind: string,
  action: string,
  list: string,
  id: string,
  state?: string,
])[] = [
  ['Vpc', 'DescribeVpcs', 'vpcSet', 'vpcId'],
  ['Subnet', 'DescribeSubnets', 'subnetSet', 'subnetId'],
  ['RouteTable', 'DescribeRouteTables', 'routeTableSet', 'routeTableId'],
  ['InternetGateway', 'DescribeInternetGateways', 'internetGatewaySet', 'internetGatewayId'],
  [
    'EgressOnlyInternetGateway',
    'DescribeEgressOnlyInternetGateways',
    'egressOnlyInternetGatewaySet',
    'egressOnlyInternetGatewayId',
  ],
  ['NatGateway', 'DescribeNatGateways', 'natGatewaySet', 'natGatewayId', 'state'],
  ['Address', 'DescribeAddresses', 'addressesSet', 'allocationId'],
  ['SecurityGroup', 'DescribeSecurityGroups', 'securityGroupInfo', 'groupId'],
  ['NetworkAcl', 'DescribeNetworkAcls', 'networkAclSet', 'networkAclId'],
  ['NetworkInterface', 'DescribeNetworkInterfaces', 'networkInterfaceSet', 'networkInterfaceId'],
  ['VpcEndpoint', 'DescribeVpcEndpoints', 'vpcEndpointSet', 'vpcEndpointId', 'state'],
  ['FlowLog', 'DescribeFlowLogs', 'flowLogSet', 'flowLogId'],
  ['LaunchTemplate', 'DescribeLaunchTemplates', 'launchTemplates', 'launchTemplateId'],
  ['DhcpOptions', 'DescribeDhcpOptions', 'dhcpOptionsSet', 'dhcpOptionsId'],
  ['Volume', 'DescribeVolumes', 'volumeSet', 'volumeId', 'status'],
  ['KeyPair', 'DescribeKeyPairs', 'keySet', 'keyPairId'],
];

const IAM_KINDS: readonly (readonly [kind: string, action: string, list: string, id: string])[] = [
  ['Role', 'ListRoles', 'Roles', 'Arn'],
  ['User', 'ListUsers', 'Users', 'Arn'],
  ['Group', 'ListGroups', 'Groups', 'Arn'],
  ['Policy', 'ListPolicies', 'Policies', 'Arn'],
  ['InstanceProfile', 'ListInstanceProfiles', 'InstanceProfiles', 'Arn'],
  ['OpenIdConnectProvider', 'ListOpenIDConnectProviders', 'OpenIDConnectProviderList', 'Arn'],
];

const ELB_KINDS: readonly (readonly [kind: string, action: string, list: string, id: string])[] = [
  ['LoadBalancer', 'DescribeLoadBalancers', 'LoadBalancers', 'LoadBalancerArn'],
  ['TargetGroup', 'DescribeTargetGroups', 'TargetGroups', 'TargetGroupArn'],
];

const JSON_KINDS: readonly (readonly [
  service: string,
  kind: string,
  target: string,
  list: string,
  id: string,
])[] = [
  ['logs', 'LogGroup', 'Logs_20140328.DescribeLogGroups', 'logGroups', 'logGroupName'],
  [
    'ecr',
    'Repository',
    'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories',
    'repositories',
    'repositoryArn',
  ],
  // Without those that wait for their deletion, as with KMS keys: nobody can use them, and AWS takes them away by itself.
  ['secretsmanager', 'Secret', 'secretsmanager.ListSecrets', 'SecretList', 'ARN'],
  ['ssm', 'Parameter', 'AmazonSSM.DescribeParameters', 'Parameters', 'Name'],
  ['events', 'Rule', 'AWSEvents.ListRules', 'Rules', 'Arn'],
  ['dynamodb', 'Table', 'DynamoDB_20120810.ListTables', 'TableNames', ''],
  ['sqs', 'Queue', 'AmazonSQS.ListQueues', 'QueueUrls', ''],
];

const GONE = new Set(['deleted', 'deleting', 'terminated']);

/** Asks the emulated account what it has. moto's own list of its objects is of no use: it never forgets one. */
export async function takeInventory(aws: AwsQuery, eks: EksEmulator): Promise<AccountInventory> {
  // Before all others: at the first call moto makes the default VPC, and other calls fail while it does.
  const vpcs = new Set(ids((await aws.query('ec2', 'DescribeVpcs')).items('vpcSet'), 'vpcId'));
  const entries = await Promise.all([
    ...EC2_KINDS.map(async ([kind, action, list, id, state]) => {
      const answer = await aws.query('ec2', action);
      return entry(
        'ec2',
        kind,
        ids(
          answer.items(list).filter((item) => isThere(item, state, vpcs)),
          id,
        ),
      );
    }),
    ...IAM_KINDS.map(async ([kind, action, list, id]) => {
      const answer = await aws.query('iam', action, kind === 'Policy' ? { Scope: 'Local' } : {});
      return entry('iam', kind, ids(answer.items(`${action}Result.${list}`), id));
    }),
    ...ELB_KINDS.map(async ([kind, action, list, id]) => {
      const answer = await aws.query('elasticloadbalancing', action);
      return entry('elasticloadbalancing', kind, ids(answer.items(`${action}Result.${list}`), id));
    }),
    ...JSON_KINDS.map(async ([service, kind, target, list, id]) => {
      const answer = await aws.json(service, target);
      return entry(service, kind, fields(answer[list], id));
    }),
    kmsKeys(aws),
    buckets(aws),
    fileSystems(aws),
  ]);
  const inventory: AccountInventory = { eks: { Cluster: eks.clusterNames().sort() } };
  for (const { service, kind, found } of entries.flat()) (inventory[service] ??= {})[kind] = found;
  return inventory;
}

interface Entry {
  readonly service: string;
  readonly kind: string;
  readonly found: string[];
}

function entry(service: string, kind: string, found: readonly string[]): Entry {
  return { service, kind, found: [...found].sort() };
}

/** What lay in a VPC that is gone is gone with it: moto forgets some network ACLs and interfaces. */
function isThere(item: XmlElement, state: string | undefined, vpcs: ReadonlySet<string>): boolean {
  const vpc = item.value('vpcId');
  const isInVpc = vpc === undefined || vpc === '' || vpcs.has(vpc);
  return isInVpc && (state === undefined || !GONE.has(item.value(state) ?? ''));
}

function ids(items: readonly XmlElement[], path: string): string[] {
  return items.flatMap((item) => item.value(path) ?? []);
}

function fields(list: unknown, key: string): string[] {
  return ((list ?? []) as (string | Record<string, string>)[]).flatMap((item) =>
    typeof item === 'string' ? item : (item[key] ?? []),
  );
}

/** Keys that wait for their deletion, which takes a week at least, do not count; those of AWS itself neither. */
async function kmsKeys(aws: AwsQuery): Promise<Entry> {
  const { Keys: keys } = (await aws.json('kms', 'TrentService.ListKeys')) as { Keys?: { KeyId: string }[] };
  const described = await Promise.all(
    (keys ?? []).map(async ({ KeyId }) => {
      const { KeyMetadata: key } = await aws.json('kms', 'TrentService.DescribeKey', { KeyId });
      return key as { KeyId: string; KeyState: string; KeyManager: string };
    }),
  );
  const there = described.filter(
    (key) => key.KeyState !== 'PendingDeletion' && key.KeyManager === 'CUSTOMER',
  );
  return entry(
    'kms',
    'Key',
    there.map((key) => key.KeyId),
  );
}

async function buckets(aws: AwsQuery): Promise<Entry> {
  const { body } = await aws.rest('s3', 'GET', '/');
  const found = parseAwsXml(body).find('Buckets')?.children ?? [];
  return entry(
    's3',
    'Bucket',
    found.flatMap(({ element }) => element.value('Name') ?? []),
  );
}

/** File systems with their mount targets and access points, which go with the file system; moto forgets some of the latter. */
async function fileSystems(aws: AwsQuery): Promise<Entry[]> {
  const list = async (path: string, key: string, id: string): Promise<string[]> => {
    const { body } = await aws.rest('elasticfilesystem', 'GET', `/2015-02-01/${path}`);
    return fields((JSON.parse(body) as Record<string, unknown>)[key], id);
  };
  // Unless it is asked for more, EFS answers with the first ten.
  const found = await list('file-systems?MaxItems=1000', 'FileSystems', 'FileSystemId');
  const inEach = (path: string, key: string, id: string): Promise<string[][]> =>
    Promise.all(found.map((fileSystem) => list(`${path}FileSystemId=${fileSystem}`, key, id)));
  const mountTargets = await inEach('mount-targets?MaxItems=1000&', 'MountTargets', 'MountTargetId');
  const accessPoints = await inEach('access-points?', 'AccessPoints', 'AccessPointId');
  return [
    entry('elasticfilesystem', 'FileSystem', found),
    entry('elasticfilesystem', 'MountTarget', mountTargets.flat()),
    entry('elasticfilesystem', 'AccessPoint', accessPoints.flat()),
  ];
}
