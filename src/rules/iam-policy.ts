import { blocksOf, textsOf } from '../manifests/attributes';
import { isObject } from '../manifests/field';
import type { Json, JsonObject } from '../manifests/terraform-document';

/** One principal, action and resource of a statement of IAM, with what else must hold. */
export interface Permission {
  readonly effect: 'Allow' | 'Deny';
  /** `AWS:*`, `Service:eks.amazonaws.com`; empty in a policy of a role. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly conditions: readonly string[];
}

/** The statements of a policy; none for what is no policy or is not known yet. */
export function statementsOf(policy: Json | undefined): JsonObject[] {
  const parsed = parsedPolicy(policy);
  return isObject(parsed) ? blocksOf(parsed['Statement']) : [];
}

function parsedPolicy(policy: Json | undefined): unknown {
  if (typeof policy !== 'string' || !policy.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(policy);
  } catch {
    return undefined;
  }
}

/** What stands for the name of one thing: no function, and no argument that may hold any text. */
const NAMING =
  /^\$\{(?:data\.aws_(?:caller_identity|partition)\.[\w-]+\.(?:account_id|partition)|aws_\w+\.[\w.[\]-]+\.(?:arn|id|name|\w+_id|\w+_prefix))\}$/;

/** Whether a text is a policy that says what it allows, or none at all. Of what is known only after the apply, it may hold the names of things. */
export function isLegible(policy: string): boolean {
  if (policy.trim() === '') return true;
  if (!isObject(parsedPolicy(policy))) return false;
  const names = policy.replaceAll('$${', '').match(/\$\{[^}]*\}/g) ?? [];
  return (
    names.every((name) => NAMING.test(name)) &&
    statementsOf(policy)
      .flatMap(permissionsOf)
      .every(({ action }) => !action.includes('${'))
  );
}

/** Whether a policy allows something to everyone without a condition. */
export function isPublic(statements: readonly JsonObject[]): boolean {
  return statements
    .flatMap(permissionsOf)
    .some(
      ({ effect, principal, conditions }) =>
        effect === 'Allow' && /^(AWS:|)\*$/.test(principal) && conditions.length === 0,
    );
}

/**
 * What a policy allows that the other did not, and what it no longer denies; in words.
 *
 * @param isHarmless what may be allowed besides
 */
export function widened(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
  isHarmless: (permission: Permission) => boolean = () => false,
): string[] {
  const [was, is] = [before.flatMap(permissionsOf), after.flatMap(permissionsOf)];
  const of = (effect: Permission['effect'], permissions: readonly Permission[]): Permission[] =>
    permissions.filter((permission) => permission.effect === effect);
  return [
    ...grouped(
      'allows',
      of('Allow', is).filter(
        (permission) =>
          !of('Allow', was).some((other) => covers(other, permission)) && !isHarmless(permission),
      ),
    ),
    ...grouped(
      'no longer denies',
      of('Deny', was).filter((permission) => !of('Deny', is).some((other) => covers(other, permission))),
    ),
  ];
}

/** Whether all that the inner one is about falls under the outer one, too. */
function covers(outer: Permission, inner: Permission): boolean {
  return (
    matches(outer.principal, inner.principal) &&
    matches(outer.action.toLowerCase(), inner.action.toLowerCase()) &&
    matches(outer.resource, inner.resource) &&
    // The fewer conditions, the more falls under it.
    outer.conditions.every((condition) => inner.conditions.includes(condition))
  );
}

/** Whether a text of IAM is for another one: `*` and `?` of the outer text stand for any characters and for one. */
export function matches(outer: string, inner: string): boolean {
  if (outer === inner) return true;
  // What is said by exclusion is held by nothing but the same.
  if (outer.startsWith('not ') || inner.startsWith('not ')) return false;
  const pattern = outer
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(inner);
}

export function permissionsOf(statement: JsonObject): Permission[] {
  const effect = statement['Effect'] === 'Deny' ? 'Deny' : 'Allow';
  const conditions = isObject(statement['Condition'])
    ? Object.entries(statement['Condition']).map(([operator, keys]) => `${operator} ${JSON.stringify(keys)}`)
    : [];
  const principals = [
    ...principalsOf(statement['Principal']),
    ...excluded(principalsOf(statement['NotPrincipal'])),
  ];
  const actions = [...textsOf(statement['Action']), ...excluded(textsOf(statement['NotAction']))];
  const resources = [...textsOf(statement['Resource']), ...excluded(textsOf(statement['NotResource']))];
  return orNone(principals).flatMap((principal) =>
    actions.flatMap((action) =>
      orNone(resources).map((resource) => ({ effect, principal, action, resource, conditions })),
    ),
  );
}

function principalsOf(principal: Json | undefined): string[] {
  if (typeof principal === 'string') return [principal === '*' ? 'AWS:*' : principal];
  if (!isObject(principal)) return [];
  return Object.entries(principal).flatMap(([type, names]) =>
    textsOf(names).map((name) => `${type}:${name}`),
  );
}

/** All but these, as one. */
function excluded(names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`not ${[...names].sort().join(', ')}`];
}

function orNone(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? [''] : texts;
}

/** One sentence for each principal, resources and conditions. */
function grouped(verb: string, permissions: readonly Permission[]): string[] {
  const sentences = new Map<string, string[]>();
  for (const { principal, action, resource, conditions } of permissions) {
    const where =
      (principal === '' ? '' : ` to ${principal}`) +
      (resource === '' ? '' : ` on ${resource}`) +
      (conditions.length === 0 ? '' : ` if ${conditions.join(' and ')}`);
    sentences.set(where, [...(sentences.get(where) ?? []), action]);
  }
  return [...sentences].map(([where, actions]) => `${verb} ${actions.join(', ')}${where}`);
}
