import { convertBlock } from './convert';
import { podTemplateBlock } from './kinds';
import type { JsonObject } from './terraform-document';

/** A Pod template of the API, and what of the block it is made of cannot be converted. */
export interface PodTemplateManifest {
  readonly template: JsonObject;
  readonly errors: readonly string[];
}

/**
 * The Pod template that the provider would send for the block `template` of a workload.
 *
 * @param block as it stands in the Terraform JSON; references in text stay as they are
 */
export function podTemplateManifest(block: JsonObject): PodTemplateManifest {
  const errors: string[] = [];
  const template = convertBlock(podTemplateBlock(), block, 'template', (path, message) => {
    errors.push(`${path}: ${message}`);
  });
  return { template, errors };
}
