import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';
import { KWOK_NODE_ANNOTATION, NETWORK_READY_ANNOTATION } from '@kubernetes-on-aws/eks-sandbox/nodes/kwok';
import { STATES } from '../../src/checks/placement';
import { askScheduler, type Verdict } from '../../src/rules/kubernetes-oracle';

/** Pods that are alike. */
interface DrawnPods {
  readonly cpu: number;
  readonly memory: number;
  readonly count: number;
  /** The zone that they require; 0 is any. */
  readonly zone: number;
  /** Whether no two of them share a node. */
  readonly apart: boolean;
}

/** Nodes and Pods that fill them to 70 to 110 %. */
export interface DrawnPlatform {
  readonly nodes: readonly { readonly cpu: number; readonly zone: number }[];
  readonly pods: readonly DrawnPods[];
  /** Of the requests, by what the nodes have of the scarcer resource. */
  readonly fill: number;
}

const GIB_PER_CORE = 4;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

function fillOf(nodes: DrawnPlatform['nodes'], pods: readonly DrawnPods[]): number {
  const cores = sum(nodes.map(({ cpu }) => cpu));
  const asked = (of: (each: DrawnPods) => number): number =>
    sum(pods.map((each) => of(each) * each.count)) / 1000;
  return Math.max(asked(({ cpu }) => cpu) / cores, asked(({ memory }) => memory) / (cores * GIB_PER_CORE));
}

/** Two to four nodes in two zones, two to four workloads. */
export const drawnPlatform: fc.Arbitrary<DrawnPlatform> = fc
  .record({
    nodes: fc.array(fc.record({ cpu: fc.constantFrom(2, 4, 8), zone: fc.constantFrom(1, 2) }), {
      minLength: 2,
      maxLength: 4,
    }),
    pods: fc.array(
      fc.record({
        cpu: fc.constantFrom(250, 500, 750, 1000, 1500, 2000, 3000),
        memory: fc.constantFrom(500, 1000, 2000, 4000, 8000),
        count: fc.integer({ min: 1, max: 5 }),
        zone: fc.constantFrom(0, 0, 0, 1, 2),
        apart: fc.constantFrom(false, false, false, true),
      }),
      { minLength: 2, maxLength: 4 },
    ),
  })
  .map(({ nodes, pods }) => ({ nodes, pods, fill: fillOf(nodes, pods) }))
  .filter(({ fill }) => fill >= 0.7 && fill <= 1.1);

/** Keeps the Pods of others away. */
const DRAWN = { key: 'drawn', value: 'yes', effect: 'NoSchedule' };

/** Nodes of a case, of which each order of creation has its own. */
const nodeObject = (run: string, i: number, { cpu, zone }: DrawnPlatform['nodes'][number]): object => {
  const name = `${run}-node-${i}`;
  const allocatable = { cpu: String(cpu), memory: `${cpu * GIB_PER_CORE * 1000}M`, pods: '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      annotations: { [KWOK_NODE_ANNOTATION]: 'fake', [NETWORK_READY_ANNOTATION]: 'true' },
      labels: { run, 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': `${run}-${zone}` },
    },
    spec: { taints: [DRAWN] },
    status: { allocatable, capacity: allocatable },
  };
};

const podObject = (namespace: string, run: string, name: string, of: number, pods: DrawnPods): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { run, of: String(of) } },
  spec: {
    automountServiceAccountToken: false,
    tolerations: [DRAWN],
    nodeSelector: { run, ...(pods.zone > 0 && { 'topology.kubernetes.io/zone': `${run}-${pods.zone}` }) },
    ...(pods.apart && {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            {
              topologyKey: 'kubernetes.io/hostname',
              labelSelector: { matchLabels: { run, of: String(of) } },
            },
          ],
        },
      },
    }),
    containers: [
      {
        name: 'web',
        image: 'shop/web:1',
        resources: { requests: { cpu: `${pods.cpu}m`, memory: `${pods.memory}M` } },
      },
    ],
  },
});

