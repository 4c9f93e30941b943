import { chmodSync, existsSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Stack } from '../../manifests/stacks';

/** The folder that synthesis writes a stack into, and that it is planned in, below the output folder. */
export const planFolder = (stack: string): string => join('stacks', stack);

/** The folder that stacks are applied in, below the output folder. */
export const APPLY_FOLDER = 'apply';

/** The folder that a stack is applied in. It is as deep as the other one, since the file of a local state is relative to it. */
export const applyFolder = (stack: string): string => join(APPLY_FOLDER, stack);

/**
 * Keeps the state that Terraform could not save to the backend: it alone knows what was made.
 *
 * @returns what to do with it; undefined where there is none
 */
export function keepUnsavedState(stack: string, outdir: string): string | undefined {
  const unsaved = join(outdir, applyFolder(stack), 'errored.tfstate');
  if (!existsSync(unsaved)) return undefined;
  const kept = resolve(outdir, `errored.${stack}.tfstate`);
  renameSync(unsaved, kept);
  chmodSync(kept, 0o600);
  const folder = join(outdir, planFolder(stack));
  return (
    `${stack}: the backend did not take the state, which knows what was made. It is kept in ${kept}. Once the backend answers, run ` +
    `terraform -chdir=${folder} init, and terraform -chdir=${folder} state push ${kept}. Then delete the file`
  );
}

/** A stack whose Terraform runs in the folder that it is applied in, whatever the listing of the stacks says. */
export const inApplyFolder = (stack: Stack): Stack => ({
  ...stack,
  workingDirectory: applyFolder(stack.name),
});
