import { POD_TEMPLATES } from '../facts/pod-templates';
import { isObject } from '../manifests/field';
import type { AddressedObject } from '../manifests/objects';
import { STAND_IN } from '../manifests/scalar';
import type { JsonObject } from '../manifests/terraform-document';

/** An object together with its stack. */
export interface Placed extends AddressedObject {
  readonly stack: string;
}

/** The Pods that a workload has, and how it replaces them. */
export interface WorkloadPods {
  readonly placed: Placed;
  /** For messages: `Deployment "web"`. */
  readonly title: string;
  readonly namespace: string;
  readonly labels: JsonObject;
  /** The spec of a Pod. */
  readonly pod: JsonObject;
  /** Pods that it always has, and the most that it has outside a rollout. An autoscaler chooses between them. */
  readonly fewest: number;
  readonly most: number;
  /** Pods that a rollout may add, and that it may take away before it adds one. */
  readonly surge: number;
  readonly unavailable: number;
  /** Claims that each Pod gets. */
  readonly claims: readonly JsonObject[];
}

/** What is at a path of field names. */
export const valueAt = (value: unknown, path: string): unknown =>
  path.split('.').reduce((inner, step) => (isObject(inner) ? inner[step] : undefined), value);

export const objectAt = (value: unknown, path: string): JsonObject => {
  const found = valueAt(value, path);
  return isObject(found) ? found : {};
};

export const listAt = (value: unknown, path: string): readonly JsonObject[] => {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found.filter(isObject) : [];
};

export const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** A number that a user wrote; one that only a deployment can tell is as good as left out. */
export const numberAt = (value: unknown, path: string): number | undefined => {
  const found = valueAt(value, path);
  return typeof found === 'number' && String(found) !== STAND_IN ? found : undefined;
};

/**
 * A number of Pods, or a percentage of a total, as Kubernetes rounds it.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/util/intstr#GetScaledValueFromIntOrPercent
 */
export function scaled(count: unknown, total: number, round: 'ceil' | 'floor'): number {
  if (typeof count === 'number') return count;
  const percent = Number.parseInt(String(count), 10);
  return Number.isNaN(percent) ? 0 : Math[round]((percent * total) / 100);
}

export const namespaceOf = ({ object }: Placed): string => object.metadata.namespace ?? 'default';

/** Every workload of a set of objects. */
export function workloadPods(objects: readonly Placed[]): WorkloadPods[] {
  const autoscalers = objects.filter(({ object }) => object.kind === 'HorizontalPodAutoscaler');
  return objects.flatMap((placed) => {
    const { kind, metadata } = placed.object;
    const path = POD_TEMPLATES[kind];
    if (path === undefined && kind !== 'Pod') return [];
    const template = path === undefined ? placed.object : valueAt(placed.object, path.join('.'));
    const namespace = namespaceOf(placed);
    const autoscaler = autoscalers.find(
      (each) =>
        namespaceOf(each) === namespace &&
        valueAt(each.object, 'spec.scaleTargetRef.kind') === kind &&
        valueAt(each.object, 'spec.scaleTargetRef.name') === metadata.name,
    );
    return {
      placed,
      title: `${kind} "${metadata.name ?? ''}"`,
      namespace,
      labels: objectAt(template, 'metadata.labels'),
      pod: objectAt(template, 'spec'),
      claims: listAt(placed.object, 'spec.volumeClaimTemplates'),
      ...counts(placed, autoscaler),
    };
  });
}

type Counts = Pick<WorkloadPods, 'fewest' | 'most' | 'surge' | 'unavailable'>;

function counts({ object }: Placed, autoscaler: Placed | undefined): Counts {
  const still = { surge: 0, unavailable: 0 };
  if (object.kind === 'Pod' || object.kind === 'DaemonSet') return { fewest: 1, most: 1, ...still };
  if (object.kind.endsWith('Job')) {
    const spec = object.kind === 'Job' ? 'spec' : 'spec.jobTemplate.spec';
    const parallelism = numberAt(object, `${spec}.parallelism`) ?? 1;
    const most = Math.min(parallelism, numberAt(object, `${spec}.completions`) ?? parallelism);
    return { fewest: 0, most, ...still };
  }
  const [fewest, most] = autoscaler
    ? [numberAt(autoscaler.object, 'spec.minReplicas') ?? 1, numberAt(autoscaler.object, 'spec.maxReplicas')]
    : [numberAt(object, 'spec.replicas') ?? 1];
  const replicas = { fewest, most: Math.max(fewest, most ?? fewest) };
  if (object.kind !== 'Deployment' || valueAt(object, 'spec.strategy.type') === 'Recreate') {
    return { ...replicas, ...still };
  }
  const { maxSurge = '25%', maxUnavailable = '25%' } = objectAt(object, 'spec.strategy.rollingUpdate');
  const surge = scaled(maxSurge, fewest, 'ceil');
  const unavailable = scaled(maxUnavailable, fewest, 'floor');
  // Where both round to nothing, Kubernetes takes one Pod away.
  return { ...replicas, surge, unavailable: surge + unavailable === 0 ? 1 : unavailable };
}
