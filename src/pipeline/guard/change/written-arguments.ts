import { isObject } from '../../../manifests/field';
import type { JsonObject, TerraformDocument } from '../../../manifests/terraform-document';

/** The arguments of a resource as they are written, references and all; none for a resource that is not in the document. */
export function writtenAt({ resource }: TerraformDocument, address: string): JsonObject {
  const [type = '', name = ''] = address.split('.');
  const written = resource?.[type]?.[name];
  return isObject(written) ? written : {};
}
