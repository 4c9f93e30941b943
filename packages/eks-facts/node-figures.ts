import type { InstanceType } from './instance-types';
import { quantityAmount } from './quantity';

/** Addresses of the prefix (a /28) that takes the place of one address of a network interface. */
const PREFIX_ADDRESSES = 16;
/** The VPC CNI and kube-proxy run on every node, count as Pods and take no address. */
const HOST_NETWORK_PODS = 2;

/** Where a node's Pods get their addresses from. */
export interface PodAddresses {
  /** Whether they are taken in prefixes (/28). */
  readonly prefixDelegation: boolean;
  /** Whether they are of other subnets than the node's. */
  readonly ownSubnets: boolean;
}

/**
 * Pods that a node has addresses for: the addresses of its network interfaces, except each interface's own. If Pods have subnets of
 * their own, the first interface does not count.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html
 */
export function podsWithAddress(
  { networkInterfaces, ipv4PerInterface }: Pick<InstanceType, 'networkInterfaces' | 'ipv4PerInterface'>,
  { prefixDelegation, ownSubnets }: PodAddresses,
): number {
  const slots = (networkInterfaces - (ownSubnets ? 1 : 0)) * (ipv4PerInterface - 1);
  return slots * (prefixDelegation ? PREFIX_ADDRESSES : 1) + HOST_NETWORK_PODS;
}

/**
 * The most Pods that EKS allows on a node of a managed node group.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html#max-pods-precedence
 */
export function managedMaxPods({ vcpus }: Pick<InstanceType, 'vcpus'>): number {
  return vcpus > 30 ? 250 : 110;
}

/**
 * Memory that the kubelet and the container runtime need for so many Pods.
 *
 * @returns MiB
 * @see https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
 */
export function reservedMemoryMiB(pods: number): number {
  return 11 * pods + 255;
}

/** CPU that the EKS AMI reserves: 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the others. */
export function reservedMillicores(vcpus: number): number {
  const others = Math.max(0, vcpus - 4);
  return Math.floor(60 + (vcpus > 1 ? 10 : 0) + 5 * Math.min(2, Math.max(0, vcpus - 2)) + 2.5 * others);
}

/** The kubelet's thresholds of eviction; it forgets all of them when one is set. Source: Kubernetes, Node-pressure Eviction. */
export const EVICTION_DEFAULTS = {
  'memory.available': '100Mi',
  'nodefs.available': '10%',
  'nodefs.inodesFree': '5%',
  'imagefs.available': '15%',
  'imagefs.inodesFree': '5%',
} as const;

/** Share of an instance's memory that its hypervisor and kernel keep: what Karpenter assumes unless told. */
const MEMORY_OVERHEAD = 0.075;
/** Free memory below which the kubelet evicts Pods. */
const EVICTED_MIB = (quantityAmount(EVICTION_DEFAULTS['memory.available']) ?? 0) / 2 ** 20;

/** What a node has for Pods. */
export interface NodeCapacity {
  readonly millicores: number;
  readonly memoryMiB: number;
  readonly pods: number;
}

/** The most Pods of a node: as many as it has addresses for, and no more than EKS allows. */
export function maxPods(instance: InstanceType, addresses: PodAddresses): number {
  return Math.min(podsWithAddress(instance, addresses), managedMaxPods(instance));
}

/** What is left for Pods on a node of the type when it takes so many, as the EKS AMI reserves. */
export function nodeCapacity({ vcpus, memoryMiB }: InstanceType, pods: number): NodeCapacity {
  const usable = Math.floor(memoryMiB * (1 - MEMORY_OVERHEAD));
  return {
    millicores: vcpus * 1000 - reservedMillicores(vcpus),
    memoryMiB: usable - reservedMemoryMiB(pods) - EVICTED_MIB,
    pods,
  };
}
