import type { KubernetesObject } from '../manifests/objects';
import { STAND_IN } from '../manifests/scalar';
import { askScheduler, type ScheduleAnswer, type Verdict } from '../rules/kubernetes-oracle';
import { valueAt } from '../rules/workload-pods';
import { claimName, SPREAD, type ClusterFacts, type NodeGroup, type PodClass } from './cluster-facts';
import { findingOf, type Code, type Finding } from './finding';
import { classNamed } from '../rules/storage-classes';

/** One question of capacity: Pods on nodes. */
export interface Scenario {
  readonly code: Code;
  /** `minimum size, without a node of node-1` */
  readonly title: string;
  readonly nodes: readonly ClusterNode[];
  readonly counts: readonly number[];
}

/** A scenario and its answer. */
export interface CapacityAnswer {
  readonly code: Code;
  readonly scenario: string;
  readonly nodes: number;
  readonly pods: number;
  readonly verdict: Verdict;
  /** Why a Pod finds no node, or what is not proved. Empty where all find one. */
  readonly why: string;
}

/** Where Pods may run, and whether there is room. */
export interface Schedule {
  /** By namespace and node group, how many of the namespace's Pod templates a node of the group takes. */
  readonly matrix: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** How many Pod templates a namespace has. */
  readonly templates: Readonly<Record<string, number>>;
  readonly capacity: readonly CapacityAnswer[];
  /** Of each class of Pods, the nodes at the maximum size that take one. */
  readonly takers: readonly (readonly ClusterNode[])[];
  readonly findings: readonly Finding[];
}

/** A node that a group may have. */
export interface ClusterNode {
  readonly name: string;
  readonly group: string;
  readonly zone: string;
  readonly object: Readonly<Record<string, unknown>>;
}

/** States that a search may look at: a second for some hundred Pods. */
export const STATES = 2_000;
/** Nodes of a group beyond which more do not change the answer for the Pods of a platform; it keeps the question small. */
const MOST_NODES = 100;

function nodesOf(groups: readonly NodeGroup[], size: 'min' | 'max'): ClusterNode[] {
  return groups.flatMap((group) =>
    Array.from({ length: Math.min(group[size], MOST_NODES) }, (_, i) => {
      const name = `${group.name}.${i + 1}`;
      const zone = group.zones[i % group.zones.length] ?? STAND_IN;
      const { labels, taints, allocatable } = group.node;
      const topology = {
        'kubernetes.io/hostname': name,
        'topology.kubernetes.io/zone': zone,
        'topology.kubernetes.io/region': zone.replace(/[a-z]$/, ''),
        'topology.ebs.csi.aws.com/zone': zone,
      };
      const object = {
        ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { ...topology, ...labels } } },
        spec: { taints },
        status: { allocatable, capacity: allocatable },
      };
      return { name, group: group.name, zone, object };
    }),
  );
}

/** How many Pods a workload has outside a rollout: -1 for one on each node. */
function usual({ workload: { placed, fewest, most } }: PodClass): number {
  if (placed.object.kind === 'DaemonSet') return -1;
  return placed.object.kind.endsWith('Job') ? most : fewest;
}

/** The questions of capacity. A node that is lost is one of each group, since they are alike. */
export function scenariosOf({ nodeGroups, pods, platform }: ClusterFacts): Scenario[] {
  const [min, max] = [nodesOf(nodeGroups, 'min'), nodesOf(nodeGroups, 'max')];
  const counts = pods.map(usual);
  const autoscaled = pods.map((each, i) => (counts[i] === -1 ? -1 : each.workload.most));
  const rollouts = Object.keys(platform.namespaces).map((namespace) => ({
    namespace,
    counts: pods.map(({ workload }, i) => {
      // Where a Pod may be missing meanwhile, the rollout does not wait for room.
      const waits = workload.namespace === namespace && workload.surge > 0 && workload.unavailable === 0;
      return (counts[i] ?? 0) + (waits && workload.fewest > 0 ? 1 : 0);
    }),
  }));
  const groups = nodeGroups.filter(({ max: most }) => most > 0).map(({ name }) => name);
  const zones = [...new Set(max.map(({ zone }) => zone))];
  const without = (lost: ClusterNode | undefined) => max.filter((node) => node !== lost);
  return [
    { code: 'CAP-001', title: 'minimum size', nodes: min, counts },
    { code: 'CAP-002', title: 'maximum size', nodes: max, counts },
    ...rollouts
      .filter((each) => each.counts.some((count, i) => count !== counts[i]))
      .map((each): Scenario => ({
        ...{ code: 'CAP-003', title: `minimum size, rollout of ${each.namespace}` },
        ...{ nodes: min, counts: each.counts },
      })),
    ...groups.map((group): Scenario => ({
      ...{ code: 'CAP-004', title: `maximum size, a node of ${group} lost`, counts },
      nodes: without(max.find((node) => node.group === group)),
    })),
    ...(zones.length > 1 ? zones : []).map((zone): Scenario => ({
      ...{ code: 'CAP-005', title: `maximum size, zone ${zone} lost`, counts },
      nodes: max.filter((node) => node.zone !== zone),
    })),
    { code: 'CAP-006', title: 'maximum size, autoscalers at their maximum', nodes: max, counts: autoscaled },
  ];
}

