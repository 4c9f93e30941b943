import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../manifests/field';
import type { Json } from '../../manifests/terraform-document';
import type { ChangeJson } from './plan-json';

/** One side of a difference: a value, or why there is none to be shown. */
export type Side =
  | {
      readonly state: 'known';
      /** What is sensitive or not known within it is replaced by a word for it. */
      readonly value: Json;
    }
  | { readonly state: 'absent' | 'sensitive' | 'unknown' };

/** A value that a change changes. */
export interface Difference {
  /** As Terraform's `ignore_changes` takes it, `spec[0].replicas`; into a JSON document, `policy.Statement[0].Action`. */
  readonly path: string;
  readonly before: Side;
  readonly after: Side;
}

/** What of a change in a plan its differences are made of. */
export type Comparable = Pick<
  ChangeJson,
  'before' | 'after' | 'after_unknown' | 'before_sensitive' | 'after_sensitive'
>;

/** What stands for a value that may not, or cannot, be shown. */
const IN_WORDS = { absent: '(none)', sensitive: '(sensitive)', unknown: '(known after apply)' } as const;

/** A value with what Terraform says of it: true, or an object of the same form. */
interface Marked {
  readonly value: Json | undefined;
  readonly unknown: Json | undefined;
  readonly sensitive: Json | undefined;
}

/**
 * What differs, value by value, in the order of its paths; nothing for what is the same on both sides.
 *
 * - A list's elements are held against those that they are most likely to have been, so that one more at its head is one
 *   difference.
 * - Strings that both hold JSON are compared as documents: IAM policies.
 * - What comes or goes as a whole, such as a nested block, is one difference.
 */
export function differences(change: Comparable): Difference[] {
  return compare(
    '',
    { value: change.before, unknown: false, sensitive: change.before_sensitive },
    { value: change.after, unknown: change.after_unknown, sensitive: change.after_sensitive },
  );
}

function compare(path: string, before: Marked, after: Marked): Difference[] {
  if (before.sensitive === true || after.sensitive === true) {
    if (after.unknown !== true && isDeepStrictEqual(before.value ?? null, after.value ?? null)) return [];
    return [
      { path, before: side({ ...before, sensitive: true }), after: side({ ...after, sensitive: true }) },
    ];
  }
  if (after.unknown === true) return [{ path, before: side(before), after: side(after) }];
  const [is, will] = [before.value ?? null, after.value ?? null];
  // A whole object that is made or removed is told attribute by attribute.
  const isWhole = path === '' && (isObject(is) || isObject(will));
  if (isWhole || (isObject(is) && isObject(will))) return compareObjects(path, before, after);
  if (Array.isArray(is) && Array.isArray(will)) return compareLists(path, before, after);
  if (is === will) return [];
  const found = compareDocuments(path, is, will);
  return found.length > 0 ? found : [{ path, before: side(before), after: side(after) }];
}

function compareObjects(path: string, before: Marked, after: Marked): Difference[] {
  const keys = [before.value, after.value, after.unknown].flatMap((value) =>
    isObject(value) ? Object.keys(value) : [],
  );
  return [...new Set(keys)]
    .sort()
    .flatMap((key) => compare(join(path, key), part(before, key), part(after, key)));
}

function compareLists(path: string, before: Marked, after: Marked): Difference[] {
  const [were, will] = [elements(before), elements(after)];
  const left = new Set(will);
  const gone = were.filter(({ marked }) => {
    const same = [...left].find((other) => compare('[]', marked, other.marked).length === 0);
    if (same) left.delete(same);
    return same === undefined;
  });
  const come = [...left];
  if (gone.length === 0 && come.length === 0) {
    const sameOrder = isDeepStrictEqual(before.value, after.value);
    return sameOrder ? [] : [{ path, before: side(before), after: side(after) }];
  }
  const absent: Marked = { value: undefined, unknown: false, sensitive: false };
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, i) => {
    const [old, young] = [gone[i], come[i]];
    const index = (old ?? young)?.index ?? 0;
    return compare(`${path}[${index}]`, old?.marked ?? absent, young?.marked ?? absent);
  }).flat();
}

/** Nothing unless both are texts that hold an object or a list, and these differ. */
function compareDocuments(path: string, before: Json, after: Json): Difference[] {
  const [is, will] = [documentIn(before), documentIn(after)];
  if (is === undefined || will === undefined || Array.isArray(is) !== Array.isArray(will)) return [];
  const plain = (value: Json): Marked => ({ value, unknown: false, sensitive: false });
  return compare(path, plain(is), plain(will));
}

/** The object or list that a text holds, such as an IAM policy. */
export function documentIn(text: Json): Json | undefined {
  if (typeof text !== 'string' || !/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    // A text that only begins as JSON does: a template, or a glob.
    return undefined;
  }
}

function elements(marked: Marked): { readonly index: number; readonly marked: Marked }[] {
  const length = Array.isArray(marked.value) ? marked.value.length : 0;
  return Array.from({ length }, (_, index) => ({ index, marked: part(marked, index) }));
}

function part({ value, unknown, sensitive }: Marked, key: string | number): Marked {
  return {
    value: member(value, key),
    unknown: unknown === true || member(unknown, key),
    sensitive: sensitive === true || member(sensitive, key),
  };
}

function member(value: Json | undefined, key: string | number): Json | undefined {
  if (typeof key === 'number') return Array.isArray(value) ? (value as readonly Json[])[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function join(path: string, key: string): string {
  if (!/^[A-Za-z_][\w-]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
}

function side(marked: Marked): Side {
  if (marked.unknown === true) return { state: 'unknown' };
  if (marked.value === undefined || marked.value === null) return { state: 'absent' };
  if (marked.sensitive === true) return { state: 'sensitive' };
  return { state: 'known', value: shown(marked) };
}

/** A value without its secrets. */
function shown(marked: Marked): Json {
  const { value, unknown, sensitive } = marked;
  if (unknown === true) return IN_WORDS.unknown;
  if (value === undefined || value === null) return null;
  if (sensitive === true) return IN_WORDS.sensitive;
  if (Array.isArray(value)) return elements(marked).map((element) => shown(element.marked));
  if (!isObject(value)) return value;
  const keys = [value, ...(isObject(unknown) ? [unknown] : [])].flatMap((object) => Object.keys(object));
  const members = [...new Set(keys)].sort().map((key) => [key, shown(part(marked, key))] as const);
  // An attribute that is not set says nothing in a block that comes or goes.
  return Object.fromEntries(members.filter(([, member]) => member !== null && member !== false));
}

/** How much of a long text is shown before the place where it begins to differ. */
const LEAD = 12;

/**
 * A difference's two sides in words, each on one line. Of long texts the place where they begin to differ is shown.
 *
 * @param longest in characters @default 60
 */
export function describeDifference(
  { before, after }: Difference,
  longest = 60,
): { readonly before: string; readonly after: string } {
  const [is, will] = [inWords(before), inWords(after)];
  const bothKnown = before.state === 'known' && after.state === 'known';
  const tooLong = Math.max(is.length, will.length) > longest;
  const from = bothKnown && tooLong ? Math.max(0, sameUntil(is, will) - LEAD) : 0;
  const cut = (text: string): string => {
    const tail = from > 1 ? `…${text.slice(from)}` : text;
    return tail.length > longest ? `${tail.slice(0, longest - 1)}…` : tail;
  };
  return { before: cut(is), after: cut(will) };
}

function inWords(value: Side): string {
  return value.state === 'known' ? JSON.stringify(value.value) : IN_WORDS[value.state];
}

function sameUntil(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}
