import { parseAwsXml, type AwsQuery, type XmlElement } from './aws-query';
import type { EksEmulator } from '../eks-emulator/emulator';

/** Identifiers of what exists, by service and kind: comparing two of them shows what was left. */
export type AccountInventory = Record<string, Record<string, string[]>>;

type Row = readonly [kind: string, action: string, list: string, id: string, state?: string];

/** How the resources of each kind are listed, by service; what has ended still comes back from EC2 for a while. */
const QUERY_KINDS: Readonly<Record<'ec2' | 'iam' | 'elasticloadbalancing', readonly Row[]>> = {
  ec2: [
    ['Vpc', 'DescribeVpcs', 'vpcSet', 'vpcId'],
    ['Subnet', 'DescribeSubnets', 'subnetSet', 'subnetId'],
    ['RouteTable', 'DescribeRouteTables', 'routeTableSet', 'routeTableId'],
    ['InternetGateway', 'DescribeInternetGateways', 'internetGatewaySet', 'internetGatewayId'],
    [
      ...(['EgressOnlyInternetGateway', 'DescribeEgressOnlyInternetGateways'] as const),
      ...(['egressOnlyInternetGatewaySet', 'egressOnlyInternetGatewayId'] as const),
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
  ],
  iam: [
    ['Role', 'ListRoles', 'Roles', 'Arn'],
    ['User', 'ListUsers', 'Users', 'Arn'],
    ['Group', 'ListGroups', 'Groups', 'Arn'],
    ['Policy', 'ListPolicies', 'Policies', 'Arn'],
    ['InstanceProfile', 'ListInstanceProfiles', 'InstanceProfiles', 'Arn'],
    ['OpenIdConnectProvider', 'ListOpenIDConnectProviders', 'OpenIDConnectProviderList', 'Arn'],
  ],
  elasticloadbalancing: [
    ['LoadBalancer', 'DescribeLoadBalancers', 'LoadBalancers', 'LoadBalancerArn'],
    ['TargetGroup', 'DescribeTargetGroups', 'TargetGroups', 'TargetGroupArn'],
  ],
};

/** The same of services that speak JSON; an item without an ID is one itself. */
const JSON_KINDS: Readonly<Record<string, Row>> = {
  logs: ['LogGroup', 'Logs_20140328.DescribeLogGroups', 'logGroups', 'logGroupName'],
  ecr: [
    ...(['Repository', 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories'] as const),
    ...(['repositories', 'repositoryArn'] as const),
  ],
  // Without those that wait for their deletion, as with KMS keys: no one can use them, and AWS takes them away by itself.
  secretsmanager: ['Secret', 'secretsmanager.ListSecrets', 'SecretList', 'ARN'],
  ssm: ['Parameter', 'AmazonSSM.DescribeParameters', 'Parameters', 'Name'],
  events: ['Rule', 'AWSEvents.ListRules', 'Rules', 'Arn'],
  dynamodb: ['Table', 'DynamoDB_20120810.ListTables', 'TableNames', ''],
  sqs: ['Queue', 'AmazonSQS.ListQueues', 'QueueUrls', ''],
};

const GONE = new Set(['deleted', 'deleting', 'terminated']);

/** Asks the emulated account what it has. moto's own list of its objects is of no use: it never forgets one. */
export async function takeInventory(aws: AwsQuery, eks: EksEmulator): Promise<AccountInventory> {
  // Before all others: at the first call moto makes the default VPC, and other calls fail while it does.
  const vpcs = new Set(ids((await aws.query('ec2', 'DescribeVpcs')).items('vpcSet'), 'vpcId'));
  const entries = await Promise.all([
    ...Object.entries(QUERY_KINDS).flatMap(([service, rows]) =>
      rows.map(async ([kind, action, list, id, state]) => {
        const scope = kind === 'Policy' ? { Scope: 'Local' } : {};
        const answer = await aws.query(service as keyof typeof QUERY_KINDS, action, scope);
        const all = answer.items(service === 'ec2' ? list : `${action}Result.${list}`);
        const there = service === 'ec2' ? all.filter((item) => isThere(item, state, vpcs)) : all;
        return entry(service, kind, ids(there, id));
      }),
    ),
    ...Object.entries(JSON_KINDS).map(async ([service, [kind, target, list, id]]) =>
      entry(service, kind, fields((await aws.json(service, target))[list], id)),
    ),
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
  return entry('kms', 'Key', fields(there, 'KeyId'));
}

async function buckets(aws: AwsQuery): Promise<Entry> {
  const { body } = await aws.rest('s3', 'GET', '/');
  const found = (parseAwsXml(body).find('Buckets')?.children ?? []).map(({ element }) => element);
  return entry('s3', 'Bucket', ids(found, 'Name'));
}

/** File systems with their mount targets and access points, which go with the file system; moto forgets some of the latter. */
async function fileSystems(aws: AwsQuery): Promise<Entry[]> {
  const list = async (path: string, key: string, id: string): Promise<string[]> => {
    return fields((await aws.restJson('elasticfilesystem', 'GET', `/2015-02-01/${path}`))[key], id);
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
