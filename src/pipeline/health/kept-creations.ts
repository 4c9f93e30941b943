import { isUserError } from '../../facts/user-error';
import { KINDS, MANIFEST } from '../../manifests/kinds';
import { convertObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import type { Stack } from '../../manifests/stacks';
import type { Terraform } from '../../terraform/terraform';
import { TerraformError } from '../../terraform/terraform-error';
import type { Kubectl } from '../kubectl';
import type { StateStore } from '../state/state-store';

/** Kinds whose controller continues where an apply has stopped waiting. A Job or a Pod runs again only if it is created again. */
const CONTINUES = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

interface Creations {
  readonly stack: Pick<Stack, 'name' | 'document'>;
  readonly terraform: Pick<Terraform, 'held' | 'untaint' | 'notCreated'>;
  /** @default - the cluster is not asked: what the state has exists */
  readonly kubectl?: Kubectl;
  /** Keeps what the state lacks for the next plan. */
  readonly store: Pick<StateStore, 'writeBegun'>;
  /** Gets a line for each object. */
  readonly report: (text: string) => unknown;
}

/**
 * Keeps what an apply has created and has not seen ready. The API server creates an object whole, and the next plan compares all of it:
 * what exists can stay. Terraform locks the state.
 *
 * - Terraform marks it as tainted: the next apply would delete it and make it again, and the plan of a protected one would fail.
 * - The state lacks it, because the provider did not stop and was ended: the next plan imports it if it exists.
 */
export async function keepCreated({ stack, terraform, kubectl, store, report }: Creations): Promise<void> {
  const { notCreated } = terraform;
  if (notCreated.size === 0) return;
  try {
    const held = await terraform.held();
    const lost = [...notCreated].filter((address) => isOfCluster(address) && !held.has(address));
    if (lost.length > 0) {
      await store.writeBegun(stack.name, lost);
      report(`${lost.join(', ')}: Terraform could not save it; the next plan imports it if it exists`);
    }
    const { objects } = convertObjects(stack.document, { resolve: asWritten });
    for (const { address, object } of objects) {
      const { name, namespace = 'default' } = object.metadata;
      // What was tainted before, or by hand, is to be made again.
      const isTainted = held.get(address) === 'tainted' && notCreated.has(address);
      const isNamed = ![name, namespace].some((each) => each?.includes('${'));
      if (!isTainted || !isNamed || !CONTINUES.includes(object.kind)) continue;
      const of = ['--namespace', namespace, '--ignore-not-found'];
      const timestamps = '--output=jsonpath={.metadata.creationTimestamp} {.metadata.deletionTimestamp}';
      const found = await kubectl?.('get', object.kind, name ?? '', ...of, timestamps);
      const [created, deleted] = found?.split(' ') ?? ['not asked'];
      if (!created || deleted) continue;
      await terraform.untaint(address);
      report(
        `${address} exists, and its controller continues: it is no longer tainted, so that the next apply keeps it`,
      );
    }
  } catch (reason) {
    if (!isUserError(reason)) throw reason;
    const begun = [...notCreated].join(', ');
    report(`look at ${begun} before the next apply, because not all of it could be kept: ${reason.message}`);
  }
}

/** Whether something is an object of the API, which a name finds again. */
const isOfCluster = (address: string): boolean => {
  const [type = ''] = address.split('.', 1);
  return type === MANIFEST || type in KINDS;
};

/** Keeps what a failed apply has created. For a run that is stopped, the cluster is not asked. */
export async function keepAfterFailure(error: unknown, { kubectl, ...creations }: Creations): Promise<void> {
  if (!(error instanceof TerraformError) || error.command !== 'apply') return;
  await keepCreated({ ...creations, ...(kubectl && !error.interrupted && { kubectl }) });
}
