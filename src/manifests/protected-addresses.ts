import { blocksOf } from './attributes';
import { resourcesByAddress } from './resources-by-address';
import type { TerraformDocument } from './terraform-document';

/** Addresses, such as `aws_vpc.vpc`, of what a document protects by `prevent_destroy`. */
export function protectedAddresses(document: TerraformDocument): string[] {
  return [...resourcesByAddress(document)].flatMap(([address, { lifecycle }]) =>
    isSet(lifecycle, 'prevent_destroy') ? [address] : [],
  );
}

/** Addresses, such as `aws_nat_gateway.a`, of the AWS resources of a document that have `create_before_destroy`. */
export function createdFirst(document: TerraformDocument): string[] {
  return [...resourcesByAddress(document)].flatMap(([address, { lifecycle }]) =>
    !address.startsWith('kubernetes_') && isSet(lifecycle, 'create_before_destroy') ? [address] : [],
  );
}

/** Addresses, such as `aws_db_instance.orders`, of what AWS itself refuses to delete while its argument `deletion_protection` is true. */
export function deletionProtected(document: TerraformDocument): string[] {
  return [...resourcesByAddress(document)].flatMap(([address, body]) =>
    body['deletion_protection'] === true ? [address] : [],
  );
}

function isSet(lifecycle: unknown, argument: string): boolean {
  return blocksOf(lifecycle).some((block) => block[argument] === true);
}
