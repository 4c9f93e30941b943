import { type TerraformResource, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';

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