/**
 * Where the Pods of a platform may run, and whether its nodes have room for them.
 *
 * @returns undefined when the scheduler's code is not there
 * @throws OracleError
 */
export function scheduleOf(facts: ClusterFacts, withCapacity: boolean): Schedule | undefined {
  const { pods, nodeGroups, platform } = facts;
  const unknown = nodeGroups.flatMap((group) => group.unknown.map((each) => `${group.name}: ${each}`));
  const known = nodeGroups.filter((group) => group.unknown.length === 0);
  const probes = nodesOf(known, 'max').concat(
    nodesOf(
      known.filter(({ max }) => max === 0).map((group) => ({ ...group, max: 1 })),
      'max',
    ),
  );
  const scenarios = withCapacity && known.length > 0 ? scenariosOf({ ...facts, nodeGroups: known }) : [];
  const answer = askScheduler(
    {
      objects: [...probes.map(({ object }) => object), ...lookedUp(facts)],
      pods: pods.map(({ pod }) => knownPart(pod) as Record<string, unknown>),
      runs: scenarios.map(({ nodes, counts }) => ({ nodes: nodes.map(({ name }) => name), counts })),
      states: STATES,
    },
    platform.kubernetes,
  );
  if (answer === undefined) return undefined;
  const capacity = scenarios.map((scenario, i) => capacityAnswer(scenario, answer.runs[i], unknown));
  const placed = placementOf(facts, probes, answer);
  return {
    ...{ matrix: placed.matrix, templates: placed.templates, capacity },
    takers: answer.placements.map((refused) => probes.filter(({ name }) => !(name in refused))),
    findings: [...placed.findings, ...capacityFindings(pods, scenarios, answer)],
  };
}

function capacityAnswer(
  { code, title, nodes, counts }: Scenario,
  run: ScheduleAnswer['runs'][number] | undefined,
  unknown: readonly string[],
): CapacityAnswer {
  const { verdict = 'undecided', why = '' } = run ?? {};
  const pods = counts.reduce((sum, count) => sum + Math.max(count, 0), 0);
  const shown = { code, scenario: title, nodes: nodes.length, pods };
  return unknown.length === 0
    ? { ...shown, verdict, why }
    : { ...shown, verdict: 'undecided', why: `not known: ${unknown.join(', ')}` };
}

/** What the scheduler looks up beside Pods and nodes. A claim that is bound at once is taken as bound. */
function lookedUp({ objects, pods }: ClusterFacts): Record<string, unknown>[] {
  const of = (kind: string) => objects.filter(({ object }) => object.kind === kind);
  const classes = of('StorageClass').map(({ object }) => object);
  const made = pods.flatMap(({ workload: { claims, placed, namespace } }) =>
    claims.map((claim) => ({
      ...{ apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      ...{ metadata: { name: claimName(claim, placed), namespace }, spec: claim['spec'] },
    })),
  );
  const declared = of('PersistentVolumeClaim').map(({ object }) => ({
    ...object,
    metadata: { ...object.metadata, namespace: object.metadata.namespace ?? 'default' },
  }));
  const claims = [
    ...declared,
    ...made.filter(({ metadata }) => !declared.some((each) => sameName(each, metadata))),
  ];
  const waiting = (claim: object): boolean => {
    const named = valueAt(claim, 'spec.storageClassName');
    const own = classNamed(named, classes);
    return own?.['volumeBindingMode'] === 'WaitForFirstConsumer' && !valueAt(claim, 'spec.volumeName');
  };
  const bound = claims.filter((claim) => !waiting(claim));
  return [
    ...['Namespace', 'Service', ...SPREAD].flatMap((kind) => of(kind).map(({ object }) => object)),
    ...of('Deployment').map(({ object }) => ({ ...object, kind: 'ReplicaSet' })),
    ...classes,
    ...claims.filter(waiting).map((claim) => ({
      ...claim,
      spec: { ...(valueAt(claim, 'spec') as object), storageClassName: storageClass(claim, classes) },
    })),
    ...bound.flatMap((claim) => {
      const { name = '', namespace = '' } = claim.metadata as { name?: string; namespace?: string };
      const volume = textOr(valueAt(claim, 'spec.volumeName'), `${namespace}-${name}-bound`);
      const there = of('PersistentVolume').find(({ object }) => object.metadata.name === volume)?.object;
      return [
        {
          ...claim,
          metadata: { ...claim.metadata, annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
          spec: { ...(valueAt(claim, 'spec') as object), volumeName: volume },
          status: { phase: 'Bound' },
        },
        there ?? { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume }, spec: {} },
      ];
    }),
  ].map((each) => knownPart(each) as Record<string, unknown>);
}

const textOr = (value: unknown, other: string): string =>
  typeof value === 'string' && value !== '' ? value : other;
const sameName = (object: { metadata: object }, metadata: object): boolean =>
  ['name', 'namespace'].every((key) => valueAt(object.metadata, key) === valueAt(metadata, key));
const storageClass = (claim: object, classes: readonly KubernetesObject[]): string =>
  textOr(valueAt(claim, 'spec.storageClassName'), classNamed(undefined, classes)?.metadata.name ?? '');

/** Without what only a deployment can tell, where the scheduler reads numbers; texts stay as they are. */
function knownPart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(knownPart);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => each !== null && String(each) !== STAND_IN)
      .map(([key, each]) => [key, knownPart(each)]),
  );
}

