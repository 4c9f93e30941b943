import type { TerraformResource } from 'cdktf';

/**
 * Completes a resource when it is synthesized, after every call on its construct has been made: a container that is
 * mounted, exposed or given variables later still ends up in the Terraform JSON.
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
