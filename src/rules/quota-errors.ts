import { canonicalQuantity, quantityAmount } from '@kubernetes-on-aws/eks-facts/quantity';
import type { JsonObject } from '../manifests/terraform-document';
import { STAND_IN } from '../manifests/scalar';
import { errorOf, type ObjectError } from './rollout-errors';
import {
  listAt,
  namespaceOf,
  objectAt,
  shown,
  valueAt,
  type Placed,
  type WorkloadPods,
} from './workload-pods';

/** Amounts by resource: `requests.cpu`, `limits.memory`, `pods`. */
type Amounts = Readonly<Record<string, number>>;

const SIDES = ['requests', 'limits'] as const;
/** What a quota counts, and so wants of every container. */
const WANTED = ['cpu', 'memory'];

/** What counts against a quota, once for each Pod or claim. */
interface Consumer {
  readonly title: string;
  readonly pod?: JsonObject;
  readonly containers: readonly Container[];
  readonly usage: Amounts;
  readonly fewest: number;
  readonly most: number;
  /** Pods more that a rollout needs to get on. */
  readonly rollout: number;
}

/**
 * Pods that the LimitRanges and ResourceQuotas of their namespace leave no room for. The API server takes their workload and refuses
 * the Pods one by one, in Events that Terraform does not show.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/
 */
export function quotaErrors(objects: readonly Placed[], workloads: readonly WorkloadPods[]): ObjectError[] {
  const namespaces = new Map<string, Placed[]>();
  for (const each of objects.filter(({ object }) => /^(LimitRange|ResourceQuota)$/.test(object.kind))) {
    namespaces.set(namespaceOf(each), [...(namespaces.get(namespaceOf(each)) ?? []), each]);
  }
  return [...namespaces].flatMap(([namespace, policies]) => {
    const ranges = policies
      .filter(({ object }) => object.kind === 'LimitRange')
      .flatMap(({ object }) => listAt(object, 'spec.limits'));
    const quotas = policies.filter(({ object }) => object.kind === 'ResourceQuota');
    const own = workloads
      .filter((each) => each.namespace === namespace)
      .map((workload) => ({ workload, containers: containersOf(workload.pod, ranges) }));
    const consumers: Consumer[] = [
      ...own.map(({ workload, containers }) => consumer(workload, containers)),
      ...objects
        .filter((each) => each.object.kind === 'PersistentVolumeClaim' && namespaceOf(each) === namespace)
        // That of a StatefulSet counts with its Pod.
        .filter(
          ({ object }) => !own.some(({ workload }) => claimsOf(workload).test(object.metadata.name ?? '')),
        )
        .map(({ object }) => ({
          title: `PersistentVolumeClaim "${object.metadata.name ?? ''}"`,
          containers: [],
          usage: claimed([object]),
          fewest: 1,
          most: 1,
          rollout: 0,
        })),
    ];
    return [
      ...own.flatMap(({ workload, containers }) => [
        ...rangeErrors(workload, containers, ranges),
        ...quotas.flatMap((quota) => missing(workload, containers, quota)),
      ]),
      ...quotas.flatMap((quota) => exceeded(quota, consumers)),
    ];
  });
}

/** The names of the claims that a StatefulSet makes. */
function claimsOf({ claims, placed }: WorkloadPods): RegExp {
  const templates = claims.map((claim) => shown(valueAt(claim, 'metadata.name')));
  return new RegExp(`^(?:${templates.join('|') || '$.'})-${placed.object.metadata.name ?? ''}-\\d+$`);
}

interface Container {
  readonly name: string;
  /** Whether it runs beside those after it. */
  readonly stays: boolean;
  readonly amounts: Amounts;
}

/** An amount that a user wrote, and another value for one that only a deployment can tell. */
function amountOf(quantity: unknown, unknown: number): number {
  const text = String(quantity);
  return text.includes(STAND_IN) ? unknown : (quantityAmount(text) ?? unknown);
}

/** What a container asks for with what the LimitRanges of its namespace add. */
export function resourcesOf(
  container: JsonObject,
  ranges: readonly JsonObject[],
): Readonly<Record<(typeof SIDES)[number], JsonObject>> {
  let limits = objectAt(container, 'resources.limits');
  // A request that is left out is the limit that its container states, before a LimitRange adds one.
  let requests = { ...limits, ...objectAt(container, 'resources.requests') };
  for (const range of ranges.filter(({ type }) => type === 'Container')) {
    const limit = { ...objectAt(range, 'max'), ...objectAt(range, 'default') };
    limits = { ...limit, ...limits };
    requests = { ...objectAt(range, 'min'), ...limit, ...objectAt(range, 'defaultRequest'), ...requests };
  }
  return { requests, limits };
}

