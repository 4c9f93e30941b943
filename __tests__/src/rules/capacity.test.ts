import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { verdictOf, type DrawnPlatform } from '../../long/drawn-capacity';

const pods = (cpu: number, count: number, apart = false, zone = 0) => ({
  ...{ cpu, memory: 500, count, zone, apart },
});
const cores = (...cpus: number[]) => cpus.map((cpu) => ({ cpu, zone: 1 }));

it.each<[string, string, Omit<DrawnPlatform, 'fill'>]>([
  ['Pods that keep apart, one for each node', 'always', { nodes: cores(2, 2), pods: [pods(500, 2, true)] }],
  ['more Pods that keep apart than nodes', 'never', { nodes: cores(2, 2), pods: [pods(250, 3, true)] }],
  [
    'Pods that keep apart beside others that fit in their place',
    'can',
    { nodes: cores(2, 2), pods: [pods(1000, 2, true), pods(1000, 2)] },
  ],
  [
    'Pods of 2, 2, 3 and 1 CPU',
    'can',
    { nodes: cores(4, 4), pods: [pods(2000, 2), pods(3000, 1), pods(1000, 1)] },
  ],
  ['Pods that ask for less than all nodes have', 'always', { nodes: cores(4, 4), pods: [pods(500, 8)] }],
])('the nodes have capacity for %s: %s', (_, verdict, platform) => {
  expect(verdictOf({ ...platform, fill: 1 }, DEFAULT_KUBERNETES_VERSION)).toBe(verdict);
});
