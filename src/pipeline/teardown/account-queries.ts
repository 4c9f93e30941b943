import { AwsCliError, type AwsCli } from '../aws-cli';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** A load balancer of any kind. */
export interface LoadBalancer {
  readonly name: string;
  /** Undefined for a Classic Load Balancer, which has none. */
  readonly arn?: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

export interface TargetGroup {
  readonly name: string;
  readonly arn: string;
  readonly vpcId: string;
  readonly tags: Tags;
}

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly tags: Tags;
}

export interface NetworkInterface {
  readonly id: string;
  readonly description: string;
  /** `interface`, `nat_gateway`, `vpc_endpoint`, `efs`, `branch`, … */
  readonly type: string;
  /** Whether a service of AWS made it for itself. */
  readonly requesterManaged: boolean;
  readonly attached: boolean;
  /** The instance that it is attached to. */
  readonly instanceId?: string;
  /** Whether it goes with the instance. */
  readonly deleteOnTermination: boolean;
  readonly tags: Tags;
}

/** A disk, a snapshot, an instance or a launch template. */
export interface TaggedResource {
  readonly id: string;
  readonly tags: Tags;
}

/** What of an account can stand in the way of a destroy, or outlive it. */
export interface AccountResources {
  /** The cluster's VPC; undefined when there is none any more. */
  readonly vpcId: string | undefined;
  /** Of the whole region. */
  readonly loadBalancers: readonly LoadBalancer[];
  readonly targetGroups: readonly TargetGroup[];
  /** Of the VPC only, as network interfaces are. */
  readonly securityGroups: readonly SecurityGroup[];
  readonly networkInterfaces: readonly NetworkInterface[];
  /** Those of the EBS CSI driver, of any cluster; as snapshots are. */
  readonly volumes: readonly TaggedResource[];
  readonly snapshots: readonly TaggedResource[];
  /** Those of Karpenter, of any cluster; as launch templates are. */
  readonly instances: readonly TaggedResource[];
  readonly launchTemplates: readonly TaggedResource[];
  /** Names of those that belong to the cluster. */
  readonly logGroups: readonly string[];
}

/** A cluster as EKS describes it. */
export interface DescribedCluster {
  readonly status: string;
  readonly vpcId: string;
}

