import { partitionOf } from '@kubernetes-on-aws/eks-facts/partitions';

/** What an access policy lets its holders do, in terms of Kubernetes. */
export type AccessPolicyRights =
  | { readonly kind: 'everything' }
  | { readonly kind: 'read-everything' }
  /** The rights of one of Kubernetes' own roles for people. */
  | { readonly kind: 'cluster-role'; readonly name: 'admin' | 'edit' | 'view' }
  /** Meant for components of AWS; nothing of theirs runs in the sandbox. */
  | { readonly kind: 'nothing' };

/** The access policies of EKS (EKS User Guide, "Review access policy permissions"). */
export const ACCESS_POLICIES: Readonly<Record<string, AccessPolicyRights>> = {
  AmazonEKSClusterAdminPolicy: { kind: 'everything' },
  AmazonEKSAdminPolicy: { kind: 'cluster-role', name: 'admin' },
  AmazonEKSAdminViewPolicy: { kind: 'read-everything' },
  AmazonEKSEditPolicy: { kind: 'cluster-role', name: 'edit' },
  AmazonEKSViewPolicy: { kind: 'cluster-role', name: 'view' },
  AmazonEKSSecretReaderPolicy: { kind: 'nothing' },
  AmazonEKSAutoNodePolicy: { kind: 'nothing' },
  AmazonEKSBlockStoragePolicy: { kind: 'nothing' },
  AmazonEKSBlockStorageClusterPolicy: { kind: 'nothing' },
  AmazonEKSComputePolicy: { kind: 'nothing' },
  AmazonEKSComputeClusterPolicy: { kind: 'nothing' },
  AmazonEKSLoadBalancingPolicy: { kind: 'nothing' },
  AmazonEKSLoadBalancingClusterPolicy: { kind: 'nothing' },
  AmazonEKSNetworkingPolicy: { kind: 'nothing' },
  AmazonEKSNetworkingClusterPolicy: { kind: 'nothing' },
  AmazonEKSHybridPolicy: { kind: 'nothing' },
  AmazonEKSClusterInsightsPolicy: { kind: 'nothing' },
};

/** `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy` */
export function accessPolicyArn(name: string, region: string): string {
  return `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/${name}`;
}
