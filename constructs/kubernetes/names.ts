import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * The name of a construct's Kubernetes object: the ids from below the stack down to it, joined by `-`. The web Deployment of
 * the storefront is `storefront-web`.
 */
export function objectName(construct: Construct): string {
  const scopes = construct.node.scopes;
  return scopes
    .slice(scopes.indexOf(TerraformStack.of(construct)) + 1)
    .map((scope) => scope.node.id)
    .join('-');
}
