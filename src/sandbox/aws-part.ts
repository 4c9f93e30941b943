import { isObject } from '../manifests/field';
import type { Json, JsonObject, TerraformDocument } from '../manifests/terraform-document';

const KUBERNETES = /^kubernetes(_|$)/;

/**
 * What of a stack is for other providers than Kubernetes': what Terraform applies where the Kubernetes provider cannot be had.
 * The bytes of what remains are those of the stack.
 *
 * @param expressions what the Kubernetes objects refer to: each becomes an output, by `outputName`
 */
export function withoutKubernetes(
  document: TerraformDocument,
  expressions: readonly string[] = [],
): TerraformDocument {
  const { terraform, provider, data, resource, moved, removed, ...rest } = document as Record<
    string,
    Json | undefined
  >;
  const settings = isObject(terraform) ? terraform : {};
  const output = Object.fromEntries(
    // Sensitive, because what a provider calls so may be no plain output.
    expressions.map((expression) => [
      outputName(expression),
      { value: `\${${expression}}`, sensitive: true },
    ]),
  );
  return {
    ...rest,
    terraform: { ...settings, required_providers: others(settings['required_providers']) },
    provider: others(provider),
    ...(data !== undefined && { data: others(data) }),
    ...(resource !== undefined && { resource: withoutForeignDependencies(others(resource)) }),
    ...(moved !== undefined && { moved: ofOthers(moved) }),
    ...(removed !== undefined && { removed: ofOthers(removed) }),
    ...(expressions.length > 0 && { output }),
  } as TerraformDocument;
}

/** The name of the output with the value of an expression. */
export function outputName(expression: string): string {
  return `value_${Buffer.from(expression).toString('hex')}`;
}

/** Whether a stack has resources of other providers than Kubernetes'. */
export function hasOtherResources({ resource = {} }: TerraformDocument): boolean {
  return Object.keys(resource).some((type) => !KUBERNETES.test(type));
}

function others(block: Json | undefined): JsonObject {
  return Object.fromEntries(
    Object.entries(isObject(block) ? block : {}).filter(([key]) => !KUBERNETES.test(key)),
  );
}

function ofOthers(list: Json): Json {
  return (list as { readonly from: string }[]).filter(({ from }) => !KUBERNETES.test(from));
}

/** What waits for a Kubernetes object waits for nothing here: those are applied after all of this. */
function withoutForeignDependencies(resource: JsonObject): JsonObject {
  const inEach = (named: Json): JsonObject =>
    Object.fromEntries<Json>(
      Object.entries(isObject(named) ? named : {}).map(([name, body]): [string, Json] => {
        const dependencies = isObject(body) ? body['depends_on'] : undefined;
        return Array.isArray(dependencies)
          ? [
              name,
              {
                ...(body as JsonObject),
                depends_on: dependencies.filter(
                  (address: Json) => !(typeof address === 'string' && KUBERNETES.test(address)),
                ),
              },
            ]
          : [name, body];
      }),
    );
  return Object.fromEntries(Object.entries(resource).map(([type, named]) => [type, inEach(named)]));
}
