import { npmRun, SHELL_VARIABLE } from '../facts/selected-platform';
import type { Stack } from '../manifests/stacks';
import { findProviderSource } from '../terraform/terraform-providers';
import { isLeftOut, WHY_LEFT_OUT } from './deployed-stacks';

/** In the shell of a sandbox: why each stack is not Terraform's there, by its name. Elsewhere: none. */
export async function besidesTerraform(stacks: readonly Stack[]): Promise<ReadonlyMap<string, string>> {
  const directory = process.env[SHELL_VARIABLE];
  if (!directory) return new Map();
  // Only here, since the package of the sandbox may not be installed.
  const { isFromManifests } = await import('./stack-deployer');
  const options = { directory, providers: await findProviderSource() };
  const fromManifests =
    `not Terraform's here: hashicorp/kubernetes is not available. ${npmRun('sandbox')} compares its objects, and ` +
    'applies them by server-side apply';
  return new Map(
    stacks.flatMap((stack): [string, string][] => {
      if (isLeftOut(stack)) return [[stack.name, WHY_LEFT_OUT]];
      return isFromManifests(stack, options) ? [[stack.name, fromManifests]] : [];
    }),
  );
}
