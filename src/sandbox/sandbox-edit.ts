import { runningSandbox } from '@kubernetes-on-aws/eks-sandbox/sandbox';
import { NoSandboxError, SandboxError } from '@kubernetes-on-aws/eks-sandbox/sandbox-error';
import { npmRun } from '../facts/selected-platform';
import type { Stack } from '../manifests/stacks';
import type { PlatformIdentity } from '../pipeline/apply/applied-record';
import { type EditEffect, effectsOfEdit, requirePossible } from '../pipeline/edit/edit-effects';
import { requireSamePlatform } from '../pipeline/plan/platform-identity';
import { isLeftOut } from './deployed-stacks';
import { sandboxStore, storedIn } from './hand-overs';

/**
 * What an edit does to what is deployed in the sandbox: what `plan` reports of it where the platform runs in AWS.
 *
 * @returns none where no sandbox runs in the folder
 * @throws OtherPlatformError, EditRefusedError for what `plan` refuses
 */
export async function editOfSandbox(
  directory: string,
  platform: PlatformIdentity,
  all: readonly Stack[],
): Promise<EditEffect[]> {
  const record = await runningSandbox(directory).catch((error: unknown) => {
    if (error instanceof NoSandboxError || error instanceof SandboxError) return undefined;
    throw error;
  });
  if (record === undefined) return [];
  const stacks = all.filter((stack) => !isLeftOut(stack));
  const stored = await storedIn(sandboxStore(stacks, directory, record));
  const instead = `To prove it as a new platform, end the sandbox first: ${npmRun('sandbox:down')}`;
  requireSamePlatform(platform, stored, instead);
  const effects = effectsOfEdit(stacks, stored);
  requirePossible(effects, instead);
  return effects;
}
