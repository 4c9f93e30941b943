import { isolatedEnvironment } from '@kubernetes-on-aws/eks-sandbox/sandbox-environment';
import type { SandboxRecord } from '@kubernetes-on-aws/eks-sandbox/sandbox-record';
import { adopts, type PlatformRecord } from '../manifests/platform-record';
import type { Stack } from '../manifests/stacks';
import { importsOf, writeImports } from '../pipeline/state/hand-over';
import { BackendError } from '../pipeline/state/stack-backend';
import { StateStore, type Stored } from '../pipeline/state/state-store';
import { partDirectory, workingDirectory, workspace } from './deployed-stacks';

/**
 * Writes for each stack what it takes over from others, while the states of those still know it: before any of them is applied. What an
 * interrupted run has written stays until the stack is applied.
 */
export async function prepareHandOvers(
  stacks: readonly Stack[],
  { handedOver, namespaces }: PlatformRecord,
  directory: string,
  store: StateStore,
): Promise<void> {
  const stored = await storedIn(store);
  for (const stack of stacks) {
    const { name } = stack;
    const imports = importsOf(stack, handedOver[name] ?? [], stored, adopts(namespaces[name]));
    if (imports.length === 0) continue;
    // Terraform runs in one of the two: in the second without the provider of Kubernetes, whose objects its state never has.
    writeImports(workingDirectory(directory, name), imports);
    writeImports(
      partDirectory(directory, name),
      imports.filter(({ object }) => object === undefined),
    );
  }
}

/** What is kept of the stacks of a sandbox, in its own account. */
export const sandboxStore = (
  stacks: readonly Stack[],
  directory: string,
  record: SandboxRecord,
): StateStore => new StateStore(stacks, workspace(directory), { environment: isolatedEnvironment(record) });

/** Nothing is kept of any stack while the bucket of their states does not exist. */
export async function storedIn(store: StateStore): Promise<ReadonlyMap<string, Stored>> {
  try {
    return await store.read();
  } catch (error) {
    if (error instanceof BackendError && error.lacksBucket) return new Map();
    throw error;
  }
}
