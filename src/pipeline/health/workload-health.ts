import { isObject } from '../../manifests/field';
import { objectTitle } from '../../manifests/object-title';
import type { KubernetesObject } from '../../manifests/objects';

/** Whether waiting can help: only for what is progressing. */
export type HealthState = 'progressing' | 'stuck' | 'failed';

/** A workload of the platform that does not have all of its Pods ready. */
export interface UnhealthyWorkload {
  /** `Deployment dev/web` */
  readonly workload: string;
  readonly state: HealthState;
  /** `1 of 3 Pods are ready` */
  readonly found: string;
  /** What keeps it, in the words of Kubernetes; none while it is progressing. */
  readonly cause?: string;
  readonly remedy?: string;
  /** Seconds for which the same cause makes it certain that waiting cures nothing. @default - waiting may cure it */
  readonly hopelessAfter?: number;
}

/** An object of the cluster, as far as it is read here. */
export interface LiveObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec?: {
    readonly replicas?: number;
    readonly podManagementPolicy?: string;
    readonly updateStrategy?: {
      readonly type?: string;
      readonly rollingUpdate?: { readonly partition?: number };
    };
  };
  readonly status?: Status;
  /** Of an Event. */
  readonly involvedObject?: { readonly kind: string; readonly name: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
}

