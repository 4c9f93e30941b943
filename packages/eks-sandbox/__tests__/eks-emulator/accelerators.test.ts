import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  waitUntilClusterActive,
  waitUntilNodegroupActive,
  type CreateClusterRequest,
  type CreateNodegroupRequest,
} from '@aws-sdk/client-eks';
import { watchDevicePlugins } from '../../nodes/device-plugins';
import { CLUSTER, emulatedEks, NODE_GROUP, type EmulatedEks } from './emulated-eks';

const FAST = { maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 };
/** The plug-ins, one of them from a mirror. */
const NVIDIA = 'nvcr.io/nvidia/k8s-device-plugin:v0.17.4';
const NEURON = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/ecr-public/neuron/neuron-device-plugin:2.31.0.0';

let eks: EmulatedEks;
beforeEach(async () => {
  eks = await emulatedEks();
  await eks.client.send(new CreateClusterCommand(CLUSTER as unknown as CreateClusterRequest));
  await waitUntilClusterActive({ client: eks.client, ...FAST }, { name: 'seed' });
  await eks.client.send(new CreateAddonCommand({ clusterName: 'seed', addonName: 'vpc-cni' }));
});
afterEach(() => eks.close());

/** What the one Node offers of a resource. */
function offered(resource: string): string | undefined {
  const { capacity, allocatable } = eks.kubernetes.all('Node')[0]?.status as Readonly<
    Record<'capacity' | 'allocatable', Readonly<Record<string, string>>>
  >;
  expect(allocatable[resource]).toBe(capacity[resource]);
  return allocatable[resource];
}

/** Lets what the watch has begun come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
}

// A plug-in finds only what the image has drivers for. Bottlerocket has that of NVIDIA built in.
it.each([
  ['AL2023_x86_64_NVIDIA', 'g6.12xlarge', NVIDIA, 'nvidia.com/gpu', undefined, '4', '0'],
  ['AL2023_x86_64_NEURON', 'inf2.24xlarge', NEURON, 'aws.amazon.com/neuron', undefined, '6', '0'],
  ['BOTTLEROCKET_x86_64', 'inf2.24xlarge', NEURON, 'aws.amazon.com/neuron', undefined, '6', '0'],
  ['BOTTLEROCKET_x86_64_NVIDIA', 'g6.12xlarge', NVIDIA, 'nvidia.com/gpu', '4', '4', '4'],
  ['AL2023_x86_64_STANDARD', 'g6.12xlarge', NVIDIA, 'nvidia.com/gpu', undefined, undefined, undefined],
  ['AL2023_x86_64_NEURON', 'g6.12xlarge', NVIDIA, 'nvidia.com/gpu', undefined, undefined, undefined],
  ['AL2023_x86_64_NVIDIA', 'g6.12xlarge', NEURON, 'nvidia.com/gpu', undefined, undefined, undefined],
  ['AL2023_x86_64_NVIDIA', 'm7i.large', NVIDIA, 'nvidia.com/gpu', undefined, undefined, undefined],
] as const)(
  'a node of %s on %s, before, while and after %s runs on it, offers of %s: %s, %s, %s',
  async (amiType, instanceType, image, resource, before, during, after) => {
    const request = { ...NODE_GROUP, amiType, instanceTypes: [instanceType] };
    await eks.client.send(new CreateNodegroupCommand(request as unknown as CreateNodegroupRequest));
    const group = { clusterName: 'seed', nodegroupName: NODE_GROUP.nodegroupName };
    await waitUntilNodegroupActive({ client: eks.client, ...FAST }, group);
    const stop = new AbortController();
    const reports: string[] = [];
    const watch = watchDevicePlugins(eks.kubernetes, stop.signal, (message) => reports.push(message));
    expect(offered(resource)).toBe(before);

    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'plugin', namespace: 'device-plugins' },
      spec: { nodeName: eks.kubernetes.all('Node')[0]?.metadata.name, containers: [{ image }] },
      status: { phase: 'Running' },
    };
    await eks.kubernetes.create(pod);
    await settled();
    expect(offered(resource)).toBe(during);

    await eks.kubernetes.delete(pod);
    await settled();
    expect(offered(resource)).toBe(after);
    stop.abort();
    await watch;
    expect(reports).toEqual([]);
  },
);
