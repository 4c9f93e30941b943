/**
 * Lifecycle of what other objects use: Terraform deletes it after they have changed. `plan` refuses to replace a Kubernetes object
 * under its own name, because the API server has one object of a name.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#create_before_destroy
 */
export const OUTLIVES_USE = { createBeforeDestroy: true } as const;
