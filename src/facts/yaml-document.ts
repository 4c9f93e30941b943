import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, parseDocument, visit } from 'yaml';
import type { Document, Node, Pair, Scalar, ScalarTag, Tags, YAMLError, YAMLMap } from 'yaml';
import type { Finding } from './document-finding';
import { formatPath } from './document-path';
import type { Path } from './document-path';

/** Which part of an entry a finding points at. */
export type Part = 'key' | 'value';

interface Spot {
  /** Offset of the value, or of the parent's key when there is no value. */
  readonly value: number;
  /** Offset of the key; of the value in a list. */
  readonly key: number;
  /** The value's node, aliases followed; nothing when the file has no such value. */
  readonly node: Node | undefined;
}

const OPTIONS = {
  merge: true,
  prettyErrors: false,
  // Found by duplicateKeys(), which knows where the key was given first and lets the other checks go on.
  uniqueKeys: false,
} as const;

/** Types of YAML 1.1 that Go's parser, and so kubectl, does not have. */
const NOT_OF_GO = /:(binary|omap|pairs|set|timestamp)$/;

/** What Go's parser takes for a fraction. YAML 1.1 has `e5` and a dot too. */
const FRACTION_OF_GO = /^[-+]?(\.\d+|\d[\d_]*(\.[\d_]*)?)(e[-+]?\d+)?$/i;

/** Whether a tag is of decimal fractions, not of infinity. */
const isFraction = (tag: Exclude<Tags[number], string>): tag is ScalarTag =>
  'test' in tag && tag.test.test('1.5');

/** Numbers of another base that Go's parser reads beside those of YAML 1.1. */
const NUMBER_OF_GO = /^[-+]?0[xob][\da-f_]+$/i;

/** A YAML document that was read: its value, and where each part of it stands. */
export class YamlDocument {
  /** Every document of a file as kubectl reads it, by YAML 1.1: a bare `on` is true, and 0644 is 420. */
  static all(file: string, text: string): YamlDocument[] {
    const lineCounter = new LineCounter();
    const customTags = (tags: Tags): Tags =>
      tags.flatMap((tag) => {
        if (typeof tag === 'string') return tag;
        if (NOT_OF_GO.test(tag.tag) || tag.format === 'TIME' || tag.format === 'EXP') return [];
        return isFraction(tag) ? { ...tag, test: FRACTION_OF_GO } : tag;
      });
    const documents = parseAllDocuments(text, { ...OPTIONS, lineCounter, version: '1.1', customTags });
    return [...documents].map((document) => new YamlDocument(file, document, lineCounter));
  }

  private readonly document: Document.Parsed;
  private readonly entries = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  /**
   * @param file the name to report
   * @param source the file's content
   */
  constructor(
    private readonly file: string,
    source: string | Document.Parsed,
    private readonly lines = new LineCounter(),
  ) {
    this.document =
      typeof source === 'string' ? parseDocument(source, { ...OPTIONS, lineCounter: lines }) : source;
  }

  /** What makes the text no single YAML document; the rest has no meaning until these are fixed. */
  syntaxFindings(): Finding[] {
    const problems = [...this.document.errors, ...this.document.warnings];
    const findings = problems.map((problem) => this.findingAt(problem.pos[0], '', describeSyntax(problem)));
    return [findings, this.referenceFindings()].find((each) => each.length > 0) ?? this.expansionFindings();
  }

  /** Aliases that multiply the document beyond measure. */
  private expansionFindings(): Finding[] {
    try {
      this.document.toJS();
      return [];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return [this.finding([], `aliases cannot be followed: ${reason}`)];
    }
  }

  /** Aliases without an anchor before them, and merges of what is no mapping. */
  private referenceFindings(): Finding[] {
    const findings: Finding[] = [];
    visit(this.document, {
      Alias: (_, alias) => {
        if (alias.resolve(this.document)) return;
        const message = `no anchor &${alias.source} stands before the alias *${alias.source}`;
        findings.push(this.findingAt(offsetOf(alias) ?? 0, '', message));
      },
      Pair: (_, pair) => {
        if (keyName(pair) !== '<<') return;
        const merged = this.follow(pair.value);
        for (const source of isSeq(merged) ? merged.items : [pair.value]) {
          const target = this.follow(source);
          // An alias without an anchor is told already.
          if (isMap(target) || (isAlias(source) && !target)) continue;
          const offset = offsetOf(source) ?? offsetOf(pair.key) ?? 0;
          findings.push(
            this.findingAt(offset, '', 'only a mapping can be merged with <<; expected an alias of one'),
          );
        }
      },
    });
    return findings;
  }

