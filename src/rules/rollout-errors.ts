import { isObject } from '../manifests/field';
import { selects } from './label-selector';
import { listAt, namespaceOf, numberAt, objectAt, scaled, shown, valueAt } from './workload-pods';
import type { Placed, WorkloadPods } from './workload-pods';

/** An error of one object. */
export interface ObjectError {
  readonly stack: string;
  readonly address: string;
  readonly message: string;
}

export const errorOf = ({ stack, address }: Placed, message: string): ObjectError => ({
  stack,
  address,
  message,
});

/**
 * Pods that could never be created, moved or counted as ready. The API server takes each object, and the rollout or the drain waits
 * forever.
 */
export function rolloutErrors(objects: readonly Placed[], workloads: readonly WorkloadPods[]): ObjectError[] {
  return [
    ...workloads.flatMap((each) => [...claimErrors(each, objects, workloads), ...deadlineErrors(each)]),
    ...objects
      .filter(({ object }) => object.kind === 'PodDisruptionBudget')
      .flatMap((budget) => budgetErrors(budget, workloads)),
  ];
}

/** Pods that would share a volume that only one node, or one Pod, can have. */
export function claimErrors(
  workload: WorkloadPods,
  objects: readonly Placed[],
  workloads: readonly WorkloadPods[],
): ObjectError[] {
  const { placed, pod, namespace, most, surge, unavailable } = workload;
  const everywhere = placed.object.kind === 'DaemonSet';
  // A rollout that may take the only Pod away does not wait for the one that it adds.
  const together = most + (most > 1 || (most > 0 && unavailable === 0) ? surge : 0);
  if (together < 2 && !everywhere) return [];
  const names = listAt(pod, 'volumes').map((volume) => valueAt(volume, 'persistentVolumeClaim.claimName'));
  return objects
    .filter(({ object }) => object.kind === 'PersistentVolumeClaim')
    .filter((claim) => namespaceOf(claim) === namespace && names.includes(claim.object.metadata.name ?? ''))
    .flatMap((claim) => {
      const modes = valueAt(claim.object, 'spec.accessModes');
      const mode = Array.isArray(modes) && modes.length === 1 ? (modes[0] as unknown) : undefined;
      const taker = mode === 'ReadWriteOncePod' ? 'Pod' : mode === 'ReadWriteOnce' ? 'node' : undefined;
      if (taker === undefined || (taker === 'node' && onOneNode(workload, workloads))) return [];
      const pods = everywhere
        ? 'each node has a Pod'
        : most > 1
          ? `${most} Pods mount it`
          : `a rollout adds ${surge === 1 ? 'a Pod' : `${surge} Pods`} before it removes the Pod that has it`;
      const remedy =
        most > 1 || everywhere
          ? 'mount a ReadWriteMany volume such as EFS, or give each Pod of a StatefulSet a volume by addClaim()'
          : "set strategy: 'Recreate', or mount a ReadWriteMany volume such as EFS";
      return errorOf(
        placed,
        `the claim "${claim.object.metadata.name ?? ''}" is ${shown(mode)}, which one ${taker} can mount, but ${pods}: the others would stay Pending; ${remedy}`,
      );
    });
}

/** Whether the scheduler keeps all Pods of a workload on one node: beside each other, or beside the only Pod of another workload. */
function onOneNode({ pod, namespace, labels }: WorkloadPods, workloads: readonly WorkloadPods[]): boolean {
  return listAt(pod, 'affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution').some((term) => {
    if (term['topologyKey'] !== 'kubernetes.io/hostname') return false;
    const beside = (pods: object): boolean => selects(term['labelSelector'], pods);
    const [other, ...more] = workloads.filter((each) => each.namespace === namespace && beside(each.labels));
    const single = other?.placed.object.kind !== 'DaemonSet' && other?.most === 1 && other.surge === 0;
    return beside(labels) || (single && more.length === 0);
  });
}

/** A container that may take longer to start than the rollout waits for progress. */
export function deadlineErrors({ placed, pod }: WorkloadPods): ObjectError[] {
  if (placed.object.kind !== 'Deployment') return [];
  const deadline = numberAt(placed.object, 'spec.progressDeadlineSeconds') ?? 600;
  return [...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')].flatMap((container) => {
    const [startup, readiness] = ['startupProbe', 'readinessProbe'].map((name) => container[name]);
    const delay = (probe: unknown): number => numberAt(probe, 'initialDelaySeconds') ?? 0;
    const period = numberAt(startup, 'periodSeconds') ?? 10;
    const failures = numberAt(startup, 'failureThreshold') ?? 3;
    const starts = isObject(startup) ? delay(startup) + period * failures : 0;
    const longest = Math.max(starts, delay(readiness));
    return longest < deadline
      ? []
      : errorOf(
          placed,
          `spec.progressDeadlineSeconds: got ${deadline}, but the probes give container "${shown(container['name'])}" ${longest} seconds to start. A rollout would fail before it is ready; allow more than ${longest}, or shorten the probes`,
        );
  });
}

/**
 * A budget that lets no Pod go, so that no node with one can be drained or upgraded.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
 */
export function budgetErrors(budget: Placed, workloads: readonly WorkloadPods[]): ObjectError[] {
  const { minAvailable, maxUnavailable } = objectAt(budget.object, 'spec');
  const selected = workloads.filter(
    ({ namespace, labels, placed: { object } }) =>
      namespace === namespaceOf(budget) &&
      object.kind !== 'DaemonSet' &&
      selects(valueAt(budget.object, 'spec.selector'), labels),
  );
  const pods = selected.reduce((sum, { fewest }) => sum + fewest, 0);
  const [field, said] =
    maxUnavailable === undefined ? ['minAvailable', minAvailable] : ['maxUnavailable', maxUnavailable];
  const keeps = (of: number): number =>
    field === 'minAvailable' ? scaled(said, of, 'ceil') : of - scaled(said, of, 'ceil');
  // Of how many Pods there are nothing is known where it selects none that are declared.
  const total = pods > 0 ? pods : 1_000;
  if (said === undefined || keeps(total) < total || (selected.length > 0 && pods === 0)) return [];
  const fits = Array.from({ length: 99 }, (_, i) => i + pods + 1).find((of) => keeps(of) < of);
  const more = fits === undefined ? '' : `, or run ${fits} Pods at least`;
  return [
    errorOf(
      budget,
      `spec.${field}: got ${JSON.stringify(said)}, which keeps ${pods > 0 ? `${keeps(pods)} of ${pods} Pods` : 'all Pods'}. No node with one could be drained or upgraded; set maxUnavailable: 1${more}, or leave the budget out`,
    ),
  ];
}
