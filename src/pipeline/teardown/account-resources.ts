import { AwsCliError, type AwsCli } from '../aws-cli';

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** Kinds of resources that AWS makes for a cluster outside Terraform, in the order in which they matter. */
export type ResourceKind =
  | 'load balancer'
  | 'target group'
  | 'security group'
  | 'instance'
  | 'network interface'
  | 'volume'
  | 'snapshot'
  | 'log group';

export interface AccountResource {
  readonly kind: ResourceKind;
  /** As AWS names it; an ARN where the AWS CLI wants one. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** Of load balancers. */
  readonly vpcId?: string;
  readonly tags: Tags;
  /** What AWS says of it. */
  readonly raw: Raw;
}

/** An object of an answer of the AWS CLI. */
type Raw = Readonly<Record<string, unknown>>;

/** How the AWS CLI lists a kind. */
interface Listing {
  readonly kind: ResourceKind;
  readonly command: readonly [service: string, operation: string, ...args: string[]];
  /** Where the list is in the answer; two keys are a list in each item of a list. */
  readonly list: readonly [string, string?];
  readonly id: string;
  /** @default - the id */
  readonly name?: string;
  readonly vpc?: string;
  /** The command that asks for their tags, by their ids; its answer says whose they are in `of`. @default - they are in the list */
  readonly tags?: { readonly command: readonly [string, string, string]; readonly of: string };
}

/**
 * The EBS CSI driver gives this tag to every disk and every snapshot that it makes.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md
 */
const OF_DRIVER = ['--filters', 'Name=tag-key,Values=ebs.csi.aws.com/cluster'];
const ELB_TAGS = { command: ['elbv2', 'describe-tags', '--resource-arns'], of: 'ResourceArn' } as const;

function listings(cluster: string, vpcId: string | undefined): Listing[] {
  const inVpc = (operation: string, list: string, id: string, name?: string) => ({
    command: ['ec2', operation, '--filters', `Name=vpc-id,Values=${vpcId ?? ''}`] as const,
    list: [list] as const,
    id,
    ...(name !== undefined && { name }),
  });
  const logGroups = (prefix: string): Listing => ({
    kind: 'log group',
    command: ['logs', 'describe-log-groups', '--log-group-name-prefix', prefix],
    list: ['logGroups'],
    id: 'logGroupName',
  });
  return [
    {
      kind: 'load balancer',
      command: ['elbv2', 'describe-load-balancers'],
      list: ['LoadBalancers'],
      id: 'LoadBalancerArn',
      name: 'LoadBalancerName',
      vpc: 'VpcId',
      tags: ELB_TAGS,
    },
    {
      kind: 'load balancer',
      command: ['elb', 'describe-load-balancers'],
      list: ['LoadBalancerDescriptions'],
      id: 'LoadBalancerName',
      vpc: 'VPCId',
      tags: { command: ['elb', 'describe-tags', '--load-balancer-names'], of: 'LoadBalancerName' },
    },
    {
      kind: 'target group',
      command: ['elbv2', 'describe-target-groups'],
      list: ['TargetGroups'],
      id: 'TargetGroupArn',
      name: 'TargetGroupName',
      tags: ELB_TAGS,
    },
    ...(vpcId === undefined
      ? []
      : ([
          {
            kind: 'security group',
            ...inVpc('describe-security-groups', 'SecurityGroups', 'GroupId', 'GroupName'),
          },
          {
            kind: 'network interface',
            ...inVpc('describe-network-interfaces', 'NetworkInterfaces', 'NetworkInterfaceId'),
          },
        ] satisfies Listing[])),
    {
      kind: 'instance',
      command: [
        ...(['ec2', 'describe-instances', '--filters', 'Name=tag-key,Values=karpenter.sh/nodepool'] as const),
        'Name=instance-state-name,Values=pending,running,shutting-down,stopping,stopped',
      ],
      list: ['Reservations', 'Instances'],
      id: 'InstanceId',
    },
    { kind: 'volume', command: ['ec2', 'describe-volumes', ...OF_DRIVER], list: ['Volumes'], id: 'VolumeId' },
    {
      kind: 'snapshot',
      command: ['ec2', 'describe-snapshots', '--owner-ids', 'self', ...OF_DRIVER],
      list: ['Snapshots'],
      id: 'SnapshotId',
    },
    logGroups(`/aws/eks/${cluster}/`),
    logGroups(`/aws/containerinsights/${cluster}/`),
  ];
}

