import { kubernetesObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import type { Stack } from '../../manifests/stacks';
import type { Kubectl } from '../kubectl';
import { HEALTH_KINDS, unhealthyWorkloads, type LiveObject, type UnhealthyWorkload } from './workload-health';

/** A stack with workloads that are not ready. */
export interface StackHealth {
  readonly stack: string;
  readonly workloads: readonly UnhealthyWorkload[];
}

/**
 * Asks the cluster which workloads of the stacks are not ready. A stack without workloads asks for nothing.
 *
 * @param kubectl its error is thrown on
 */
export async function platformHealth(
  stacks: readonly Pick<Stack, 'name' | 'document'>[],
  kubectl: Kubectl,
): Promise<StackHealth[]> {
  const declared = stacks.map(({ name, document }) => ({
    name,
    objects: kubernetesObjects(document, { resolve: asWritten }).map(({ object }) => object),
  }));
  if (declared.every(({ objects }) => objects.length === 0)) return [];
  const text = await kubectl('get', HEALTH_KINDS, '--all-namespaces', '--output', 'json');
  const live = (JSON.parse(text) as { items: LiveObject[] }).items;
  return declared
    .map(({ name, objects }) => ({ stack: name, workloads: unhealthyWorkloads(objects, live) }))
    .filter(({ workloads }) => workloads.length > 0);
}

/** A workload that is not ready, in lines. */
export function describeUnhealthy({ workload, state, found, cause, remedy }: UnhealthyWorkload): string {
  return [
    `${workload}: ${state}: ${found}`,
    ...(cause === undefined ? [] : [`  ${cause}`]),
    ...(remedy === undefined ? [] : [`  To fix it: ${remedy}`]),
  ].join('\n');
}
