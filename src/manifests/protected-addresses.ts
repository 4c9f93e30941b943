import { resourcesByAddress } from './resources-by-address';
import type { TerraformDocument } from './terraform-document';

/** Addresses, such as `aws_vpc.vpc`, of what a document protects by `prevent_destroy`. */
export function protectedAddresses(document: TerraformDocument): string[] {
  return [...resourcesByAddress(document)].flatMap(([address, { lifecycle }]) =>
    isProtecting(lifecycle) ? [address] : [],
  );
}

/** Addresses, such as `aws_db_instance.orders`, of what AWS itself refuses to delete while its argument `deletion_protection` is true. */
export function deletionProtected(document: TerraformDocument): string[] {
  return [...resourcesByAddress(document)].flatMap(([address, body]) =>
    body['deletion_protection'] === true ? [address] : [],
  );
}

/** `lifecycle` is a block, which JSON may hold as an object or as a list of one. */
function isProtecting(lifecycle: unknown): boolean {
  const blocks = (Array.isArray(lifecycle) ? lifecycle : [lifecycle]) as (
    { readonly prevent_destroy?: unknown } | undefined
  )[];
  return blocks.some((block) => block?.prevent_destroy === true);
}
