import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { stopAt, type Finding } from './config-error';
import type { Path } from '../facts/document-path';
import { readPlatform } from './read-platform';
import { YamlDocument, type Part } from '../facts/yaml-document';

type Mapping = Readonly<Record<string, unknown>>;

interface Layer {
  readonly file: string;
  readonly document: YamlDocument;
  readonly value: unknown;
}

/** Keys that a file gives itself when it extends another: they say where the platform is. */
const PINNED = ['region', 'account'];

/**
 * A file, and those that it extends. Mappings merge key by key, the nearest file first. A list or a scalar replaces the
 * extended one. `null` removes a key. Each finding is at the file, line and column that the value comes from.
 */
export class LayeredDocument {
  /** The file itself, the one that it extends, and so on. */
  private readonly layers: readonly Layer[];
  private readonly merged: unknown;
  private readonly mergeFindings: Finding[] = [];

  /**
   * @param text YAML, of the file itself
   * @param file its name, against the working directory
   * @throws ConfigError for a file that is no YAML, is missing, or extends itself
   */
  constructor(text: string, file: string) {
    this.layers = readLayers(text, file);
    const whole = this.layers.reduceRight<unknown>(
      (base, { document, value }) => (base === undefined ? value : this.merge(base, value, document)),
      undefined,
    );
    this.merged = isMapping(whole)
      ? Object.fromEntries(Object.entries(whole).filter(([key]) => key !== 'extends'))
      : whole;
    const [own, extended] = this.layers;
    if (!own || !extended) return;
    for (const key of PINNED.filter((each) => !own.document.has([each]))) {
      const message = `${key}: missing; a file that extends another states its own ${key}`;
      this.mergeFindings.push(own.document.finding(['extends'], message));
    }
  }

  /** The value of all files, without `extends`. */
  toValue(): unknown {
    return this.merged;
  }

  get isEmpty(): boolean {
    return this.layers.every(({ document }) => document.isEmpty);
  }

  /** Keys given twice, keys that are removed and not there, and what each platform states itself. */
  findings(): Finding[] {
    return [...this.layers.flatMap(({ document }) => document.duplicateKeys()), ...this.mergeFindings];
  }

  /** Whether any file gives a value, an empty one too, at the path. */
  has(path: Path): boolean {
    if (this.layers.length === 1) return this.layers[0]?.document.has(path) ?? false;
    let value = this.merged;
    for (const step of path) {
      if (Array.isArray(value)) value = value[Number(step)] as unknown;
      else if (isMapping(value) && Object.hasOwn(value, step)) value = value[step];
      else return false;
    }
    return value !== undefined;
  }

  /** A scalar as its file writes it. */
  source(path: Path): string | undefined {
    return this.layerOf(path).source(path);
  }

  /** A finding at the file that the value comes from, otherwise at the one that has the nearest parent. */
  finding(path: Path, message: string, part?: Part): Finding {
    return this.layerOf(path).finding(path, message, part);
  }

  private layerOf(path: Path): YamlDocument {
    for (let length = path.length; length >= 0; length--) {
      const layer = this.layers.find(({ document }) => document.has(path.slice(0, length)));
      if (layer) return layer.document;
    }
    const [own] = this.layers;
    if (!own) throw new Error('a document has at least one layer');
    return own.document;
  }

  private merge(base: unknown, value: unknown, document: YamlDocument, path: Path = []): unknown {
    if (!isMapping(value) || !isMapping(base)) return value;
    const merged = new Map(Object.entries(base));
    for (const [key, own] of Object.entries(value)) {
      const at = [...path, key];
      if (own !== null) merged.set(key, this.merge(merged.get(key), own, document, at));
      else if (!merged.delete(key)) {
        const message = 'null removes a key, and the extended files do not have this one; remove the line';
        this.mergeFindings.push(document.finding(at, message, 'key'));
      }
    }
    return Object.fromEntries(merged);
  }
}

function readLayers(text: string, file: string): Layer[] {
  const layers: Layer[] = [];
  let [name, content] = [file, text];
  for (;;) {
    // Editors on Windows begin a file with a byte order mark, which would shift the first line's columns.
    const document = new YamlDocument(name, content.replace(/^\uFEFF/, ''));
    stopAt(document.syntaxFindings());
    const value = document.toValue();
    layers.push({ file: name, document, value });
    if (!isMapping(value) || !Object.hasOwn(value, 'extends')) return layers;
    name = extendedFile(value['extends'], document, layers);
    content = readPlatform(name);
  }
}

/** @throws ConfigError for what is no file, or one that is read already */
function extendedFile(given: unknown, document: YamlDocument, layers: readonly Layer[]): string {
  const at = (message: string): never => {
    stopAt([document.finding(['extends'], message)]);
    throw new Error('a finding stops');
  };
  if (typeof given !== 'string' || given === '')
    return at('expected a file, relative to this one, such as base.yaml');
  const file = normalize(join(dirname(layers.at(-1)?.file ?? ''), given));
  const chain = layers.map((layer) => normalize(layer.file));
  if (chain.includes(file))
    return at(`goes in a circle: ${[...chain.slice(chain.indexOf(file)), file].join(' extends ')}`);
  return existsSync(file) ? file : at(`${file} does not exist; create it, or correct the path`);
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