interface Status {
  readonly observedGeneration?: number;
  /** Name of the newest revision of a StatefulSet. */
  readonly updateRevision?: string;
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly updatedReplicas?: number;
  readonly desiredNumberScheduled?: number;
  readonly numberAvailable?: number;
  readonly updatedNumberScheduled?: number;
  readonly failed?: number;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

interface ContainerStatus {
  readonly name: string;
  readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
}

/** What `kubectl get` is asked for. */
export const HEALTH_KINDS =
  'deployments.apps,statefulsets.apps,daemonsets.apps,replicasets.apps,jobs.batch,pods,events';

/**
 * What waiting does not cure, with what does, and the seconds after which an apply ends. Other Pods of the rollout may give quota
 * back; a registry may be out of reach for a moment; an autoscaler needs two minutes for a node.
 */
const STUCK: readonly (readonly [RegExp, string, number?])[] = [
  [/exceeded quota/, 'raise the quota of the namespace, or ask for less', 60],
  [/violates PodSecurity/, 'change the Pod, or set podSecurity of the namespace', 30],
  [/denied the request|ValidatingAdmissionPolicy/, 'change the Pod as the message says', 30],
  [/forbidden|not found/, 'create what the message names, or correct its name'],
  [/nodes are available/, 'add nodes that fit, or change what the Pod requests or selects', 180],
  [/InvalidImageName/, 'correct the image', 30],
  [/ImagePull|ErrImage/, 'correct the image, or let its nodes pull it', 120],
  [/CreateContainerConfigError|CreateContainerError/, 'create what the message names, or correct its name'],
  [/CrashLoopBackOff/, 'read the log: kubectl logs --previous'],
];

/**
 * The declared workloads that are not ready, each with its cause.
 *
 * @param declared objects of the platform; other kinds than workloads are passed over
 * @param live objects of the kinds of `HEALTH_KINDS`
 */
export function unhealthyWorkloads(
  declared: readonly KubernetesObject[],
  live: readonly LiveObject[],
): UnhealthyWorkload[] {
  return declared.flatMap(({ kind, metadata: { namespace = 'default', name = '' } }) => {
    const judge = JUDGES[kind];
    // A name that only Terraform knows cannot be looked for.
    if (judge === undefined || name.includes('${')) return [];
    const workload = objectTitle({ kind, metadata: { namespace, name } });
    const object = live.find((each) => is(each, kind, namespace, name));
    if (object === undefined) {
      // One that is done may be deleted by its time to live.
      if (kind === 'Job') return [];
      return [{ workload, state: 'failed', found: 'it is not in the cluster', remedy: 'plan and apply' }];
    }
    const found = judge(object);
    const fewest = fewestOf(declared, kind, namespace, name);
    if (fewest > 0 && object.spec?.replicas === 0) {
      const remedy = `kubectl scale ${kind.toLowerCase()} ${name} --namespace ${namespace} --replicas ${fewest}`;
      return [
        {
          workload,
          state: 'stuck',
          found: 'it was scaled to 0, where its autoscaler and every apply leave it',
          remedy,
        },
      ];
    }
    if (found === undefined) return [];
    const outdated = outdatedPod(object, live);
    const stated = outdated ? undefined : statedCause(object, live);
    const cause = outdated
      ? `the StatefulSet waits for the Pod ${outdated} of an earlier revision, which is not ready, before it replaces any`
      : (stated ?? warningOf(object, live));
    const [, known, after] = STUCK.find(([pattern]) => pattern.test(cause ?? '')) ?? [];
    // An Event stays for an hour, and its cause may have gone.
    const hopelessAfter = stated === undefined ? undefined : after;
    const remedy = outdated
      ? `delete that Pod: kubectl delete pod ${outdated} --namespace ${namespace}`
      : known;
    const isOver = object.status?.conditions?.some(
      ({ type, reason, status }) =>
        reason === 'ProgressDeadlineExceeded' || (type === 'Failed' && status === 'True'),
    );
    const state: HealthState = remedy !== undefined ? 'stuck' : isOver === true ? 'failed' : 'progressing';
    return [
      {
        workload,
        state,
        found,
        ...(cause !== undefined && { cause }),
        ...(remedy !== undefined && { remedy }),
        // Deleting an outdated Pod is possible while the apply waits.
        ...(hopelessAfter !== undefined && { hopelessAfter }),
      },
    ];
  });
}

/**
 * How many Pods its autoscaler lets a workload have at least; 0 without an autoscaler.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#implicit-maintenance-mode-deactivation
 */
function fewestOf(
  declared: readonly KubernetesObject[],
  kind: string,
  namespace: string,
  name: string,
): number {
  const specs = declared.flatMap(({ kind: of, metadata, spec }) =>
    of === 'HorizontalPodAutoscaler' && metadata.namespace === namespace && isObject(spec) ? [spec] : [],
  );
  const own = specs.find(
    ({ scaleTargetRef: target }) => isObject(target) && target['kind'] === kind && target['name'] === name,
  );
  return own ? Number(own['minReplicas'] ?? 1) : 0;
}

const is = ({ kind, metadata }: LiveObject, ofKind: string, namespace: string, name: string): boolean =>
  kind === ofKind && metadata.name === name && metadata.namespace === namespace;

/** `1 of 3 Pods are ready`, or undefined when all are. */
const count = (ready = 0, updated = 0, wanted = 0): string | undefined =>
  updated < wanted
    ? `${updated} of ${wanted} Pods are of the newest revision, and ${ready} are ready`
    : ready < wanted
      ? `${ready} of ${wanted} Pods are ready`
      : undefined;

/** By kind, what a workload lacks; undefined for one that is as it should be. */
const JUDGES: Readonly<Record<string, (object: LiveObject) => string | undefined>> = {
  Deployment: observed(({ spec, status = {} }) => {
    const { replicas = 0, updatedReplicas = 0, availableReplicas } = status;
    // An earlier Pod is available, too, as long as the new one has not taken its place.
    const earlier = replicas - updatedReplicas;
    return (
      count(availableReplicas, updatedReplicas, spec?.replicas ?? 1) ??
      (earlier > 0 ? `Pods of an earlier revision still run: ${earlier}` : undefined)
    );
  }),
  StatefulSet: observed(({ spec, status }) => {
    const wanted = spec?.replicas ?? 1;
    const { type, rollingUpdate } = spec?.updateStrategy ?? {};
    const kept = type === 'OnDelete' ? wanted : (rollingUpdate?.partition ?? 0);
    const updated = (status?.updatedReplicas ?? 0) + Math.min(kept, wanted);
    return count(status?.readyReplicas, Math.min(updated, wanted), wanted);
  }),
  DaemonSet: observed(({ status }) =>
    count(status?.numberAvailable, status?.updatedNumberScheduled, status?.desiredNumberScheduled),
  ),
  ReplicaSet: observed(({ spec, status }) => {
    const wanted = spec?.replicas ?? 1;
    return count(status?.readyReplicas, wanted, wanted);
  }),
  Job: ({ status }) => {
    const failed = status?.conditions?.find(({ type, status: is }) => type === 'Failed' && is === 'True');
    return failed && `it failed: ${failed.message ?? failed.reason ?? ''}`;
  },
};

/** A controller that has not looked at the newest generation says nothing of it. */
function observed(judge: (object: LiveObject) => string | undefined) {
  return (object: LiveObject): string | undefined =>
    (object.status?.observedGeneration ?? 0) < (object.metadata.generation ?? 0)
      ? 'its controller has not looked at the change'
      : judge(object);
}

/**
 * The Pod that keeps a StatefulSet from its newest revision, although that one may cure it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
 */
function outdatedPod(object: LiveObject, live: readonly LiveObject[]): string | undefined {
  const { kind, spec, status } = object;
  if (kind !== 'StatefulSet' || spec?.podManagementPolicy === 'Parallel') return undefined;
  if (spec?.updateStrategy?.type === 'OnDelete' || spec?.updateStrategy?.rollingUpdate?.partition)
    return undefined;
  return descendants(object, live).find(
    ({ metadata, status: pod }) =>
      metadata.deletionTimestamp === undefined &&
      metadata.labels?.['controller-revision-hash'] !== status?.updateRevision &&
      pod?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') !== true,
  )?.metadata.name;
}

/** Why Pods are not made, or are not ready: the first of what Kubernetes says of the workload, its ReplicaSets and its Pods. */
function statedCause(object: LiveObject, live: readonly LiveObject[]): string | undefined {
  const family = [object, ...descendants(object, live)];
  const says = family.flatMap(({ kind, status = {} }) => {
    const failure = status.conditions?.find(
      ({ type, status: is }) => type === 'ReplicaFailure' && is === 'True',
    );
    if (kind !== 'Pod') return failure?.message ?? [];
    const unscheduled = status.conditions?.find(
      ({ type, status: is }) => type === 'PodScheduled' && is === 'False',
    );
    const waiting = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].flatMap(
      ({ name, state }) => {
        const { reason, message } = state?.waiting ?? {};
        // What every container says at its start.
        if (reason === undefined || /^(ContainerCreating|PodInitializing)$/.test(reason)) return [];
        return `container "${name}": ${reason}${message === undefined ? '' : `: ${message}`}`;
      },
    );
    return [...(unscheduled?.message === undefined ? [] : [unscheduled.message]), ...waiting];
  });
  return says[0];
}

/** Not every controller writes into its status why it cannot make a Pod. */
function warningOf(object: LiveObject, live: readonly LiveObject[]): string | undefined {
  const family = [object, ...descendants(object, live)];
  const events = live.filter(
    ({ kind, type, reason, metadata, involvedObject }) =>
      kind === 'Event' &&
      type === 'Warning' &&
      /^Failed/.test(reason ?? '') &&
      family.some(
        (each) =>
          each.kind === involvedObject?.kind &&
          each.metadata.name === involvedObject.name &&
          each.metadata.namespace === metadata.namespace,
      ),
  );
  const newest = events.sort((a, b) => ((a.lastTimestamp ?? '') < (b.lastTimestamp ?? '') ? 1 : -1))[0];
  return newest?.message;
}

function descendants(object: LiveObject, live: readonly LiveObject[]): LiveObject[] {
  const own = live.filter(
    ({ metadata }) =>
      metadata.namespace === object.metadata.namespace &&
      metadata.ownerReferences?.some(
        ({ kind, name }) => kind === object.kind && name === object.metadata.name,
      ),
  );
  return own.flatMap((each) => [each, ...descendants(each, live)]);
}