/** What the linked scheduler says of it. */
export function verdictOf({ nodes, pods }: DrawnPlatform, kubernetes: string): Verdict {
  const objects = nodes.map((node, i) => nodeObject('run', i, node));
  const answer = askScheduler(
    {
      objects: objects as Record<string, unknown>[],
      pods: pods.map((each, i) => podObject('drawn', 'run', `pod-${i}`, i, each) as Record<string, unknown>),
      runs: [{ nodes: nodes.map((_, i) => `run-node-${i}`), counts: pods.map(({ count }) => count) }],
      states: STATES,
    },
    kubernetes,
  );
  const verdict = answer?.runs[0]?.verdict;
  if (verdict === undefined) throw new Error('the scheduler is not linked');
  return verdict;
}

interface NodeObject {
  readonly spec: { readonly taints?: readonly { readonly key: string }[] };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface PodObject {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
  };
}

/** Orders of creation: as drawn, reversed, and one in between. */
function ordersOf(pods: readonly DrawnPods[]): number[][] {
  const given = pods.flatMap(({ count }, i) => Array.from({ length: count }, () => i));
  const woven = given.map((_, at) => given[(at * 7 + 3) % given.length] ?? 0);
  // Steps of seven meet each one where the length has no seven in it.
  return [given, [...given].reverse(), given.length % 7 === 0 ? [...given].sort((a, b) => b - a) : woven];
}

async function untilSo(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`not after 2 minutes: ${what}`);
    await sleep(500);
  }
}

/** How many Pods of each platform the real scheduler leaves Pending, for each order of creation. */
export async function pendingOf(
  kubectl: Kubectl,
  namespace: string,
  platforms: readonly DrawnPlatform[],
): Promise<number[][]> {
  const runs = platforms.flatMap(({ nodes, pods }, of) =>
    ordersOf(pods).map((order, i) => ({ of, run: `${namespace}-${of}-${i}`, nodes, pods, order })),
  );
  const create = (items: readonly object[]): Promise<string> =>
    kubectl.run(['create', '--filename', '-'], {
      input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }),
    });
  const nodes = runs.flatMap(({ run, nodes: own }) => own.map((node, i) => nodeObject(run, i, node)));
  await create([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, ...nodes]);
  // A node that is Ready has its taint of before for a while, in which Pods go to the other nodes.
  await untilSo('every node takes Pods', async () => {
    const text = await kubectl.run(['get', 'nodes', '--selector=run', '--output', 'json']);
    return (JSON.parse(text) as { items: NodeObject[] }).items.every(
      ({ spec, status }) =>
        spec.taints?.every(({ key }) => key === DRAWN.key) &&
        status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    );
  });
  const pods = runs.flatMap(({ run, order, pods: drawn }) =>
    order.map((of, i) => podObject(namespace, run, `${run}-${i}`, of, drawn[of] as DrawnPods)),
  );
  await create(pods);
  let open: readonly PodObject[] = [];
  // A busy machine delays heartbeats: a node gets a taint for a while, and the scheduler looks again at what found no other one.
  await untilSo(`the scheduler has looked at all ${pods.length} Pods`, async () => {
    const text = await kubectl.run(['get', 'pods', '--namespace', namespace, '--output', 'json']);
    open = (JSON.parse(text) as { items: PodObject[] }).items.filter(
      ({ spec }) => spec.nodeName === undefined,
    );
    return open.every(({ status }) =>
      status.conditions?.some(
        ({ reason, message }) => reason === 'Unschedulable' && !message?.includes('taint'),
      ),
    );
  });
  await kubectl.run(['delete', '--wait=false', 'namespace', namespace]);
  await kubectl.run(['delete', '--wait=false', 'nodes', '--selector=run']);
  return platforms.map((_, of) =>
    runs
      .filter((each) => each.of === of)
      .map(({ run }) => open.filter(({ metadata }) => metadata.labels['run'] === run).length),
  );
}

/** Whether what the real scheduler did contradicts the verdict. */
export function contradicts(verdict: Verdict, pending: readonly number[]): boolean {
  if (verdict === 'always') return pending.some((count) => count > 0);
  return verdict === 'never' && pending.includes(0);
}
