import type { IConstruct, Node } from 'constructs';
import { ChosenIds, MAIN_CHILD } from './construct';

/**
 * The name part of an element's Terraform address: the IDs from below the stack down to the element, joined by `_`. The main child
 * and scopes of chosen IDs are left out. Every character that is none of `A-Za-z0-9_` becomes `_`, so that an address can be typed
 * without quotes.
 */
export function addressName(stack: IConstruct, element: Node): string {
  const scopes = element.scopes;
  return scopes
    .slice(scopes.indexOf(stack) + 1)
    .filter((scope) => scope.node.id !== MAIN_CHILD && !(scope instanceof ChosenIds))
    .map((scope) => scope.node.id)
    .join('_')
    .replace(/[^A-Za-z0-9_]/g, '_');
}
