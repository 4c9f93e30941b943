import type {
  AccountResources,
  LoadBalancer,
  NetworkInterface,
  TaggedResource,
  Tags,
} from './account-queries';
import type { ClusterObjects } from './cluster-objects';
import { isDisposable, reference } from './cluster-objects';

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
  /** It holds data that somebody has said to keep. */
  | 'kept'
  /** Nobody removes it. */
  | 'left';

/** Something in AWS that Terraform did not make, and so does not destroy. */
export interface Leftover {
  readonly kind:
    | 'load balancer'
    | 'target group'
    | 'security group'
    | 'network interface'
    | 'volume'
    | 'snapshot'
    | 'log group'
    | 'instance'
    | 'launch template';
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
  readonly account: AccountResources;
  readonly objects: ClusterObjects;
  /** Names of the log groups that are Terraform's. */
  readonly logGroupsOfTerraform: readonly string[];
}

/** What becomes of a resource, and for whom it was made. */
type Verdict = Pick<Leftover, 'owner' | 'fate' | 'because'>;

/** What a destroy by Terraform alone would meet or leave, in the order in which it matters. */
export function findLeftovers(situation: Situation): Leftover[] {
  return [
    ...loadBalancers(situation),
    ...targetGroups(situation),
    ...securityGroups(situation),
    ...instances(situation),
    ...networkInterfaces(situation),
    ...volumes(situation),
    ...snapshots(situation),
    ...launchTemplates(situation),
    ...logGroups(situation),
  ];
}

const CLUSTER_TAG = 'elbv2.k8s.aws/cluster';
/** The objects for which the AWS Load Balancer Controller makes something, by the tag that names one. */
const STACKS: Readonly<Record<string, string>> = {
  'service.k8s.aws/stack': 'Service',
  'ingress.k8s.aws/stack': 'Ingress',
  'gateway.k8s.aws/stack': 'Gateway',
};

/** Whether one of the two controllers of load balancers made it for the cluster. */
function isOfController(tags: Tags, cluster: string): boolean {
  const isLegacy =
    tags['kubernetes.io/service-name'] !== undefined &&
    tags[`kubernetes.io/cluster/${cluster}`] !== undefined;
  return tags[CLUSTER_TAG] === cluster || isLegacy;
}

/** For whom a controller made it, and so when it takes it away. */
function byStack(tags: Tags, objects: ClusterObjects): Verdict {
  const legacy = tags['kubernetes.io/service-name'];
  if (legacy !== undefined) return byObject(objects, 'Service', legacy);
  for (const [tag, kind] of Object.entries(STACKS)) {
    const stack = tags[tag];
    if (stack === undefined) continue;
    return kind === 'Ingress' && !stack.includes('/')
      ? byGroup(objects, stack)
      : byObject(objects, kind, stack);
  }
  return { fate: 'left', because: 'its tags name no object that it was made for' };
}

/** @param path `namespace/name` */
function byObject(objects: ClusterObjects, kind: string, path: string): Verdict {
  const [namespace = '', name = ''] = path.split('/');
  const owner = `${kind} ${path}`;
  return objects.find(kind, name, namespace)
    ? { owner, fate: 'removed', because: `goes with ${owner}` }
    : { owner, fate: 'left', because: `${owner} is gone, so that no controller knows it any more` };
}

/** Ingresses of one group share a load balancer. */
function byGroup(objects: ClusterObjects, group: string): Verdict {
  const members = objects
    .ofKind('Ingress')
    .filter(({ metadata }) => metadata.annotations?.['alb.ingress.kubernetes.io/group.name'] === group)
    .map(reference);
  const owner = `Ingress group ${group}`;
  return members.length > 0
    ? { owner, fate: 'removed', because: `goes with the last of ${members.join(', ')}` }
    : { owner, fate: 'left', because: `no Ingress of the group ${group} is there any more` };
}

function deleteLoadBalancer({ name, arn }: LoadBalancer): string {
  return arn === undefined
    ? `aws elb delete-load-balancer --load-balancer-name ${name}`
    : `aws elbv2 delete-load-balancer --load-balancer-arn ${arn}`;
}

function loadBalancers({ cluster, account, objects }: Situation): Leftover[] {
  return account.loadBalancers.flatMap((found): Leftover[] => {
    const { name, arn, vpcId, tags } = found;
    const isOurs = isOfController(tags, cluster);
    if (!isOurs && (vpcId !== account.vpcId || tags['ManagedBy'] === 'terraform')) return [];
    const verdict: Verdict = isOurs
      ? byStack(tags, objects)
      : { fate: 'left', because: 'it lies in the VPC and no controller of this cluster made it' };
    return [
      leftover(
        { kind: 'load balancer', id: arn ?? name, name, effect: 'blocks the VPC' },
        verdict,
        deleteLoadBalancer(found),
      ),
    ];
  });
}

function targetGroups({ cluster, account, objects }: Situation): Leftover[] {
  return account.targetGroups
    .filter(({ tags }) => isOfController(tags, cluster))
    .map(({ arn, name, tags }) =>
      leftover(
        { kind: 'target group', id: arn, name, effect: 'outlives it' },
        byStack(tags, objects),
        `aws elbv2 delete-target-group --target-group-arn ${arn}`,
      ),
    );
}

