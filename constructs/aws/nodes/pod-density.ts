import type { InstanceType } from '@kubernetes-on-aws/eks-facts/instance-types';

/** Addresses of the prefix (a /28) that takes the place of one address of a network interface. */
const PREFIX_ADDRESSES = 16;
/** The VPC CNI and kube-proxy run on every node, count as Pods and take no address. */
const HOST_NETWORK_PODS = 2;
/** Share of an instance's memory that its hypervisor and kernel keep: what Karpenter assumes unless told. */
const MEMORY_OVERHEAD = 0.075;
/** Free memory below which the kubelet evicts Pods, unless told. */
const EVICTION_THRESHOLD_MIB = 100;

/** What a node has for Pods. */
export interface NodeCapacity {
  readonly millicores: number;
  readonly memoryMiB: number;
  readonly pods: number;
}

/** Subnets of the Pods' own, apart from those of the nodes: the VPC CNI calls it custom networking. */
export interface PodSubnets {
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /** A subnet for each zone that has nodes, by the zone's name, such as `eu-west-1a`. */
  readonly subnetIds: Readonly<Record<string, string>>;
}

/** Where a node's Pods get their addresses from. */
export interface PodAddresses {
  /** Whether they are taken in prefixes (/28). */
  readonly prefixDelegation: boolean;
  /** Whether they are of other subnets than the node's. */
  readonly ownSubnets: boolean;
}

/**
 * Settings of the add-on `vpc-cni`: whether it takes addresses from the subnets in prefixes, and whether from subnets of the
 * Pods' own. One prefix is held in reserve, so that a new Pod does not wait for EC2. An ENIConfig has the name of its zone,
 * by which nodes find it.
 *
 * @param securityGroupIds of the network interfaces in Pod subnets
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html
 */
export function cniConfiguration(
  prefixDelegation: boolean,
  podSubnets: PodSubnets | undefined,
  securityGroupIds: readonly string[],
): Readonly<Record<string, unknown>> {
  const env = {
    ...(prefixDelegation && { ENABLE_PREFIX_DELEGATION: 'true', WARM_PREFIX_TARGET: '1' }),
    ...(podSubnets && {
      AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
      ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
    }),
  };
  const subnets = Object.entries(podSubnets?.subnetIds ?? {}).map(([zone, id]) => [
    zone,
    { id, securityGroups: securityGroupIds },
  ]);
  return {
    ...(Object.keys(env).length > 0 && { env }),
    ...(podSubnets && {
      eniConfig: {
        create: true,
        region: podSubnets.region,
        subnets: Object.fromEntries(subnets) as unknown,
      },
    }),
  };
}

/**
 * The most Pods of a node: as many as its network interfaces have addresses for, each interface's own left out, and the
 * first interface whole where Pods have subnets of their own; no more than EKS allows in managed node groups, by the number of vCPUs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html#max-pods-precedence
 */
export function maxPods(
  { networkInterfaces, ipv4PerInterface, vcpus }: InstanceType,
  { prefixDelegation, ownSubnets }: PodAddresses,
): number {
  const slots = (networkInterfaces - (ownSubnets ? 1 : 0)) * (ipv4PerInterface - 1);
  const addresses = prefixDelegation ? slots * PREFIX_ADDRESSES : slots;
  return Math.min(addresses + HOST_NETWORK_PODS, vcpus > 30 ? 250 : 110);
}

/**
 * Memory that the kubelet and the container runtime need for so many Pods. The EKS AMI reserves it for the number that it
 * works out itself, without prefixes.
 *
 * @returns MiB
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 */
export function reservedMemoryMiB(pods: number): number {
  return 11 * pods + 255;
}

/** CPU that the EKS AMI reserves: 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the others. */
function reservedMillicores(vcpus: number): number {
  const others = Math.max(0, vcpus - 4);
  return Math.floor(60 + (vcpus > 1 ? 10 : 0) + 5 * Math.min(2, Math.max(0, vcpus - 2)) + 2.5 * others);
}

/** What is left for Pods on a node of the type when it takes so many, as the EKS AMI reserves. */
export function nodeCapacity({ vcpus, memoryMiB }: InstanceType, pods: number): NodeCapacity {
  const usable = Math.floor(memoryMiB * (1 - MEMORY_OVERHEAD));
  return {
    millicores: vcpus * 1000 - reservedMillicores(vcpus),
    memoryMiB: usable - reservedMemoryMiB(pods) - EVICTION_THRESHOLD_MIB,
    pods,
  };
}
