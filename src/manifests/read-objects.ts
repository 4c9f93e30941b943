import { isMap, isScalar } from 'yaml';
import type { Finding } from '../facts/document-finding';
import { formatPath, type Path, stepsOf } from '../facts/document-path';
import { YamlDocument } from '../facts/yaml-document';
import { isObject } from './field';
import type { KubernetesObject } from './objects';

/** A Kubernetes object that a file has. */
export interface WrittenObject {
  readonly object: KubernetesObject;
  /**
   * A finding at the line and column of a field, or of the nearest one above it that the file has.
   *
   * @param field as the API server writes it: `spec.ports[0].port`; empty for the object
   */
  at(field: string, message: string): Finding;
  /** The text of a scalar, if it has the value there: `yes` for `true`. An edit may have changed it. */
  textAt(field: string, json: string): string | undefined;
}

/** An object, and where it is in the text. */
export interface ReadObject extends WrittenObject {
  readonly range: { readonly start: number; readonly end: number };
}

/** What a chart leaves behind when it is not rendered. Other programs have templates in braces too. */
const CHART_TEMPLATE =
  /\{\{-?\s*(\.(Values|Release|Chart|Capabilities|Files|Template)\b|(include|template|tpl|toYaml)\b)/;

const UNRENDERED =
  'a template that is not rendered; render it first, such as with helm template, and read the result';

/**
 * The Kubernetes objects of a text, by the YAML that kubectl reads. The items of a List are objects of their own, and documents without
 * content are left out.
 *
 * @param file its name, for findings
 * @returns no object of a document that has a finding
 */
export function readObjects(
  file: string,
  text: string,
): { readonly objects: readonly ReadObject[]; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const objects: ReadObject[] = [];
  const body = text.replace(/^\uFEFF/, '');
  let documents: YamlDocument[];
  try {
    documents = YamlDocument.all(file, body);
    for (const document of documents.filter((each) => !each.isEmpty)) {
      const wrong = documentFindings(document, body);
      findings.push(...wrong);
      if (wrong.length > 0) continue;
      const value = document.toValue();
      const cycle = cycleIn(value);
      if (cycle) findings.push(document.finding(cycle, 'is an alias of what it is in; write the value out'));
      else collect(document, value, [], objects, findings);
    }
  } catch (error) {
    // A parser that calls itself has no other limit.
    if (!(error instanceof RangeError)) throw error;
    return { objects: [], findings: [{ file, path: '', message: 'is nested too deep to be read' }] };
  }
  if (objects.length + findings.length === 0) {
    findings.push({ file, path: '', message: 'has no object; remove it, or write one' });
  }
  return { objects, findings };
}

/** The path of a value that holds itself. */
function cycleIn(value: unknown, path: Path = [], above = new Set<unknown>()): Path | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.has(value)) return path;
  above.add(value);
  for (const [key, each] of Object.entries(value)) {
    const found = cycleIn(each, [...path, Array.isArray(value) ? Number(key) : key], above);
    if (found) return found;
  }
  above.delete(value);
  return undefined;
}

function documentFindings(document: YamlDocument, text: string): Finding[] {
  const templates = document.findingsWhere(
    (node) =>
      (isMap(node) && node.items.some(({ key }) => isMap(key))) ||
      // A file within the YAML, as ConfigMaps have, may be a template.
      (isScalar(node) && !node.type?.startsWith('BLOCK') && CHART_TEMPLATE.test(String(node.value))),
    UNRENDERED,
  );
  if (templates.length > 0) return templates;
  const syntax = document.syntaxFindings();
  const [first] = syntax;
  if (first === undefined) return [...document.duplicateKeys(), ...document.strayNumbers()];
  // Half of a template, such as an if, is no YAML at all.
  const line = text.split(/\r?\n/)[(first.line ?? 1) - 1] ?? '';
  return /\{\{|\{%/.test(line) ? [{ ...first, message: UNRENDERED }] : syntax;
}

const MAPPINGS = ['annotations', 'labels'];

function collect(
  document: YamlDocument,
  value: unknown,
  path: Path,
  objects: ReadObject[],
  findings: Finding[],
): void {
  const wrong = (message: string, below: Path = []) =>
    findings.push(document.finding([...path, ...below], message));
  if (!isObject(value)) {
    wrong('expected an object with apiVersion, kind and metadata');
    return;
  }
  const { apiVersion, kind, metadata, items } = value;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    wrong(
      `expected an apiVersion and a kind${path.length === 0 && 'resources' in value ? '; a kustomization is rendered first: kubectl kustomize' : ''}`,
    );
  } else if (kind === '') {
    wrong('expected a kind, such as ConfigMap', ['kind']);
  } else if (kind.endsWith('List') && Array.isArray(items)) {
    items.forEach((item: unknown, i) => {
      collect(document, item, [...path, 'items', i], objects, findings);
    });
  } else if (apiVersion.startsWith('kustomize.config.k8s.io/')) {
    wrong(`a ${kind} is rendered first: read what kubectl kustomize prints`, ['kind']);
  } else if (isObject(metadata) && MAPPINGS.some((key) => !isObject(metadata[key] ?? {}))) {
    for (const key of MAPPINGS.filter((each) => !isObject(metadata[each] ?? {})))
      wrong('expected a mapping', ['metadata', key]);
  } else if (!isObject(metadata) || typeof metadata['name'] !== 'string' || metadata['name'] === '') {
    wrong(`${kind}: expected a name, by which the next plan finds it again`, ['metadata', 'name']);
  } else {
    objects.push({
      object: value as KubernetesObject,
      at: (field, message) => ({
        ...document.finding([...path, ...stepsOf(field)], message),
        path: formatPath(stepsOf(field)),
      }),
      range: document.rangeOf(path),
      textAt: (field, json) => document.source([...path, ...stepsOf(field)], json),
    });
  }
}
