import type { StateResource, Stored } from '../../../src/pipeline/state/state-store';
import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';

export type Documents = Readonly<Record<string, TerraformDocument>>;

/** All that an object is created after, by its address. */
function dependenciesOf(resource: NonNullable<TerraformDocument['resource']>): (address: string) => string[] {
  const texts = new Map<string, string>(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, values]) => [`${type}.${name}`, JSON.stringify(values)] as const),
    ),
  );
  const found = (address: string): string[] =>
    [...texts.keys()]
      .filter((other) => texts.get(address)?.includes(`\${${other}.`))
      .flatMap((other) => [other, ...found(other)]);
  return found;
}

/** The states that an apply of documents leaves: each object has an ID, and names of data sources stand for IDs of subnets. */
export function statesOf(documents: Documents, { ordered = true } = {}): Map<string, Stored> {
  return new Map(
    Object.entries(documents).map(([stack, { resource = {} }]) => {
      const dependencies = dependenciesOf(resource);
      const resources = Object.entries(resource).flatMap(([type, named]) =>
        Object.entries(named).map(([name, values]): StateResource => {
          const text = JSON.stringify({
            ...(type === 'aws_iam_role' && { path: '/' }),
            ...values,
            // A state keeps the type of a manifest beside its value.
            ...(values['manifest'] !== undefined && {
              manifest: { value: values['manifest'], type: 'object' },
            }),
            id: `${type}.vpc_${name}`.replace('vpc_vpc_', 'vpc_'),
          });
          const attributes = JSON.parse(
            text
              .replaceAll('${kubernetes_namespace_v1.namespace.metadata[0].name}', stack)
              .replace(/\$\{data\.aws_subnet\.(\w+)\.id\}/g, 'aws_subnet.vpc_$1'),
          ) as JsonObject;
          const instance = {
            attributes,
            dependencies: dependencies(`${type}.${name}`),
            create_before_destroy: ordered && JSON.stringify(values).includes('"create_before_destroy":true'),
          };
          return { mode: 'managed', type, name, provider: '', instances: [instance] };
        }),
      );
      return [
        stack,
        { state: { lineage: 'l', serial: 1, isEmpty: false, ids: new Map<string, string>(), resources } },
      ];
    }),
  );
}