/**
 * Asks the account what it has: load balancers and their target groups of the whole region, and what is in the VPC. It also asks
 * what the EBS CSI driver and Karpenter have made for any cluster.
 *
 * @param cluster name of the cluster
 * @param vpcId undefined when there is no VPC any more
 * @throws AwsCliError
 */
export async function readAccount(
  aws: AwsCli,
  cluster: string,
  vpcId: string | undefined,
): Promise<AccountResource[]> {
  return (await Promise.all(listings(cluster, vpcId).map((listing) => read(aws, listing)))).flat();
}

async function read(
  aws: AwsCli,
  { kind, command, list, id, name, vpc, tags }: Listing,
): Promise<AccountResource[]> {
  const [service, operation, ...args] = command;
  const [outer, inner] = list;
  const answer = await aws.json<Readonly<Record<string, readonly Raw[]>>>(service, operation, args);
  const found = (answer[outer] ?? []).flatMap((item) =>
    inner === undefined ? [item] : (item[inner] as readonly Raw[]),
  );
  const text = (item: Raw, key: string): string => String(item[key]);
  const tagged =
    tags &&
    (await tagsOf(
      aws,
      tags,
      found.map((item) => text(item, id)),
    ));
  return found.flatMap((raw) => {
    const own = tagged ? tagged.get(text(raw, id)) : tagsIn(raw);
    // What has gone since it was listed has no tags.
    if (own === undefined || raw['State'] === 'deleting' || raw['State'] === 'deleted') return [];
    const vpcId = vpc === undefined ? undefined : raw[vpc];
    return [
      {
        kind,
        id: text(raw, id),
        name: text(raw, name ?? id),
        tags: own,
        ...(typeof vpcId === 'string' && { vpcId }),
        raw,
      },
    ];
  });
}

/** Twenty at a time at most. Where one of them has gone meanwhile, the answer is an error, and each is asked for alone. */
async function tagsOf(
  aws: AwsCli,
  how: NonNullable<Listing['tags']>,
  ids: readonly string[],
  atOnce = 20,
): Promise<Map<string, Tags>> {
  const chunks = Array.from({ length: Math.ceil(ids.length / atOnce) }, (_, at) =>
    ids.slice(at * atOnce, (at + 1) * atOnce),
  );
  const [service, operation, option] = how.command;
  const answers = await Promise.all(
    chunks.map(async (some) => {
      try {
        const { TagDescriptions: all } = await aws.json<{ TagDescriptions: readonly Raw[] }>(
          ...([service, operation, [option, ...some]] as const),
        );
        return all.map((item): [string, Tags] => [String(item[how.of]), tagsIn(item)]);
      } catch (error) {
        if (!(error instanceof AwsCliError) || !/NotFound/.test(error.serviceCode ?? '')) throw error;
        return some.length === 1 ? [] : [...(await tagsOf(aws, how, some, 1))];
      }
    }),
  );
  return new Map(answers.flat());
}

/** Network interfaces alone have a `TagSet`. */
function tagsIn({ Tags: tags, TagSet: set }: Raw): Tags {
  const all = (tags ?? set ?? []) as readonly { readonly Key: string; readonly Value: string }[];
  return Object.fromEntries(all.map(({ Key, Value }) => [Key, Value]));
}

/** The ID of the cluster's VPC; undefined when EKS has no cluster of this name. */
export async function vpcOfCluster(aws: AwsCli, name: string): Promise<string | undefined> {
  try {
    const { cluster } = await aws.json<{ cluster: { resourcesVpcConfig: { vpcId: string } } }>(
      'eks',
      'describe-cluster',
      ['--name', name],
    );
    return cluster.resourcesVpcConfig.vpcId;
  } catch (error) {
    if (error instanceof AwsCliError && error.serviceCode === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** The VPC that Terraform made for a platform, by its tags; undefined when there is none. */
export async function vpcOfPlatform(aws: AwsCli, platform: string): Promise<string | undefined> {
  const { Vpcs } = await aws.json<{ Vpcs: { VpcId: string }[] }>('ec2', 'describe-vpcs', [
    '--filters',
    `Name=tag:Platform,Values=${platform}`,
    'Name=tag:ManagedBy,Values=terraform',
  ]);
  return Vpcs[0]?.VpcId;
}
