import { setTimeout as sleep } from 'node:timers/promises';
import type { Kubectl } from '@kubernetes-on-aws/eks-sandbox/kubectl';

interface Item {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly ownerReferences?: readonly unknown[];
  };
  readonly spec: { readonly replicas?: number; readonly completions?: number };
  readonly status?: Readonly<Record<string, unknown>>;
}

interface Event {
  readonly involvedObject: { readonly kind: string; readonly namespace?: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
}

/** How many Pods a workload is to have, and the field of its status that counts those that run, or have ended well. */
const COUNTS: Readonly<Record<string, readonly [wanted: (item: Item) => unknown, counted: string]>> = {
  Deployment: [({ spec }) => spec.replicas, 'availableReplicas'],
  ReplicaSet: [({ spec }) => spec.replicas, 'availableReplicas'],
  StatefulSet: [({ spec }) => spec.replicas, 'availableReplicas'],
  DaemonSet: [({ status }) => status?.['desiredNumberScheduled'], 'numberAvailable'],
  Job: [({ spec }) => spec.completions, 'succeeded'],
};

/** What of a workload's Pods is missing, or nothing. */
function lack(item: Item): string | undefined {
  const { kind, metadata, status = {} } = item;
  const name = `${kind} ${metadata.namespace}/${metadata.name}`;
  if (kind === 'Pod') {
    const phase = String(status['phase']);
    return ['Running', 'Succeeded'].includes(phase) ? undefined : `${name} is ${phase}`;
  }
  const count = COUNTS[kind];
  if (!count) throw new Error(`nothing is known of the Pods of ${name}`);
  const wanted = Number(count[0](item) ?? 0);
  const there = Number(status[count[1]] ?? 0);
  // A DaemonSet that finds no node to its taste would pass for complete.
  const isIdle = kind === 'DaemonSet' && wanted === 0;
  return there === wanted && !isIdle ? undefined : `${name} has ${there} of ${wanted} Pods`;
}

const WORKLOADS = [...Object.keys(COUNTS), 'Pod'].map((kind) => `${kind.toLowerCase()}s`).join(',');

/**
 * Waits until every workload of the cluster has all its Pods, and they run or have ended well.
 *
 * @param limit milliseconds
 * @returns the kinds of workloads that were there
 * @throws Error with what is missing, and what the API server and the scheduler said about it
 */
export async function waitForPods(kubectl: Kubectl, limit: number): Promise<Set<string>> {
  const deadline = Date.now() + limit;
  for (;;) {
    const items = await kubectl.list<Item>(WORKLOADS);
    const lacking = items.filter((item) => lack(item) !== undefined);
    if (lacking.length === 0) return new Set(items.map(({ kind }) => kind));
    if (Date.now() > deadline) {
      throw new Error([...lacking.map(lack), ...(await refusals(kubectl, lacking))].join('\n'));
    }
    await sleep(500);
  }
}

/**
 * The latest reason for which a workload, or what is made for it, got no Pod, or its Pod no node. A Pod that is refused is
 * told of nowhere else.
 */
async function refusals(kubectl: Kubectl, workloads: readonly Item[]): Promise<string[]> {
  const events = await kubectl.list<Event>('events');
  const told = new Map(
    events
      .filter(({ reason }) => ['FailedCreate', 'FailedScheduling'].includes(reason))
      .filter(({ involvedObject: { namespace, name } }) =>
        // What a controller makes begins with its own name.
        workloads.some(({ metadata }) => metadata.namespace === namespace && name.startsWith(metadata.name)),
      )
      .map(({ involvedObject: { kind, namespace = '', name }, message }) => [
        `${kind} ${namespace}/${name}`,
        message,
      ]),
  );
  return [...told].map(([object, message]) => `${object}: ${message}`);
}
