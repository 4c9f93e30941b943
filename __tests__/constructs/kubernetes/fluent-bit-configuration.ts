import { parse } from 'yaml';
import type { Synthesized } from './namespace-of';

type Section = Readonly<Record<string, string | number | boolean>>;

/** Fluent Bit's configuration, as it reads it. */
export interface FluentBitConfiguration {
  readonly service: Section;
  readonly parsers?: readonly Section[];
  readonly pipeline: {
    readonly inputs: readonly Section[];
    readonly filters: readonly Section[];
    readonly outputs: readonly Section[];
  };
}

/** A Pod template with a single container. */
export interface PodTemplateObject {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly automountServiceAccountToken: boolean;
    readonly containers: readonly [
      {
        readonly image: string;
        readonly command: readonly string[];
        readonly readinessProbe: unknown;
        readonly livenessProbe: unknown;
        readonly securityContext: unknown;
        readonly volumeMounts: readonly {
          readonly name: string;
          readonly mountPath: string;
          readonly readOnly?: boolean;
        }[];
      },
    ];
    readonly volumes: readonly Readonly<Record<string, unknown>>[];
  };
}

export function configurationOf(shop: Synthesized): FluentBitConfiguration {
  const { data } = shop.object('ConfigMap') as unknown as { data: Record<string, string> };
  return parse(data['fluent-bit.yaml'] ?? '') as FluentBitConfiguration;
}

export function podTemplateOf(shop: Synthesized, kind: string): PodTemplateObject {
  return (shop.object(kind)['spec'] as { template: PodTemplateObject }).template;
}

/** The only item; more or fewer are an error. */
export function only<Item>(items: readonly Item[]): Item {
  const [item] = items;
  if (item === undefined || items.length > 1) throw new Error(`got ${items.length} items; one is expected`);
  return item;
}

/** The paths that Fluent Bit writes to, and that are on no volume it may write to. */
export function unwritable({ service, pipeline }: FluentBitConfiguration, pod: PodTemplateObject): string[] {
  const writable = pod.spec.containers[0].volumeMounts.filter(({ readOnly }) => readOnly !== true);
  return [service['storage.path'], ...pipeline.inputs.map((input) => input['db'])]
    .map(String)
    .filter((path) => !writable.some(({ mountPath }) => path.startsWith(`${mountPath}/`)));
}
