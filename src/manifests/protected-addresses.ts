import type { TerraformDocument } from './terraform-document';

/** Addresses, such as `aws_vpc.vpc`, of what a document protects by `prevent_destroy`. */
export function protectedAddresses({ resource = {} }: TerraformDocument): string[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named)
      .filter(([, { lifecycle }]) => isProtecting(lifecycle))
      .map(([name]) => `${type}.${name}`),
  );
}

/** Addresses, such as `aws_db_instance.orders`, of what AWS itself refuses to delete while its argument `deletion_protection` is true. */
export function deletionProtected({ resource = {} }: TerraformDocument): string[] {
  return Object.entries(resource).flatMap(([type, named]) =>
    Object.entries(named)
      .filter(([, body]) => body['deletion_protection'] === true)
      .map(([name]) => `${type}.${name}`),
  );
}

/** `lifecycle` is a block, which JSON may hold as an object or as a list of one. */
function isProtecting(lifecycle: unknown): boolean {
  const blocks = (Array.isArray(lifecycle) ? lifecycle : [lifecycle]) as (
    { readonly prevent_destroy?: unknown } | undefined
  )[];
  return blocks.some((block) => block?.prevent_destroy === true);
}
