import { isObject } from '../../manifests/field';
import type { Json } from '../../manifests/terraform-document';
import type { Rule } from './guard-rule';

/** So many objects of a stack may have been deleted by hand. */
const FEW = 3;

/**
 * Does not find more than a few objects that the state of a stack has. Terraform would forget them and create them again. They were
 * deleted by hand, or Terraform looks in the wrong place.
 */
export const MISSING: Rule = ({ stacks }) =>
  stacks.flatMap(({ name: stack, plan }) => {
    const gone = (plan.resource_drift ?? []).filter(
      ({ mode, change }) => mode === 'managed' && change.actions.join() === 'delete',
    );
    const [first] = gone;
    if (first === undefined || gone.length <= FEW) return [];
    return [
      {
        stack,
        message: `does not find ${gone.length} objects of its state, such as ${first.address}: they were deleted by hand, or the plan looks in the wrong place`,
        identity: gone.map(({ address, change: { before } }) => [address, idOf(before)]),
      },
    ];
  });

function idOf(values: Json): Json {
  return (isObject(values) ? values['id'] : undefined) ?? null;
}
