import { join } from 'node:path';
import { startRuntime } from './cluster-api';
import type { AddOnState, ClusterState, EmulatorContext } from './cluster-state';
import type { NodeGroupState } from './node-group-state';
import { Updates } from './update-api';

/** What EKS keeps of a stopped cluster, without what runs. */
type ClusterCopy = Omit<ClusterState, 'ready' | 'runtime' | 'updates' | 'nodeGroups' | 'addOns'> & {
  readonly updates: Updates['entries'];
  readonly nodeGroups: Map<string, Omit<NodeGroupState, 'settled'>>;
  readonly addOns: Map<string, Omit<AddOnState, 'installed'>>;
};

/** What EKS keeps of all clusters, by name. */
export type ClusterCopies = ReadonlyMap<string, ClusterCopy>;

const mapped = <From, To>(map: ReadonlyMap<string, From>, to: (value: From) => To): Map<string, To> =>
  new Map([...map].map(([key, value]) => [key, to(value)]));

const without = <T extends object, Key extends keyof T>(value: T, key: Key): Omit<T, Key> =>
  Object.fromEntries(Object.entries(value).filter(([each]) => each !== key)) as Omit<T, Key>;

/**
 * Waits until nothing is under way, then stops every cluster.
 *
 * @param keep absolute path of the folder that their files go to. @default - they are removed
 */
export async function stopClusters({ clusters }: EmulatorContext, keep?: string): Promise<ClusterCopies> {
  const copies = new Map<string, ClusterCopy>();
  for (const [name, state] of clusters) {
    const { ready, runtime, updates, nodeGroups, addOns, ...plain } = state;
    await Promise.all([ready, updates.settled()]);
    await Promise.all([...nodeGroups.values()].map(({ settled }) => settled));
    await Promise.all([...addOns.values()].map(({ installed }) => installed));
    await runtime?.stop(keep === undefined ? undefined : join(keep, name));
    delete state.runtime;
    const copy: ClusterCopy = {
      ...plain,
      updates: updates.entries,
      nodeGroups: mapped(nodeGroups, (group) => without(group, 'settled')),
      addOns: mapped(addOns, (addOn) => without(addOn, 'installed')),
    };
    copies.set(name, structuredClone(copy));
  }
  return copies;
}

/**
 * Exchanges all clusters for stopped ones, which continue.
 *
 * @param files absolute path of the folder with the files of each
 */
export async function startClusters(
  context: EmulatorContext,
  copies: ClusterCopies,
  files: string,
): Promise<void> {
  const { clusters, report } = context;
  clusters.clear();
  const done = Promise.resolve();
  for (const [name, { updates, nodeGroups, addOns, ...plain }] of structuredClone(copies)) {
    const state: ClusterState = {
      ...plain,
      ready: done,
      updates: new Updates(name, report, updates),
      nodeGroups: mapped(nodeGroups, (group) => ({ ...group, settled: done })),
      addOns: mapped(addOns, (addOn) => ({ ...addOn, installed: done })),
    };
    clusters.set(name, state);
    // One that could not be created has nothing to continue from.
    if (state.cluster.status === 'ACTIVE') await startRuntime(context, state, join(files, name));
  }
}