/** Pod templates by the nodes that take them, held against the node groups of their namespace. */
function placementOf(
  { pods, platform }: ClusterFacts,
  nodes: readonly ClusterNode[],
  { placements }: ScheduleAnswer,
): Pick<Schedule, 'matrix' | 'templates' | 'findings'> {
  const matrix: Record<string, Record<string, number>> = {};
  const templates: Record<string, number> = {};
  const findings: Finding[] = [];
  pods.forEach(({ of, workload, ofAddOn }, i) => {
    const refused = placements[i] ?? {};
    const groups = new Set(nodes.filter(({ name }) => !(name in refused)).map(({ group }) => group));
    const own = platform.namespaces[workload.namespace]?.nodeGroups;
    const row = (matrix[workload.namespace] ??= {});
    templates[workload.namespace] = (templates[workload.namespace] ?? 0) + 1;
    for (const { group } of nodes) row[group] ??= 0;
    for (const group of groups) row[group] = (row[group] ?? 0) + 1;
    const outside = own ? [...groups].filter((group) => !own.includes(group)) : [];
    if (groups.size === 0 && nodes.length > 0 && !ofAddOn) {
      findings.push(
        findingOf(
          'PLC-001',
          of,
          reasonsOf(refused, nodes.length),
          'change what the Pod requires (affinity, nodeSelector, tolerations, requests, volumes), or the labels, taints and instance types of a node group',
        ),
      );
    } else if (outside.length > 0) {
      findings.push(
        findingOf(
          'PLC-002',
          of,
          `its Pods may run on ${outside.join(', ')}; the node groups of ${workload.namespace} are ${own?.join(', ') ?? ''}`,
          'require the node groups of the namespace by node affinity, or name the others under its nodes in platform.yaml',
        ),
      );
    }
  });
  return { matrix, templates, findings };
}

/** As the scheduler says it: `0/3 nodes: 1 untolerated taint, 2 insufficient cpu`. */
function reasonsOf(refused: Readonly<Record<string, string>>, total: number): string {
  const counts = new Map<string, number>();
  for (const reason of Object.values(refused)) {
    const short = shortReason(reason);
    counts.set(short, (counts.get(short) ?? 0) + 1);
  }
  const reasons = [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} ${reason}`);
  return `0/${total} nodes: ${reasons.join(', ')}`;
}

const shortReason = (reason: string): string =>
  reason
    .replace(/^node\(s\) (had|didn't (match|satisfy)) (the )?/, (_, verb: string) =>
      verb === 'had' ? '' : 'did not match ',
    )
    .replace(/^I/, 'i')
    .replace(/untolerated taint\(s\)/, 'untolerated taint');

const REMEDIES: Readonly<Partial<Record<Code, string>>> = {
  'CAP-001': 'raise min of a node group, take a larger instance type, or lower requests or replicas',
  'CAP-002': 'raise max of a node group, take a larger instance type, or lower requests or replicas',
  'CAP-003':
    'raise min of a node group, or let the rollout remove a Pod first: maxSurge: 0, maxUnavailable: 1',
  'CAP-006': 'raise max of a node group, or lower the maximum of an autoscaler',
};

const BY_CHOICE =
  'All Pods fit while the scheduler scores nodes by their Pods alone. Images that a node has can change its choice';

function capacityFindings(
  pods: readonly PodClass[],
  scenarios: readonly Scenario[],
  { runs }: ScheduleAnswer,
): Finding[] {
  return scenarios.flatMap(({ code, title }, i) => {
    const { verdict = 'always', pod = 0, why: said = '', order = [], byChoice } = runs[i] ?? {};
    const why = said.replace(' nodes are available:', ' nodes:').replace(/\.$/, '');
    const stranded = pods[pod];
    if (!stranded || (verdict !== 'never' && verdict !== 'can')) return [];
    const after = [...new Set(order)].map((each) => pods[each]?.workload.title ?? '').slice(0, 5);
    const message =
      verdict === 'never'
        ? `${title}: does not fit: ${why}`
        : `${title}: can fit, but not in each order of creation: ${why}, after ${after.join(', ')}${byChoice ? `. ${BY_CHOICE}` : ''}`;
    const remedy =
      REMEDIES[code] ?? 'raise max of a node group in another zone, or lower requests or replicas';
    return findingOf(code, stranded.of, message, remedy, verdict === 'never' ? 'error' : 'warning');
  });
}
