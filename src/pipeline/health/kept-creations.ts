import { isUserError } from '../../facts/user-error';
import { objectTitle } from '../../manifests/object-title';
import { type AddressedObject, convertObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import type { Stack } from '../../manifests/stacks';
import type { Terraform } from '../../terraform/terraform';
import { TerraformError } from '../../terraform/terraform-error';
import type { Kubectl } from '../kubectl';
import { importableOf } from '../state/hand-over';
import type { StateStore } from '../state/state-store';

/** Kinds whose controller continues where an apply has stopped waiting. A Job or a Pod runs again only if it is created again. */
const CONTINUES = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

interface Creations {
  readonly stack: Pick<Stack, 'name' | 'document'>;
  readonly terraform: Pick<Terraform, 'held' | 'untaint' | 'notCreated' | 'cutOff'>;
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
export async function keepCreated(creations: Creations): Promise<void> {
  const { stack, terraform, store, report } = creations;
  const { notCreated, cutOff } = terraform;
  if (notCreated.size === 0) return;
  try {
    const importable = cutOff.size > 0 ? importableOf(stack, cutOff) : [];
    // Before the state is asked: a pipeline that is canceled leaves seconds.
    if (importable.length > 0) await store.writeBegun(stack.name, importable);
    const held = await terraform.held();
    const { objects } = convertObjects(stack.document, { resolve: asWritten });
    for (const each of objects.filter(({ address }) => cutOff.has(address))) {
      const { address } = each;
      report(cutOffText(each, importable.includes(address) && !held.has(address)));
    }
    // What was tainted before, or by hand, is to be made again.
    const isTainted = (address: string): boolean =>
      notCreated.has(address) && held.get(address) === 'tainted';
    for (const each of objects.filter(({ address }) => isTainted(address))) {
      await untaintExisting(each, creations);
    }
  } catch (reason) {
    if (!isUserError(reason)) throw reason;
    const begun = [...notCreated].join(', ');
    report(`look at ${begun} before the next apply, because not all of it could be kept: ${reason.message}`);
  }
}

/** What becomes of an object that Terraform was creating when its provider was ended. */
function cutOffText({ address, object }: AddressedObject, isImported: boolean): string {
  const { name = '', namespace } = object.metadata;
  const command = `kubectl delete ${object.kind} ${name}${namespace === undefined ? '' : ` --namespace ${namespace}`}`;
  return isImported
    ? `${address}: Terraform could not save it; the next plan imports ${objectTitle(object)} if it exists`
    : `${address}: Terraform could not save it, and no plan can import ${objectTitle(object)}; if it exists, delete it before the next apply: ${command}`;
}

/** Untaints what exists and continues by itself. */
async function untaintExisting(
  { address, object }: AddressedObject,
  { terraform, kubectl, report }: Creations,
): Promise<void> {
  const { name, namespace = 'default' } = object.metadata;
  const isNamed = ![name, namespace].some((each) => each?.includes('${'));
  if (!isNamed || !CONTINUES.includes(object.kind)) return;
  const of = ['--namespace', namespace, '--ignore-not-found'];
  const timestamps = '--output=jsonpath={.metadata.creationTimestamp} {.metadata.deletionTimestamp}';
  const found = await kubectl?.('get', object.kind, name ?? '', ...of, timestamps);
  const [created, deleted] = found?.split(' ') ?? ['not asked'];
  if (!created || deleted) return;
  await terraform.untaint(address);
  report(
    `${address} exists, and its controller continues: it is no longer tainted, so that the next apply keeps it`,
  );
}

/** Keeps what a failed apply has created. For a run that is stopped, the cluster is not asked. */
export async function keepAfterFailure(error: unknown, { kubectl, ...creations }: Creations): Promise<void> {
  if (!(error instanceof TerraformError) || error.command !== 'apply') return;
  await keepCreated({ ...creations, ...(kubectl && !error.interrupted && { kubectl }) });
}