/** The containers of a Pod with what the LimitRanges add to them. */
function containersOf(pod: JsonObject, ranges: readonly JsonObject[]): Container[] {
  return ['initContainers', 'containers'].flatMap((list) =>
    listAt(pod, list).map((container) => ({
      name: `container "${shown(container['name'])}"`,
      stays: list === 'containers' || container['restartPolicy'] === 'Always',
      amounts: amountsOf(resourcesOf(container, ranges)),
    })),
  );
}

const amountsOf = (sides: Readonly<Record<(typeof SIDES)[number], object>>): Amounts =>
  Object.fromEntries(
    SIDES.flatMap((side) =>
      Object.entries(sides[side]).map(([name, amount]) => [`${side}.${name}`, amountOf(amount, 0)]),
    ),
  );

/** What a Pod counts as: containers run beside each other, init containers one by one beside those that stay. */
function podAmounts(pod: JsonObject, containers: readonly Container[]): Amounts {
  const overhead = objectAt(pod, 'overhead');
  const staying: Record<string, number> = { ...amountsOf({ requests: overhead, limits: overhead }) };
  const peak: Record<string, number> = {};
  for (const { amounts, stays } of containers) {
    for (const [name, amount] of Object.entries(amounts)) {
      const beside = (staying[name] ?? 0) + amount;
      if (stays) staying[name] = beside;
      peak[name] = Math.max(peak[name] ?? 0, beside);
    }
  }
  return peak;
}

function consumer(workload: WorkloadPods, containers: readonly Container[]): Consumer {
  const { title, pod, fewest, most, surge, unavailable } = workload;
  return {
    title,
    pod,
    containers,
    usage: { pods: 1, 'count/pods': 1, ...podAmounts(pod, containers), ...claimed(workload.claims) },
    fewest,
    most,
    rollout: surge > 0 && unavailable === 0 && most > 0 ? 1 : 0,
  };
}

const claimed = (claims: readonly object[]): Amounts => ({
  persistentvolumeclaims: claims.length,
  'requests.storage': claims
    .map((claim) => amountOf(valueAt(claim, 'spec.resources.requests.storage'), 0))
    .reduce((sum, each) => sum + each, 0),
});

function written(name: string, amount: number): string {
  const [number, unit] = /memory|storage/.test(name) ? [amount / 2 ** 20, 'Mi'] : [amount * 1000, 'm'];
  const text = `${Math.ceil(number - 1e-6)}${unit}`;
  return canonicalQuantity(text) ?? text;
}

const isMore = (amount: number, than: number): boolean => amount > than * (1 + 1e-9);

/** Amounts outside the bounds of a LimitRange, or above the limit that it adds. */
function rangeErrors(
  { placed, pod }: WorkloadPods,
  containers: readonly Container[],
  ranges: readonly JsonObject[],
): ObjectError[] {
  const bounded = (type: string, { name, amounts }: Pick<Container, 'name' | 'amounts'>): string[] =>
    ranges
      .filter((range) => range['type'] === type)
      .flatMap((range) =>
        Object.entries(amounts).flatMap(([key, amount]) => {
          const [side = '', resource = ''] = key.split(/\.(.*)/);
          const max = objectAt(range, 'max')[resource];
          const min = side === 'requests' ? objectAt(range, 'min')[resource] : undefined;
          const said = `${name}: ${key} is ${written(key, amount)}, and the LimitRange allows`;
          return [
            ...(isMore(amount, amountOf(max, Infinity)) ? [`${said} ${shown(max)} or less`] : []),
            ...(isMore(amountOf(min, 0), amount) ? [`${said} ${shown(min)} or more`] : []),
          ];
        }),
      );
  const crossed = containers.flatMap(({ name, amounts }) =>
    WANTED.filter((each) =>
      isMore(amounts[`requests.${each}`] ?? 0, amounts[`limits.${each}`] ?? Infinity),
    ).map(
      (each) =>
        `${name}: requests.${each} is ${written(each, amounts[`requests.${each}`] ?? 0)}, above the limit of ${written(each, amounts[`limits.${each}`] ?? 0)} that the LimitRange adds`,
    ),
  );
  return [
    ...containers.flatMap((each) => bounded('Container', each)),
    ...bounded('Pod', { name: 'a Pod', amounts: podAmounts(pod, containers) }),
    ...(ranges.length > 0 ? crossed : []),
  ].map((message) =>
    errorOf(
      placed,
      `${message}: the API server would refuse its Pods; change the resources, or the LimitRange`,
    ),
  );
}

