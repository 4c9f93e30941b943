import type { Construct } from '../../terraform/construct';
import { pathBelow } from './names';

/** Keys and values of labels, or of annotations. */
export type Labels = Readonly<Record<string, string>>;

/** Who manages an object. */
export const MANAGED: Labels = { 'app.kubernetes.io/managed-by': 'terraform' };

/** What every object has beside its name. */
export interface MetadataOptions {
  /** Labels, beside those that the construct sets. @default {} */
  readonly labels?: Labels;
  /** Annotations, beside those that the construct sets. @default {} */
  readonly annotations?: Labels;
}

/** What every object of the Kubernetes API can be given. */
export interface ObjectOptions extends MetadataOptions {
  /** Name of the object. @default - from the path of the construct; of what no namespace has, with the stack before it */
  readonly name?: string;
}

/** The `metadata` block of a resource. */
export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly annotations?: Record<string, string>;
}

/**
 * The `metadata` block of an object.
 *
 * @param own what the construct sets: the default of the name, and labels and annotations, over which those of the user win
 */
export function metadata(
  { name, labels, annotations }: ObjectOptions,
  own: MetadataOptions & { readonly name: string; readonly namespace?: string },
): Metadata {
  const maps = {
    labels: { ...own.labels, ...labels },
    annotations: { ...own.annotations, ...annotations },
  };
  return {
    name: name ?? own.name,
    ...(own.namespace !== undefined && { namespace: own.namespace }),
    // An empty map would be a difference at every plan.
    ...Object.fromEntries(Object.entries(maps).filter(([, map]) => Object.keys(map).length > 0)),
  };
}

/**
 * Keys that `labels` and `annotations` cannot set.
 *
 * @param instead what sets them
 */
export function reservedErrors(options: MetadataOptions, reserved: RegExp, instead: string): string[] {
  return (['labels', 'annotations'] as const).flatMap((map) =>
    Object.keys(options[map] ?? {})
      .filter((key) => reserved.test(key))
      .map((key) => `${map}: got "${key}", which ${instead}; remove it here`),
  );
}

/**
 * The application of a construct's object, where the tree has one: the scope below the stack, such as that of `defineWorkload`.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function applicationLabels(construct: Construct): Labels {
  const [application = '', ...component] = pathBelow(construct);
  const values = { instance: application, component: component.join('-'), 'part-of': application };
  return Object.values(values).every((value) => /^[A-Za-z\d]([\w.-]{0,61}[A-Za-z\d])?$/.test(value))
    ? Object.fromEntries(Object.entries(values).map(([key, value]) => [`app.kubernetes.io/${key}`, value]))
    : {};
}
