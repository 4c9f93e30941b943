import type { TerraformResource } from 'cdktf';

/**
 * Completes a resource at synthesis, after every call on its construct. Mounts, ports and variables that a container gets late are
 * still in the Terraform JSON.
 *
 * @param complete sets the resource's attributes; it may run more than once and has to give the same result each time
 */
export function atSynthesis(resource: TerraformResource, complete: () => void): void {
  const toTerraform = resource.toTerraform.bind(resource);
  resource.toTerraform = () => {
    complete();
    return toTerraform() as unknown;
  };
}
