import { waitForObjects, type KubernetesApi } from '../control-plane/kubernetes-api';
import { kubeletSettingsOf } from '../nodes/kubelet-settings';
import { nodeCapacity } from '../nodes/node-capacity';
import {
  isNodeReady,
  launchNodes,
  NODE_GROUP_LABEL,
  nodesOf,
  retireNode,
  type NodeTaint,
  type NodeTemplate,
} from '../nodes/nodes';
import type { EmulatorContext } from './cluster-state';
import type { NodeGroupState } from './node-group-state';
import { UpdateFailure } from './updates';
import { kubeletVersion } from './versions';

/** How long PodDisruptionBudgets may hold up the replacement of a Node; fifteen minutes on AWS. */
const EVICTION_LIMIT_MS = 30_000;
const DEFAULT_DISK_GIB = 20;

const EFFECTS: Readonly<Record<string, NodeTaint['effect']>> = {
  NO_SCHEDULE: 'NoSchedule',
  NO_EXECUTE: 'NoExecute',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
};

/** What the group's Nodes are made from now. */
export function nodeTemplate({ account }: EmulatorContext, group: NodeGroupState): NodeTemplate {
  const { nodegroup, instance, template, subnets } = group;
  const disk = template?.rootVolumeGiB ?? nodegroup.diskSize ?? DEFAULT_DISK_GIB;
  const bottlerocket = nodegroup.amiType?.startsWith('BOTTLEROCKET') === true;
  return {
    nodeGroup: nodegroup.nodegroupName ?? '',
    region: account.region,
    subnets,
    instanceType: instance.name,
    architecture: instance.architecture,
    osImage: bottlerocket ? 'Bottlerocket OS 1.52.0 (aws-k8s)' : 'Amazon Linux 2023',
    kubeletVersion: kubeletVersion(nodegroup.version ?? ''),
    capacity: nodeCapacity(instance, kubeletSettingsOf(template?.userData), disk),
    labels: {
      ...nodegroup.labels,
      [NODE_GROUP_LABEL]: nodegroup.nodegroupName ?? '',
      'eks.amazonaws.com/capacityType': nodegroup.capacityType ?? 'ON_DEMAND',
      ...(template
        ? {
            'eks.amazonaws.com/sourceLaunchTemplateId': template.id,
            'eks.amazonaws.com/sourceLaunchTemplateVersion': template.version,
          }
        : {}),
    },
    taints: (nodegroup.taints ?? []).map(({ key = '', value, effect = '' }) => ({
      key,
      ...(value ? { value } : {}),
      effect: EFFECTS[effect] ?? 'NoSchedule',
    })),
  };
}

/** Gives the Nodes the group's labels and taints, in place. */
export async function changeNodes(
  api: KubernetesApi,
  template: NodeTemplate,
  goneLabels: readonly string[],
): Promise<void> {
  const labels = { ...Object.fromEntries(goneLabels.map((key) => [key, null])), ...template.labels };
  for (const node of await api.list(nodesOf(template.nodeGroup))) {
    const { taints = [] } = (node.spec ?? {}) as { taints?: NodeTaint[] };
    // Taints of the node controller (not-ready, unschedulable) are none of the group's.
    const system = taints.filter(({ key }) => key.startsWith('node.kubernetes.io/'));
    await api.patch(node, { metadata: { labels }, spec: { taints: [...system, ...template.taints] } });
  }
}

/** Adds Nodes or drains some away, until there are as many as desired. */
export async function scaleNodes(
  api: KubernetesApi,
  context: EmulatorContext,
  group: NodeGroupState,
  joinLimit: number,
): Promise<void> {
  const name = group.nodegroup.nodegroupName ?? '';
  const desired = group.nodegroup.scalingConfig?.desiredSize ?? 0;
  const nodes = await api.list(nodesOf(name));
  if (desired > nodes.length) {
    await join(
      api,
      group,
      await launchNodes(api, nodeTemplate(context, group), desired - nodes.length),
      joinLimit,
    );
  }
  for (const node of nodes.slice(desired)) await retireNode(api, node.metadata.name, EVICTION_LIMIT_MS, true);
}

/**
 * Replaces the Nodes one by one: a new one joins before an old one is drained.
 * @throws {UpdateFailure} PodEvictionFailure when PodDisruptionBudgets hold Pods and `force` is not set
 */
export async function replaceNodes(
  api: KubernetesApi,
  context: EmulatorContext,
  group: NodeGroupState,
  joinLimit: number,
  force: boolean,
): Promise<void> {
  const old = await api.list(nodesOf(group.nodegroup.nodegroupName ?? ''));
  for (const node of old) {
    const [fresh] = await launchNodes(api, nodeTemplate(context, group), 1);
    if (fresh !== undefined) await join(api, group, [fresh], joinLimit);
    const held = await retireNode(api, node.metadata.name, EVICTION_LIMIT_MS, force);
    if (held.length > 0) {
      if (fresh !== undefined) await retireNode(api, fresh, 0, true);
      throw new UpdateFailure(
        'PodEvictionFailure',
        `Reached max retries while trying to evict pods from nodes in node group ${group.nodegroup.nodegroupName ?? ''}: ${held.join(', ')}`,
        [node.metadata.name],
      );
    }
  }
}

async function join(
  api: KubernetesApi,
  group: NodeGroupState,
  names: readonly string[],
  limit: number,
): Promise<void> {
  const name = group.nodegroup.nodegroupName ?? '';
  const joined = await waitForObjects(
    api,
    nodesOf(name),
    (nodes) =>
      names.every((fresh) => nodes.some((node) => node.metadata.name === fresh && isNodeReady(node))),
    limit,
  );
  if (!joined) {
    throw new UpdateFailure(
      'NodeCreationFailure',
      `Couldn't proceed with upgrade process as new nodes are not joining node group ${name}`,
      names,
    );
  }
}
