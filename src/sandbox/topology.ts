import type { PlatformRecord } from '../manifests/platform-record';
import type { RunningNode, RunningPod } from './inventory';

/** What a topology is drawn from. */
export interface TopologyOptions {
  readonly platform: PlatformRecord;
  readonly nodes: readonly RunningNode[];
  readonly pods: readonly RunningPod[];
}

interface Branch {
  readonly label: string;
  readonly children: readonly Branch[];
}

/** The cluster as a tree: its nodes, and on each the Pods of every namespace; then each namespace with its node groups. */
export function drawTopology({ platform, nodes, pods }: TopologyOptions): string {
  const names = platform.nodeGroups;
  const own = new Set(Object.keys(platform.namespaces));
  const root: Branch = {
    label: `${platform.name}: EKS ${platform.kubernetes} in ${platform.region}, control plane run by AWS`,
    children: [
      ...names.map((name) => nodeBranch(name, nodes, pods, [...own])),
      {
        label: 'namespaces',
        children: Object.entries(platform.namespaces).map(([name, { nodeGroups }]) => {
          const mine = pods.filter((pod) => pod.namespace === name);
          return {
            label: `${name.padEnd(width(own))}  on ${nodeGroups.join(', ')}: ${ready(mine)}`,
            children: [],
          };
        }),
      },
    ],
  };
  return [root.label, ...draw(root.children, '')].join('\n');
}

function nodeBranch(
  name: string,
  nodes: readonly RunningNode[],
  pods: readonly RunningPod[],
  namespaces: readonly string[],
): Branch {
  const machines = nodes.filter((node) => node.platformNode === name);
  const here = pods.filter((pod) => machines.some((machine) => machine.name === pod.node));
  const agents = here.filter((pod) => !namespaces.includes(pod.namespace));
  const rows: [string, readonly RunningPod[]][] = [
    ...namespaces.map((namespace): [string, readonly RunningPod[]] => [
      namespace,
      here.filter((pod) => pod.namespace === namespace),
    ]),
    ['agents', agents],
  ];
  const first = machines[0];
  return {
    label: first
      ? `${name}  ${first.zone}, ${first.instanceType} × ${machines.length}, ${ready(here)}`
      : `${name}  no machine`,
    children: rows
      .filter(([, group]) => group.length > 0)
      .map(([label, group]) => ({
        label: `${label.padEnd(width([...namespaces, 'agents']))}  ${counted(group)}`,
        children: [],
      })),
  };
}

function counted(pods: readonly RunningPod[]): string {
  const counts = new Map<string, number>();
  for (const { workload } of pods) counts.set(workload, (counts.get(workload) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([workload, count]) => (count > 1 ? `${workload} × ${count}` : workload))
    .join(', ');
}

function ready(pods: readonly RunningPod[]): string {
  const up = pods.filter((pod) => pod.ready || pod.succeeded).length;
  const noun = pods.length === 1 ? 'Pod' : 'Pods';
  return up === pods.length ? `${pods.length} ${noun} ready` : `${up} of ${pods.length} ${noun} ready`;
}

function width(names: Iterable<string>): number {
  return Math.max(0, ...[...names].map((name) => name.length));
}

function draw(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ label, children }, index) => {
    const last = index === branches.length - 1;
    return [
      `${indent}${last ? '└─ ' : '├─ '}${label}`,
      ...draw(children, `${indent}${last ? '   ' : '│  '}`),
    ];
  });
}
