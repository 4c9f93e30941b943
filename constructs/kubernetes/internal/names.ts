import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * The name of a construct's Kubernetes object: the IDs from below the stack down to it, joined by `-`. The web Deployment of
 * the shop is `shop-web`.
 */
export function objectName(construct: Construct): string {
  return pathBelow(construct).join('-');
}

/**
 * The name of a construct's object that belongs to no namespace: with the stack's ID before it, because every stack's share
 * the cluster. The priority class of the shop in the stack dev is `dev-shop-checkout`.
 */
export function clusterObjectName(construct: Construct): string {
  return [TerraformStack.of(construct).node.id, ...pathBelow(construct)].join('-');
}

/** The ids from below the stack down to a construct. */
function pathBelow(construct: Construct): string[] {
  const scopes = construct.node.scopes;
  return scopes.slice(scopes.indexOf(TerraformStack.of(construct)) + 1).map((scope) => scope.node.id);
}
