import { convertObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import type { Stack } from '../../manifests/stacks';
import { isUserError } from '../../facts/user-error';
import type { Terraform } from '../../terraform/terraform';
import { TerraformError } from '../../terraform/terraform-error';
import type { Kubectl } from '../kubectl';

/** Kinds whose controller continues where an apply has stopped waiting. A Job or a Pod runs again only if it is created again. */
const CONTINUES = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

/**
 * Keeps what an apply has created and has not seen ready. Terraform marks it as tainted: the next apply would delete it and make it
 * again, and the plan of a protected one would fail. The API server creates an object whole, and the next plan compares all of it: what exists
 * can stay. Terraform locks the state.
 *
 * @returns the addresses of what is kept
 */
export async function keepCreated(
  { document }: Pick<Stack, 'document'>,
  terraform: Pick<Terraform, 'tainted' | 'untaint' | 'notCreated'>,
  kubectl: Kubectl,
): Promise<string[]> {
  // What was tainted before, or by hand, is to be made again.
  const tainted = new Set((await terraform.tainted()).filter((address) => terraform.notCreated.has(address)));
  const kept: string[] = [];
  for (const { address, object } of convertObjects(document, { resolve: asWritten }).objects) {
    const { kind, metadata } = object;
    const isNamed = ![metadata.name, metadata.namespace].some((name) => name?.includes('${'));
    if (!tainted.has(address) || !CONTINUES.includes(kind) || !isNamed) continue;
    const of = ['--namespace', metadata.namespace ?? 'default', '--ignore-not-found'];
    const timestamps = '--output=jsonpath={.metadata.creationTimestamp} {.metadata.deletionTimestamp}';
    const [created, deleted] = (await kubectl('get', kind, metadata.name ?? '', ...of, timestamps)).split(
      ' ',
    );
    if (!created || deleted) continue;
    await terraform.untaint(address);
    kept.push(address);
  }
  return kept;
}

/** Keeps what a failed apply has created, and reports it. A run that is stopped asks nothing more. */
export async function keepAfterFailure(
  error: Error,
  {
    stack,
    terraform,
    report,
    kubectl,
  }: {
    readonly stack: Stack;
    readonly terraform: Terraform;
    readonly report: (text: string) => void;
    readonly kubectl: Kubectl;
  },
): Promise<void> {
  if (!(error instanceof TerraformError) || error.command !== 'apply' || error.interrupted) return;
  try {
    for (const address of await keepCreated(stack, terraform, kubectl)) {
      report(
        `${address} exists, and its controller continues: it is no longer tainted, so that the next apply keeps it`,
      );
    }
  } catch (reason) {
    if (!isUserError(reason)) throw reason;
    report(`what the apply created cannot be kept, and the next one makes it again: ${reason.message}`);
  }
}
