import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from './outline';
import type { StackDocument } from './synthesized-platform';

/** What a document says, by address: `aws_vpc.vpc`, `data.aws_subnet.private_a`, `terraform.backend`. */
export type Blocks = Record<string, Json>;

const sorted = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).filter((key) => key !== '//');
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(value[key] ?? null)]));
};

/** The document's blocks by address, sorted, without what differs from one CDKTF release to the next. */
export function blocksOf(document: StackDocument): Blocks {
  const whole = sorted(document as unknown as Json) as Record<string, Record<string, Json>>;
  return Object.fromEntries(
    Object.entries(whole).flatMap(([section, types]) =>
      Object.entries(types).flatMap(([type, named]): [string, Json][] => {
        const address = section === 'resource' ? type : `${section}.${type}`;
        if (!['resource', 'data', 'ephemeral'].includes(section) || !isObject(named))
          return [[address, named]];
        return Object.entries(named).map(([name, block]) => [`${address}.${name}`, block]);
      }),
    ),
  );
}

/** What all the values say alike; undefined for nothing. Lists of objects are alike one by one if they are as long. */
function shared(values: readonly Json[]): Json | undefined {
  const [first = null] = values;
  if (values.every((value) => isDeepStrictEqual(value, first))) return first;
  if (isObject(first) && values.every(isObject)) {
    const entries = Object.keys(first).flatMap((key): [string, Json][] => {
      const members = values.flatMap((value) => (key in value ? [value[key] ?? null] : []));
      const alike = members.length === values.length ? shared(members) : undefined;
      return alike === undefined ? [] : [[key, alike]];
    });
    return entries.length === 0 ? undefined : Object.fromEntries(entries);
  }
  if (!isObjects(first) || !values.every((value) => isObjects(value) && value.length === first.length)) {
    return undefined;
  }
  const items = first.map((_, index) => shared(values.map((value) => (value as Json[])[index] ?? null)));
  return items.some((item) => item !== undefined) ? items.map((item) => item ?? {}) : undefined;
}

const isObjects = (value: Json): value is Record<string, Json>[] =>
  Array.isArray(value) && value.every(isObject);

/** A value without what `common` says of it already; undefined for nothing more. */
function without(value: Json, common: Json | undefined): Json | undefined {
  if (common === undefined) return value;
  if (isDeepStrictEqual(value, common)) return undefined;
  if (Array.isArray(value)) return value.map((item, index) => without(item, (common as Json[])[index]) ?? {});
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]): [string, Json][] => {
      const rest = without(member, (common as Record<string, Json>)[key]);
      return rest === undefined ? [] : [[key, rest]];
    }),
  );
}

/** What the blocks of a type have in common, said once at `<type>.*`, and of each block the rest. */
export function byType(blocks: Blocks): Blocks {
  const types = new Map<string, [string, Json][]>();
  for (const [address, block] of Object.entries(blocks)) {
    const type = address.replace(/\.[^.]*$/, '.*');
    types.set(type, [...(types.get(type) ?? []), [address, block]]);
  }
  return Object.fromEntries(
    [...types].flatMap(([type, members]): [string, Json][] => {
      const common = members.length > 1 ? shared(members.map(([, block]) => block)) : undefined;
      if (common === undefined) return members;
      return [
        [type, common],
        ...members.map(([address, block]): [string, Json] => [address, without(block, common) ?? {}]),
      ];
    }),
  );
}

/** What `blocks` would be in the stack `to`, if it is what `from` is: every word `from` is the word `to` there. */
export function renamed(blocks: Blocks, from: string, to: string): Blocks {
  const word = new RegExp(`(?<![A-Za-z0-9])${from}(?![A-Za-z0-9])`, 'g');
  const rename = (value: Json): Json => {
    if (typeof value === 'string') return value.replace(word, to);
    if (Array.isArray(value)) return value.map(rename);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key.replace(word, to), rename(member)]),
    );
  };
  return rename(blocks) as Blocks;
}

/** What names the keys or addresses that are expected and not there. */
const ABSENT = '(absent)';

/** What is not as expected, with what leads to it: of an object its other keys, of a list of the same length its other items. */
function difference(expected: Json, found: Json): Json {
  if (Array.isArray(expected) && Array.isArray(found) && expected.length === found.length) {
    return difference(numbered(expected), numbered(found));
  }
  if (!isObject(expected) || !isObject(found)) return found;
  const absent = Object.keys(expected).filter((key) => !(key in found));
  const other = Object.entries(found).flatMap(([key, member]): [string, Json][] => {
    const like = expected[key];
    if (isDeepStrictEqual(like, member)) return [];
    return [[key, like === undefined ? member : difference(like, member)]];
  });
  return Object.fromEntries([...(absent.length > 0 ? [[ABSENT, absent] as const] : []), ...other]);
}

const numbered = (list: Json[]): Json =>
  Object.fromEntries(list.map((item, index) => [`[${index}]`, item] as const));

/** What of the blocks is not as expected, by address. */
export const differences = (expected: Blocks, found: Blocks): Blocks => difference(expected, found) as Blocks;
