import type { JsonObject, TerraformDocument } from './terraform-document';

/** The resources of a document by their addresses, such as `aws_vpc.vpc`. */
export function resourcesByAddress({ resource = {} }: TerraformDocument): Map<string, JsonObject> {
  return new Map(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, values]) => [`${type}.${name}`, values] as const),
    ),
  );
}
