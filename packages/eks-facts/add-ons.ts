import type { KubernetesVersion } from './kubernetes-versions';

/** The Kubernetes versions that versions of add-ons are pinned for, oldest first. */
export const PINNED_KUBERNETES_VERSIONS = [
  '1.34',
  '1.35',
  '1.36',
] as const satisfies readonly KubernetesVersion[];

type PinnedKubernetesVersion = (typeof PINNED_KUBERNETES_VERSIONS)[number];

/** A version as EKS names them, with its Kubernetes-like parts: v1.35.3-eksbuild.13. */
export const ADD_ON_VERSION = /^v(\d+)\.(\d+)\.(\d+)-eksbuild\.\d+$/;

/** The add-ons that the platform knows how to install. */
export type AddOnName =
  | 'eks-pod-identity-agent'
  | 'vpc-cni'
  | 'kube-proxy'
  | 'coredns'
  | 'snapshot-controller'
  | 'aws-ebs-csi-driver'
  | 'aws-efs-csi-driver'
  | 'metrics-server'
  | 'eks-node-monitoring-agent'
  | 'kube-state-metrics'
  | 'amazon-cloudwatch-observability';

/** What EKS and Kubernetes need to know of an add-on besides its name and version. */
export interface AddOnFacts {
  /** What it is for, without a full stop. */
  readonly purpose: string;
  /**
   * Before the nodes: a node is Ready only with it. After the nodes: it is ACTIVE only once its Pods run on one, and EKS
   * waits for that.
   */
  readonly phase: 'before-nodes' | 'after-nodes';
  /** Add-ons that have to be there first, where the cluster has them. */
  readonly needs: readonly AddOnName[];
  /** Whether a cluster has it unasked. */
  readonly default: boolean;
  /** The ServiceAccount that calls AWS, and what it may: names of AWS managed policies. */
  readonly identity?: { readonly serviceAccount: string; readonly managedPolicies: readonly string[] };
  /** A managed policy that lets it touch only what has this cluster's tag, instead of those of its identity. */
  readonly clusterPolicy?: string;
  /** Settings that the platform gives it. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Where its Pods can run: on a node whatever its taints, or on one without. An add-on with both kinds needs the latter. */
  readonly runsOn: 'any-node' | 'untainted-node';
  /** Its version by Kubernetes version; where it is left out, none could be confirmed, and EKS chooses. */
  readonly versions: Readonly<Partial<Record<PinnedKubernetesVersion, string>>>;
}

