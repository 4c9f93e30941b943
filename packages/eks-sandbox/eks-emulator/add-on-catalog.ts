import { ADD_ONS, isAddOnName, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { KUBERNETES_VERSIONS } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';

/** An add-on as EKS offers it. */
export interface AddOnOffer {
  readonly name: string;
  readonly type: string;
  readonly publisher: 'eks' | 'aws' | 'community';
  /** Versions by Kubernetes minor version, the default first, besides the pinned one; `*` is every other one. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  /** Namespace of its objects. */
  readonly namespace: string;
  /** Service account that calls AWS, when one does. */
  readonly serviceAccount?: string;
  /** Top-level keys of its configuration; a configuration with other keys is refused. Left out: any. */
  readonly configuration?: readonly string[];
}

const POD_SETTINGS = ['affinity', 'nodeSelector', 'podAnnotations', 'podLabels', 'resources', 'tolerations'];

/**
 * What EKS says of the add-ons that the sandbox knows. Of those in the shared table, the ServiceAccounts and the pinned versions
 * stand there.
 */
const LISTED: readonly AddOnOffer[] = [
  {
    name: 'vpc-cni',
    type: 'networking',
    publisher: 'eks',
    versions: {
      '*': ['v1.21.1-eksbuild.1', 'v1.20.4-eksbuild.2', 'v1.19.6-eksbuild.7'],
    },
    namespace: 'kube-system',
    configuration: [
      ...[
        'affinity',
        'env',
        'eniConfig',
        'enableNetworkPolicy',
        'enableWindowsIpam',
        'enableWindowsPrefixDelegation',
      ],
      ...['init', 'livenessProbeTimeoutSeconds', 'readinessProbeTimeoutSeconds', 'minimumWindowsIPTarget'],
      ...[
        'nodeAgent',
        'nodeSelector',
        'originalMatchLabels',
        'podAnnotations',
        'podLabels',
        'resources',
        'tolerations',
      ],
      ...[
        'branchENICooldown',
        'warmIPTarget',
        'warmWindowsIPTarget',
        'warmWindowsPrefixTarget',
        'extraVolumes',
      ],
      ...['extraVolumeMounts', 'cri', 'image'],
    ],
  },
  {
    name: 'kube-proxy',
    type: 'networking',
    publisher: 'eks',
    versions: {
      '1.33': ['v1.33.7-eksbuild.2', 'v1.33.5-eksbuild.2', 'v1.33.3-eksbuild.4'],
      '1.34': ['v1.34.6-eksbuild.2', 'v1.34.3-eksbuild.2', 'v1.34.1-eksbuild.2'],
      '1.35': ['v1.35.3-eksbuild.2', 'v1.35.0-eksbuild.2'],
      '1.36': ['v1.36.0-eksbuild.21', 'v1.36.0-eksbuild.14'],
      // Of the form that EKS gives its versions; none of 1.37 is confirmed.
      '1.37': ['v1.37.0-eksbuild.2'],
    },
    namespace: 'kube-system',
    configuration: ['ipvs', 'mode', 'podAnnotations', 'podLabels', 'resources', 'tolerations', 'affinity'],
  },
  {
    name: 'coredns',
    type: 'networking',
    publisher: 'eks',
    versions: {
      '*': ['v1.13.2-eksbuild.4', 'v1.13.1-eksbuild.1', 'v1.12.4-eksbuild.1'],
      '1.33': ['v1.12.4-eksbuild.1', 'v1.12.3-eksbuild.1', 'v1.12.1-eksbuild.2'],
    },
    namespace: 'kube-system',
    configuration: [
      ...POD_SETTINGS,
      ...[
        'autoScaling',
        'computeType',
        'corefile',
        'podDisruptionBudget',
        'replicaCount',
        'topologySpreadConstraints',
      ],
    ],
  },
  {
    name: 'eks-pod-identity-agent',
    type: 'security',
    publisher: 'eks',
    versions: { '*': ['v1.3.10-eksbuild.2', 'v1.3.9-eksbuild.5', 'v1.3.8-eksbuild.2'] },
    namespace: 'kube-system',
    configuration: [...POD_SETTINGS, 'agent', 'init', 'priorityClassName', 'updateStrategy'],
  },
  {
    name: 'aws-ebs-csi-driver',
    type: 'storage',
    publisher: 'eks',
    versions: {
      '*': ['v1.59.0-eksbuild.1', 'v1.54.0-eksbuild.1', 'v1.48.0-eksbuild.2'],
    },
    namespace: 'kube-system',
    configuration: [
      ...[
        'controller',
        'node',
        'sidecars',
        'defaultStorageClass',
        'debugLogs',
        'fips',
        'image',
        'useOldCSIDriver',
      ],
      ...['nodeComponentOnly', 'a1CompatibilityDaemonSet', 'proxy', 'customLabels', 'snapshotter'],
    ],
  },
  {
    name: 'aws-efs-csi-driver',
    type: 'storage',
    publisher: 'eks',
    versions: { '*': ['v3.1.0-eksbuild.1', 'v2.1.15-eksbuild.1', 'v2.1.13-eksbuild.1'] },
    namespace: 'kube-system',
  },
  {
    name: 'snapshot-controller',
    type: 'storage',
    publisher: 'eks',
    versions: { '*': ['v8.5.0-eksbuild.3', 'v8.3.0-eksbuild.1'] },
    namespace: 'kube-system',
  },
  {
    name: 'metrics-server',
    type: 'observability',
    publisher: 'community',
    versions: { '*': ['v0.8.1-eksbuild.6', 'v0.8.0-eksbuild.3', 'v0.7.2-eksbuild.4'] },
    namespace: 'kube-system',
    configuration: [
      ...POD_SETTINGS,
      ...[
        'addonResizer',
        'args',
        'containerPort',
        'deploymentAnnotations',
        'dnsConfig',
        'extraVolumes',
        'extraVolumeMounts',
      ],
      ...['hostNetwork', 'livenessProbe', 'metrics', 'podDisruptionBudget', 'readinessProbe', 'replicas'],
      ...[
        'revisionHistoryLimit',
        'schedulerName',
        'service',
        'serviceMonitor',
        'topologySpreadConstraints',
        'updateStrategy',
      ],
      ...['priorityClassName', 'defaultArgs', 'apiService', 'hostAliases'],
    ],
  },
  {
    name: 'kube-state-metrics',
    type: 'observability',
    publisher: 'community',
    versions: { '*': ['v2.18.0-eksbuild.1', 'v2.17.0-eksbuild.4', 'v2.16.0-eksbuild.1'] },
    namespace: 'kube-state-metrics',
  },
  {
    name: 'prometheus-node-exporter',
    type: 'observability',
    publisher: 'community',
    versions: { '*': ['v1.10.2-eksbuild.2', 'v1.9.1-eksbuild.3'] },
    namespace: 'prometheus-node-exporter',
  },
  {
    name: 'amazon-cloudwatch-observability',
    type: 'observability',
    publisher: 'eks',
    versions: { '*': ['v6.2.0-eksbuild.1', 'v4.8.0-eksbuild.1', 'v4.4.0-eksbuild.1'] },
    namespace: 'amazon-cloudwatch',
  },
  {
    name: 'eks-node-monitoring-agent',
    type: 'observability',
    publisher: 'eks',
    versions: { '*': ['v1.6.4-eksbuild.1', 'v1.4.2-eksbuild.1', 'v1.4.1-eksbuild.1'] },
    namespace: 'kube-system',
  },
  {
    name: 'cert-manager',
    type: 'security',
    publisher: 'community',
    versions: { '*': ['v1.19.2-eksbuild.1', 'v1.18.2-eksbuild.2'] },
    namespace: 'cert-manager',
    serviceAccount: 'cert-manager',
  },
  {
    name: 'external-dns',
    type: 'networking',
    publisher: 'community',
    versions: { '*': ['v0.20.0-eksbuild.1', 'v0.19.0-eksbuild.2'] },
    namespace: 'external-dns',
    serviceAccount: 'external-dns',
  },
  {
    name: 'aws-secrets-store-csi-driver-provider',
    type: 'security',
    publisher: 'aws',
    versions: { '*': ['v2.1.1-eksbuild.1'] },
    namespace: 'aws-secrets-manager',
  },
];

/** The add-ons that the sandbox knows. */
export const ADD_ON_OFFERS: readonly AddOnOffer[] = LISTED.map((offer) => {
  const { serviceAccount } = (isAddOnName(offer.name) ? ADD_ONS[offer.name].identity : undefined) ?? offer;
  return serviceAccount === undefined ? offer : { ...offer, serviceAccount };
});

/** @returns undefined for an add-on that the sandbox does not know */
export function addOnNamed(name: string): AddOnOffer | undefined {
  return ADD_ON_OFFERS.find((offer) => offer.name === name);
}

/** The add-on's versions for a Kubernetes version, the default first. */
export function versionsFor({ name, versions }: AddOnOffer, kubernetesVersion: string): readonly string[] {
  const [first, ...others] = versions[kubernetesVersion] ?? versions['*'] ?? [];
  const pinned = isAddOnName(name) ? pinnedVersion(name, kubernetesVersion) : undefined;
  return [...new Set([first, pinned, ...others])].filter((version) => version !== undefined);
}

/** Kubernetes versions that a version of the add-on goes with. */
export function kubernetesVersionsFor(offer: AddOnOffer, version: string): string[] {
  return Object.keys(KUBERNETES_VERSIONS).filter((kubernetes) =>
    versionsFor(offer, kubernetes).includes(version),
  );
}
