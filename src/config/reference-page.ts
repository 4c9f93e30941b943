import { ADD_ONS, PINNED_KUBERNETES_VERSIONS } from '@kubernetes-on-aws/eks-facts/add-ons';
import * as z from 'zod/mini';
import { keysOf, schemaOf, unwrap } from './accepted-parts';
import { platformJsonSchema } from './json-schema';
import { platformSchema } from './schema/platform-schema';
import type { WorkloadKeys } from './workload-keys';

/** What the page needs of a JSON Schema. */
interface Json {
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly additionalProperties?: Json | false;
  readonly items?: Json;
}

/** A key of `platform.yaml` in the page: its path, description, allowed values and what it is when left out. */
type Row = readonly [key: string, description: string, allowed: string, leftOut: string];

/** Where a key is. */
interface Place {
  readonly path: string;
  /** Whether its mapping must have it. */
  readonly required: boolean;
  /** The mapping around it that may be left out as a whole. */
  readonly optional?: string;
}

/** A table of the page, between a marker that names it and the end marker: `<!-- keys: nodes -->`, `<!-- add-ons -->`. */
const TABLE = /(<!-- (keys: ([\w ]+)|add-ons) -->\n)[\s\S]*?(<!-- end -->)/g;

/**
 * The reference page of `platform.yaml` with its tables as the schema has them; the text around them stays.
 *
 * @throws RangeError when a marker names a key that does not exist, or a key is in no table
 */
export function referencePage(page: string, workloads: readonly WorkloadKeys[]): string {
  const schema = platformSchema(workloads);
  const json = platformJsonSchema(workloads) as Json;
  const missing = new Set(keysOf(schema));
  const written = page.replace(TABLE, (_, start: string, _name, keys: string | undefined, end: string) => {
    const rows = (keys ?? '').split(' ').flatMap((key) => {
      const [inner, described] = [schemaOf(schema, key), json.properties?.[key]];
      if (keys === undefined) return [];
      if (!inner || !described) throw new RangeError(`reference page: the schema has no key "${key}"`);
      missing.delete(key);
      return rowsOf(inner, described, { path: key, required: json.required?.includes(key) === true });
    });
    const text = keys === undefined ? addOnTable() : keyTable(rows);
    return `${start}\n${text}\n\n${end}`;
  });
  if (missing.size > 0) {
    throw new RangeError(
      `reference page: no table has ${[...missing].join(', ')}; add a marker <!-- keys: … -->`,
    );
  }
  return written;
}

/** The longest text of a cell that a reader still reads as one. */
const CELL = 120;

/** The table of keys, and below it the allowed values that are too many for a cell. */
function keyTable(rows: readonly Row[]): string {
  const isLong = ([, , values]: Row): boolean => values.replaceAll('`', '').length > CELL;
  return [
    table([
      ['key', 'what', 'allowed', 'left out'],
      ...rows.map((row) => [code(row[0]), row[1], isLong(row) ? 'values as below' : row[2], row[3]]),
    ]),
    ...rows.filter(isLong).map(([key, , values]) => `${code(key)}: ${values}.`),
  ].join('\n\n');
}

/** The rows of a key: its own, or those of the keys in it. */
function rowsOf(schema: z.core.$ZodType, json: Json, place: Place): Row[] {
  const { path, required } = place;
  const bare = unwrap(schema) as z.core.$ZodTypes;
  const optional = required || json.default !== undefined ? place.optional : path;
  const within = { ...(optional !== undefined && { optional }) };
  const { def } = bare._zod;
  if (def.type === 'object') {
    const inner = Object.entries(json.properties ?? {}).map(([key, value]) => ({ key, value }));
    const rows = inner.map(({ key, value }) => {
      const at = { ...within, path: `${path}.${key}`, required: json.required?.includes(key) === true };
      return rowsOf(schemaOf(bare, key) ?? bare, value, at);
    });
    return alike(path, rows) ?? rows.flat();
  }
  const element = def.type === 'record' ? json.additionalProperties : json.items;
  const below = def.type === 'record' ? schemaOf(bare, '') : schemaOf(bare, 0);
  const rows =
    element && below && keysOf(below).length > 0
      ? rowsOf(below, element, {
          path: def.type === 'record' ? `${path}.<name>` : `${path}[]`,
          required: true,
        })
      : [];
  return def.type === 'record' && rows.length > 0 ? rows : [rowOf(bare, json, place), ...rows];
}

/** One set of rows for many mappings that have the same keys, such as the add-ons. */
function alike(path: string, mappings: readonly (readonly Row[])[]): Row[] | undefined {
  const [first, ...others] = mappings.map((rows) =>
    rows.map(([key, ...cells]): Row => [
      key.replace(new RegExp(`^${path}\\.[^.]+`), `${path}.<name>`),
      ...cells,
    ]),
  );
  const isMapping = first?.every(([key]) => key !== `${path}.<name>`) === true;
  const same = others.every((rows) => JSON.stringify(rows) === JSON.stringify(first));
  return isMapping && same && others.length > 1 ? first : undefined;
}

function rowOf(schema: z.core.$ZodType, json: Json, { path, required, optional }: Place): Row {
  const [description = '', otherwise] = (json.description ?? '').split(/ ?Left out: /);
  const leftOut =
    json.default !== undefined
      ? code(flow(json.default))
      : required
        ? `required${optional === undefined ? '' : ` in ${code(optional.split('.').at(-1) ?? '')}`}`
        : prose(otherwise ?? '');
  return [path, prose(description), allowed(schema, json), leftOut.replace(/\.$/, '')];
}

/** What a key may be: its values, or what the error for a wrong value says. */
function allowed(schema: z.core.$ZodType, json: Json): string {
  const values = json.enum ?? json.items?.enum;
  if (values)
    return `${json.enum ? '' : 'a list of '}${values.map((value) => code(String(value))).join(', ')}`;
  const { error } = z.safeParse(schema, null);
  const expected = /^expected (?:one of )?(.*)$/s.exec(error?.issues[0]?.message ?? '')?.[1];
  if (expected === 'true or false' || (unwrap(schema) as z.core.$ZodTypes)._zod.def.type === 'boolean')
    return '`true`, `false`';
  if (expected !== undefined) return prose(expected);
  const { minimum, maximum } = json;
  return minimum === undefined ? 'text' : `a whole number, from ${minimum} to ${maximum ?? 'any'}`;
}

/** The add-ons of the program, in the order in which it installs them. */
function addOnTable(): string {
  const head = [
    'add-on',
    'when',
    'unasked',
    ...PINNED_KUBERNETES_VERSIONS.map((name) => `pinned for ${name}`),
  ];
  const rows = Object.entries(ADD_ONS).map(([name, { phase, versions, ...facts }]) => [
    code(name),
    phase === 'before-nodes' ? 'before the nodes' : 'after the nodes',
    facts.default ? 'yes' : 'no',
    ...PINNED_KUBERNETES_VERSIONS.map((version) => {
      const pinned = versions[version];
      return pinned === undefined ? 'EKS chooses' : code(pinned);
    }),
  ]);
  return table([head, ...rows]);
}

/** A Markdown table as Prettier lays it out. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0, fill)).join(' | ')} |`;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row)),
  ].join('\n');
}

/** A value in YAML's flow style: `[a, b]`, `{}`. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function code(text: string): string {
  return `\`${text.replaceAll('|', '\\|')}\``;
}

/** Text without what Markdown would read as its own. */
function prose(text: string): string {
  return text.trim().replace(/[|<_*]/g, '\\$&');
}
