import { type TerraformResource, TerraformStack } from 'cdktf';
import { Construct } from '../../terraform/construct';

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

/** The IDs from below the stack down to a construct. */
export function pathBelow(construct: Construct): string[] {
  const scopes = construct.node.scopes;
  return scopes.slice(scopes.indexOf(TerraformStack.of(construct)) + 1).map((scope) => scope.node.id);
}

interface NamedResource extends TerraformResource {
  readonly metadata: { readonly name: string; readonly nameInput?: string | undefined };
}

/**
 * The name of another object, for use in a construct. Within a stack it is a reference, so that Terraform makes the other one
 * first. Across stacks it is the bare name: a reference would read the other stack's state.
 */
export function nameFor(user: Construct, resource: NamedResource): string {
  const { name, nameInput } = resource.metadata;
  return TerraformStack.of(user) === TerraformStack.of(resource) ? name : (nameInput ?? name);
}

/**
 * For what others name: Terraform deletes it after they have let go of it, or have got another one. An object that would be replaced
 * under its own name is refused, because the API server has one object of a name.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const OUTLIVES_USE = { createBeforeDestroy: true } as const;

/** A construct of one object of the Kubernetes API. */
export abstract class NamedObject extends Construct {
  abstract readonly resource: { readonly metadata: { readonly name: string } };

  /** The name, as a reference to the resource: what uses it waits for the object. */
  get name(): string {
    return this.resource.metadata.name;
  }
}
