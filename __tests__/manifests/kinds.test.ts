import type { Block, Field } from '../../manifests/field';
import { KINDS } from '../../manifests/kinds';
import { readInteger, readIntOrString, readFlag, readNumber, readOctal } from '../../manifests/scalar';
import { generatedFolder, providerSchema, type SchemaBlock } from './provider-schema';

/** Attributes that belong to the resource and not to the object. */
const OF_THE_RESOURCE = new Set(['id', 'timeouts']);

const isRepeated = (shape: SchemaBlock[string]): shape is readonly [SchemaBlock] => Array.isArray(shape);

/** Where the table and the provider's schema differ, one line each. */
function differences(block: Block, schema: SchemaBlock, path: string): string[] {
  const unknown = Object.keys(schema).filter(
    (name) => !(name in block) && !(path === '' && OF_THE_RESOURCE.has(name)),
  );
  const invented = Object.entries(block)
    .filter(([name, field]) => !(name in schema) && field.shape !== 'dropped')
    .map(([name]) => name);
  return [
    ...unknown.map((name) => `${path}${name}: not in the table`),
    ...invented.map((name) => `${path}${name}: not in the provider`),
    ...Object.entries(schema).flatMap(([name, shape]) => {
      const field = block[name];
      return field === undefined ? [] : fieldDifferences(field, shape, `${path}${name}`);
    }),
  ];
}

function fieldDifferences(field: Field, shape: SchemaBlock[string], path: string): string[] {
  if (field.shape === 'dropped' || field.shape === 'refused') return [];
  if (typeof shape !== 'string') {
    const inside = isRepeated(shape) ? shape[0] : shape;
    return field.shape === 'object' || field.shape === 'array'
      ? differences(field.block, inside, `${path}.`)
      : [`${path}: a block in the provider, ${field.shape} in the table`];
  }
  const expected = expectedShape(field);
  return expected === shape ? [] : [`${path}: ${shape} in the provider, ${expected} in the table`];
}

function expectedShape(field: Field): string {
  if (field.shape === 'list' || field.shape === 'map') {
    return `${field.shape} of ${field.read === readNumber ? 'number' : 'string'}`;
  }
  if (field.shape !== 'scalar') return field.shape;
  if (field.read === readFlag) return 'boolean';
  if (field.read === readNumber) return 'number';
  if ([readInteger, readIntOrString, readOctal].some((read) => read === field.read)) return 'string';
  return 'string';
}

describe('the table of kinds against the schema of the generated provider', () => {
  test.each(Object.entries(KINDS))('%s has every attribute with its type, and no other', (type, kind) => {
    const folder = generatedFolder(type);
    expect(folder).toBeDefined();
    expect(differences(kind.fields, providerSchema(folder ?? ''), '')).toEqual([]);
  });

  test('the reading of the generated code finds nested and repeated blocks', () => {
    const schema = providerSchema('deployment-v1');
    expect(schema['spec']).toHaveProperty(
      'template.spec.container.0.security_context.run_as_non_root',
      'boolean',
    );
    expect(schema['spec']).toHaveProperty('template.spec.node_selector', 'map of string');
  });
});
