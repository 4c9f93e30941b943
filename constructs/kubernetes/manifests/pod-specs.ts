import { qualifiedKind } from '../../../src/facts/built-in-kinds';
import { POD_SPECS } from '../../../src/facts/pod-templates';
import { isObject } from '../../../src/manifests/field';
import type { KubernetesObject } from '../../../src/manifests/objects';
import type { Json } from '../../../src/manifests/terraform-document';
import { type Part, partsAt } from '../internal/parts-at';

/** Where kinds have the spec of their Pods. */
export type PodSpecPlaces = Readonly<Record<string, readonly string[]>>;

/** The specs of Pods that an object has at the known places, and what looks like one elsewhere. */
export function podSpecs(
  object: KubernetesObject,
  own: PodSpecPlaces,
): { readonly known: readonly Part[]; readonly unknown: readonly string[] } {
  const kind = qualifiedKind(object);
  const places = own[kind] ?? POD_SPECS[kind];
  const known = (places ?? []).flatMap((path) => partsAt(object, path));
  const isKnown = (field: string): boolean => known.some((each) => field.startsWith(each.field));
  // A schema describes Pods, and has none. A place that is said to have none has none.
  const searched = kind === 'CustomResourceDefinition' || places?.length === 0 ? {} : object;
  return { known, unknown: withContainers(searched as Json, '').filter((field) => !isKnown(field)) };
}

/** The fields that have a list of containers. */
function withContainers(value: Json, field: string): string[] {
  if (Array.isArray(value)) {
    return value.flatMap((each: Json, i) => withContainers(each, `${field}[${i}]`));
  }
  if (!isObject(value)) return [];
  const { containers } = value;
  const isPod =
    Array.isArray(containers) &&
    containers.some((each) => isObject(each) && typeof each['image'] === 'string');
  return isPod
    ? [field]
    : Object.entries(value).flatMap(([key, each]) =>
        withContainers(each, field === '' ? key : `${field}.${key}`),
      );
}
