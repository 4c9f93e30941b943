import { convertBlock } from './convert';
import { blocksOf } from './attributes';
import { type Block, isObject } from './field';
import { KINDS, MANIFEST } from './kinds';
import type { KubernetesObject } from './objects';
import { providerForm } from './provider-form';
import type { Json, JsonObject } from './terraform-document';

/** A resource of the Kubernetes provider that stands for one object. */
export interface ProviderResource {
  readonly type: string;
  readonly attributes: JsonObject;
}

/** The Terraform type of each kind that has one of its own; the default ServiceAccount exists before Terraform. */
const TYPES = new Map(
  Object.entries(KINDS)
    .filter(([type]) => !type.startsWith('kubernetes_default_'))
    .map(([type, { apiVersion, kind }]) => [`${apiVersion} ${kind}`, type]),
);

/** Zero values that the provider does not send, and that are not what the API takes for a field that is left out. */
const MEANT_ZEROS = ['startingDeadlineSeconds', 'storageClassName'];

/** Whether a kind that has a resource of its own is in a namespace; undefined where it has none. */
export function hasNamespace({ apiVersion, kind }: KubernetesObject): boolean | undefined {
  const metadata = KINDS[TYPES.get(`${apiVersion} ${kind}`) ?? '']?.fields['metadata'];
  return metadata?.shape === 'object' ? 'namespace' in metadata.block : undefined;
}

/** The resource of an object: the one of its kind if that sends exactly this object, otherwise a `kubernetes_manifest`. */
export function providerResource(object: KubernetesObject): ProviderResource {
  const { apiVersion, kind, ...fields } = object;
  const type = TYPES.get(`${apiVersion} ${kind}`);
  const attributes = type === undefined ? undefined : typedAttributes(type, fields as JsonObject);
  return type !== undefined && attributes
    ? { type, attributes }
    : { type: MANIFEST, attributes: { manifest: object as unknown as JsonObject } };
}

function typedAttributes(type: string, object: JsonObject): JsonObject | undefined {
  const sent = Object.entries(KINDS[type]?.fields ?? {}).filter(([, { shape }]) => shape !== 'dropped');
  const fields = Object.fromEntries(sent);
  const lost: string[] = [];
  const lose = (path: string): number => lost.push(path);
  const attributes = providerForm(fields, object, {}, { path: '', names: [type] }, lose);
  const readBack = convertBlock(fields, attributes, '', lose);
  return lost.length === 0 && isSame(object, readBack, '') && isComplete(fields, attributes)
    ? attributes
    : undefined;
}

/** Whether each block has what the provider requires, which the API may not. */
function isComplete(block: Block, attributes: JsonObject): boolean {
  return Object.entries(block).every(([name, field]) => {
    const value = attributes[name];
    if (value === undefined) return field.required !== true;
    return !('block' in field) || blocksOf(value).every((each) => isComplete(field.block, each));
  });
}

/** Whether the provider sends a value as it is written. It orders sets itself. */
function isSame(written: Json | undefined, sent: Json | undefined, key: string): boolean {
  if (sent === undefined) return isEmpty(written) && !MEANT_ZEROS.includes(key);
  if (Array.isArray(written) && Array.isArray(sent)) {
    const [left, right] = [written, sent].map((list: readonly Json[]) =>
      list.some((each) => typeof each === 'object') ? list : [...list].sort(),
    ) as [Json[], Json[]];
    return left.length === right.length && left.every((each, i) => isSame(each, right[i], key));
  }
  if (isObject(written) && isObject(sent)) {
    return [...new Set([...Object.keys(written), ...Object.keys(sent)])].every((name) =>
      isSame(written[name], sent[name], name),
    );
  }
  return written === sent;
}

function isEmpty(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null ? Object.keys(value).length === 0 : !value;
}
