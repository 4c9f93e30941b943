import { qualifiedKind } from '../../../facts/built-in-kinds';
import { POD_TEMPLATES } from '../../../facts/pod-templates';
import { convertBlock } from '../../../manifests/convert';
import { isObject } from '../../../manifests/field';
import { KINDS, MANIFEST } from '../../../manifests/kinds';
import type { KubernetesObject } from '../../../manifests/objects';
import type { JsonObject } from '../../../manifests/terraform-document';

/**
 * The Kubernetes object that a resource of a plan or a state declares, in the API’s form for every resource type. Undefined for a
 * resource that declares none.
 */
export function kubernetesObject(type: string, values: JsonObject): KubernetesObject | undefined {
  const kind = KINDS[type];
  if (kind !== undefined) {
    // What the conversion does not know is computed by the provider, or refused by it.
    const { metadata = {}, ...fields } = convertBlock(kind.fields, values, '', () => undefined);
    return { apiVersion: kind.apiVersion, kind: kind.kind, metadata: metadata as JsonObject, ...fields };
  }
  const manifest = type === MANIFEST ? values['manifest'] : undefined;
  if (!isObject(manifest)) return undefined;
  const { apiVersion, kind: name, metadata } = manifest;
  return typeof apiVersion === 'string' && typeof name === 'string' && isObject(metadata)
    ? { ...manifest, apiVersion, kind: name, metadata }
    : undefined;
}

/**
 * An object whose kind has its group where Kubernetes does not have the kind itself, as `Service.serving.knative.dev`. No rule
 * takes it for the built-in kind of that name.
 */
export const byGroup = (object: KubernetesObject): KubernetesObject => ({
  ...object,
  kind: qualifiedKind(object),
});

/** The kind of an object as its author wrote it. */
export const plainKind = ({ kind }: KubernetesObject): string => kind.split('.')[0] ?? kind;

/** `dev/shop-web`, or the name alone of what stands beside the namespaces. */
export function objectName({ metadata: { namespace, name } }: KubernetesObject): string {
  return [namespace, name].filter(Boolean).join('/');
}

/** The Pod templates of an object: its own spec for a Pod, none for what runs no Pods. */
export function podTemplates(object: KubernetesObject): JsonObject[] {
  if (object.kind === 'Pod') {
    return [{ metadata: object.metadata as JsonObject, spec: fieldOf(object, 'spec') }];
  }
  const path = POD_TEMPLATES[object.kind];
  return path === undefined
    ? []
    : [path.reduce<JsonObject>((inner, name) => fieldOf(inner, name), object as unknown as JsonObject)];
}

/** A field that is an object; an empty one when there is none. */
export function fieldOf(object: Readonly<Record<string, unknown>> | undefined, field: string): JsonObject {
  const value = object?.[field];
  return isObject(value) ? value : {};
}
