import * as z from 'zod/mini';
import type { Finding } from './config-error';
import { didYouMean, nearName } from '../facts/near-name';
import { describeThrown } from '../facts/thrown';
import type { Path } from '../facts/document-path';
import { isStripping, keysOf, schemaOf } from './accepted-parts';
import type { YamlDocument } from '../facts/yaml-document';

/** What a mistake is located in. */
type Document = Pick<YamlDocument, 'finding' | 'has' | 'source'>;

/** What the schema finds wrong in a document, each at its exact place. */
export function schemaFindings(schema: z.core.$ZodType, document: Document, value: unknown): Finding[] {
  const issues = [...issuesOf(schema, value), ...droppedKeys(schema, value, [])];
  const misspelled = new Set<string>();
  const findings: Finding[] = [];
  for (const issue of issues) {
    if (issue.code !== 'unrecognized_keys') continue;
    const path = issue.path as Path;
    const known = keysOf(schemaAt(schema, path));
    for (const key of issue.keys) {
      const near = nearName(key, known);
      if (near !== undefined) misspelled.add(identity([...path, near]));
      const message = `unknown key${didYouMean(key, known) || ';'} known: ${known.join(', ') || 'none'}`;
      findings.push(document.finding([...path, key], message, 'key'));
    }
  }
  const seen = new Set<string>();
  for (const issue of issues) {
    const path = issue.path as Path;
    // One line a value: the first issue says all that is expected of it.
    if (issue.code === 'unrecognized_keys' || seen.has(identity(path))) continue;
    seen.add(identity(path));
    if (document.has(path) || path.length === 0) {
      findings.push(document.finding(path, wrongValue(document, issue, value)));
    } else if (!misspelled.has(identity(path))) {
      findings.push(document.finding(path, `missing; ${expectationOf(issue)}`));
    }
  }
  return findings;
}

/** A workload's own schema may throw. Its value is then found by a parse of each part. */
function issuesOf(schema: z.core.$ZodType, value: unknown): readonly z.core.$ZodIssue[] {
  try {
    return z.safeParse(schema, value).error?.issues ?? [];
  } catch (error) {
    const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    const inner = parts.flatMap(([key, part]) => {
      const step = Array.isArray(value) ? Number(key) : key;
      const below = schemaOf(schema, step);
      return below ? issuesOf(below, part).map((issue) => ({ ...issue, path: [step, ...issue.path] })) : [];
    });
    const message = `the schema of this key failed with ${describeThrown(error)}; correct the schema`;
    return inner.length > 0 ? inner : [{ code: 'custom', path: [], message, input: value }];
  }
}

/** Keys that an object's schema would drop in silence, as zod's `z.object` does: a key that does nothing is an error. */
function droppedKeys(schema: z.core.$ZodType, value: unknown, path: Path): DroppedKeys[] {
  if (typeof value !== 'object' || value === null) return [];
  const known = keysOf(schema);
  const dropped = isStripping(schema) ? Object.keys(value).filter((key) => !known.includes(key)) : [];
  const inner = Object.entries(value).flatMap(([key, part]) => {
    const step = Array.isArray(value) ? Number(key) : key;
    const below = schemaOf(schema, step);
    return below ? droppedKeys(below, part, [...path, step]) : [];
  });
  return dropped.length === 0
    ? inner
    : [{ code: 'unrecognized_keys', keys: dropped, path, message: '' }, ...inner];
}

type DroppedKeys = { code: 'unrecognized_keys'; keys: string[]; path: Path; message: string };

/** Issues of a value that is rightly a text. */
const ABOUT_TEXT = new Set(['invalid_format', 'custom']);

function wrongValue(document: Document, issue: z.core.$ZodIssue, whole: unknown): string {
  const path = issue.path as Path;
  const got = valueAt(whole, path);
  const source = document.source(path) ?? '';
  let remedy = '';
  if (issue.code === 'invalid_type' && issue.expected === 'string' && isPlain(got)) {
    remedy = `; write "${source}" in quotes`;
  } else if (!ABOUT_TEXT.has(issue.code) && typeof got === 'string' && /^\d+$/.test(got)) {
    remedy = `; write ${got} without quotes`;
  }
  return `got ${show(got, source)}; ${expectationOf(issue)}${remedy}`;
}

/** What zod calls a kind of value, in words. */
const KINDS: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** What is allowed: the schema's own words where it has some, otherwise what zod knows of its limits. */
function expectationOf(issue: z.core.$ZodIssue): string {
  if (!/^(Invalid|Too|Unrecognized)/.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${KINDS[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `expected ${limited(issue.origin, `${String(issue.minimum)} or more`)}`;
    case 'too_big':
      return `expected ${limited(issue.origin, `${String(issue.maximum)} or less`)}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return (
        issue.errors.flatMap(([first]) => (first ? [expectationOf(first)] : [])).join(', or ') ||
        issue.message
      );
    default:
      return issue.message.replace(/^Invalid [a-z]+: /, '').replace(/, received .*$/, '');
  }
}

function limited(origin: string, limit: string): string {
  if (origin === 'string') return `text of ${limit} characters`;
  if (origin === 'array') return `a list of ${limit} elements`;
  return `${KINDS[origin] ?? 'a number'}, ${limit}`;
}

/** The value as the user sees it: scalars as written, the rest by kind. */
function show(value: unknown, source: string): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return ['an empty list', 'a list of one'][value.length] ?? 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string')
    return JSON.stringify(value.length > 100 ? `${value.slice(0, 100)}…` : value);
  return isPlain(value) && typeof value !== 'boolean' ? `the number ${source}` : source;
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function schemaAt(whole: z.core.$ZodType, path: Path): z.core.$ZodType | undefined {
  return path.reduce<z.core.$ZodType | undefined>((schema, step) => schema && schemaOf(schema, step), whole);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (parent, step) => (parent as Record<string | number, unknown> | undefined)?.[step],
    value,
  );
}

function identity(path: Path): string {
  return JSON.stringify(path);
}
