import { isUserError } from '../../facts/user-error';
import { MANIFEST } from '../../manifests/kinds';
import { convertObjects, type KubernetesObject } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import type { Stack } from '../../manifests/stacks';
import type { Terraform } from '../../terraform/terraform';
import { TerraformError } from '../../terraform/terraform-error';
import type { Kubectl } from '../kubectl';
import { importId } from '../state/hand-over';

/** Kinds whose controller continues where an apply has stopped waiting. A Job or a Pod runs again only if it is created again. */
const CONTINUES = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

interface Creations {
  readonly document: Stack['document'];
  readonly terraform: Pick<Terraform, 'held' | 'untaint' | 'import' | 'notCreated'>;
  /** @default - the cluster is not asked: what the state has exists */
  readonly kubectl?: Kubectl;
  /** Gets a line for each object. */
  readonly report: (text: string) => unknown;
}

/**
 * Keeps what an apply has created and has not seen ready. The API server creates an object whole, and the next plan compares all of it:
 * what exists can stay. Terraform locks the state.
 *
 * - Terraform marks it as tainted: the next apply would delete it and make it again, and the plan of a protected one would fail.
 * - The state lacks a manifest whose provider was ended: the next apply would fail, because the object exists.
 */
export async function keepCreated({ document, terraform, kubectl, report }: Creations): Promise<void> {
  const { notCreated } = terraform;
  if (notCreated.size === 0) return;
  try {
    const held = await terraform.held();
    for (const { address, object } of convertObjects(document, { resolve: asWritten }).objects) {
      const [type = ''] = address.split('.', 1);
      const isNamed = ![object.metadata.name, object.metadata.namespace].some((name) => name?.includes('${'));
      // What was tainted before, or by hand, is to be made again.
      if (!notCreated.has(address) || !isNamed) continue;
      const isTainted = held.get(address) === 'tainted' && CONTINUES.includes(object.kind);
      const isLost = type === MANIFEST && !held.has(address);
      if ((!isTainted && !isLost) || (kubectl && !(await exists(object, kubectl)))) continue;
      await (isLost ? terraform.import(address, importId(type, object)) : terraform.untaint(address));
      report(
        isLost
          ? `${address} exists, and Terraform had not saved it: it is imported, so that the next apply keeps it`
          : `${address} exists, and its controller continues: it is no longer tainted, so that the next apply keeps it`,
      );
    }
  } catch (reason) {
    if (!isUserError(reason)) throw reason;
    const begun = [...notCreated].join(', ');
    report(`look at ${begun} before the next apply, because not all of it could be kept: ${reason.message}`);
  }
}

/** Whether the cluster has an object, and does not delete it. */
async function exists({ kind, apiVersion, metadata }: KubernetesObject, kubectl: Kubectl): Promise<boolean> {
  const [version = '', group] = apiVersion.split('/').reverse();
  const resource = group === undefined ? kind : `${kind}.${version}.${group}`;
  const of = ['--namespace', metadata.namespace ?? 'default', '--ignore-not-found'];
  const timestamps = '--output=jsonpath={.metadata.creationTimestamp} {.metadata.deletionTimestamp}';
  const found = await kubectl('get', resource, metadata.name ?? '', ...of, timestamps);
  const [created, deleted] = found.split(' ');
  return Boolean(created) && !deleted;
}

/** Keeps what a failed apply has created. For a run that is stopped, the cluster is not asked. */
export async function keepAfterFailure(error: unknown, { kubectl, ...creations }: Creations): Promise<void> {
  if (!(error instanceof TerraformError) || error.command !== 'apply') return;
  await keepCreated({ ...creations, ...(kubectl && !error.interrupted && { kubectl }) });
}
