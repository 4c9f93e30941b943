import { crc32 } from 'node:zlib';
import {
  argumentsOf,
  type Argument,
  type Arguments,
  type Behavior,
  behaviorOf,
  MANIFEST,
  OBJECT_KINDS,
  versionedNames,
} from '../facts/attribute-table';
import { textOf } from './attributes';
import { type Block, type Field, isObject } from './field';
import {
  readBase64,
  readFlag,
  readInteger,
  readIntOrString,
  readNumber,
  readOctal,
  readText,
  type Read,
} from './scalar';
import type { Json } from './terraform-document';

/** A kind of Kubernetes object that a Terraform resource type stands for. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  /** The arguments of the resource itself, `metadata` among them. */
  readonly fields: Block;
}

/** The Terraform types that stand for one Kubernetes object each. */
export const KINDS: Readonly<Record<string, Kind>> = Object.fromEntries(
  Object.entries(OBJECT_KINDS).map(([type, named]) => {
    const [apiVersion = '', kind = ''] = named.split(' ');
    let fields: Block | undefined;
    return [
      type,
      {
        apiVersion,
        kind,
        // One type has up to a thousand arguments, and a run reads few types.
        get fields() {
          return (fields ??= fieldsOf(argumentsOf(type) ?? {}, [type]));
        },
      },
    ];
  }),
);

export { MANIFEST };

/** The type of claims, whose data outlives what is declared. */
export const CLAIM = 'kubernetes_persistent_volume_claim_v1';

/** The arguments of a Pod template. */
export const podTemplateBlock = (): Block => {
  const spec = KINDS['kubernetes_deployment_v1']?.fields['spec'];
  const template = spec?.shape === 'object' ? spec.block['template'] : undefined;
  return template?.shape === 'object' ? template.block : {};
};

/** Arguments that configure Terraform, not the object. */
const OF_THE_RESOURCE = ['id', 'timeouts'];

function fieldsOf(block: Arguments, path: readonly string[]): Block {
  return Object.fromEntries(
    Object.entries(block)
      // The name comes first, as people write manifests.
      .sort(([a], [b]) => Number(b === 'name') - Number(a === 'name'))
      .filter(([name]) => path.length > 1 || !OF_THE_RESOURCE.includes(name))
      .map(([name, argument]) => [name, fieldOf(argument, [...path, name])]),
  );
}

function fieldOf(
  { type, block, isSingle, isComputed, isRequired }: Argument,
  path: readonly string[],
): Field {
  const { field, default: byDefault, where = {}, needs, ...is } = behaviorOf(path);
  if (is.refused !== undefined) return { shape: 'refused', because: is.refused };
  if (is.dropped || isComputed) return { shape: 'dropped' };
  const read = readerOf(type, is.as);
  const [[sibling, values] = []] = Object.entries(where);
  const common = {
    ...(field !== undefined ? { to: field } : {}),
    ...(byDefault !== undefined ? { leftOut: { value: byDefault, by: 'default' as const } } : {}),
    ...(is.zero ? { leftOut: { value: read === readFlag ? false : 0, by: 'zero' as const } } : {}),
    ...(sibling !== undefined && values ? { where: { sibling, is: values } } : {}),
    ...(needs !== undefined ? { needs } : {}),
    ...(isRequired ? { required: true as const } : {}),
    ...(is.split ? { finish: oneFieldEach(is.split) } : {}),
  };
  if (block) {
    const isOne = (isSingle && !is.many) || is.one === true;
    let fields: Block | undefined;
    return {
      ...common,
      ...(isOne ? { shape: 'object', merges: is.merged === true } : { shape: 'array' }),
      // Objects have few of the blocks that there are.
      get block() {
        return (fields ??= fieldsOf(block, path));
      },
    };
  }
  if (/^(list|set)\(/.test(type)) {
    const isOfPods = path.includes('template') || path[0] === 'kubernetes_pod_v1';
    const rollsPods = type.startsWith('set(') && isOfPods;
    return { ...common, shape: 'list', read, ...(rollsPods && { finish: inOrderOfHashes }) };
  }
  if (type.startsWith('map(')) return { ...common, shape: 'map', read };
  // An empty string is the way to leave out a text that has a default.
  const keepsDefault = byDefault !== undefined && read !== readText;
  const keepsZero = is.as !== undefined || is.kept === true || is.zero === true || keepsDefault;
  return { ...common, shape: 'scalar', read, keepsZero };
}

function readerOf(type: string, as: Behavior['as']): Read {
  switch (as) {
    case 'base64':
      return readBase64;
    case 'int-or-string':
      return readIntOrString;
    case 'integer':
      return readInteger;
    case 'octal':
      return readOctal;
    case undefined:
      return type.includes('number') ? readNumber : type === 'bool' ? readFlag : readText;
  }
}

/**
 * A set in a Pod template as the provider sends it: by the checksums of its texts (terraform-plugin-sdk, `schema.HashString`). In
 * another order, the manifests would replace the Pods that Terraform has created.
 */
const inOrderOfHashes = (elements: Json): Json => {
  const order = (element: Json): string => String(crc32(textOf(element)));
  return [...new Set(elements as readonly Json[])].sort((a, b) => (order(a) < order(b) ? -1 : 1));
};

/** The API takes one field in each element, where Terraform takes several. */
const oneFieldEach =
  (order: readonly string[]) =>
  (elements: Json): Json =>
    (elements as readonly Json[]).filter(isObject).flatMap((element) =>
      order.flatMap((field) => {
        const value = element[field] ?? [];
        const all = Array.isArray(value) ? (value as readonly Json[]) : [value];
        return all.map((one) => ({ [field]: one }));
      }),
    );

const CHANGES_ANOTHERS = 'changes an object that something else creates, so there is no manifest of it';

/** Types of the provider that are known and have no manifest, each with the reason. */
const WITHOUT_MANIFEST: Readonly<Record<string, string>> = {
  kubernetes_labels: CHANGES_ANOTHERS,
  kubernetes_annotations: CHANGES_ANOTHERS,
  kubernetes_env: CHANGES_ANOTHERS,
  kubernetes_node_taint: CHANGES_ANOTHERS,
  kubernetes_config_map_v1_data: CHANGES_ANOTHERS,
  kubernetes_secret_v1_data: CHANGES_ANOTHERS,
  kubernetes_token_request_v1: 'asks for a token and creates no object',
};

/** Why a Terraform type cannot be converted, and what to use instead. */
export function whyNot(type: string): string {
  const known = WITHOUT_MANIFEST[type];
  if (known !== undefined) return known;
  const versioned = versionedNames(type).find((name) => name in KINDS);
  return versioned === undefined
    ? `no conversion is known for this type; known: ${[...Object.keys(KINDS), MANIFEST].sort().join(', ')}`
    : `unversioned types are not supported: use ${versioned}`;
}
