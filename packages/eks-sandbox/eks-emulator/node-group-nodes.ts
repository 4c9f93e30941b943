import { ACCELERATORS, acceleratorOf, driversOf } from '@kubernetes-on-aws/eks-facts/accelerators';
import { managedMaxPods, podsWithAddress } from '@kubernetes-on-aws/eks-facts/node-figures';
import type { NodeOs } from '@kubernetes-on-aws/eks-facts/node-image';
import type { InstanceType } from '../aws-emulator/emulated-account';
import { waitForObjects, type KubernetesApi } from '../control-plane/kubernetes-api';
import { kubeletSettingsOf } from '@kubernetes-on-aws/eks-facts/kubelet-settings';
import {
  cniSettingsOf,
  defaultMaxPods,
  nodeCapacity,
  type CniSettings,
} from '@kubernetes-on-aws/eks-facts/node-capacity';
import {
  isNodeReady,
  launchNodes,
  NODE_GROUP_LABEL,
  nodesOf,
  retireNode,
  type NodeTaint,
  type NodeTemplate,
} from '../nodes/simulated-nodes';
import { parseConfiguration } from './add-on-api';
import { offerNamed } from './add-on-descriptions';
import type { EmulatorContext } from './cluster-state';
import type { NodeGroupState } from './node-group-state';
import { UpdateFailure } from './update-api';
import { BOTTLEROCKET_RELEASE, kubeletVersion } from './eks-versions';

/** How long PodDisruptionBudgets may hold up the replacement of a Node; fifteen minutes on AWS. */
const EVICTION_LIMIT_MS = 30_000;
const DEFAULT_DISK_GIB = 20;

const EFFECTS: Readonly<Record<string, NodeTaint['effect']>> = {
  NO_SCHEDULE: 'NoSchedule',
  NO_EXECUTE: 'NoExecute',
  PREFER_NO_SCHEDULE: 'PreferNoSchedule',
};

/** What the group's Nodes are made from now. */
export async function nodeTemplate(context: EmulatorContext, group: NodeGroupState): Promise<NodeTemplate> {
  const { account } = context;
  const cni = cniOf(context, group);
  const { nodegroup, instance, template, subnets } = group;
  const disk = template?.rootVolumeGiB ?? nodegroup.diskSize ?? DEFAULT_DISK_GIB;
  const os = nodegroup.amiType?.startsWith('BOTTLEROCKET') === true ? 'bottlerocket' : 'al2023';
  const { offered, devices } = devicesOf(nodegroup.amiType ?? '', instance, os);
  const settings = kubeletSettingsOf(template?.userData);
  // EKS caps the number in the user data, unless the AMI is the user's own. More Pods than there are addresses for would be
  // taken and never start; here they are not taken.
  const maxPods = Math.min(
    settings.maxPods ?? defaultMaxPods(instance),
    nodegroup.amiType === 'CUSTOM' ? Infinity : managedMaxPods(instance),
    cni ? podsWithAddress(instance, cni) : Infinity,
  );
  const { capacity, allocatable } = nodeCapacity(instance, { ...settings, maxPods }, disk, os);
  const podCidrs = cni?.podSubnets && (await cidrsOf(account, cni.podSubnets));
  return {
    nodeGroup: nodegroup.nodegroupName ?? '',
    region: account.region,
    subnets,
    ...(podCidrs ? { podCidrs } : {}),
    instanceType: instance.name,
    architecture: instance.architecture,
    osImage:
      os === 'bottlerocket'
        ? `Bottlerocket OS ${BOTTLEROCKET_RELEASE.split('-')[0] ?? ''} (aws-k8s-${nodegroup.version ?? ''})`
        : 'Amazon Linux 2023',
    kubeletVersion: kubeletVersion(nodegroup.version ?? ''),
    capacity: { capacity: { ...capacity, ...offered }, allocatable: { ...allocatable, ...offered } },
    ...(devices && { devices }),
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

/** The devices by resource that the Nodes offer by themselves, or once a plug-in runs on them: none without their drivers. */
function devicesOf(
  amiType: string,
  { name, devices }: InstanceType,
  os: NodeOs,
): { readonly offered?: Record<string, string>; readonly devices?: Record<string, string> } {
  const kind = driversOf(amiType).find((each) => each === acceleratorOf(name));
  if (kind === undefined) return {};
  const { resource, builtIn } = ACCELERATORS[kind];
  return { [builtIn.includes(os) ? 'offered' : 'devices']: { [resource]: String(devices) } };
}

/** How the cluster's VPC CNI hands out addresses; undefined where there is none that EKS manages. */
function cniOf({ clusters }: EmulatorContext, { nodegroup }: NodeGroupState): CniSettings | undefined {
  const added = clusters.get(nodegroup.clusterName ?? '')?.addOns.get('vpc-cni');
  if (!added) return undefined;
  return cniSettingsOf(parseConfiguration(offerNamed('vpc-cni'), added.addon.configurationValues));
}

/** The ranges of the zones' Pod subnets; a subnet that does not exist, or is of another zone, has none. */
async function cidrsOf(
  account: EmulatorContext['account'],
  podSubnets: Readonly<Record<string, string>>,
): Promise<Record<string, string>> {
  const subnets = await account.subnets(Object.values(podSubnets));
  return Object.fromEntries(
    subnets.filter(({ id, zone }) => podSubnets[zone] === id).map(({ zone, cidr }) => [zone, cidr]),
  );
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
      await launchNodes(api, await nodeTemplate(context, group), desired - nodes.length),
      joinLimit,
    );
  }
  for (const node of nodes.slice(desired)) await retireNode(api, node.metadata.name, EVICTION_LIMIT_MS, true);
}

/**
 * Replaces the Nodes, as many at a time as the group allows: new ones join before old ones are drained.
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
  const size = atATime(group, old.length);
  for (let index = 0; index < old.length; index += size) {
    const batch = old.slice(index, index + size);
    const fresh = await launchNodes(api, await nodeTemplate(context, group), batch.length);
    await join(api, group, fresh, joinLimit);
    for (const node of batch) {
      const held = await retireNode(api, node.metadata.name, EVICTION_LIMIT_MS, force);
      if (held.length === 0) {
        fresh.shift();
        continue;
      }
      for (const name of fresh) await retireNode(api, name, 0, true);
      throw new UpdateFailure(
        'PodEvictionFailure',
        `Reached max retries while trying to evict pods from nodes in node group ${group.nodegroup.nodegroupName ?? ''}: ${held.join(', ')}`,
        [node.metadata.name],
      );
    }
  }
}

/** How many Nodes an update may replace at a time; of a percentage at least one. */
function atATime({ nodegroup }: NodeGroupState, nodes: number): number {
  const { maxUnavailable = 1, maxUnavailablePercentage: percentage } = nodegroup.updateConfig ?? {};
  return percentage === undefined ? maxUnavailable : Math.max(1, Math.floor((nodes * percentage) / 100));
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
