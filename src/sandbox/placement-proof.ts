import { setTimeout as sleep } from 'node:timers/promises';
import { accountsWithRole, keptFromTheAgent, type PodOfAccount } from './identity-proof';
import type { PlatformRecord } from '../manifests/platform-record';
import {
  describePods,
  isTrue,
  runningNodes,
  type PodObject,
  type RunningNode,
  type RunningPod,
} from './inventory';
import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { kubernetesObjects, type KubernetesObject } from '../manifests/objects';
import { STAND_IN } from '../manifests/scalar';
import { workloadPods, type WorkloadPods } from '../rules/workload-pods';
import type { Stack } from '../manifests/stacks';
import { UserError } from '../facts/user-error';

/** What the cluster does not do though the platform says so. */
export class ProofError extends UserError {
  readonly code = 'proof-failed';
  readonly exitStatus = 1;
}

/** The cluster as it was when everything was proven. */
export interface Proof {
  readonly nodes: readonly RunningNode[];
  readonly pods: readonly RunningPod[];
}

/** How long Pods may take to be Ready, in seconds: many times what the simulated kubelets need. */
const READY_WITHIN = 60;

/**
 * Proves that every node and every Pod is Ready, and that each namespace's Pods run on its node groups only. It also proves that Pods
 * with an IAM role reach the Pod Identity agent.
 *
 * @throws ProofError with everything that is not so
 */
export async function provePlacement(
  kubectl: Kubectl,
  platform: PlatformRecord,
  stacks: readonly Stack[],
): Promise<Proof> {
  const accounts = accountsWithRole(stacks);
  const workloads = workloadPods(
    stacks.flatMap(({ name, document }) =>
      kubernetesObjects(document, { resolve: () => STAND_IN }).map((object) => ({ ...object, stack: name })),
    ),
  );
  const deadline = Date.now() + READY_WITHIN * 1000;
  for (;;) {
    const [nodes, podObjects, policies] = await Promise.all([
      runningNodes(kubectl),
      kubectl.list<PodObject & PodOfAccount>('pods'),
      kubectl.list<KubernetesObject>('networkpolicies'),
    ]);
    const pods = describePods(podObjects);
    const findings = [
      ...unready(nodes, pods),
      ...missing(pods, platform),
      ...tooFew(podObjects, workloads),
      ...misplaced(nodes, pods, platform),
      ...keptFromTheAgent(podObjects, policies, accounts),
    ];
    if (findings.length === 0) return { nodes, pods };
    if (Date.now() > deadline) throw new ProofError(findings);
    await sleep(500);
  }
}

function unready(nodes: readonly RunningNode[], pods: readonly RunningPod[]): string[] {
  return [
    ...nodes
      .filter((node) => !node.ready)
      .map((node) => `node ${node.name} (${node.platformNode}) is not Ready`),
    ...pods
      .filter((pod) => !pod.ready && !pod.succeeded)
      .map((pod) => `Pod ${pod.namespace}/${pod.name} is not Ready: ${pod.reason}`),
  ];
}

/** A namespace with workloads in which nothing runs proves nothing. */
function missing(pods: readonly RunningPod[], platform: PlatformRecord): string[] {
  return Object.entries(platform.namespaces)
    .filter(
      ([name, { workloads }]) =>
        Object.keys(workloads).length > 0 && !pods.some((pod) => pod.namespace === name),
    )
    .map(([name]) => `namespace ${name} has workloads, but no Pod runs in it`);
}

/** Workloads with fewer Pods than they always have, such as one that was scaled to 0: its other Pods are not there to be unready. */
function tooFew(pods: readonly PodObject[], workloads: readonly WorkloadPods[]): string[] {
  return workloads.flatMap(({ title, namespace, labels, fewest, placed }) => {
    const own = Object.entries(labels).filter(([, value]) => value !== STAND_IN);
    const ready = pods.filter(
      ({ metadata, status }) =>
        metadata.namespace === namespace &&
        own.every(([key, value]) => metadata.labels?.[key] === value) &&
        isTrue(status.conditions, 'Ready'),
    ).length;
    return ['DaemonSet', 'Pod'].includes(placed.object.kind) || own.length === 0 || ready >= fewest
      ? []
      : [`${title} in ${namespace}: ${ready} of ${fewest} Pods are Ready`];
  });
}

function misplaced(
  nodes: readonly RunningNode[],
  pods: readonly RunningPod[],
  platform: PlatformRecord,
): string[] {
  const platformNode = new Map(nodes.map((node) => [node.name, node.platformNode]));
  return Object.entries(platform.namespaces).flatMap(([name, { nodeGroups }]) =>
    pods
      .filter((pod) => pod.namespace === name && pod.node !== undefined)
      .filter((pod) => !nodeGroups.includes(platformNode.get(pod.node ?? '') ?? ''))
      .map(
        (pod) =>
          `Pod ${name}/${pod.name} runs on ${platformNode.get(pod.node ?? '') ?? pod.node ?? ''}; ` +
          `the node groups of ${name} are ${nodeGroups.join(', ')}`,
      ),
  );
}
