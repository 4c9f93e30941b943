import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import type { Subnet } from '../aws-emulator/emulated-account';
import {
  KubernetesApiError,
  type KubernetesApi,
  type KubernetesObject,
} from '../control-plane/kubernetes-api';
import { DEVICES_ANNOTATION } from './device-plugins';
import { KWOK_NODE_ANNOTATION, NETWORK_READY_ANNOTATION } from './kwok';
import type { NodeCapacity } from '@kubernetes-on-aws/eks-facts/node-capacity';

/** A taint of a Node, as Kubernetes writes it. */
export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule';
}

/** What the Nodes of a node group are made from. */
export interface NodeTemplate {
  readonly nodeGroup: string;
  readonly region: string;
  /** Nodes are spread over them. */
  readonly subnets: readonly Subnet[];
  /** IPv4 ranges of which Pods get their addresses, by zone; left out where they get them of the VPC's. */
  readonly podCidrs?: Readonly<Record<string, string>>;
  readonly instanceType: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly osImage: string;
  readonly kubeletVersion: string;
  readonly capacity: NodeCapacity;
  /** Devices by resource that the image has drivers for, and no plug-in of its own. */
  readonly devices?: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly NodeTaint[];
}

/** The label by which the Nodes of a managed node group are found. */
export const NODE_GROUP_LABEL = 'eks.amazonaws.com/nodegroup';

/** The objects of a node group. */
export function nodesOf(nodeGroup: string): { apiVersion: string; kind: string; labelSelector: string } {
  return { apiVersion: 'v1', kind: 'Node', labelSelector: `${NODE_GROUP_LABEL}=${nodeGroup}` };
}

/** Whether the Node's kubelet reports that it takes Pods. */
export function isNodeReady(node: KubernetesObject): boolean {
  const { conditions = [] } = (node.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Adds `count` Nodes and returns their names; they become ready by themselves once a network plug-in runs on them. */
export async function launchNodes(
  api: KubernetesApi,
  template: NodeTemplate,
  count: number,
): Promise<string[]> {
  const existing = await api.list({ apiVersion: 'v1', kind: 'Node' });
  const addresses = new Set(existing.map(internalAddress));
  const ours = existing.filter(({ metadata }) => metadata.labels?.[NODE_GROUP_LABEL] === template.nodeGroup);
  const perZone = new Map(template.subnets.map(({ zone }) => [zone, 0]));
  for (const { metadata } of ours) {
    const zone = metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
    perZone.set(zone, (perZone.get(zone) ?? 0) + 1);
  }
  const names: string[] = [];
  for (let index = 0; index < count; index++) {
    // As an Auto Scaling group does, the zone with the fewest instances first.
    const [subnet] = [...template.subnets].sort(
      (a, b) => (perZone.get(a.zone) ?? 0) - (perZone.get(b.zone) ?? 0),
    );
    if (!subnet) throw new Error(`node group ${template.nodeGroup} has no subnet`);
    perZone.set(subnet.zone, (perZone.get(subnet.zone) ?? 0) + 1);
    if (template.podCidrs && template.podCidrs[subnet.zone] === undefined) {
      throw new Error(
        `no ENIConfig names a subnet in ${subnet.zone}: the VPC CNI would find no address for Pods, and no node there ` +
          'would become ready',
      );
    }
    const address = freeAddress(subnet.cidr, addresses);
    addresses.add(address);
    const node = nodeObject(template, subnet, address);
    await api.create(node);
    names.push(node.metadata.name);
  }
  return names;
}

function internalAddress(node: KubernetesObject): string {
  const { addresses = [] } = (node.status ?? {}) as { addresses?: { type: string; address: string }[] };
  return addresses.find(({ type }) => type === 'InternalIP')?.address ?? '';
}

/** An address of the IPv4 range that is not taken; AWS keeps the first four and the last one of each subnet. */
export function freeAddress(cidr: string, taken: ReadonlySet<string>): string {
  const range = new Cidr(cidr);
  const usable = Number(range.size) - 5;
  const start = randomInt(usable);
  for (let step = 0; step < usable; step++) {
    const address = range.at(4 + ((start + step) % usable));
    if (!taken.has(address)) return address;
  }
  throw new Error(`subnet ${cidr} has no free address`);
}

function nodeObject(template: NodeTemplate, subnet: Subnet, address: string): KubernetesObject {
  const { region, instanceType, nodeGroup } = template;
  const domain = region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
  const name = `ip-${address.replaceAll('.', '-')}.${domain}`;
  const architecture = template.architecture === 'arm64' ? 'arm64' : 'amd64';
  const podCidr = template.podCidrs?.[subnet.zone];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: {
        [KWOK_NODE_ANNOTATION]: 'fake',
        ...(template.devices && { [DEVICES_ANNOTATION]: JSON.stringify(template.devices) }),
      },
      labels: {
        'beta.kubernetes.io/arch': architecture,
        'beta.kubernetes.io/instance-type': instanceType,
        'beta.kubernetes.io/os': 'linux',
        'failure-domain.beta.kubernetes.io/region': region,
        'failure-domain.beta.kubernetes.io/zone': subnet.zone,
        'k8s.io/cloud-provider-aws': randomBytes(16).toString('hex'),
        'kubernetes.io/arch': architecture,
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': instanceType,
        'topology.ebs.csi.aws.com/zone': subnet.zone,
        'topology.k8s.aws/zone-id': subnet.zoneId,
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': subnet.zone,
        ...template.labels,
        [NODE_GROUP_LABEL]: nodeGroup,
      },
    },
    spec: {
      // Of no meaning to the VPC CNI; KWOK takes the addresses of Pods from it.
      ...(podCidr === undefined ? {} : { podCIDR: podCidr, podCIDRs: [podCidr] }),
      providerID: `aws:///${subnet.zone}/i-0${randomBytes(8).toString('hex')}`,
      taints: template.taints,
    },
    status: {
      ...template.capacity,
      addresses: [
        { type: 'InternalIP', address },
        { type: 'InternalDNS', address: name },
        { type: 'Hostname', address: name },
      ],
      nodeInfo: {
        architecture,
        operatingSystem: 'linux',
        osImage: template.osImage,
        kernelVersion: '6.12.63-84.121.amzn2023',
        containerRuntimeVersion: 'containerd://2.1.5',
        kubeletVersion: template.kubeletVersion,
        kubeProxyVersion: '',
        machineID: randomBytes(16).toString('hex'),
        systemUUID: randomBytes(16).toString('hex'),
        bootID: randomBytes(16).toString('hex'),
      },
    },
  };
}

