import { ManifestError, type ManifestFinding } from '../../../src/manifests/manifest-error';
import { type KubernetesObject, kubernetesObjects } from '../../../src/manifests/objects';
import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';

/** The object of a document with one resource, named `it`. */
export function converted(type: string, attributes: JsonObject): KubernetesObject | undefined {
  return kubernetesObjects({ resource: { [type]: { it: attributes } } })[0]?.object;
}

/** What a person reads when that resource cannot be converted; the object itself when it can. */
export function refusal(type: string, attributes: JsonObject): string {
  try {
    return JSON.stringify(converted(type, attributes));
  } catch (error) {
    return error instanceof ManifestError ? error.message : String(error);
  }
}

/** What is wrong with a document. */
export function findings(document: TerraformDocument): readonly ManifestFinding[] {
  try {
    kubernetesObjects(document);
    return [];
  } catch (error) {
    if (error instanceof ManifestError) return error.findings;
    throw error;
  }
}
