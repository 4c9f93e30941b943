export { maxPods, nodeCapacity, type NodeCapacity } from '@kubernetes-on-aws/eks-facts/node-figures';

/** Subnets of the Pods' own, apart from those of the nodes: the VPC CNI calls it custom networking. */
export interface PodSubnets {
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /** A subnet for each zone that has nodes, by the zone's name, such as `eu-west-1a`. */
  readonly subnetIds: Readonly<Record<string, string>>;
}

/**
 * Settings of the add-on `vpc-cni`: whether it takes addresses from the subnets in prefixes, and whether from subnets of the
 * Pods' own. One prefix is held in reserve, so that a new Pod does not wait for EC2. An ENIConfig has the name of its zone,
 * by which nodes find it.
 *
 * @param tags of the network interfaces that the VPC CNI makes beside a node's first
 * @param securityGroupIds of the network interfaces in Pod subnets
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/cni-custom-network.html
 */
export function cniConfiguration(
  prefixDelegation: boolean,
  podSubnets: PodSubnets | undefined,
  tags: Readonly<Record<string, string>>,
  securityGroupIds: readonly string[],
): Readonly<Record<string, unknown>> {
  const env = {
    ADDITIONAL_ENI_TAGS: JSON.stringify(tags),
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
    env,
    ...(podSubnets && {
      eniConfig: { create: true, region: podSubnets.region, subnets: Object.fromEntries(subnets) as unknown },
    }),
  };
}
