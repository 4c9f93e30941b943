import { stringify } from 'yaml';
import { EVICTION_DEFAULTS, reservedMemoryMiB } from '@kubernetes-on-aws/eks-facts/node-figures';
import type { NodeOs } from '@kubernetes-on-aws/eks-facts/node-image';

/** A signal by which the kubelet sees that a node runs out of something. */
export type EvictionSignal =
  | 'memory.available'
  | 'nodefs.available'
  | 'nodefs.inodesFree'
  | 'imagefs.available'
  | 'imagefs.inodesFree'
  | 'pid.available';

/** Resources of a node that no Pod gets, as Kubernetes quantities: `{ cpu: '100m', memory: '500Mi' }`. */
export interface ReservedResources {
  readonly cpu?: string;
  readonly memory?: string;
  readonly 'ephemeral-storage'?: string;
}

/**
 * Settings of a node's kubelet, by the names of KubeletConfiguration.
 *
 * @see https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/
 */
export interface KubeletSettings {
  /** The most Pods of a node. @default - as many as the smallest of the instance types has addresses for */
  readonly maxPods?: number;
  /**
   * What is reserved for the kubelet and the container runtime.
   * @default - memory by the number of Pods; CPU and storage as the AMI reserves them
   */
  readonly kubeReserved?: ReservedResources;
  /** What is reserved for the operating system besides. @default - nothing */
  readonly systemReserved?: ReservedResources;
  /**
   * What must stay free, as a quantity or a percentage; below it Pods are evicted.
   * @default - memory.available 100Mi, nodefs.available 10%, nodefs.inodesFree 5%, imagefs.available 15%, imagefs.inodesFree 5%
   */
  readonly evictionHard?: Readonly<Partial<Record<EvictionSignal, string>>>;
  /** Percentage of the disk at which unused images are removed. @default 85 */
  readonly imageGCHighThresholdPercent?: number;
  /** Percentage of the disk to which they are removed. @default 80 */
  readonly imageGCLowThresholdPercent?: number;
  /** Size at which a container's log is rotated. @default 10Mi */
  readonly containerLogMaxSize?: string;
  /** Files that are kept of a container's log. @default 5 */
  readonly containerLogMaxFiles?: number;
  /** The most processes of a Pod. @default - no limit but the node's */
  readonly podPidsLimit?: number;
}

/** The names that Bottlerocket has for the settings. @see https://bottlerocket.dev/en/os/latest/api/settings/kubernetes/ */
const BOTTLEROCKET_NAME: Record<keyof KubeletSettings, string> = {
  maxPods: 'max-pods',
  kubeReserved: 'kube-reserved',
  systemReserved: 'system-reserved',
  evictionHard: 'eviction-hard',
  imageGCHighThresholdPercent: 'image-gc-high-threshold-percent',
  imageGCLowThresholdPercent: 'image-gc-low-threshold-percent',
  containerLogMaxSize: 'container-log-max-size',
  containerLogMaxFiles: 'container-log-max-files',
  podPidsLimit: 'pod-pids-limit',
};

type Settings = KubeletSettings & { readonly maxPods: number };

const USER_DATA: Record<NodeOs, (kubelet: Settings) => string> = {
  al2023: nodeConfig,
  bottlerocket: bottlerocketSettings,
};

/**
 * User data of a managed node group's launch template, in the form that the operating system reads. EKS adds to it what a
 * node needs to join the cluster, labels and taints included.
 *
 * The kubelet reserves memory for as many Pods as it allows. The AMI's default assumes the number of addresses without
 * prefixes.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html#launch-template-user-data
 * @internal
 */
export function userData(os: NodeOs, kubelet: Settings): string {
  const { kubeReserved, evictionHard } = kubelet;
  return USER_DATA[os]({
    ...kubelet,
    kubeReserved: { memory: `${reservedMemoryMiB(kubelet.maxPods)}Mi`, ...kubeReserved },
    ...(evictionHard && { evictionHard: { ...EVICTION_DEFAULTS, ...evictionHard } }),
  });
}

/** A NodeConfig in a MIME message, which EKS and nodeadm merge with theirs. @see https://awslabs.github.io/amazon-eks-ami/nodeadm/ */
function nodeConfig(kubelet: Settings): string {
  const boundary = 'node-config';
  return [
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: application/node.eks.aws',
    '',
    stringify({
      apiVersion: 'node.eks.aws/v1alpha1',
      kind: 'NodeConfig',
      spec: { kubelet: { config: kubelet } },
    }),
    `--${boundary}--`,
    '',
  ].join('\n');
}

/** Settings in TOML: of a table the plain values first, then its tables. EKS takes no escapes in texts, and none are needed. */
function bottlerocketSettings(kubelet: Settings): string {
  const settings = Object.entries(kubelet).map(
    ([key, value]) => [BOTTLEROCKET_NAME[key as keyof KubeletSettings], value as unknown] as const,
  );
  const lines = ['[settings.kubernetes]'];
  for (const [name, value] of settings) {
    if (typeof value !== 'object') lines.push(assignment(name, value));
  }
  for (const [name, value] of settings) {
    if (typeof value !== 'object' || value === null) continue;
    lines.push('', `[settings.kubernetes.${name}]`);
    for (const [key, each] of Object.entries(value)) lines.push(assignment(key, each));
  }
  return `${lines.join('\n')}\n`;
}

function assignment(key: string, value: unknown): string {
  return `${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)} = ${JSON.stringify(value)}`;
}
