import type { AccountResource, ResourceKind, Tags } from './account-resources';
import { isDisposable, type ClusterObjects } from './cluster-objects';
import { objectTitle } from '../../manifests/object-title';
import { ALB_GROUP } from '../../rules/load-balancer-front';

/** What a resource does to a destroy. */
export type Effect =
  /** AWS refuses to delete the subnets or the VPC while it is there. */
  | 'blocks the VPC'
  /** It stays, and is paid for. */
  | 'outlives it and costs'
  /** It stays, and costs nothing. */
  | 'outlives it';

/** What becomes of a resource. */
export type Fate =
  /** The teardown removes the object that it was made for, and with it the resource goes. */
  | 'removed'
  /** It holds data that the platform says to keep. */
  | 'kept'
  /** Nothing removes it. */
  | 'left';

/** Something in AWS that Terraform did not make, and so does not destroy. */
export interface Leftover {
  readonly kind: ResourceKind;
  /** As AWS names it; an ARN where the AWS CLI wants one. */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  /** The Kubernetes object that it was made for: `Service dev/web`. */
  readonly owner?: string;
  readonly effect: Effect;
  readonly fate: Fate;
  /** Why that becomes of it. */
  readonly because: string;
  /** The command that removes it by hand. */
  readonly remedy: string;
}

/** What is known of a platform. */
export interface Situation {
  /** Name of the cluster, and of the platform. */
  readonly cluster: string;
  /** Undefined when there is none any more. */
  readonly vpcId: string | undefined;
  readonly account: readonly AccountResource[];
  readonly objects: ClusterObjects;
  /** Names of the log groups that are Terraform's. */
  readonly logGroupsOfTerraform: readonly string[];
}

/** What becomes of a resource, and for whom it was made. */
type Verdict = Pick<Leftover, 'owner' | 'fate' | 'because'>;

interface Rule {
  readonly effect: Effect;
  /** The command that removes it, without its id. */
  readonly remedy: string;
  /** Undefined for what Terraform destroys, what goes with something else, and what is of another cluster. */
  readonly verdict: (resource: AccountResource, situation: Situation) => Verdict | undefined;
}

const RULES: Readonly<Record<ResourceKind, Rule>> = {
  'load balancer': {
    effect: 'blocks the VPC',
    remedy: 'aws elbv2 delete-load-balancer --load-balancer-arn',
    verdict: ({ tags, vpcId }, situation) => {
      if (isOfController(tags, situation.cluster)) return byStack(tags, situation.objects);
      if (vpcId !== situation.vpcId || tags['ManagedBy'] === 'terraform') return undefined;
      return left('it is in the VPC and no controller of this cluster made it');
    },
  },
  'target group': {
    effect: 'outlives it',
    remedy: 'aws elbv2 delete-target-group --target-group-arn',
    verdict: ({ tags }, { cluster, objects }) =>
      isOfController(tags, cluster) ? byStack(tags, objects) : undefined,
  },
  'security group': {
    effect: 'blocks the VPC',
    remedy: 'aws ec2 delete-security-group --group-id',
    verdict: ofSecurityGroup,
  },
  instance: {
    effect: 'blocks the VPC',
    remedy: 'aws ec2 terminate-instances --instance-ids',
    verdict: ofInstance,
  },
  'network interface': {
    effect: 'blocks the VPC',
    remedy: 'aws ec2 delete-network-interface --network-interface-id',
    verdict: ofInterface,
  },
  volume: {
    effect: 'outlives it and costs',
    remedy: 'aws ec2 delete-volume --volume-id',
    verdict: ofVolume,
  },
  snapshot: {
    effect: 'outlives it and costs',
    remedy: 'aws ec2 delete-snapshot --snapshot-id',
    verdict: ({ tags }, { cluster }) =>
      isOfCluster(tags, cluster)
        ? left('a snapshot is data, which no teardown deletes', tags['CSIVolumeSnapshotName'])
        : undefined,
  },
  'log group': {
    effect: 'outlives it and costs',
    remedy: 'aws logs delete-log-group --log-group-name',
    verdict: ({ name }, { logGroupsOfTerraform }) =>
      logGroupsOfTerraform.includes(name) ? undefined : left('its writer made it, outside Terraform'),
  },
};
/** Classic Load Balancers have no ARN. */
const CLASSIC_REMEDY = 'aws elb delete-load-balancer --load-balancer-name';