function securityGroups({ cluster, account, objects }: Situation): Leftover[] {
  return account.securityGroups.flatMap(({ id, name, tags }): Leftover[] => {
    const isLegacy = name.startsWith('k8s-elb-') && tags[`kubernetes.io/cluster/${cluster}`] !== undefined;
    if (tags[CLUSTER_TAG] !== cluster && !isLegacy) return [];
    const verdict =
      tags['elbv2.k8s.aws/resource'] === 'backend-sg'
        ? ofAllLoadBalancers(objects)
        : isLegacy
          ? ofLegacyBalancer(name, account.loadBalancers, objects)
          : byStack(tags, objects);
    return [
      leftover(
        { kind: 'security group', id, name, effect: 'blocks the VPC' },
        verdict,
        `aws ec2 delete-security-group --group-id ${id}`,
      ),
    ];
  });
}

/** The one security group that all load balancers of the controller share. */
function ofAllLoadBalancers(objects: ClusterObjects): Verdict {
  const users = [...objects.loadBalancedServices, ...objects.ofKind('Ingress'), ...objects.ofKind('Gateway')];
  return users.length > 0
    ? {
        owner: 'all load balancers',
        fate: 'removed',
        because: `goes with the last of ${users.length} Services, Ingresses and Gateways`,
      }
    : { owner: 'all load balancers', fate: 'left', because: 'there is no load balancer any more' };
}

/** The cloud provider's own controller names the security group after the load balancer, and does not tag it with the Service. */
function ofLegacyBalancer(
  name: string,
  balancers: readonly LoadBalancer[],
  objects: ClusterObjects,
): Verdict {
  const balancer = balancers.find((other) => name === `k8s-elb-${other.name}`);
  return balancer ? byStack(balancer.tags, objects) : { fate: 'left', because: 'its load balancer is gone' };
}

/** Interfaces that are there as long as what Terraform or EKS made: NAT gateways, endpoints, mount targets, the control plane. */
function isOfTerraform({ type, description, tags }: NetworkInterface): boolean {
  return (
    ['nat_gateway', 'vpc_endpoint', 'gateway_load_balancer_endpoint', 'efs'].includes(type) ||
    /^(Interface for NAT Gateway|VPC Endpoint Interface|EFS mount target|Amazon EKS )/.test(description) ||
    tags['ManagedBy'] === 'terraform'
  );
}

function networkInterfaces({ cluster, account, objects }: Situation): Leftover[] {
  return account.networkInterfaces.flatMap((found): Leftover[] => {
    if (isOfTerraform(found)) return [];
    const verdict = fateOfInterface(found, { cluster, account, objects });
    return verdict === undefined
      ? []
      : [
          leftover(
            {
              kind: 'network interface',
              id: found.id,
              name: found.id,
              effect: 'blocks the VPC',
            },
            verdict,
            `aws ec2 delete-network-interface --network-interface-id ${found.id}`,
          ),
        ];
  });
}

/**
 * Network interfaces that a service of AWS holds for something that is neither Terraform's nor a load balancer, such as a
 * function in the VPC: they go when that goes, and no sooner.
 */
export function heldByServices({ account }: Pick<Situation, 'account'>): NetworkInterface[] {
  return account.networkInterfaces.filter(
    (found) =>
      found.requesterManaged &&
      found.instanceId === undefined &&
      !isOfTerraform(found) &&
      !found.description.startsWith('ELB ') &&
      found.type !== 'branch',
  );
}

/** Undefined for what goes with an instance, or with something that is listed itself. */
function fateOfInterface(
  { description, attached, instanceId, deleteOnTermination, type, requesterManaged, tags }: NetworkInterface,
  { cluster, account, objects }: Omit<Situation, 'logGroupsOfTerraform'>,
): Verdict | undefined {
  const balancer = /^ELB (.+)$/.exec(description)?.[1];
  if (balancer !== undefined) {
    const found = account.loadBalancers.find(
      ({ name, arn }) => name === balancer || arn?.endsWith(`loadbalancer/${balancer}`) === true,
    );
    if (found === undefined) return { fate: 'left', because: `the load balancer ${balancer} is gone` };
    return isOfController(found.tags, cluster)
      ? byStack(found.tags, objects)
      : { fate: 'left', because: `goes with the load balancer ${balancer}` };
  }
  const node = tags['node.k8s.amazonaws.com/instance_id'] ?? /^aws-K8S-(i-\w+)/.exec(description)?.[1];
  if (attached && instanceId !== undefined && deleteOnTermination) return undefined;
  // Branch interfaces of Pods with security groups of their own: EKS takes them away with the Pod.
  if (attached && (type === 'branch' || tags['vpcresources.k8s.aws/vlan-id'] !== undefined)) return undefined;
  if (node !== undefined) {
    return {
      fate: 'left',
      because: attached
        ? `the VPC CNI made it for ${node}, with which it does not go`
        : `the VPC CNI made it for ${node} and did not take it away`,
    };
  }
  if (requesterManaged) return undefined; // See heldByServices.
  return {
    fate: 'left',
    because: `nobody is known to take it away: ${description || 'it has no description'}`,
  };
}

