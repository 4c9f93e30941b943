import { isObject } from '../../../manifests/field';
import type { JsonObject, TerraformDocument } from '../../../manifests/terraform-document';

/** The arguments of a resource as they are written, references and all; none for a resource that is not in the document. */
export function writtenAt(document: TerraformDocument, address: string): JsonObject {
  return writtenIn(document, address) ?? {};
}

/** The same; of a `kubernetes_manifest`, the object. */
export function writtenObject(document: TerraformDocument, address: string): JsonObject {
  const written = writtenAt(document, address);
  const { manifest } = written;
  return isObject(manifest) ? manifest : written;
}

/** As `writtenAt`, or undefined for a resource that is not in the document: one of a module. */
export function writtenIn({ resource }: TerraformDocument, address: string): JsonObject | undefined {
  const [type = '', name = ''] = address.split(/[.[]/);
  return resource?.[type]?.[name];
}
