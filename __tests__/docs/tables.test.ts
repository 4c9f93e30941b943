import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { absenceOf, KUBERNETES_PROVIDER } from '../../src/facts/attribute-table';
import { generatedFolder } from '../src/manifests/provider-schema';
import { FEATURES } from '../constructs/kubernetes/features';
import { idlePatterns, missingFields } from './missing-fields';
import { page } from './page';
import { smallest } from './smallest';
import { type Synthesized, synthesized } from './synthesized-example';

const PAGE = page('docs/reference/kubernetes.md');

const cellsOf = (heading: string): string[][] => PAGE.cells(heading);

const codesIn = (cell = ''): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

let made: Synthesized;

beforeAll(() => {
  made = synthesized(smallest);
});

const FOLDER = join(__dirname, '../../constructs/kubernetes');
const CODE = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(FOLDER, file), 'utf8'))
  .join('\n');

describe('the table of kinds', () => {
  const rows = cellsOf('## Kinds');

  it('has every kind that the constructs make, with its resource', () => {
    const kinds = made.objects
      // The account that every namespace has, which is a resource of its own.
      .filter(({ address }) => !address.startsWith('kubernetes_default_service_account_v1.'))
      .map(({ address, object }) => `${object.kind} ${address.split('.')[0] ?? ''}`);
    expect(rows.map(([kind, , type]) => `${kind} ${codesIn(type)[0] ?? ''}`).sort()).toEqual(
      [...new Set(kinds)].sort(),
    );
  });

  it('leaves out no class of the provider that a construct makes', () => {
    const used = CODE.matchAll(
      /^import (?!type)[^;]*?'@cdktf\/provider-kubernetes\/lib\/(?!provider')([^']+)'/gm,
    );
    const types = Object.keys(made.document.resource ?? {}).map(generatedFolder);
    expect([...new Set([...used].map(([, folder]) => folder))].sort()).toEqual(
      types.filter((folder) => folder !== undefined).sort(),
    );
  });

  it.each(rows.flatMap(([, construct]) => codesIn(construct)))('names %s, which exists', (name) => {
    const [first = '', method] = name.split('.');
    const declaration =
      method === undefined
        ? new RegExp(`^export class ${first}\\b|^ {2}readonly ${first}\\?: `, 'm')
        : new RegExp(`^ {2}(static )?${method}[<(]`, 'm');
    expect(CODE).toMatch(declaration);
  });
});

it('the table of features has each feature that a test holds, and the way to set it', () => {
  const ways = { option: 'option', patch: '`patch()`', 'via manifest': "`via: 'manifest'`" };
  expect(cellsOf('## Features beside other tools').map(([feature, here]) => [feature, here])).toEqual(
    Object.entries(FEATURES).map(([feature, { by }]) => [feature, ways[by]]),
  );
});

/**
 * The values at a path such as `spec.containers[].name`, one for each element of its lists; `metadata.labels["…/enforce"]` is
 * the first label that ends so.
 */
function valuesAt(value: unknown, path: string): unknown[] {
  const steps = [...path.matchAll(/\["([^"]+)"\]|(\[\])|([^.[\]]+)/g)];
  return steps.reduce<unknown[]>(
    (values, [, quoted, list, name]) =>
      values.flatMap((each) => {
        if (list !== undefined) return Array.isArray(each) ? (each as unknown[]) : [];
        const fields = (each ?? {}) as Readonly<Record<string, unknown>>;
        const suffix = quoted?.startsWith('…') === true ? quoted.slice(1) : undefined;
        const key = suffix === undefined ? quoted : Object.keys(fields).find((each) => each.endsWith(suffix));
        return [fields[key ?? name ?? '']];
      }),
    [value],
  );
}

describe('the table of defaults', () => {
  /** The Pods’ specs of every kind that has Pods. */
  const podSpecs = (): unknown[] =>
    made.objects.flatMap(({ object }) =>
      ['spec', 'spec.template.spec', 'spec.jobTemplate.spec.template.spec']
        .flatMap((path) => valuesAt(object, path))
        .filter((spec) => typeof spec === 'object' && spec !== null && 'containers' in spec),
    );

  /** The objects of a kind, each with the arguments of its resource. */
  const sourcesOf = (kind: string): unknown[] => {
    if (kind === 'Pods') return podSpecs();
    if (kind === 'containers') return podSpecs().flatMap((spec) => valuesAt(spec, 'containers[]'));
    const [name, type] = kind.split(': ');
    return made.objects
      .filter(({ object }) => object.kind === name)
      .filter(({ object }) => type === undefined || valuesAt(object, 'spec.type')[0] === type)
      .map(({ address, object }) => {
        const [resource = '', id = ''] = address.split('.');
        return { ...made.document.resource?.[resource]?.[id], ...object };
      });
  };

  it.each(cellsOf('## Defaults'))('is true of %s: %s is %s', (kind, field, value) => {
    const sources = sourcesOf(kind);
    expect(sources.length).toBeGreaterThan(0);
    const expected: unknown = value === 'none' ? undefined : parse(codesIn(value)[0] ?? '');
    for (const source of sources) {
      const values = valuesAt(source, codesIn(field)[0] ?? '');
      expect(values.length).toBeGreaterThan(0);
      expect(values).toStrictEqual(values.map(() => expected));
    }
  });
});

// The rows are what to put into the page; Prettier aligns them.
const rowsOf = (cells: readonly (readonly string[])[]): string =>
  cells.map((row) => `| ${row.join(' | ')} |`).join('\n');

describe('the tables of what the provider lacks', () => {
  it('have every field of the API without an argument', () => {
    const rows = [...missingFields()].map(([type, fields]) => [
      type,
      fields.map((field) => `\`${field}\``).join(', '),
    ]);
    expect(PAGE.rows('### Fields')).toBe(rowsOf(rows));
    expect(idlePatterns()).toEqual([]);
  });

  it('have kinds without a resource, and the version with one', () => {
    const rows = cellsOf('### Kinds without a resource');
    expect(rows.length).toBeGreaterThan(5);
    for (const [kind = '', , version] of rows) {
      const snake = kind.replace(/(?<!^)([A-Z][a-z])/g, '_$1').toLowerCase();
      const types = ['_v1', '_v1beta1', ''].map((suffix) => `kubernetes_${snake}${suffix}`);
      expect([kind, types.map(generatedFolder)]).toEqual([kind, [undefined, undefined, undefined]]);
      expect([kind, types.map((type) => absenceOf([type]).since).find(Boolean) ?? 'none']).toEqual([
        kind,
        version,
      ]);
    }
  });

  it('are about the provider whose classes the constructs use', () => {
    const library = dirname(require.resolve('@cdktf/provider-kubernetes/package.json'));
    const { version } = JSON.parse(readFileSync(join(library, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(PAGE.text.replace(/\s+/g, ' ')).toContain(
      `The provider is ${KUBERNETES_PROVIDER}, by \`@cdktf/provider-kubernetes\` ${version}.`,
    );
    expect(`hashicorp/kubernetes ${classesOf(library)}`).toBe(KUBERNETES_PROVIDER);
  });
});

const classesOf = (library: string): string =>
  /providerVersion: '(.+?)'/.exec(readFileSync(join(library, 'lib/provider/index.js'), 'utf8'))?.[1] ?? '';
