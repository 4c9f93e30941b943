import { Token } from 'cdktf';
import { quantityError } from '../pods/quantity';

/** Lets an apply change back what was changed by hand, which otherwise ends it with a conflict of field managers. */
export const TAKES_BACK = { fieldManager: { forceConflicts: true } } as const;

/** Fields of Pods that are a quantity, or a map of them. */
export const QUANTITIES = new Set(['divisor', 'limits', 'overhead', 'requests', 'sizeLimit']);
/** What is wrong with a null. */
export const IS_NULL = 'got null, which would be a difference at every plan; leave it out';
/** Maps whose keys are the user's own. */
const VERBATIM = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector']);

/**
 * What the provider cannot apply in a `kubernetes_manifest`. An empty list, or a quantity that is not canonical, ends with
 * "inconsistent result". A null is a difference in every plan.
 *
 * @param path where the value is
 * @param isQuantity whether what is below it are quantities
 */
export function manifestErrors(value: unknown, path: string, isQuantity = false): string[] {
  if (value === null) return [`${path}: ${IS_NULL}`];
  if (Token.isUnresolved(value)) return [];
  if (typeof value === 'string' || typeof value === 'number') {
    const error = isQuantity ? quantityError(path, String(value)) : undefined;
    return error === undefined ? [] : [error];
  }
  if (typeof value !== 'object') return [];
  // No list is a map of quantities: the requests of a ResourceClaim are objects.
  if (Array.isArray(value)) {
    return value.length === 0
      ? [`${path}: got an empty list, which the API server gives back as none; leave it out`]
      : value.flatMap((each, index) => manifestErrors(each, `${path}[${index}]`));
  }
  return Object.entries(value)
    .filter(([name]) => !VERBATIM.has(name))
    .flatMap(([name, each]) => manifestErrors(each, `${path}.${name}`, isQuantity || QUANTITIES.has(name)));
}