/**
 * Every add-on: when it comes, after which others, with what rights and settings, and in which version.
 *
 * Versions of the VPC CNI, CoreDNS and kube-proxy come from the EKS User Guide ("latest version for each Kubernetes version"). The
 * others come from published lists of DescribeAddonVersions: 1.34 and 1.35 as of summer 2026, 1.36 as of October 2026, 1.37
 * none yet. `platform versions` proposes them from what EKS offers now.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export const ADD_ONS: Readonly<Record<AddOnName, AddOnFacts>> = {
  'eks-pod-identity-agent': {
    purpose: 'Hands IAM roles to Pods',
    phase: 'before-nodes',
    needs: [],
    default: true,
    runsOn: 'any-node',
    versions: { '1.34': 'v1.3.10-eksbuild.3', '1.35': 'v1.3.10-eksbuild.3', '1.36': 'v1.3.10-eksbuild.3' },
  },
  'vpc-cni': {
    purpose: 'Gives Pods addresses of the VPC and enforces NetworkPolicies',
    phase: 'before-nodes',
    needs: ['eks-pod-identity-agent'],
    default: true,
    identity: { serviceAccount: 'aws-node', managedPolicies: ['AmazonEKS_CNI_Policy'] },
    // NetworkPolicies are enforced by the CNI, and only when it is told to.
    configuration: { enableNetworkPolicy: 'true' },
    runsOn: 'any-node',
    versions: { '1.34': 'v1.22.2-eksbuild.1', '1.35': 'v1.22.2-eksbuild.1', '1.36': 'v1.22.4-eksbuild.3' },
  },
  'kube-proxy': {
    purpose: 'Routes traffic for Services on each node',
    phase: 'before-nodes',
    needs: [],
    default: true,
    runsOn: 'any-node',
    versions: { '1.34': 'v1.34.6-eksbuild.13', '1.35': 'v1.35.3-eksbuild.13', '1.36': 'v1.36.0-eksbuild.25' },
  },
  coredns: {
    purpose: 'Resolves DNS names in the cluster',
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: true,
    runsOn: 'untainted-node',
    versions: { '1.34': 'v1.13.2-eksbuild.11', '1.35': 'v1.14.3-eksbuild.3', '1.36': 'v1.14.6-eksbuild.4' },
  },
  'snapshot-controller': {
    purpose: 'Takes snapshots of EBS volumes',
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: false,
    runsOn: 'untainted-node',
    versions: { '1.34': 'v8.3.0-eksbuild.1', '1.35': 'v8.5.0-eksbuild.3', '1.36': 'v8.6.0-eksbuild.8' },
  },
  'aws-ebs-csi-driver': {
    purpose: 'Makes EBS volumes for claims',
    phase: 'after-nodes',
    // The driver takes snapshots only when it finds the controller's resource definitions as it starts.
    needs: ['eks-pod-identity-agent', 'coredns', 'snapshot-controller'],
    default: true,
    identity: {
      serviceAccount: 'ebs-csi-controller-sa',
      managedPolicies: ['service-role/AmazonEBSCSIDriverPolicy'],
    },
    // EKS tells the add-on the cluster's name, by which it tags volumes and snapshots (driver 1.58 and later).
    clusterPolicy: 'AmazonEBSCSIDriverEKSClusterScopedPolicy',
    runsOn: 'untainted-node',
    versions: { '1.34': 'v1.61.1-eksbuild.1', '1.35': 'v1.61.1-eksbuild.1', '1.36': 'v1.66.0-eksbuild.1' },
  },
  'aws-efs-csi-driver': {
    purpose: 'Mounts EFS file systems',
    phase: 'after-nodes',
    needs: ['eks-pod-identity-agent', 'coredns'],
    default: true,
    identity: {
      serviceAccount: 'efs-csi-controller-sa',
      managedPolicies: ['service-role/AmazonEFSCSIDriverPolicy'],
    },
    runsOn: 'untainted-node',
    versions: { '1.34': 'v3.1.0-eksbuild.1', '1.35': 'v3.1.0-eksbuild.1', '1.36': 'v3.3.0-eksbuild.1' },
  },
  'metrics-server': {
    purpose: 'Reports to autoscalers and kubectl top what Pods use',
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: true,
    runsOn: 'untainted-node',
    versions: { '1.34': 'v0.8.1-eksbuild.10', '1.35': 'v0.8.1-eksbuild.10', '1.36': 'v0.9.0-eksbuild.11' },
  },
  // Without it, node auto repair, which node groups have by default, sees little more than that a node is not Ready.
  'eks-node-monitoring-agent': {
    purpose: 'Reports to node auto repair what is wrong with a node',
    phase: 'after-nodes',
    needs: [],
    default: true,
    runsOn: 'any-node',
    versions: { '1.35': 'v1.6.4-eksbuild.1' },
  },
  'kube-state-metrics': {
    purpose: 'Reports the state of Kubernetes objects to Prometheus',
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: false,
    runsOn: 'untainted-node',
    versions: { '1.35': 'v2.18.0-eksbuild.1' },
  },
  'amazon-cloudwatch-observability': {
    purpose: 'Container Insights: metrics and traces in CloudWatch',
    phase: 'after-nodes',
    needs: ['eks-pod-identity-agent', 'coredns'],
    default: false,
    identity: {
      serviceAccount: 'cloudwatch-agent',
      managedPolicies: ['CloudWatchAgentServerPolicy', 'AWSXrayWriteOnlyAccess'],
    },
    // The log collector ships the Pods' logs already, into groups with a retention.
    configuration: { containerLogs: { enabled: false } },
    runsOn: 'untainted-node',
    versions: { '1.34': 'v6.2.0-eksbuild.1', '1.35': 'v6.2.0-eksbuild.1', '1.36': 'v6.6.0-eksbuild.1' },
  },
};

/** All names, in the order of the table. */
export const ADD_ON_NAMES = Object.keys(ADD_ONS) as readonly AddOnName[];

/**
 * The version of an add-on that is pinned for a Kubernetes version, such as `1.35`.
 *
 * @returns undefined where none is: EKS chooses then
 */
export function pinnedVersion(addOn: AddOnName, kubernetesVersion: string): string | undefined {
  const versions: Readonly<Record<string, string | undefined>> = ADD_ONS[addOn].versions;
  return versions[kubernetesVersion];
}

/** Whether the platform knows how to install the add-on. */
export function isAddOnName(name: string): name is AddOnName {
  return Object.hasOwn(ADD_ONS, name);
}
