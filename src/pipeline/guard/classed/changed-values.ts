import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../../manifests/field';
import type { Json, JsonObject } from '../../../manifests/terraform-document';

/** A value that differs: no object, and no list of objects. */
export interface ChangedValue {
  /** Names of the arguments or fields, without the places in lists. */
  readonly path: readonly string[];
  readonly before: Json;
  readonly after: Json;
}

/**
 * The values that differ between two objects. What is left out is null, as an empty text, list or object is. The objects of a
 * list are held against those that are not in both lists, in their order. Texts that hold JSON are compared by what they hold.
 */
export function changedValues(before: Json, after: Json, path: readonly string[] = []): ChangedValue[] {
  const [was, is] = [read(before), read(after)];
  if (isDeepStrictEqual(was, is)) return [];
  if (isObject(was) || isObject(is)) {
    const [from, to] = [isObject(was) ? was : {}, isObject(is) ? is : {}];
    return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key) =>
      changedValues(from[key] ?? null, to[key] ?? null, [...path, key]),
    );
  }
  if (holdsObjects(was) || holdsObjects(is)) {
    const [gone, come] = [without(was, is), without(is, was)];
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, i) =>
      changedValues(gone[i] ?? null, come[i] ?? null, path),
    ).flat();
  }
  return [{ path, before: was, after: is }];
}

/** A value as it is compared: what says nothing is null, and JSON in a text is what it holds. */
function read(value: Json): Json {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return null;
  if (typeof value === 'string' && value.startsWith('{')) {
    try {
      return JSON.parse(value) as JsonObject;
    } catch {
      return value;
    }
  }
  return isObject(value) && Object.keys(value).length === 0 ? null : value;
}

function holdsObjects(value: Json): value is readonly Json[] {
  return Array.isArray(value) && value.some(isObject);
}

function without(items: Json, others: Json): Json[] {
  const known = Array.isArray(others) ? (others as readonly Json[]) : [];
  return (Array.isArray(items) ? (items as readonly Json[]) : []).filter(
    (item) => !known.some((other) => isDeepStrictEqual(other, item)),
  );
}