/** How often an eviction that a PodDisruptionBudget forbids is tried again, in milliseconds. */
const EVICTION_RETRY_MS = 500;

/**
 * Cordons a Node, evicts its Pods and removes it.
 *
 * @param limit how long PodDisruptionBudgets may hold the Pods, in milliseconds
 * @param force whether Pods that are held beyond that are removed anyway
 * @returns names of the Pods that could not be evicted; empty when the Node is gone
 */
export async function retireNode(
  api: KubernetesApi,
  name: string,
  limit: number,
  force: boolean,
): Promise<string[]> {
  const reference = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  await api.patch(reference, { spec: { unschedulable: true } });
  const deadline = Date.now() + limit;
  for (;;) {
    const pods = await evictablePods(api, name);
    const refused: KubernetesObject[] = [];
    for (const pod of pods) {
      try {
        await api.evict(pod.metadata.name, pod.metadata.namespace ?? 'default');
      } catch (error) {
        if (!(error instanceof KubernetesApiError && error.status === 429)) throw error;
        refused.push(pod);
      }
    }
    if (refused.length === 0) break;
    if (Date.now() > deadline) {
      if (force) break;
      await api.patch(reference, { spec: { unschedulable: null } });
      return refused.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
    }
    await sleep(EVICTION_RETRY_MS);
  }
  await api.delete(reference);
  // The kubelet is gone with the instance, and nothing else confirms that these Pods have ended.
  for (const pod of await podsOn(api, name)) await api.delete(pod, 0);
  return [];
}

function podsOn(api: KubernetesApi, node: string): Promise<KubernetesObject[]> {
  return api.list({ apiVersion: 'v1', kind: 'Pod', fieldSelector: `spec.nodeName=${node}` });
}

async function evictablePods(api: KubernetesApi, node: string): Promise<KubernetesObject[]> {
  const pods = await podsOn(api, node);
  return pods.filter(({ metadata, status }) => {
    const ofDaemonSet = metadata.ownerReferences?.some(({ kind }) => kind === 'DaemonSet') === true;
    const { phase } = (status ?? {}) as { phase?: string };
    return (
      !ofDaemonSet && metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed'
    );
  });
}

/** Lets the Nodes on which a Pod of the VPC CNI runs become ready, as its configuration file does on an instance. */
export async function watchNetworkPlugin(
  api: KubernetesApi,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<void> {
  const told = new Set<string>();
  const plugin = {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'kube-system',
    labelSelector: 'k8s-app=aws-node',
  };
  await api.observe(
    plugin,
    ({ type, object }) => {
      const { nodeName } = (object.spec ?? {}) as { nodeName?: string };
      const { phase } = (object.status ?? {}) as { phase?: string };
      if (type === 'DELETED' || phase !== 'Running' || nodeName === undefined || told.has(nodeName)) return;
      told.add(nodeName);
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: nodeName } };
      const change = { metadata: { annotations: { [NETWORK_READY_ANNOTATION]: 'true' } } };
      api.patch(node, change).catch((error: unknown) => {
        told.delete(nodeName);
        if (signal.aborted || (error instanceof KubernetesApiError && error.status === 404)) return;
        report(`cannot tell ${nodeName} that its network is ready: ${String(error)}`);
      });
    },
    signal,
  );
}