interface Tagged {
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

/** The cluster; undefined when EKS has none of this name. */
export async function describeCluster(aws: AwsCli, name: string): Promise<DescribedCluster | undefined> {
  try {
    const { cluster } = await aws.json<{
      cluster: { status: string; resourcesVpcConfig: { vpcId: string } };
    }>('eks', 'describe-cluster', ['--name', name]);
    return { status: cluster.status, vpcId: cluster.resourcesVpcConfig.vpcId };
  } catch (error) {
    if (error instanceof AwsCliError && error.serviceCode === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** The VPC that Terraform made for a platform, by its tags; undefined when there is none. */
export async function findVpc(aws: AwsCli, platform: string): Promise<string | undefined> {
  const { Vpcs } = await aws.json<{ Vpcs: { VpcId: string }[] }>('ec2', 'describe-vpcs', [
    '--filters',
    `Name=tag:Platform,Values=${platform}`,
    'Name=tag:ManagedBy,Values=terraform',
  ]);
  return Vpcs[0]?.VpcId;
}

/**
 * Asks the account what it has.
 *
 * @param cluster name of the cluster
 * @throws AwsCliError
 */
export async function readAccount(
  aws: AwsCli,
  cluster: string,
  vpcId: string | undefined,
): Promise<AccountResources> {
  const inVpc =
    vpcId === undefined
      ? undefined
      : { securityGroups: securityGroups(aws, vpcId), networkInterfaces: networkInterfaces(aws, vpcId) };
  const [balancers, classic, groups, security, interfaces, volumes, snapshots, instances, templates, logs] =
    await Promise.all([
      loadBalancers(aws),
      classicLoadBalancers(aws),
      targetGroups(aws),
      inVpc?.securityGroups ?? [],
      inVpc?.networkInterfaces ?? [],
      volumesOfDriver(aws),
      snapshotsOfDriver(aws),
      instancesOfKarpenter(aws),
      launchTemplates(aws),
      logGroups(aws, cluster),
    ]);
  return {
    vpcId,
    loadBalancers: [...balancers, ...classic],
    targetGroups: groups,
    securityGroups: security,
    networkInterfaces: interfaces,
    volumes,
    snapshots,
    instances,
    launchTemplates: templates,
    logGroups: logs,
  };
}

async function loadBalancers(aws: AwsCli): Promise<LoadBalancer[]> {
  const { LoadBalancers: found } = await aws.json<{
    LoadBalancers: { LoadBalancerArn: string; LoadBalancerName: string; VpcId: string }[];
  }>('elbv2', 'describe-load-balancers');
  const tags = await tagsByArn(
    aws,
    found.map(({ LoadBalancerArn }) => LoadBalancerArn),
  );
  return found.flatMap(({ LoadBalancerArn: arn, LoadBalancerName: name, VpcId: vpcId }) => {
    const own = tags.get(arn);
    return own === undefined ? [] : [{ name, arn, vpcId, tags: own }];
  });
}

async function targetGroups(aws: AwsCli): Promise<TargetGroup[]> {
  const { TargetGroups: found } = await aws.json<{
    TargetGroups: { TargetGroupArn: string; TargetGroupName: string; VpcId?: string }[];
  }>('elbv2', 'describe-target-groups');
  const tags = await tagsByArn(
    aws,
    found.map(({ TargetGroupArn }) => TargetGroupArn),
  );
  return found.flatMap(({ TargetGroupArn: arn, TargetGroupName: name, VpcId: vpcId = '' }) => {
    const own = tags.get(arn);
    return own === undefined ? [] : [{ name, arn, vpcId, tags: own }];
  });
}

/** The tags of those that are still there. */
async function tagsByArn(aws: AwsCli, arns: readonly string[]): Promise<Map<string, Tags>> {
  const described = await Promise.all(
    chunks(arns).map((chunk) =>
      tagsOf(chunk, async (some) => {
        const { TagDescriptions } = await aws.json<{
          TagDescriptions: readonly ({ ResourceArn: string } & Tagged)[];
        }>('elbv2', 'describe-tags', ['--resource-arns', ...some]);
        return TagDescriptions.map((item) => [item.ResourceArn, tagsIn(item)] as const);
      }),
    ),
  );
  return new Map(described.flat());
}

async function classicLoadBalancers(aws: AwsCli): Promise<LoadBalancer[]> {
  const { LoadBalancerDescriptions: found } = await aws.json<{
    LoadBalancerDescriptions: { LoadBalancerName: string; VPCId?: string }[];
  }>('elb', 'describe-load-balancers');
  const described = await Promise.all(
    chunks(found.map(({ LoadBalancerName }) => LoadBalancerName)).map((chunk) =>
      tagsOf(chunk, async (some) => {
        const { TagDescriptions } = await aws.json<{
          TagDescriptions: readonly ({ LoadBalancerName: string } & Tagged)[];
        }>('elb', 'describe-tags', ['--load-balancer-names', ...some]);
        return TagDescriptions.map((item) => [item.LoadBalancerName, tagsIn(item)] as const);
      }),
    ),
  );
  const tags = new Map(described.flat());
  return found.flatMap(({ LoadBalancerName: name, VPCId: vpcId = '' }) => {
    const own = tags.get(name);
    return own === undefined ? [] : [{ name, vpcId, tags: own }];
  });
}

/** Asks for the tags of some; where one of them has gone meanwhile, the answer is an error, and each is asked for alone. */
async function tagsOf(
  ids: readonly string[],
  ask: (ids: readonly string[]) => Promise<(readonly [string, Tags])[]>,
): Promise<(readonly [string, Tags])[]> {
  try {
    return await ask(ids);
  } catch (error) {
    const isGone = error instanceof AwsCliError && /NotFound/.test(error.serviceCode ?? '');
    if (!isGone) throw error;
    if (ids.length === 1) return [];
    return (await Promise.all(ids.map((id) => tagsOf([id], ask)))).flat();
  }
}

async function securityGroups(aws: AwsCli, vpcId: string): Promise<SecurityGroup[]> {
  const { SecurityGroups: found } = await aws.json<{
    SecurityGroups: ({ GroupId: string; GroupName: string } & Tagged)[];
  }>('ec2', 'describe-security-groups', ['--filters', `Name=vpc-id,Values=${vpcId}`]);
  return found.map((item) => ({ id: item.GroupId, name: item.GroupName, tags: tagsIn(item) }));
}

async function networkInterfaces(aws: AwsCli, vpcId: string): Promise<NetworkInterface[]> {
  const { NetworkInterfaces: found } = await aws.json<{
    NetworkInterfaces: {
      NetworkInterfaceId: string;
      Description?: string;
      InterfaceType?: string;
      RequesterManaged?: boolean;
      Status: string;
      Attachment?: { InstanceId?: string; DeleteOnTermination?: boolean };
      TagSet?: { Key: string; Value: string }[];
    }[];
  }>('ec2', 'describe-network-interfaces', ['--filters', `Name=vpc-id,Values=${vpcId}`]);
  return found.map((item) => ({
    id: item.NetworkInterfaceId,
    description: item.Description ?? '',
    type: item.InterfaceType ?? 'interface',
    requesterManaged: item.RequesterManaged ?? false,
    attached: item.Status !== 'available',
    ...(item.Attachment?.InstanceId !== undefined && { instanceId: item.Attachment.InstanceId }),
    deleteOnTermination: item.Attachment?.DeleteOnTermination ?? false,
    tags: tagsIn({ Tags: item.TagSet ?? [] }),
  }));
}

/**
 * The EBS CSI driver gives this tag to every disk and every snapshot that it makes.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
 */
const OF_DRIVER = 'Name=tag-key,Values=ebs.csi.aws.com/cluster';

async function volumesOfDriver(aws: AwsCli): Promise<TaggedResource[]> {
  const { Volumes: found } = await aws.json<{ Volumes: ({ VolumeId: string; State: string } & Tagged)[] }>(
    'ec2',
    'describe-volumes',
    ['--filters', OF_DRIVER],
  );
  return found
    .filter(({ State }) => !['deleting', 'deleted'].includes(State))
    .map((item) => ({ id: item.VolumeId, tags: tagsIn(item) }));
}

async function snapshotsOfDriver(aws: AwsCli): Promise<TaggedResource[]> {
  const { Snapshots: found } = await aws.json<{ Snapshots: ({ SnapshotId: string } & Tagged)[] }>(
    'ec2',
    'describe-snapshots',
    ['--owner-ids', 'self', '--filters', OF_DRIVER],
  );
  return found.map((item) => ({ id: item.SnapshotId, tags: tagsIn(item) }));
}

async function instancesOfKarpenter(aws: AwsCli): Promise<TaggedResource[]> {
  const { Reservations: found } = await aws.json<{
    Reservations: { Instances: ({ InstanceId: string } & Tagged)[] }[];
  }>('ec2', 'describe-instances', [
    '--filters',
    'Name=tag-key,Values=karpenter.sh/nodepool',
    'Name=instance-state-name,Values=pending,running,shutting-down,stopping,stopped',
  ]);
  return found
    .flatMap(({ Instances }) => Instances)
    .map((item) => ({ id: item.InstanceId, tags: tagsIn(item) }));
}

async function launchTemplates(aws: AwsCli): Promise<TaggedResource[]> {
  const { LaunchTemplates: found } = await aws.json<{
    LaunchTemplates: ({ LaunchTemplateId: string } & Tagged)[];
  }>('ec2', 'describe-launch-templates');
  return found
    .map((item) => ({ id: item.LaunchTemplateId, tags: tagsIn(item) }))
    .filter(({ tags }) => Object.keys(tags).some((key) => key.startsWith('karpenter.')));
}

async function logGroups(aws: AwsCli, cluster: string): Promise<string[]> {
  const prefixes = [`/aws/eks/${cluster}/`, `/aws/containerinsights/${cluster}/`];
  const found = await Promise.all(
    prefixes.map((prefix) =>
      aws.json<{ logGroups: { logGroupName: string }[] }>('logs', 'describe-log-groups', [
        '--log-group-name-prefix',
        prefix,
      ]),
    ),
  );
  return found.flatMap((answer) => answer.logGroups.map(({ logGroupName }) => logGroupName));
}

function tagsIn({ Tags: tags = [] }: Tagged): Tags {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

/** Tags are asked for twenty at a time at most. */
function chunks<T>(items: readonly T[], size = 20): T[][] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}
