import { unknownName } from '../facts/near-name';
import type { Stack } from '../manifests/stacks';
import { UserError } from '../facts/user-error';

/** A stack was named that there is none of. */
export class StackNameError extends UserError {
  readonly code = 'unknown-stack';
  readonly exitStatus = 1;
}

/**
 * The stacks that are named on the command line, in the order in which they are deployed.
 *
 * @param names none: all stacks
 * @throws StackNameError with every name that no stack has
 */
export function chosenStacks(stacks: readonly Stack[], names: readonly string[]): readonly Stack[] {
  const known = stacks.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new StackNameError(unknown.map((name) => unknownName('stack', name, known)).join('\n'));
  }
  return names.length === 0 ? stacks : stacks.filter(({ name }) => names.includes(name));
}
