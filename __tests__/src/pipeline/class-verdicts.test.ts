import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import aws from '../../../src/facts/attributes/aws@5.100.0.behavior.json';
import kubernetes from '../../../src/facts/attributes/kubernetes@2.38.0.behavior.json';
import { isObject } from '../../../src/manifests/field';
import type { Json, JsonObject } from '../../../src/manifests/terraform-document';
import { stopped } from './corpus/base-plans';
import { type WrittenChange, writtenPlan } from './written-plan';

/**
 * What the guard says of a change of each argument and field that a table classes: by type or kind, the verdict, and the paths that
 * have it. A row that is taken out of a table changes the verdict. `VERDICTS=write` writes the file again, with the rows that are
 * new: read the difference.
 */
const FILE = join(__dirname, 'class-verdicts.json');
type Verdicts = Readonly<Record<string, Readonly<Record<string, string>>>>;
const VERDICTS = JSON.parse(readFileSync(FILE, 'utf8')) as Verdicts;
const IS_WRITTEN = process.env['VERDICTS'] === 'write';

/** What is done to a value, by the name that a verdict has for it. */
const CHANGES: readonly (readonly [name: string, before: Json, after: Json])[] = [
  ['set', null, 'x'],
  ['another', 'x', 'y'],
  ['removed', 'y', null],
  ['true', false, true],
  ['false', true, false],
  ['more', 1, 2],
  ['less', 2, 1],
  ['longer', ['x'], ['x', 'y']],
  ['shorter', ['x', 'y'], ['x']],
];

const KEYS = 'labels and annotations';
/** Where a table says something of any type, a type that it says little else of. */
const ANY: Readonly<Record<string, string>> = {
  '* of AWS': 'aws_iam_policy',
  '* of Kubernetes': 'NetworkPolicy',
};
/** A path of a type that is classed whole. */
const WHOLE = '(any other)';

const API_VERSIONS = new Map(
  Object.values(kubernetes.kinds).map((text) => {
    const [apiVersion = '', kind = ''] = text.split(' ');
    return [kind, apiVersion];
  }),
);

function nested([name, ...rest]: readonly string[], value: Json): Json {
  return name === undefined ? value : { [name]: nested(rest, value) };
}

function merged(into: JsonObject, from: JsonObject): JsonObject {
  const values = Object.entries(from).map(([name, value]) => {
    const known = into[name];
    return [name, isObject(known) && isObject(value) ? merged(known, value) : value];
  });
  return { ...into, ...(Object.fromEntries(values) as JsonObject) };
}

/** The arguments of a resource of this type or kind, with one value. */
function holding(type: string, path: string, value: Json): JsonObject {
  if (type.startsWith('aws_') || /^(?:helm_release|terraform_data)$/.test(type)) {
    return nested(path === WHOLE ? ['anything'] : path.split('.'), value) as JsonObject;
  }
  const [kind, names] =
    type === KEYS
      ? ['ConfigMap', ['metadata', 'annotations', path.replaceAll('*', 'x')]]
      : [type, path === WHOLE ? ['anything'] : path.split('.')];
  const object = {
    apiVersion: API_VERSIONS.get(kind) ?? 'v1',
    kind,
    metadata: { name: 'x', namespace: 'dev' },
  };
  return { manifest: merged(object, nested(names, value) as JsonObject) };
}

/** The verdicts on all these paths of a type, with the paths that have each. */
function verdictsOn(name: string, paths: readonly string[]): Record<string, string> {
  const type = ANY[name] ?? name;
  const resource =
    type.startsWith('aws_') || /^(?:helm_release|terraform_data)$/.test(type) ? type : 'kubernetes_manifest';
  const changes = paths.flatMap((path, i): [string, WrittenChange][] => [
    ...CHANGES.map(([what, before, after]): [string, WrittenChange] => [
      `${resource}.${i}-${what}`,
      { before: holding(type, path, before), after: holding(type, path, after) },
    ]),
    [`${resource}.${i}-new`, { actions: ['create'], after: holding(type, path, 'x') }],
  ]);
  const rules = new Map(
    stopped(writtenPlan('dev', Object.fromEntries(changes))).map(({ address, rule }) => [address, rule]),
  );
  const found: Record<string, string[]> = {};
  for (const [i, path] of paths.entries()) {
    const ruleOf = (what: string): string | undefined => rules.get(`${resource}.${i}-${what}`);
    const names = CHANGES.map(([what]) => what);
    const [stops, passes] = [names.filter(ruleOf), names.filter((what) => ruleOf(what) === undefined)];
    const which = new Set([...stops, 'new'].flatMap((what) => ruleOf(what) ?? []));
    const [word, of] = passes.length < stops.length ? ['unless', passes] : ['for', stops];
    const verdict = [
      [...which].join(' and ') || 'passes',
      ...(of.length === 0 ? [] : [word, ...of]),
      ...(ruleOf('new') === undefined ? [] : ['also new']),
    ].join(' ');
    (found[verdict] ??= []).push(path);
  }
  return Object.fromEntries(
    Object.entries(found)
      .map(([verdict, of]): [string, string] => [verdict, of.sort().join(' | ')])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const pathsIn = (verdicts: Readonly<Record<string, string>> = {}): string[] =>
  Object.values(verdicts).flatMap((paths) => paths.split(' | '));

/** What the tables have: the paths by type. */
function rows(): Map<string, string[]> {
  const found = new Map<string, string[]>([[KEYS, Object.keys(kubernetes.keys)]]);
  for (const [any, classes] of [
    ['* of AWS', aws.classes],
    ['* of Kubernetes', kubernetes.classes],
  ] as const) {
    for (const key of Object.keys(classes)) {
      const [type = '', ...names] = key.split('.');
      const of = type === '*' ? any : type;
      found.set(of, [...(found.get(of) ?? []), names.join('.') || WHOLE]);
    }
  }
  return found;
}

if (IS_WRITTEN) {
  const all = new Map([...rows()].sort(([a], [b]) => (a < b ? -1 : 1)));
  const written = Object.fromEntries([...all].map(([type, paths]) => [type, verdictsOn(type, paths)]));
  writeFileSync(FILE, `${JSON.stringify(written, null, 2)}\n`);
}

it.each(Object.entries(VERDICTS))('the guard judges each classed value of %s', (type, verdicts) => {
  expect(verdictsOn(type, pathsIn(verdicts))).toEqual(verdicts);
});

it('a verdict is known of every row of the tables', () => {
  const unknown = [...rows()].flatMap(([type, paths]) => {
    const known = pathsIn(VERDICTS[type]);
    return paths.filter((path) => !known.includes(path)).map((path) => `${type} ${path}`);
  });
  expect(unknown).toEqual([]);
});
