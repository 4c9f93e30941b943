import { textsOf } from '../manifests/attributes';
import { isObject } from '../manifests/field';
import { STAND_IN } from '../manifests/scalar';
import { selects } from '../rules/label-selector';
import { budgetErrors, claimErrors, deadlineErrors, type ObjectError } from '../rules/rollout-errors';
import { listAt, numberAt, objectAt, shown, valueAt } from '../rules/workload-pods';
import type { ClusterFacts, Found, PodClass } from './cluster-facts';
import { findingOf, type Code, type Finding } from './finding';
import type { ClusterNode, Schedule } from './placement';
import { classNamed } from '../rules/storage-classes';

/** Labels of a node that say where it is, by the key that Pods are kept apart by. */
const DOMAINS: Readonly<Record<string, (node: ClusterNode) => string>> = {
  'kubernetes.io/hostname': ({ name }) => name,
  'topology.kubernetes.io/zone': ({ zone }) => zone,
};

/** Rollouts, drains and Jobs that cannot finish. */
export function rolloutFindings(facts: ClusterFacts, schedule: Schedule | undefined): Finding[] {
  const { objects, pods } = facts;
  const own = pods.filter(({ ofAddOn }) => !ofAddOn);
  const workloads = own.map(({ workload }) => workload);
  const coded = (code: Code, errors: readonly ObjectError[]): Finding[] =>
    errors.flatMap(({ stack, address, message }) => {
      const of = objects.find((each) => each.stack === stack && each.address === address);
      const [, what = message, remedy = 'correct it'] =
        /^(.*)[;,.] ((?:mount|set|allow|give)\b.*)$/.exec(message) ?? [];
      return of ? findingOf(code, of, what, remedy) : [];
    });
  return [
    ...coded(
      'ROL-001',
      workloads.flatMap((each) => claimErrors(each, objects, workloads)),
    ),
    ...coded('ROL-002', workloads.flatMap(deadlineErrors)),
    ...coded(
      'ROL-003',
      objects
        .filter(({ object }) => object.kind === 'PodDisruptionBudget')
        .flatMap((budget) => budgetErrors(budget, workloads)),
    ),
    ...own.flatMap(probeFindings),
    ...(schedule === undefined
      ? []
      : pods.flatMap((each, i) => (each.ofAddOn ? [] : nodeFindings(each, schedule.takers[i] ?? [], facts)))),
  ];
}

/** What only the nodes show: Pods kept apart, and disks in one zone. A Job without a node is a finding of placement. */
function nodeFindings(
  { of, workload, pod }: PodClass,
  takers: readonly ClusterNode[],
  { objects }: ClusterFacts,
): Finding[] {
  const { fewest, surge, unavailable, labels, claims } = workload;
  const apart = listAt(pod, 'spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution')
    .filter(({ labelSelector }) => selects(labelSelector, labels))
    // Pods of another revision do not repel each other then.
    .filter(({ matchLabelKeys }) => !textsOf(matchLabelKeys).includes('pod-template-hash'))
    .flatMap(({ topologyKey }) => {
      const domainOf = DOMAINS[shown(topologyKey)];
      const domains = domainOf ? new Set(takers.map(domainOf)).size : Infinity;
      if (fewest === 0 || surge === 0 || unavailable > 0 || takers.length === 0 || domains > fewest)
        return [];
      const message = `a rollout adds a Pod before it removes one, each of the ${fewest} Pods keeps the others from its ${shown(topologyKey)}, and there are ${domains}`;
      const remedy =
        'let the rollout remove a Pod first: maxSurge: 0, maxUnavailable: 1; or prefer the anti-affinity instead of requiring it';
      return findingOf('ROL-004', of, message, remedy);
    });
  const named = listAt(pod, 'spec.volumes').map((volume) =>
    valueAt(volume, 'persistentVolumeClaim.claimName'),
  );
  const declared = objects
    .filter(({ object }) => object.kind === 'PersistentVolumeClaim' && named.includes(object.metadata.name))
    .filter(({ object }) => object.metadata.namespace === workload.namespace)
    .map(({ object }) => object);
  const onDisk = [...claims, ...declared].some((claim) => isZonal(claim, objects));
  const byZone = new Map<string, string[]>();
  for (const { zone, name } of takers) byZone.set(zone, [...(byZone.get(zone) ?? []), name]);
  const single = [...byZone].filter(([, names]) => names.length === 1);
  const bound =
    onDisk && single.length > 0
      ? [
          findingOf(
            'ROL-005',
            of,
            `its disk stays in the zone of its first node, and of ${single.map(([zone]) => zone).join(', ')} one node at most takes the Pod. While that node is replaced, the Pod waits`,
            'raise max of a node group in the zone, or let more node groups of the zone take the Pod',
            'warning',
          ),
        ]
      : [];
  return [...apart, ...bound];
}

/** Whether a claim gets a disk of EBS, which is in one zone. Source: Amazon EBS User Guide, Amazon EBS volumes. */
function isZonal(claim: object, objects: readonly Found[]): boolean {
  const name = valueAt(claim, 'spec.storageClassName');
  const classes = objects.filter(({ object }) => object.kind === 'StorageClass').map(({ object }) => object);
  const own = classNamed(name, classes);
  return own ? /(^|[./])(ebs\.csi\.aws\.com|aws-ebs)$/.test(shown(own['provisioner'])) : name === 'gp2';
}

/** Probes that cannot pass, or not before the liveness probe ends the container. */
function probeFindings({ of, workload: { pod } }: PodClass): Finding[] {
  return ['containers', 'initContainers']
    .flatMap((list) => listAt(pod, list))
    .flatMap((container) => {
      const name = shown(container['name']);
      const names = listAt(container, 'ports').map((port) => shown(port['name']));
      const strangers = ['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((kind) =>
        ['httpGet', 'tcpSocket'].flatMap((action) => {
          const port = valueAt(container, `${kind}.${action}.port`);
          if (
            typeof port !== 'string' ||
            /^\d+$/.test(port) ||
            port.includes(STAND_IN) ||
            names.includes(port)
          )
            return [];
          return findingOf(
            'ROL-007',
            of,
            `the ${kind} of container "${name}" asks the port "${port}", which the container does not have. It never passes`,
            `name one of: ${names.join(', ') || '(none)'}`,
          );
        }),
      );
      const [liveness, readiness] = [container['livenessProbe'], container['readinessProbe']];
      if (!isObject(liveness) || isObject(container['startupProbe'])) return strangers;
      const at = (probe: unknown, field: string, otherwise: number): number =>
        numberAt(probe, field) ?? otherwise;
      const [delay, period, failures] = [
        at(liveness, 'initialDelaySeconds', 0),
        at(liveness, 'periodSeconds', 10),
        at(liveness, 'failureThreshold', 3),
      ];
      const ends = delay + period * failures;
      const starts = at(readiness, 'initialDelaySeconds', 0);
      const sameAction = ['httpGet', 'tcpSocket', 'exec', 'grpc'].every(
        (action) =>
          JSON.stringify(objectAt(liveness, action)) === JSON.stringify(objectAt(readiness, action)),
      );
      if (!sameAction || starts < ends) return strangers;
      return [
        ...strangers,
        findingOf(
          'ROL-006',
          of,
          `the liveness probe of container "${name}" ends it after ${ends} seconds, and its readiness probe first asks the same after ${starts}`,
          'give the container a startup probe, or raise initialDelaySeconds of the liveness probe',
        ),
      ];
    });
}
