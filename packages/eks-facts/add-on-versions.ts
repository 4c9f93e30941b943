import type { AddOnName } from './add-on-order';

/** The Kubernetes versions that versions of add-ons are pinned for. */
export type PinnedKubernetesVersion = '1.34' | '1.35';

/**
 * The version of each add-on that fits a Kubernetes version, as EKS offered them in summer 2026. `undefined`: none could be
 * confirmed, so EKS chooses its default when it makes the add-on.
 *
 * Sources: the tables of the EKS User Guide for the VPC CNI, CoreDNS and kube-proxy ("latest version for each Kubernetes
 * version"), and lists of DescribeAddonVersions that others have published for the rest. What is offered now:
 * `aws eks describe-addon-versions --kubernetes-version 1.35 --addon-name coredns`.
 */
const VERSIONS: Readonly<Record<PinnedKubernetesVersion, Readonly<Record<AddOnName, string | undefined>>>> = {
  '1.34': {
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
    'vpc-cni': 'v1.22.2-eksbuild.1',
    'kube-proxy': 'v1.34.6-eksbuild.13',
    coredns: 'v1.13.2-eksbuild.11',
    'snapshot-controller': 'v8.3.0-eksbuild.1',
    'aws-ebs-csi-driver': 'v1.61.1-eksbuild.1',
    'aws-efs-csi-driver': 'v3.1.0-eksbuild.1',
    'metrics-server': 'v0.8.1-eksbuild.10',
    'eks-node-monitoring-agent': undefined,
    'kube-state-metrics': undefined,
    'amazon-cloudwatch-observability': 'v6.2.0-eksbuild.1',
  },
  '1.35': {
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.3',
    'vpc-cni': 'v1.22.2-eksbuild.1',
    'kube-proxy': 'v1.35.3-eksbuild.13',
    coredns: 'v1.14.3-eksbuild.3',
    'snapshot-controller': 'v8.5.0-eksbuild.3',
    'aws-ebs-csi-driver': 'v1.61.1-eksbuild.1',
    'aws-efs-csi-driver': 'v3.1.0-eksbuild.1',
    'metrics-server': 'v0.8.1-eksbuild.10',
    'eks-node-monitoring-agent': 'v1.6.4-eksbuild.1',
    'kube-state-metrics': 'v2.18.0-eksbuild.1',
    'amazon-cloudwatch-observability': 'v6.2.0-eksbuild.1',
  },
};

/** The Kubernetes versions of the table, oldest first. */
export const PINNED_KUBERNETES_VERSIONS = Object.keys(VERSIONS) as readonly PinnedKubernetesVersion[];

/**
 * The version of an add-on that is pinned for a Kubernetes version, such as `1.35`.
 *
 * @returns undefined where none is: EKS chooses then
 */
export function pinnedVersion(addOn: AddOnName, kubernetesVersion: string): string | undefined {
  return (VERSIONS as Readonly<Record<string, (typeof VERSIONS)['1.35'] | undefined>>)[kubernetesVersion]?.[
    addOn
  ];
}
