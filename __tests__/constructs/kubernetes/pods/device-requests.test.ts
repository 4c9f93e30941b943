import type { NodeGroupFacts } from '../../../../constructs/kubernetes/namespaces/namespace';
import type { Toleration } from '../../../../constructs/kubernetes/pods/placement';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { inNamespace } from '../namespace-of';

const GPU = { key: 'nvidia.com/gpu', effect: 'NoSchedule' };
const plain: NodeGroupFacts = { instanceTypes: ['m7i.large'], taints: [] };
const group = (instanceType: string, ...taints: NodeGroupFacts['taints']): NodeGroupFacts => ({
  instanceTypes: [instanceType],
  taints,
});

/** A Deployment whose Pods ask for devices, on node-1 without any and on node-2. */
function asking(
  extended: Record<string, number>,
  second: NodeGroupFacts,
  options: { tolerations?: Toleration[]; placement?: { nodeGroups: string[] } } = {},
): () => unknown {
  return () =>
    inNamespace(
      (stack) => {
        const resources = { cpu: Cpu.units(1), memory: Size.gibibytes(1), extended };
        new Deployment(stack, 'vllm', { image: 'vllm:1', resources, ...options });
      },
      { nodeGroupFacts: { 'node-1': plain, 'node-2': second } },
    );
}

it.each([
  [
    'no node group has any',
    asking({ 'nvidia.com/gpu': 1 }, plain),
    'asks for 1 nvidia.com/gpu, and none of the node groups of namespace shop (node-1, node-2) has any; add one of instances such as g6.xlarge to them',
  ],
  [
    'the devices are of another kind',
    asking({ 'aws.amazon.com/neuron': 1 }, group('g6.xlarge', GPU)),
    'asks for 1 aws.amazon.com/neuron, and none of the node groups of namespace shop (node-1, node-2) has any; add one of instances such as inf2.xlarge to them',
  ],
  [
    'it is placed where there are none',
    asking({ 'nvidia.com/gpu': 1 }, group('g6.xlarge', GPU), { placement: { nodeGroups: ['node-1'] } }),
    'asks for 1 nvidia.com/gpu, and none of the node groups of namespace shop (node-1) has any; add one of instances such as g6.xlarge to them',
  ],
  [
    'no node has so many',
    asking({ 'nvidia.com/gpu': 8 }, group('g6.12xlarge', GPU)),
    'asks for 8 nvidia.com/gpu, but a node of node-2 has 4; ask for fewer, or give the node group a larger instance type',
  ],
  [
    'it does not tolerate another taint',
    asking(
      { 'nvidia.com/gpu': 1 },
      group('g6.xlarge', GPU, { key: 'team', value: 'ml', effect: 'NoExecute' }),
    ),
    'asks for 1 nvidia.com/gpu, but does not tolerate the taints of the nodes: node-2 has team=ml:NoExecute; add tolerations for them',
  ],
])('Pods that would stay pending are refused: %s', (_, build, message) => {
  expect(build).toThrow(`shop/vllm: ${message}`);
});

it.each([
  [
    'with the taint of the devices alone, which EKS lets them tolerate',
    asking({ 'nvidia.com/gpu': 1 }, group('g6.xlarge', GPU)),
  ],
  [
    'with a toleration',
    asking(
      { 'nvidia.com/gpu': 4 },
      group('g6.12xlarge', GPU, { key: 'team', value: 'ml', effect: 'NoSchedule' }),
      {
        tolerations: [{ key: 'team', value: 'ml' }],
      },
    ),
  ],
  ['of a type whose devices are not counted', asking({ 'nvidia.com/gpu': 4 }, group('p9.48xlarge', GPU))],
  ['for what is no device that is known', asking({ 'example.com/dongle': 1 }, plain)],
])('Pods are accepted %s', (_, build) => {
  expect(build).not.toThrow();
});
