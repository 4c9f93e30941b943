/**
 * For what others name: Terraform deletes it after they have let go of it, or have got another one. An object that would be replaced
 * under its own name is refused, because the API server has one object of a name.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const OUTLIVES_USE = { createBeforeDestroy: true } as const;
