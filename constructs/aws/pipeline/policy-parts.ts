import { policyDocument, type PolicyStatement } from '../identity/policy-document';

/** The characters of a managed policy, without whitespace, that IAM takes. Source: IAM User Guide, IAM and AWS STS quotas. */
export const MANAGED_POLICY_LIMIT = 6_144;

/**
 * Puts statements into as few policies as their order allows, each of a size that IAM takes. A statement that is too long for
 * one policy becomes several, with a part of the actions in each.
 *
 * @param length of a document as IAM gets it
 */
export function policyParts(
  statements: readonly PolicyStatement[],
  length: (document: string) => number,
  limit = MANAGED_POLICY_LIMIT,
): PolicyStatement[][] {
  const fits = (part: readonly PolicyStatement[]): boolean => length(policyDocument(...part)) <= limit;
  const pieces = (statement: PolicyStatement): PolicyStatement[] => {
    const { Sid, Action } = statement;
    if (fits([statement]) || Action.length === 1) return [statement];
    const half = Math.ceil(Action.length / 2);
    return [Action.slice(0, half), Action.slice(half)].flatMap((some, i) =>
      pieces({ ...statement, ...(Sid !== undefined && { Sid: `${Sid}${i + 1}` }), Action: some }),
    );
  };
  const parts: PolicyStatement[][] = [];
  for (const statement of statements.flatMap(pieces)) {
    const last = parts.at(-1);
    if (last && fits([...last, statement])) last.push(statement);
    else parts.push([statement]);
  }
  return parts;
}