/** Whether a quota counts the Pods of a consumer. */
function counts(quota: Placed, { pod, containers }: Pick<Consumer, 'pod' | 'containers'>): boolean {
  const scopes = valueAt(quota.object, 'spec.scopes');
  const all = [
    ...(Array.isArray(scopes) ? scopes.map((scopeName: unknown) => ({ scopeName, operator: 'Exists' })) : []),
    ...listAt(quota.object, 'spec.scopeSelector.matchExpressions'),
  ] as readonly { scopeName: unknown; operator?: unknown; values?: unknown }[];
  if (pod === undefined) return all.length === 0;
  // As the LimitRanges leave them.
  const best = containers.every(({ amounts }) =>
    SIDES.every((side) => WANTED.every((name) => (amounts[`${side}.${name}`] ?? 0) === 0)),
  );
  const ends = typeof pod['activeDeadlineSeconds'] === 'number';
  const priority = pod['priorityClassName'];
  return all.every(({ scopeName, operator, values }) => {
    if (scopeName === 'PriorityClass') {
      const named = Array.isArray(values) && values.includes(priority);
      if (operator === 'In' || operator === 'NotIn') return named === (operator === 'In');
      return (priority !== undefined) === (operator === 'Exists');
    }
    return { BestEffort: best, NotBestEffort: !best, Terminating: ends, NotTerminating: !ends }[
      String(scopeName)
    ];
  });
}

/** The resource that a key of a quota limits: `cpu` is `requests.cpu`. */
const resourceOf = (key: string): string =>
  ['cpu', 'memory', 'ephemeral-storage'].includes(key) ? `requests.${key}` : key;

/** Containers that do not state what a quota counts. */
function missing(workload: WorkloadPods, containers: readonly Container[], quota: Placed): ObjectError[] {
  if (!counts(quota, { pod: workload.pod, containers })) return [];
  return Object.keys(objectAt(quota.object, 'spec.hard'))
    .map(resourceOf)
    .filter((key) => SIDES.some((side) => WANTED.some((name) => key === `${side}.${name}`)))
    .flatMap((key) =>
      containers
        .filter(({ amounts }) => !(key in amounts))
        .map(({ name }) =>
          errorOf(
            workload.placed,
            `${name} has no ${key}, which the ResourceQuota "${quota.object.metadata.name ?? ''}" counts. The API server would refuse its Pods; set it, or give the namespace a LimitRange with a default`,
          ),
        ),
    );
}

/** What a quota has no room for: all workloads at their fewest Pods, and one of them at its most while it is replaced. */
function exceeded(quota: Placed, all: readonly Consumer[]): ObjectError[] {
  const consumers = all.filter((each) => counts(quota, each));
  return Object.entries(objectAt(quota.object, 'spec.hard')).flatMap(([key, hard]) => {
    const name = resourceOf(key);
    const used = ({ usage }: Consumer): number => usage[name] ?? 0;
    const always = consumers.reduce((sum, each) => sum + used(each) * each.fewest, 0);
    const extra = (each: Consumer): number => used(each) * (each.most - each.fewest + each.rollout);
    const [largest] = [...consumers].sort((a, b) => extra(b) - extra(a));
    const needed = always + (largest ? extra(largest) : 0);
    if (!isMore(needed, amountOf(hard, Infinity))) return [];
    const parts = consumers
      .map((each) => {
        const pods = each === largest ? each.most : each.fewest;
        const rollout = each === largest ? each.rollout : 0;
        const of = each.pod
          ? `${pods} Pods of ${each.title}${rollout > 0 ? ' and 1 that its rollout adds' : ''}`
          : each.title;
        return { amount: used(each) * (pods + rollout), of };
      })
      .filter(({ amount }) => amount > 0)
      .sort((a, b) => b.amount - a.amount)
      .map(({ amount, of }) => `${written(name, amount)} for ${of}`);
    const rest = parts.length > 3 ? [`the rest for ${parts.length - 3} more`] : [];
    return errorOf(
      quota,
      `spec.hard.${key}: got ${shown(hard)}, but ${written(name, needed)} would be needed: ${[...parts.slice(0, 3), ...rest].join(', ')}. The API server would refuse the rest; raise it to ${written(name, needed)} or more, or run less`,
    );
  });
}
