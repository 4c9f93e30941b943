import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformJsonSchema } from '../../../src/config/json-schema';
import { workloads } from '../../own-platform';

const ROOT = join(__dirname, '../../..');

test('platform.schema.json is what the schema generates', () => {
  expect(JSON.parse(readFileSync(join(ROOT, 'platform.schema.json'), 'utf8'))).toEqual(
    platformJsonSchema(workloads),
  );
});

interface Described {
  required?: string[];
  description?: string;
  properties?: Record<string, Described>;
  additionalProperties?: Described | false;
}

/** Every key of the schema by its dotted path, `*` for a name. */
function keys(schema: Described, path = ''): [string, Described][] {
  const inner = Object.entries({
    ...schema.properties,
    ...(schema.additionalProperties ? { '*': schema.additionalProperties } : {}),
  });
  return inner.flatMap(([key, value]) => {
    const name = path === '' ? key : `${path}.${key}`;
    return [[name, value] as [string, Described], ...keys(value, name)];
  });
}

test('every key has a description', () => {
  const all = keys(platformJsonSchema(workloads));
  expect(all.length).toBeGreaterThan(30);
  expect(
    all.filter(([name, { description }]) => !name.endsWith('*') && !description).map(([name]) => name),
  ).toEqual([]);
});

test('every key has a line in docs/reference/platform-yaml.md', () => {
  const page = readFileSync(join(ROOT, 'docs/reference/platform-yaml.md'), 'utf8');
  const leaves = keys(platformJsonSchema(workloads)).filter(
    ([, value]) => !value.properties && !value.additionalProperties,
  );
  const missing = leaves
    .map(([name]) =>
      name
        .replace('nodes.*', 'nodes.<name>')
        .replace('namespaces.*', 'namespaces.<name>')
        .replace('teams.*', 'teams.<arn>')
        .replace('labels.*', 'labels.<key>')
        .replace(/^cluster\.addOns\.[^.]+/, 'cluster.addOns.<name>'),
    )
    .filter((name) => !page.includes(`\`${name}\``));
  expect(missing).toEqual([]);
});

test('required are the keys without a default only', () => {
  const schema: Described = platformJsonSchema(workloads);
  expect(schema.required).toEqual(['name', 'region', 'cluster', 'nodes', 'namespaces']);
  expect(schema.properties?.['cluster']).toMatchObject({ required: ['version', 'admins'] });
});