  /** Keys that a mapping gives more than once: YAML readers keep the last without a message. */
  duplicateKeys(): Finding[] {
    const findings: Finding[] = [];
    visit(this.document, {
      Map: (_, map, ancestors) => {
        const first = new Map<string, number>();
        for (const pair of map.items) {
          const name = keyName(pair);
          const offset = offsetOf(pair.key) ?? 0;
          const earlier = first.get(name);
          if (earlier === undefined) {
            first.set(name, offset);
            continue;
          }
          const { line, col } = this.lines.linePos(earlier);
          const path = formatPath([...pathOf([...ancestors, map]), name]);
          const message = `key given twice, first at ${this.file}:${line}:${col}; keep one`;
          findings.push(this.findingAt(offset, path, message));
        }
      },
    });
    return findings;
  }

  /** Numbers that would be other ones in JSON than those that kubectl sends. */
  strayNumbers(): Finding[] {
    const findings: Finding[] = [];
    visit(this.document, {
      Scalar: (_, scalar, ancestors) => {
        const message = strayNumber(scalar);
        if (message === undefined) return;
        const path = formatPath(pathOf([...ancestors, scalar]));
        findings.push(this.findingAt(offsetOf(scalar) ?? 0, path, message));
      },
    });
    return findings;
  }

  /** A finding at each node that a test holds for. */
  findingsWhere(test: (node: unknown) => boolean, message: string): Finding[] {
    const findings: Finding[] = [];
    visit(this.document, {
      Node: (_, node) => {
        if (test(node)) findings.push(this.findingAt(offsetOf(node) ?? 0, '', message));
      },
    });
    return findings;
  }

  /** Whether nothing is in the file but comments and whitespace. */
  get isEmpty(): boolean {
    const { contents } = this.document;
    return contents === null || (isScalar(contents) && contents.value === null && !contents.source);
  }

  /** The document as plain values, aliases and merges followed; undefined where syntaxFindings() has that it cannot be followed. */
  toValue(): unknown {
    return this.expansionFindings().length === 0 ? this.document.toJS() : undefined;
  }

  /** A finding at a part of the document; at the nearest parent's key when the file does not have it. */
  finding(path: Path, message: string, part: Part = 'value'): Finding {
    const spot = this.locate(path);
    return this.findingAt(part === 'key' ? spot.key : spot.value, formatPath(path), message);
  }

  /** Whether the file gives a value, an empty one too, at the path. */
  has(path: Path): boolean {
    return this.locate(path).node !== undefined;
  }

  /**
   * A scalar as it is written in the file, without quotes; nothing for a mapping, a list, or no value.
   *
   * @param json the only value that is looked for. @default - any
   */
  source(path: Path, json?: string): string | undefined {
    const { node } = this.locate(path);
    if (!isScalar(node)) return undefined;
    return json === undefined || JSON.stringify(node.value) === json ? node.source : undefined;
  }

  /**
   * Where a scalar on one line is in the text, with its quotes and without an anchor or tag. Undefined when an alias or a merge
   * leads to it, since it then counts in several places.
   */
  ownScalar(path: Path): { readonly start: number; readonly end: number } | undefined {
    let node: unknown = this.document.contents;
    for (const step of path) {
      if (isMap(node)) node = node.items.findLast((pair) => keyName(pair) === String(step))?.value;
      else node = isSeq(node) ? node.items[Number(step)] : undefined;
    }
    if (!isScalar(node) || !node.range || node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') {
      return undefined;
    }
    return { start: node.range[0], end: node.range[1] };
  }

  /** Where a value is in the text. */
  rangeOf(path: Path): { readonly start: number; readonly end: number } {
    const [start, end] = this.locate(path).node?.range ?? [0, 0];
    return { start, end };
  }

