import { type Block, camelCase, type Field, isObject } from './field';
import { type Read, UnreadableValue } from './scalar';
import type { Json, JsonObject } from './terraform-document';

/** Tells what is wrong with the attribute at a path. */
export type Report = (path: string, message: string) => void;

type Mutable = Record<string, Json>;

/** What a field becomes: a value, or nothing to send. */
type Sent = Json | undefined;

/**
 * The API’s form of a Terraform block whose references are resolved.
 *
 * @param path where the block stands below its resource, empty for the resource itself
 */
export function convertBlock(block: Block, source: JsonObject, path: string, report: Report): JsonObject {
  const result: Mutable = {};
  for (const name of Object.keys(source)) {
    if (!Object.hasOwn(block, name) && name !== '//') {
      report(below(path, name), 'hashicorp/kubernetes 2.38 has no such attribute');
    }
  }
  const looksInside =
    Object.values(source).some((value) => value !== null) ||
    Object.values(block).some((field) => field.leftOut?.by === 'default');
  for (const [name, field] of Object.entries(block)) {
    const given = source[name] ?? null;
    const place = below(path, name);
    if (!applies(field, source)) continue;
    if (given !== null && field.needs !== undefined && !isSet(source[field.needs])) {
      report(place, `is ignored without ${field.needs}: give it a number above 0`);
      continue;
    }
    const value = given === null ? leftOut(field, looksInside) : convertField(field, given, place, report);
    if (value === undefined) continue;
    const finished = field.finish?.(value) ?? value;
    const key = field.to ?? camelCase(name);
    const present = result[key];
    if (field.shape === 'object' && field.merges === true && isObject(finished)) {
      Object.assign(result, finished);
    } else {
      // Two attributes may fill one field: a Secret's plain and binary data.
      result[key] = isObject(present) && isObject(finished) ? { ...present, ...finished } : finished;
    }
  }
  return result;
}

function applies({ where }: Field, source: JsonObject): boolean {
  return where === undefined || where.is.some((value) => value === source[where.sibling]);
}

function leftOut(field: Field, looksInside: boolean): Sent {
  return field.leftOut !== undefined && (field.leftOut.by === 'default' || looksInside)
    ? field.leftOut.value
    : undefined;
}

function convertField(field: Field, value: Json, path: string, report: Report): Sent {
  switch (field.shape) {
    case 'scalar': {
      const read = attempt(field.read, value, path, report);
      const zero = read === '' || read === 0 || read === false;
      return zero && field.keepsZero !== true ? undefined : read;
    }
    case 'list': {
      // A lone value is not a list for Terraform either, but null in a list is an empty string for the provider.
      if (!Array.isArray(value)) return wrong('a list', value, path, report);
      const read = value.map((item: Json, i) => attempt(field.read, item ?? '', `${path}[${i}]`, report));
      return read.length === 0 ? undefined : read.filter((item) => item !== undefined);
    }
    case 'map': {
      if (!isObject(value)) return wrong('a map', value, path, report);
      const entries = Object.entries(value)
        .filter(([, item]) => item !== null)
        .map(
          ([key, item]) =>
            [key, attempt(field.read, item, `${path}[${JSON.stringify(key)}]`, report)] as const,
        )
        .filter((entry): entry is [string, Json] => entry[1] !== undefined);
      return entries.length === 0 ? undefined : Object.fromEntries(entries);
    }
    case 'object': {
      const blocks = asBlocks(value, path, report);
      if (blocks.length > 1) report(path, `only one is sent, got ${blocks.length}`);
      const [first] = blocks;
      return first === undefined ? undefined : convertBlock(field.block, first.source, first.path, report);
    }
    case 'array': {
      const blocks = asBlocks(value, path, report);
      return blocks.length === 0
        ? undefined
        : blocks.map(({ source, path: place }) => convertBlock(field.block, source, place, report));
    }
    case 'refused':
      report(path, field.because);
      return undefined;
    case 'dropped':
      return undefined;
  }
}

/** Terraform's JSON syntax takes a block as an object, and as a list of them, whatever the number allowed. */
function asBlocks(value: Json, path: string, report: Report): { source: JsonObject; path: string }[] {
  const blocks = Array.isArray(value)
    ? value.map((item: Json, i) => ({ source: item ?? {}, path: `${path}[${i}]` }))
    : [{ source: value, path }];
  return blocks.flatMap(({ source, path: place }) => {
    if (isObject(source)) return [{ source, path: place }];
    wrong('a block', source, place, report);
    return [];
  });
}

function attempt(read: Read, value: Json, path: string, report: Report): Sent {
  try {
    return read(value);
  } catch (error) {
    if (!(error instanceof UnreadableValue)) throw error;
    report(path, error.message);
    return undefined;
  }
}

function wrong(what: string, value: Json, path: string, report: Report): Sent {
  report(path, `expected ${what}, got ${JSON.stringify(value)}`);
  return undefined;
}

const below = (path: string, name: string) => (path === '' ? name : `${path}.${name}`);

const isSet = (value: Json | undefined) => value !== undefined && value !== null && Number(value) >= 1;
