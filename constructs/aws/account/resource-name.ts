import { TerraformStack } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import { awsOf } from './aws-provider';

/** How AWS takes the names of one kind of object. */
export interface NameRule {
  /** The kind, such as `SQS queue`. */
  readonly kind: string;
  readonly pattern: RegExp;
  /** The pattern in words, such as `1 to 80 letters, digits, "-" and "_"`. */
  readonly allowed: string;
}

/** A name that is set, or the end of the name that the path gives. */
export interface NameOptions {
  /**
   * The name, before the suffix.
   * @default - `<platform>-<stack>-<ids down to the construct>`; the stack of a namespace has the namespace's name
   */
  readonly name?: string | undefined;
  /** @default - none */
  readonly suffix?: string;
}

/**
 * Name of an object in AWS. One that AWS would refuse, and one that another construct of the app has, is an error.
 *
 * @throws when the stack has no AWS provider
 */
export function resourceName(
  construct: Construct,
  rule: NameRule,
  { name, suffix = '' }: NameOptions = {},
): string {
  const chosen = (name ?? [awsOf(construct).platform, ...pathFromStack(construct)].join('-')) + suffix;
  construct.node.addValidation({
    validate: () =>
      rule.pattern.test(chosen)
        ? []
        : [
            `name: the ${rule.kind} would be "${chosen}", of ${chosen.length} characters; ${rule.allowed} are allowed. ` +
              'Set name, or give the construct a shorter ID',
          ],
  });
  claimName(construct, rule.kind, chosen);
  return chosen;
}

/** The IDs from the stack down to a construct, both included. */
export function pathFromStack(construct: Construct): string[] {
  const { scopes } = construct.node;
  return scopes.slice(scopes.indexOf(TerraformStack.of(construct))).map((scope) => scope.node.id);
}

const claims = new WeakMap<IConstruct, Map<string, Construct>>();

/**
 * Makes it an error that two constructs of an app give one name to objects of a kind. AWS would refuse the second. SQS would
 * take it for the first.
 */
export function claimName(construct: Construct, kind: string, name: string): void {
  const { root } = construct.node;
  const claimed = claims.get(root) ?? new Map<string, Construct>();
  claims.set(root, claimed);
  const key = `${kind} ${name}`;
  const owner = claimed.get(key);
  if (!owner) {
    claimed.set(key, construct);
    return;
  }
  construct.node.addValidation({
    validate: () => [
      `name: "${name}" is the ${kind} of ${owner.node.path} already; give one of them another name`,
    ],
  });
}
