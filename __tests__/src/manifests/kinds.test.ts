import { type Block, camelCase, type Field } from '../../../src/manifests/field';
import { KINDS } from '../../../src/manifests/kinds';
import { readFlag, readInteger, readIntOrString, readNumber, readOctal } from '../../../src/manifests/scalar';
import { apiModel } from './api-schema';
import { generatedFolder, providerSchema, type SchemaBlock } from './provider-schema';

/** Attributes that belong to the resource and not to the object. */
const OF_THE_RESOURCE = new Set(['id', 'timeouts']);

/** Single in the provider, a list in the API. */
const LISTS_OF_ONE = new Set(['allowed_topologies']);

describe('the table of kinds', () => {
  it.each(Object.entries(KINDS))('has for %s what the provider has, each with its type', (type, kind) => {
    const folder = generatedFolder(type) ?? `no generated class for ${type}`;
    expect(providerDifferences(kind.fields, providerSchema(folder), '')).toEqual([]);
  });

  it.each(Object.entries(KINDS))(
    'writes for %s what the API has, each with its type',
    (_, { kind, apiVersion, fields }) => {
      const version = (apiVersion.split('/').at(-1) ?? '').toUpperCase();
      expect(apiDifferences(fields, `${version}${kind}`, '')).toEqual([]);
    },
  );

  it('detects a wrong name, a wrong type and a missing attribute', () => {
    const schema = { name: 'string', count: 'number', port: [{ number: 'string' }] } satisfies SchemaBlock;
    const read = (value: unknown) => value as string;
    const block: Block = {
      name: { shape: 'list', read },
      other: { shape: 'scalar', read },
      port: { shape: 'map', read },
    };
    expect(providerDifferences(block, schema, '')).toEqual([
      'count: not in the table',
      'other: not in the provider',
      'name: string in the provider, list of string in the table',
      'port: a block in the provider, map in the table',
    ]);
    expect(apiDifferences({ host_ip: { shape: 'scalar', read: readFlag } }, 'V1PodStatus', '')).toEqual([
      'host_ip: V1PodStatus has no hostIp',
    ]);
    expect(apiDifferences({ tty: { shape: 'scalar', read: readNumber } }, 'V1Container', '')).toEqual([
      'tty: boolean in the API, number in the table',
    ]);
  });
});

const isRepeated = (shape: SchemaBlock[string]): shape is readonly [SchemaBlock] => Array.isArray(shape);

/** Where the table and the provider's schema differ, one line each. */
function providerDifferences(block: Block, schema: SchemaBlock, path: string): string[] {
  const missing = Object.keys(schema).filter(
    (name) => !(name in block) && !(path === '' && OF_THE_RESOURCE.has(name)),
  );
  const invented = Object.keys(block).filter((name) => !(name in schema) && block[name]?.shape !== 'dropped');
  return [
    ...missing.map((name) => `${path}${name}: not in the table`),
    ...invented.map((name) => `${path}${name}: not in the provider`),
    ...Object.entries(schema).flatMap(([name, shape]) => {
      const field = block[name];
      return field === undefined ? [] : attributeDifferences(field, shape, name, path);
    }),
  ];
}

function attributeDifferences(
  field: Field,
  shape: SchemaBlock[string],
  name: string,
  path: string,
): string[] {
  if (field.shape === 'dropped' || field.shape === 'refused') return [];
  if (typeof shape !== 'string') {
    if (field.shape !== 'object' && field.shape !== 'array') {
      return [`${path}${name}: a block in the provider, ${field.shape} in the table`];
    }
    const single = !isRepeated(shape);
    const differences = providerDifferences(field.block, single ? shape : shape[0], `${path}${name}.`);
    return single && field.shape === 'array' && !LISTS_OF_ONE.has(name)
      ? [`${path}${name}: single in the provider, repeated in the table`, ...differences]
      : differences;
  }
  const expected = terraformType(field);
  return expected === shape ? [] : [`${path}${name}: ${shape} in the provider, ${expected} in the table`];
}

function terraformType(field: Field): string {
  if (field.shape === 'list' || field.shape === 'map') {
    return `${field.shape} of ${field.read === readNumber ? 'number' : 'string'}`;
  }
  if (field.shape !== 'scalar') return field.shape;
  return field.read === readFlag ? 'boolean' : field.read === readNumber ? 'number' : 'string';
}

/** Where the table and the API's model differ, one line each. */
function apiDifferences(block: Block, model: string, path: string): string[] {
  const fields = apiModel(model);
  if (fields === undefined) return [`${path}: the API has no ${model}`];
  return Object.entries(block).flatMap(([attribute, field]) => {
    if (field.shape === 'dropped' || field.shape === 'refused') return [];
    if (field.shape === 'object' && field.merges === true) return apiDifferences(field.block, model, path);
    const name = field.to ?? camelCase(attribute);
    const type = fields.get(name);
    if (type === undefined) return [`${path}${attribute}: ${model} has no ${name}`];
    if (field.shape === 'object' || field.shape === 'array') {
      const element = /^Array<(\w+)>$/.exec(type)?.[1];
      // A finishing step takes the repetition inside a projected volume's sources apart.
      const fits = (field.shape === 'array') === (element !== undefined) || path.endsWith('sources.');
      return fits
        ? apiDifferences(field.block, element ?? type, `${path}${attribute}.`)
        : [`${path}${attribute}: ${type} in the API, ${field.shape} in the table`];
    }
    const expected = apiType(field);
    return expected === type ? [] : [`${path}${attribute}: ${type} in the API, ${expected} in the table`];
  });
}

function apiType(field: Field): string {
  if (field.shape === 'list') return field.read === readNumber ? 'Array<number>' : 'Array<string>';
  if (field.shape === 'map') return '{ [key: string]: string; }';
  if (field.shape !== 'scalar') return field.shape;
  if (field.read === readIntOrString) return 'IntOrString';
  if (field.read === readFlag) return 'boolean';
  return [readNumber, readInteger, readOctal].some((read) => read === field.read) ? 'number' : 'string';
}
