/** What JSON holds, as Terraform's documents do. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const WIDTH = 110;

/** Strings that stand as they are; every other one is quoted, so that no two values look alike. */
const PLAIN = /^(?:[\w./@$]|\$\{[\w.[\]*]+\})(?:[\w./:@$*-]|\$\{[\w.[\]*]+\})*$/;
const NOT_A_STRING = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

export const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys of a difference, which Terraform's documents do not have. */
const NOTE = /^(?:\[\d+\]|\(absent\))$/;

const quotedKey = (key: string): string => (NOTE.test(key) ? key : quoted(key));

const quoted = (text: string): string =>
  PLAIN.test(text) && !NOT_A_STRING.test(text) ? text : JSON.stringify(text);

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

/**
 * Blocks as text: what fits into a line on one, what repeats once, as `env &env:` and from then on as `env: *env`, a JSON
 * document in a string as what it holds. Two different values have two different texts.
 */
export function outline(blocks: Record<string, Json>): string {
  const times = new Map<string, number>();
  const count = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    const text = JSON.stringify(value);
    times.set(text, (times.get(text) ?? 0) + 1);
    if (times.get(text) === 1) Object.values(value).forEach(count);
  };
  Object.values(blocks).forEach(count);
  const marks = new Map<string, string>();
  const numbers = new Map<string, number>();

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
    if (!value.some(isObject)) {
      const items = value.map((item) => [onOneLine(item)]);
      return filled(items, indent + 2).map((line) => `- ${line}`);
    }
    return value.flatMap((item) => {
      const line = onOneLine(item);
      if (!isObject(item) || indent + line.length + 2 <= WIDTH) return [`- ${line}`];
      return lines(item, indent + 2).map((each, index) => (index === 0 ? `- ${each}` : `  ${each}`));
    });
  }

  return Object.entries(blocks)
    .flatMap(([address, block]) => entryLines(quotedKey(address), address, block, 0))
    .map((line) => `${line}\n`)
    .join('');
}
