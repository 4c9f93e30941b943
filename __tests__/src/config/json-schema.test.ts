import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { platformJsonSchema } from '../../../src/config/json-schema';
import { referencePage } from '../../../src/config/reference-page';
import { workloads } from '../../own-platform';

const ROOT = join(__dirname, '../../..');

it('platform.schema.json is what the schema generates', () => {
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

it('every key has a description', () => {
  const all = keys(platformJsonSchema(workloads));
  expect(all.length).toBeGreaterThan(30);
  expect(
    all.filter(([name, { description }]) => !name.endsWith('*') && !description).map(([name]) => name),
  ).toEqual([]);
});

describe('docs/reference/platform-yaml.md', () => {
  const page = readFileSync(join(ROOT, 'docs/reference/platform-yaml.md'), 'utf8');

  it('has the tables that the schema generates', () => {
    expect(referencePage(page, workloads)).toBe(page);
  });

  it('says of every key what it is, what is allowed and its default', () => {
    const rows = page.split('\n').filter((line) => /^\| `[a-z]+[.`]/.test(line));
    expect(rows.length).toBeGreaterThan(60);
    expect(
      rows.filter((row) => row.split(' | ').some((cell) => cell.replace(/\|/g, '').trim() === '')),
    ).toEqual([]);
  });

  it('loses no key: a page without a table for a key is an error that names it', () => {
    expect(() => referencePage(page.replace('<!-- keys: nodes -->', ''), workloads)).toThrow(
      'no table has nodes; add a marker <!-- keys: … -->',
    );
    expect(() => referencePage(page.replace('keys: nodes', 'keys: groups'), workloads)).toThrow(
      'the schema has no key "groups"',
    );
  });
});

it('only keys without a default are required', () => {
  const schema: Described = platformJsonSchema(workloads);
  expect(schema.required).toEqual(['name', 'region', 'cluster', 'nodes', 'namespaces']);
  expect(schema.properties?.['cluster']).toMatchObject({ required: ['version', 'admins'] });
});
