import type { Stack } from './stacks';

/**
 * Stacks in waves: those of one wave do not depend on each other, and come after all that they depend on. A dependency that is
 * not among the stacks is taken to be there.
 *
 * @param stacks in an order in which they can be deployed
 */
export function deployWaves<S extends Pick<Stack, 'name' | 'dependencies'>>(stacks: readonly S[]): S[][] {
  const waves: S[][] = [];
  const wave = new Map<string, number>();
  for (const stack of stacks) {
    const number = Math.max(0, ...stack.dependencies.map((name) => (wave.get(name) ?? -1) + 1));
    wave.set(stack.name, number);
    (waves[number] ??= []).push(stack);
  }
  return waves;
}

/** Whether a stack creates a cluster. */
export function createsCluster({ document }: Pick<Stack, 'document'>): boolean {
  return document.resource?.['aws_eks_cluster'] !== undefined;
}
