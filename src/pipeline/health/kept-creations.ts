import { convertObjects } from '../../manifests/objects';
import { asWritten } from '../../manifests/references';
import type { Stack } from '../../manifests/stacks';
import type { Terraform } from '../../terraform/terraform';
import type { Kubectl } from '../kubectl';

/** Kinds whose controller continues where an apply has stopped waiting. A Job or a Pod runs again only if it is made again. */
const GOES_ON = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'];

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
    if (!tainted.has(address) || !GOES_ON.includes(kind) || !isNamed) continue;
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
