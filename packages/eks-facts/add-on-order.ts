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
  /** Settings that the platform gives it. */
  readonly configuration?: Readonly<Record<string, unknown>>;
  /** Where its Pods can run: on a node whatever its taints, or on one without. An add-on with both kinds needs the latter. */
  readonly runsOn: 'any-node' | 'untainted-node';
}

/**
 * Every add-on: when it comes, after which others, with what rights and settings.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html
 */
export const ADD_ONS: Readonly<Record<AddOnName, AddOnFacts>> = {
  'eks-pod-identity-agent': { phase: 'before-nodes', needs: [], default: true, runsOn: 'any-node' },
  'vpc-cni': {
    phase: 'before-nodes',
    needs: ['eks-pod-identity-agent'],
    default: true,
    identity: { serviceAccount: 'aws-node', managedPolicies: ['AmazonEKS_CNI_Policy'] },
    // NetworkPolicies are enforced by the CNI, and only when it is told to.
    configuration: { enableNetworkPolicy: 'true' },
    runsOn: 'any-node',
  },
  'kube-proxy': { phase: 'before-nodes', needs: [], default: true, runsOn: 'any-node' },
  coredns: {
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: true,
    runsOn: 'untainted-node',
  },
  'snapshot-controller': {
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: false,
    runsOn: 'untainted-node',
  },
  'aws-ebs-csi-driver': {
    phase: 'after-nodes',
    // The driver takes snapshots only when it finds the controller's resource definitions as it starts.
    needs: ['eks-pod-identity-agent', 'coredns', 'snapshot-controller'],
    default: true,
    identity: {
      serviceAccount: 'ebs-csi-controller-sa',
      managedPolicies: ['service-role/AmazonEBSCSIDriverPolicy'],
    },
    runsOn: 'untainted-node',
  },
  'aws-efs-csi-driver': {
    phase: 'after-nodes',
    needs: ['eks-pod-identity-agent', 'coredns'],
    default: true,
    identity: {
      serviceAccount: 'efs-csi-controller-sa',
      managedPolicies: ['service-role/AmazonEFSCSIDriverPolicy'],
    },
    runsOn: 'untainted-node',
  },
  'metrics-server': {
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: true,
    runsOn: 'untainted-node',
  },
  // Without it, node auto repair, which node groups have by default, sees little more than that a node is not Ready.
  'eks-node-monitoring-agent': { phase: 'after-nodes', needs: [], default: true, runsOn: 'any-node' },
  'kube-state-metrics': {
    phase: 'after-nodes',
    needs: ['vpc-cni', 'kube-proxy'],
    default: false,
    runsOn: 'untainted-node',
  },
  'amazon-cloudwatch-observability': {
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
  },
};

/** All names, in the order of the table. */
export const ADD_ON_NAMES = Object.keys(ADD_ONS) as readonly AddOnName[];
