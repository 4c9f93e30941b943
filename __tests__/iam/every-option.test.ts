import { parse } from 'yaml';
import { platformJsonSchema } from '../../src/config/json-schema';
import { workloads } from '../own-platform';
import { CHANGES, EVERY_OPTION, LEFT_OUT } from './every-option';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of the schema that no value has, by their dotted path: `*` for a name, `[]` for an element. A key of a missing key is not told. */
function missing(schema: Schema, values: readonly unknown[], path = ''): string[] {
  const objects = values.filter(isObject);
  const inner = (key: string): string => (path === '' ? key : `${path}.${key}`);
  const { properties = {}, additionalProperties, items, anyOf = [] } = schema;
  const others = objects.flatMap((object) =>
    Object.entries(object).flatMap(([key, value]) => (key in properties ? [] : [value])),
  );
  return [
    ...Object.entries(properties).flatMap(([key, each]) => {
      const found = objects.flatMap((object) => (key in object ? [object[key]] : []));
      return found.length === 0 ? [inner(key)] : missing(each, found, inner(key));
    }),
    ...(typeof additionalProperties === 'object' ? missing(additionalProperties, others, inner('*')) : []),
    ...(items ? missing(items, values.filter(Array.isArray).flat(), `${path}[]`) : []),
    ...anyOf.flatMap((each) => missing(each, values, path)),
  ];
}

const schema = platformJsonSchema(workloads) as Schema;
const platform = parse(EVERY_OPTION) as unknown;

it('the test platform has every key of the schema, except for those with a reason', () => {
  expect(missing(schema, [platform])).toEqual(Object.keys(LEFT_OUT));
});

it('the check names a key that the test platform lacks', () => {
  const without = Object.entries(platform as object).filter(([key]) => key !== 'tags');
  expect(missing(schema, [Object.fromEntries(without)])).toContain('tags');
  expect(missing(schema, [{ nodes: { one: {} } }])).toContain('nodes.*.kubelet');
});

it('the changes of the test platform are at keys of the schema', () => {
  const known = (key: string): boolean =>
    key.split('.').reduce<Schema | undefined>((inner, name) => {
      const { properties = {}, additionalProperties } = inner ?? {};
      return (
        properties[name] ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined)
      );
    }, schema) !== undefined;
  expect(CHANGES.map(([key]) => key).filter((key) => !known(key))).toEqual([]);
  expect(known('cluster.nothing')).toBe(false);
});
