import { didYouMean } from '../facts/near-name';
import { type Block, camelCase, type Field, isObject, snakeCase } from './field';
import { readBase64, readInteger, readIntOrString, readOctal, readText, type Read } from './scalar';
import type { Json, JsonObject } from './terraform-document';

/** What the provider takes for a value of the API, where it is another one. */
const WRITE: ReadonlyMap<Read, (value: Json) => Json> = new Map<Read, (value: Json) => Json>([
  [readBase64, (value) => Buffer.from(value as string, 'base64').toString()],
  [readInteger, String],
  [readIntOrString, String],
  [readOctal, (value) => `0${Number(value).toString(8)}`],
]);

/** Tells that the field at a path cannot be written; `names` are those of its blocks and its own. */
export type Unwritable = (
  path: string,
  names: readonly string[],
  why: { near: string } | { found: string },
) => void;

/** Where a part of an object is: in the API's words, and by the names of its blocks. */
interface Where {
  readonly path: string;
  readonly names: readonly string[];
}

/**
 * The provider's form of a part of a Kubernetes object, the reverse of `convertBlock`. A field that the provider has no argument for is
 * reported.
 *
 * @param before the arguments as they were: of two that fill one field, the one that was set is set again
 */
export function providerForm(
  block: Block,
  object: JsonObject,
  before: JsonObject,
  where: Where,
  report: Unwritable,
): JsonObject {
  const result: Record<string, Json> = {};
  const taken = new Set<string>();
  const ordered = Object.keys(block).sort((a, b) => Number(b in before) - Number(a in before));
  for (const name of ordered) {
    const field = block[name];
    if (!field || field.shape === 'dropped' || field.shape === 'refused') continue;
    const earlier = firstOf(before[name]);
    if (field.shape === 'object' && field.merges) {
      const keys = Object.keys(object).filter((key) => keysOf(field.block).has(key));
      if (keys.length === 0) continue;
      keys.forEach((key) => taken.add(key));
      const own = Object.fromEntries(keys.map((key) => [key, object[key] ?? null]));
      result[name] = providerForm(field.block, own, earlier, where, report);
      continue;
    }
    const key = field.to ?? camelCase(name);
    const value = object[key] ?? null;
    if (value === null && field.leftOut?.by === 'default' && 'read' in field && field.read === readText) {
      // The way to leave out a text that has a default.
      result[name] = '';
    }
    if (value === null || taken.has(key)) continue;
    taken.add(key);
    const written = writtenAs(field, value, earlier, inside(where, key, name), report);
    if (written !== undefined) result[name] = written;
  }
  for (const [key, value] of Object.entries(object)) {
    if (taken.has(key) || value === null) continue;
    const { path, names } = inside(where, key, snakeCase(key));
    report(path, names, { near: didYouMean(key, keysOf(block)) });
  }
  return result;
}

function writtenAs(
  field: Field,
  value: Json,
  before: JsonObject,
  where: Where,
  report: Unwritable,
): Json | undefined {
  const write = 'read' in field ? (WRITE.get(field.read) ?? ((each: Json) => each)) : (each: Json) => each;
  switch (field.shape) {
    case 'list':
      if (Array.isArray(value)) return value.map(write);
      break;
    case 'map':
      if (isObject(value))
        return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, write(each)]));
      break;
    case 'object':
      if (isObject(value)) return providerForm(field.block, value, before, where, report);
      break;
    case 'array': {
      // Elements that the provider splits have one object for a list.
      const blocks = Array.isArray(value) ? (value as readonly Json[]) : [value];
      if (blocks.every(isObject)) {
        return blocks.map((each, i) =>
          providerForm(field.block, each, before, { ...where, path: `${where.path}[${i}]` }, report),
        );
      }
      break;
    }
    default:
      if (typeof value !== 'object') return write(value);
  }
  report(where.path, where.names, { found: JSON.stringify(value) });
  return undefined;
}

const inside = ({ path, names }: Where, key: string, name: string): Where => ({
  path: path === '' ? key : `${path}.${key}`,
  names: [...names, name],
});

const firstOf = (value: Json | undefined): JsonObject => {
  const first: Json | undefined = Array.isArray(value) ? (value as readonly Json[])[0] : value;
  return isObject(first) ? first : {};
};

const keysOf = (block: Block): Set<string> =>
  new Set(Object.entries(block).map(([name, field]) => field.to ?? camelCase(name)));