  private findingAt(offset: number, path: string, message: string): Finding {
    const { line, col } = this.lines.linePos(offset);
    // linePos answers 0:n for an empty file.
    return { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1), path, message };
  }

  private locate(path: Path): Spot {
    const start = offsetOf(this.document.contents) ?? 0;
    let spot: Spot = { key: start, value: start, node: this.follow(this.document.contents) };
    for (const step of path) {
      const next = this.child(spot.node, step);
      if (!next) return { key: spot.key, value: spot.key, node: undefined };
      spot = next;
    }
    return spot;
  }

  private child(node: Node | undefined, step: string | number): Spot | undefined {
    if (isSeq(node)) {
      const item = node.items[Number(step)];
      const offset = offsetOf(item);
      return offset === undefined ? undefined : { key: offset, value: offset, node: this.follow(item) };
    }
    if (!isMap(node)) return undefined;
    const pair = this.pair(node, String(step));
    if (!pair) return undefined;
    const key = offsetOf(pair.key) ?? offsetOf(node) ?? 0;
    return { key, value: offsetOf(pair.value) ?? key, node: this.follow(pair.value) };
  }

  /** The entry that counts: the last of the mapping's own, otherwise the first of those merged in. */
  private pair(map: YAMLMap, name: string): Pair | undefined {
    const entries = this.entriesOf(map);
    const own = entries.get(name);
    if (own) return own;
    for (const merge of entries.has('<<') ? map.items.filter((pair) => keyName(pair) === '<<') : []) {
      const merged = this.follow(merge.value);
      for (const source of isSeq(merged) ? merged.items : [merged]) {
        const target = this.follow(source);
        const pair = isMap(target) ? this.pair(target, name) : undefined;
        if (pair) return pair;
      }
    }
    return undefined;
  }

  /** A mapping's own entries, the last of each name, found once: a file may have any number of wrong keys. */
  private entriesOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.entries.get(map) ?? new Map(map.items.map((pair) => [keyName(pair), pair]));
    this.entries.set(map, known);
    return known;
  }

  private follow(node: unknown): Node | undefined {
    return (isAlias(node) ? node.resolve(this.document) : node) as Node | undefined;
  }
}

function describeSyntax(problem: YAMLError): string {
  if (problem.code === 'MULTIPLE_DOCS') {
    return 'a second document begins here; expected one: remove the "---" and what follows, or name another file';
  }
  return `not YAML: ${problem.message}`;
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}

/** A key as the plain value has it: an empty key is the empty text. */
function keyName(pair: Pair): string {
  if (!isScalar(pair.key)) return String(pair.key);
  const value = pair.key.value as string | number | bigint | boolean | symbol | null;
  if (typeof value === 'symbol') return value.description ?? '';
  return value === null ? '' : String(value);
}

/** What is wrong with a number, if kubectl would send another one. */
function strayNumber({ value, source = '', type }: Scalar): string | undefined {
  if (type !== 'PLAIN') return undefined;
  if (typeof value === 'string' && NUMBER_OF_GO.test(source)) {
    const digits = Number(source.replaceAll('_', '').replace(/^[-+]/, ''));
    const number = source.startsWith('-') ? -digits : digits;
    return Number.isNaN(number)
      ? undefined
      : `kubectl reads ${source} as ${number}; write ${number}, or "${source}" if a text is meant`;
  }
  if (typeof value !== 'number') return undefined;
  const asText = `write "${source}" if the API takes a text there`;
  if (!Number.isFinite(value))
    return `got ${source}, and JSON has no such number; ${asText}, or another number`;
  // Go has the same fractions.
  const isSameInGo = !Number.isInteger(value) || /^[-+]?[\d_]*[.e]/i.test(source);
  return isSameInGo || Number.isSafeInteger(value) || String(value) === source
    ? undefined
    : `got ${source}, which would be sent as ${value}; ${asText}. Otherwise write at most ${Number.MAX_SAFE_INTEGER}`;
}

function pathOf(ancestors: readonly unknown[]): Path {
  const path: (string | number)[] = [];
  ancestors.forEach((node, i) => {
    const next = ancestors[i + 1];
    if (isMap(node) && next !== undefined) path.push(keyName(next as Pair));
    if (isSeq(node) && next !== undefined) path.push(node.items.indexOf(next));
  });
  return path;
}
