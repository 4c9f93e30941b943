import { join } from 'node:path';
import type { Stack } from '../../manifests/stacks';

/** The folder that synthesis writes a stack into, and that it is planned in, below the output folder. */
export const planFolder = (stack: string): string => join('stacks', stack);

/** The folder that stacks are applied in, below the output folder. */
export const APPLY_FOLDER = 'apply';

/** The folder that a stack is applied in. It is as deep as the other one, since the file of a local state is relative to it. */
export const applyFolder = (stack: string): string => join(APPLY_FOLDER, stack);

/** A stack whose Terraform runs in the folder that it is applied in, whatever the listing of the stacks says. */
export const inApplyFolder = (stack: Stack): Stack => ({
  ...stack,
  workingDirectory: applyFolder(stack.name),
});
