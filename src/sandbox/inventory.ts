import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { NODE_GROUP_LABEL } from '../facts/affinity-patch';

/** A node as it matters here. */
export interface RunningNode {
  readonly name: string;
  /** The node of the platform that it belongs to: the value of `platform/node`. */
  readonly platformNode: string;
  readonly zone: string;
  readonly instanceType: string;
  /** Its address in the VPC. */
  readonly address: string | undefined;
  readonly ready: boolean;
}

/** A Pod as it matters here. */
export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  /** The workload that it belongs to, such as `shop-web`. */
  readonly workload: string;
  /** The Kubernetes node; undefined while it waits for one. */
  readonly node: string | undefined;
  /** Of all its containers. */
  readonly images: readonly string[];
  readonly ready: boolean;
  /** Ended well, as the Pods of Jobs do. */
  readonly succeeded: boolean;
  /** Why it is not ready, in the scheduler's or the kubelet's words. */
  readonly reason: string;
}

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface NodeObject {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: {
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
}

/** A Pod as the API server has it. */
export interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly containers: readonly { readonly image: string }[];
    readonly initContainers?: readonly { readonly image: string }[];
  };
  readonly status: { readonly phase: string; readonly conditions?: readonly Condition[] };
}

/** The nodes of the cluster, by platform node and name. */
export async function runningNodes(kubectl: Kubectl): Promise<RunningNode[]> {
  const nodes = await kubectl.list<NodeObject>('nodes');
  return nodes
    .map(({ metadata: { name, labels }, status }) => ({
      name,
      platformNode: labels[NODE_GROUP_LABEL] ?? '',
      zone: labels['topology.kubernetes.io/zone'] ?? '',
      instanceType: labels['node.kubernetes.io/instance-type'] ?? '',
      address: status.addresses?.find(({ type }) => type === 'InternalIP')?.address,
      ready: isTrue(status.conditions, 'Ready'),
    }))
    .sort((a, b) => `${a.platformNode} ${a.name}`.localeCompare(`${b.platformNode} ${b.name}`));
}

/** The Pods of the cluster. */
export async function runningPods(kubectl: Kubectl): Promise<RunningPod[]> {
  return describePods(await kubectl.list<PodObject>('pods'));
}

/** Pods, with what is said and proven of them. */
export function describePods(pods: readonly PodObject[]): RunningPod[] {
  return pods.map(({ metadata: { name, namespace, labels = {} }, spec, status }) => {
    const unmet = status.conditions?.find(
      ({ status: met, message }) => met === 'False' && message !== undefined,
    );
    return {
      namespace,
      name,
      workload: labels['app.kubernetes.io/name'] ?? labels['k8s-app'] ?? name,
      node: spec.nodeName,
      images: [...spec.containers, ...(spec.initContainers ?? [])].map(({ image }) => image),
      ready: isTrue(status.conditions, 'Ready'),
      succeeded: status.phase === 'Succeeded',
      reason: unmet?.message ?? status.phase,
    };
  });
}

export function isTrue(conditions: readonly Condition[] | undefined, type: string): boolean {
  return conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
}
