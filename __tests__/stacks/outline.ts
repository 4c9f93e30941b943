/** What JSON holds, as Terraform's documents do. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const WIDTH = 120;

/** Strings that stand as they are; every other one is quoted, so that no two values look alike. */
const PLAIN = /^(?:[\w./@$]|\$\{[\w.[\]*]+\})(?:[\w./:@$*-]|\$\{[\w.[\]*]+\})*$/;
const NOT_A_STRING = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

export const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of a difference, which Terraform's documents do not have. */
const NOTE = /^(?:\[\d+\]|\(absent\))$/;

const quotedKey = (key: string): string => (NOTE.test(key) ? key : quoted(key));

/** Begins what stands for a text that has a name: no document has this character. */
const NAMED = '\u0001';

const quoted = (text: string): string =>
  text.startsWith(NAMED)
    ? `*${text.slice(1)}`
    : PLAIN.test(text) && !NOT_A_STRING.test(text)
      ? text
      : JSON.stringify(text);

/** A string that is a JSON document, such as a policy, as what it holds, if it is written as JSON.stringify writes it. */
function parsed(value: Json): Json | undefined {
  if (typeof value !== 'string' || !/^[[{]/.test(value)) return undefined;
  try {
    const document = JSON.parse(value) as Json;
    return JSON.stringify(document) === value ? document : undefined;
  } catch {
    return undefined;
  }
}

function onOneLine(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`;
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, member]) => entryOnOneLine(quotedKey(key), member));
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

interface OnlyMember {
  /** How the path to it goes on. */
  readonly step: string;
  readonly key?: string;
  readonly member: Json;
}

/** The one member of an object that has one key, or of a list of one object. */
function onlyMember(value: Json): OnlyMember | undefined {
  if (Array.isArray(value)) {
    return value.length === 1 && isObject(value[0]) ? { step: '[]', member: value[0] } : undefined;
  }
  const [entry, ...others] = isObject(value) ? Object.entries(value) : [];
  if (!entry || others.length > 0) return undefined;
  const [key, member] = entry;
  return { step: ` > ${quotedKey(key)}`, key, member };
}

/** An entry. A key of one key stands as `spec > template: …`, a list of one object as `container[]: …`. */
function entryOnOneLine(path: string, value: Json): string {
  const only = onlyMember(value);
  return only ? entryOnOneLine(path + only.step, only.member) : `${path}: ${onOneLine(value)}`;
}

/** Puts texts of one line that follow each other onto one line, as many as it holds. */
function filled(texts: readonly (readonly string[])[], indent: number): string[] {
  const lines: string[] = [];
  let open = false;
  for (const [first = '', ...more] of texts) {
    const last = lines.at(-1);
    const whole = more.length === 0;
    if (open && whole && last !== undefined && indent + last.length + first.length + 2 <= WIDTH) {
      lines.splice(-1, 1, `${last}, ${first}`);
    } else {
      lines.push(first, ...more);
    }
    open = whole;
  }
  return lines;
}

/** Texts that are worth a name: long keys and values that stand in many places. */
function namesOf(blocks: Json): Map<string, string> {
  const uses = new Map<string, { count: number; readonly key: string }>();
  const use = (text: string, key: string): void => {
    const known = uses.get(text) ?? { count: 0, key };
    known.count += 1;
    uses.set(text, known);
  };
  const visit = (value: Json, key: string): void => {
    if (typeof value === 'string') use(value, key);
    if (typeof value !== 'object' || value === null) return;
    for (const [step, member] of Object.entries(value)) {
      if (!Array.isArray(value)) use(step, step.split('/').at(-1) ?? step);
      visit(member, Array.isArray(value) ? key : step);
    }
  };
  visit(blocks, '');
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const [text, { count, key }] of uses) {
    const isWorth = /^\$\{[^"]+\}$|^[\w.]+\/[\w-]+$/.test(text) && text.length >= 20;
    if (count < 4 || !isWorth) continue;
    let name = key;
    for (let number = 2; taken.has(name); number += 1) name = `${key}-${number}`;
    taken.add(name);
    names.set(text, name);
  }
  return names;
}

/** A value with names for the texts that have one. */
function withNames(value: Json, names: ReadonlyMap<string, string>): Json {
  const named = (text: string): string => {
    const name = names.get(text);
    return name === undefined ? text : NAMED + name;
  };
  if (typeof value === 'string') return named(value);
  if (Array.isArray(value)) return value.map((item) => withNames(item, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [named(key), withNames(member, names)]),
  );
}

/**
 * Blocks as text: what fits into a line on one, what repeats once, as `env &env:` and from then on as `env: *env`, a JSON
 * document in a string as what it holds. Texts that repeat have names too, which stand at the top. Two different values have two
 * different texts.
 */
export function outline(whole: Record<string, Json>): string {
  const names = namesOf(whole);
  const blocks = withNames(whole, names) as Record<string, Json>;
  const times = new Map<string, number>();
  const count = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    const text = JSON.stringify(value);
    times.set(text, (times.get(text) ?? 0) + 1);
    if (times.get(text) === 1) Object.values(value).forEach(count);
  };
  Object.values(blocks).forEach(count);
  const marks = new Map<string, string>();
  const numbers = new Map<string, number>([...names.values()].map((name) => [name, 1]));

  /** How a value of several lines is called from its second time on. */
  function mark(key: string): string {
    const number = (numbers.get(key) ?? 0) + 1;
    numbers.set(key, number);
    return number === 1 ? key : `${key}-${number}`;
  }

  function entryLines(path: string, key: string, value: Json, indent: number): string[] {
    const document = parsed(value);
    if (document !== undefined) return entryLines(`${path} (JSON)`, key, document, indent);
    if (typeof value === 'string' && value.includes('\n')) {
      return [`${path}:`, ...value.split('\n').map((text) => `  | ${text}`)];
    }
    const line = entryOnOneLine(path, value);
    if (typeof value !== 'object' || value === null || indent + line.length <= WIDTH) return [line];
    const text = JSON.stringify(value);
    const known = marks.get(text);
    if (known !== undefined) return [`${path}: *${known}`];
    if ((times.get(text) ?? 0) > 1) {
      const name = mark(key);
      marks.set(text, name);
      return [`${path} &${name}:`, ...inner(value, indent)];
    }
    const only = onlyMember(value);
    if (only) return entryLines(path + only.step, only.key ?? key, only.member, indent);
    return [`${path}:`, ...inner(value, indent)];
  }

  const inner = (value: Json, indent: number): string[] =>
    lines(value, indent + 2).map((line) => `  ${line}`);

  /** The lines of the members of an object or a list; members that are short share a line. */
  function lines(value: Json, indent: number): string[] {
    if (!Array.isArray(value)) {
      const entries = isObject(value) ? Object.entries(value) : [];
      return filled(
        entries.map(([key, member]) => entryLines(quotedKey(key), key, member, indent)),
        indent,
      );
    }
    const items: string[] = [];
    let short: string[][] = [];
    const flush = (): void => {
      items.push(...filled(short, indent + 2).map((line) => `- ${line}`));
      short = [];
    };
    for (const item of value) {
      const line = onOneLine(item);
      if (!isObject(item) || indent + line.length + 2 <= WIDTH) {
        short.push([line]);
        continue;
      }
      flush();
      items.push(...lines(item, indent + 2).map((each, index) => (index === 0 ? `- ${each}` : `  ${each}`)));
    }
    flush();
    return items;
  }

  /** The lines of a block: the first of its entries beside its address, if it is a short one. */
  function blockLines(address: string, block: Json): string[] {
    const [head = '', first, ...more] = entryLines(quotedKey(address), address, block, 0);
    if (first === undefined) return [head];
    const joined = `${head} ${first.trim()}`;
    const isWhole = more[0] === undefined || !more[0].startsWith('    ');
    return isWhole && !first.startsWith('  -') && joined.length <= WIDTH
      ? [joined, ...more]
      : [head, first, ...more];
  }

  const top = [...names].map(([text, name]) => `*${name}: ${quoted(text)}`);
  const body = Object.entries(blocks).flatMap(([address, block]) => blockLines(address, block));
  return [...top, ...body].map((line) => `${line}\n`).join('');
}