/** What a destroy by Terraform alone would meet or leave, in the order in which it matters. */
export function findLeftovers(situation: Situation): Leftover[] {
  const order = Object.keys(RULES);
  return situation.account
    .flatMap((resource): Leftover[] => {
      const { kind, id, name } = resource;
      const { effect, remedy, verdict } = RULES[kind];
      const found = verdict(resource, situation);
      const isClassic = kind === 'load balancer' && !id.startsWith('arn:');
      return found
        ? [{ kind, id, name, effect, ...found, remedy: `${isClassic ? CLASSIC_REMEDY : remedy} ${id}` }]
        : [];
    })
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function left(because: string, owner?: string): Verdict {
  return { ...(owner !== undefined && { owner }), fate: 'left', because };
}

const goesWith = (owner: string): Verdict => ({ owner, fate: 'removed', because: `goes with ${owner}` });

const CLUSTER_TAG = 'elbv2.k8s.aws/cluster';
/** The Service of a load balancer that the cloud provider of Kubernetes made. */
const LEGACY_TAG = 'kubernetes.io/service-name';
/** The objects for which the AWS Load Balancer Controller makes something, by the tag that names one. */
const STACKS: Readonly<Record<string, string>> = {
  [LEGACY_TAG]: 'Service',
  'service.k8s.aws/stack': 'Service',
  'ingress.k8s.aws/stack': 'Ingress',
  'gateway.k8s.aws/stack': 'Gateway',
};

/** Whether one of the two controllers of load balancers made it for the cluster. */
function isOfController(tags: Tags, cluster: string): boolean {
  const isLegacy = tags[LEGACY_TAG] !== undefined && tags[`kubernetes.io/cluster/${cluster}`] !== undefined;
  return tags[CLUSTER_TAG] === cluster || isLegacy;
}

/** For whom a controller made it, and so when it takes it away. */
function byStack(tags: Tags, objects: ClusterObjects): Verdict {
  const [tag, kind] = Object.entries(STACKS).find(([key]) => tags[key] !== undefined) ?? [];
  const stack = tag && tags[tag];
  if (stack === undefined || kind === undefined) return left('its tags name no object that it was made for');
  if (kind === 'Ingress' && !stack.includes('/')) return byGroup(objects, stack);
  const owner = `${kind} ${stack}`;
  return objects.has(owner)
    ? goesWith(owner)
    : left(`${owner} is gone, so that no controller knows it any more`, owner);
}

/** Ingresses of one group share a load balancer. */
function byGroup(objects: ClusterObjects, group: string): Verdict {
  const members = objects
    .ofKind('Ingress')
    .filter(({ metadata }) => metadata.annotations?.[ALB_GROUP] === group)
    .map(objectTitle);
  const owner = `Ingress group ${group}`;
  return members.length > 0
    ? { owner, fate: 'removed', because: `goes with the last of ${members.join(', ')}` }
    : left(`no Ingress of the group ${group} is there any more`, owner);
}

function ofSecurityGroup(
  { name, tags }: AccountResource,
  { cluster, account, objects }: Situation,
): Verdict | undefined {
  if (tags['elbv2.k8s.aws/resource'] === 'backend-sg' && tags[CLUSTER_TAG] === cluster) {
    const owner = 'all load balancers';
    const { length } = objects.loadBalanced;
    return length > 0
      ? {
          owner,
          fate: 'removed',
          because: `goes with the last of ${length} Services, Ingresses and Gateways`,
        }
      : left('there is no load balancer any more', owner);
  }
  if (tags[CLUSTER_TAG] === cluster) return byStack(tags, objects);
  // The cloud provider names the security group after the load balancer, and does not tag it with the Service.
  const legacy = /^k8s-elb-(.*)$/.exec(name)?.[1];
  if (legacy === undefined || tags[`kubernetes.io/cluster/${cluster}`] === undefined) return undefined;
  const balancer = account.find((other) => other.kind === 'load balancer' && other.name === legacy);
  return balancer ? byStack(balancer.tags, objects) : left('its load balancer is gone');
}

function ofInstance({ tags }: AccountResource, { cluster, objects }: Situation): Verdict | undefined {
  if (tags['eks:eks-cluster-name'] !== cluster && tags[`kubernetes.io/cluster/${cluster}`] === undefined)
    return undefined;
  const claim = tags['karpenter.sh/nodeclaim'];
  const owner =
    claim === undefined ? `NodePool ${tags['karpenter.sh/nodepool'] ?? ''}` : `NodeClaim ${claim}`;
  return objects.has(owner) ? goesWith(owner) : left(`${owner} is gone`, owner);
}

/** Those that are attached go with what they are attached to. */
function ofInterface({ tags, raw }: AccountResource): Verdict | undefined {
  if (raw['Status'] !== 'available' || raw['RequesterManaged'] === true || tags['ManagedBy'] === 'terraform')
    return undefined;
  const description = descriptionOf(raw);
  const node = tags['node.k8s.amazonaws.com/instance_id'] ?? /^aws-K8S-(i-\w+)/.exec(description)?.[1];
  return node === undefined
    ? left(`nothing is known to delete it: ${description || 'it has no description'}`)
    : left(`the VPC CNI made it for ${node} and did not delete it`);
}

const descriptionOf = ({ Description: text }: AccountResource['raw']): string =>
  typeof text === 'string' ? text : '';

/**
 * Network interfaces that a service of AWS holds for an object of neither Terraform nor a load balancer, such as a function in the
 * VPC. AWS deletes them with that object.
 */
export function heldByServices(account: readonly AccountResource[]): string[] {
  return account
    .filter(({ kind, raw, tags }) => {
      const { InstanceId: instance } = (raw['Attachment'] ?? {}) as { InstanceId?: string };
      return (
        kind === 'network interface' &&
        raw['RequesterManaged'] === true &&
        instance === undefined &&
        tags['ManagedBy'] !== 'terraform' &&
        !['nat_gateway', 'vpc_endpoint', 'gateway_load_balancer_endpoint', 'efs', 'branch'].includes(
          String(raw['InterfaceType']),
        ) &&
        !/^(Interface for NAT Gateway|VPC Endpoint Interface|EFS mount target|Amazon EKS |ELB )/.test(
          descriptionOf(raw),
        )
      );
    })
    .map(({ id, raw }) => `${id} (${descriptionOf(raw) || 'without a description'})`);
}

function isOfCluster(tags: Tags, cluster: string): boolean {
  return (
    tags['KubernetesCluster'] === cluster ||
    tags[`kubernetes.io/cluster/${cluster}`] !== undefined ||
    tags['ebs.csi.aws.com/cluster-name'] === cluster
  );
}

function ofVolume({ id, tags }: AccountResource, { cluster, objects }: Situation): Verdict | undefined {
  const volume = objects.volumeOf(id);
  if (!volume && !isOfCluster(tags, cluster)) return undefined;
  const namespace = tags['kubernetes.io/created-for/pvc/namespace'];
  const name = tags['kubernetes.io/created-for/pvc/name'];
  const owner = namespace && name ? `PersistentVolumeClaim ${namespace}/${name}` : undefined;
  if (!volume) return left('no PersistentVolume leads to it any more', owner);
  if (isDisposable(volume)) return goesWith(owner ?? objectTitle(volume));
  return {
    ...(owner && { owner }),
    fate: 'kept',
    because: `${objectTitle(volume)} has the reclaim policy Retain`,
  };
}