function isOfCluster(tags: Tags, cluster: string): boolean {
  return (
    tags['KubernetesCluster'] === cluster ||
    tags[`kubernetes.io/cluster/${cluster}`] !== undefined ||
    tags['ebs.csi.aws.com/cluster-name'] === cluster
  );
}

function volumes({ cluster, account, objects }: Situation): Leftover[] {
  return account.volumes.flatMap(({ id, tags }): Leftover[] => {
    const volume = objects.volumeOf(id);
    if (!volume && !isOfCluster(tags, cluster)) return [];
    const namespace = tags['kubernetes.io/created-for/pvc/namespace'];
    const name = tags['kubernetes.io/created-for/pvc/name'];
    const owner =
      namespace !== undefined && name !== undefined
        ? `PersistentVolumeClaim ${namespace}/${name}`
        : undefined;
    const named = owner === undefined ? {} : { owner };
    const verdict: Verdict = !volume
      ? { ...named, fate: 'left', because: 'no PersistentVolume leads to it any more' }
      : isDisposable(volume)
        ? { ...named, fate: 'removed', because: `goes with ${owner ?? reference(volume)}` }
        : { ...named, fate: 'kept', because: `${reference(volume)} has the reclaim policy Retain` };
    return [
      leftover(
        { kind: 'volume', id, name: id, effect: 'outlives it and costs' },
        verdict,
        `aws ec2 delete-volume --volume-id ${id}`,
      ),
    ];
  });
}

function snapshots({ cluster, account }: Situation): Leftover[] {
  return account.snapshots
    .filter(({ tags }) => isOfCluster(tags, cluster))
    .map(({ id, tags }) => {
      const content = tags['CSIVolumeSnapshotName'];
      return leftover(
        { kind: 'snapshot', id, name: id, effect: 'outlives it and costs' },
        {
          ...(content !== undefined && { owner: content }),
          fate: 'left',
          because: 'a snapshot is data, which no teardown deletes',
        },
        `aws ec2 delete-snapshot --snapshot-id ${id}`,
      );
    });
}

function isOfKarpenter({ tags }: TaggedResource, cluster: string): boolean {
  return (
    tags['eks:eks-cluster-name'] === cluster ||
    tags['karpenter.k8s.aws/cluster'] === cluster ||
    tags[`kubernetes.io/cluster/${cluster}`] !== undefined
  );
}

function instances({ cluster, account, objects }: Situation): Leftover[] {
  return account.instances
    .filter((found) => isOfKarpenter(found, cluster))
    .map(({ id, tags }) => {
      const claim = tags['karpenter.sh/nodeclaim'];
      const pool = `NodePool ${tags['karpenter.sh/nodepool'] ?? ''}`;
      const isKnown =
        claim === undefined ? objects.ofKind('NodePool').length > 0 : objects.find('NodeClaim', claim);
      const owner = claim === undefined ? pool : `NodeClaim ${claim}`;
      return leftover(
        { kind: 'instance', id, name: id, effect: 'blocks the VPC' },
        isKnown
          ? { owner, fate: 'removed', because: `goes with ${owner}` }
          : { owner, fate: 'left', because: `${owner} is gone` },
        `aws ec2 terminate-instances --instance-ids ${id}`,
      );
    });
}

function launchTemplates({ cluster, account, objects }: Situation): Leftover[] {
  return account.launchTemplates
    .filter((found) => isOfKarpenter(found, cluster))
    .map(({ id, tags }) => {
      const name = tags['karpenter.k8s.aws/ec2nodeclass'];
      const isKnown =
        name === undefined ? objects.ofKind('EC2NodeClass').length > 0 : objects.find('EC2NodeClass', name);
      const owner = `EC2NodeClass${name === undefined ? '' : ` ${name}`}`;
      return leftover(
        { kind: 'launch template', id, name: id, effect: 'outlives it' },
        isKnown
          ? { owner, fate: 'removed', because: `goes with ${owner}` }
          : { owner, fate: 'left', because: `${owner} is gone` },
        `aws ec2 delete-launch-template --launch-template-id ${id}`,
      );
    });
}

function logGroups({ account, logGroupsOfTerraform }: Situation): Leftover[] {
  return account.logGroups
    .filter((name) => !logGroupsOfTerraform.includes(name))
    .map((name) =>
      leftover(
        { kind: 'log group', id: name, name, effect: 'outlives it and costs' },
        { fate: 'left', because: 'who writes to it has made it, outside of Terraform' },
        `aws logs delete-log-group --log-group-name ${name}`,
      ),
    );
}

function leftover(
  what: Pick<Leftover, 'kind' | 'id' | 'name' | 'effect'>,
  verdict: Verdict,
  remedy: string,
): Leftover {
  return { ...what, ...verdict, remedy };
}
