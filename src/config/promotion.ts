import { ConfigError, stopAt, type Finding } from './config-error';
import { LayeredDocument } from './layered-document';
import { parsePlatform, type LoadOptions } from './load-platform';
import { unknownName } from '../facts/near-name';
import { formatPath, type Path } from './document-path';
import type { Platform } from './platform';
import { YamlDocument } from './yaml-document';

/** Which workload's version goes from where to where. */
export interface Promotion {
  readonly workload: string;
  /** The namespace that has the version. */
  readonly from: string;
  /** The namespace that gets it. */
  readonly to: string;
  /** The platform of `from`. @default - the platform of `to` */
  readonly source?: { readonly file: string; readonly text: string };
}

/** What a promotion makes of a platform's file. */
export interface Promoted {
  readonly file: string;
  /** Where the version stands, from 1. */
  readonly line: number;
  readonly column: number;
  /** `namespaces.stage.workloads.shop.version` */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The file's new text: that of before except for the characters of the version. */
  readonly text: string;
}

/**
 * Copies the version of a workload from one namespace to another: nothing else of the file changes.
 *
 * @param text YAML
 * @param file the name to report
 * @throws ConfigError with every mistake at once: of the file, otherwise of what is asked for
 */
export function promote(
  text: string,
  file: string,
  promotion: Promotion,
  options: LoadOptions = {},
): Promoted {
  const { workload, from, to, source } = promotion;
  const target = read(text, file, options);
  const given = source ? read(source.text, source.file, options) : target;
  stopAt(errors(given, target, promotion));
  // As the loader takes it away: the places in the text are behind it.
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const document = new YamlDocument(file, body);

  const path = versionPath(to, workload);
  const before = versionIn(target.platform, to, workload) ?? '';
  const after = versionIn(given.platform, from, workload) ?? '';
  const { file: written, line = 1, column = 1 } = target.document.finding(path, '');
  const place = { file: written, line, column, path: formatPath(path), before, after };
  if (before === after) return { ...place, text };

  if (!document.has(path)) {
    const shared = `is in ${written}, which other platforms may extend, too; write version: ${after} under ${formatPath(path.slice(0, -1))} in ${file}`;
    throw new ConfigError([target.document.finding(path, shared)]);
  }
  const span = document.ownScalar(path);
  if (span === undefined) {
    stopAt([
      document.finding(
        path,
        `stands elsewhere too, by an alias or a merge, so that it cannot change here alone; write version: ${after} under ${formatPath(path.slice(0, -1))} itself`,
      ),
    ]);
    return { ...place, text };
  }
  const expected = JSON.stringify(withVersion(document.toValue(), path, after));
  for (const spelling of spellings(body.slice(span.start, span.end), after)) {
    const edited = body.slice(0, span.start) + spelling + body.slice(span.end);
    const result = new YamlDocument(file, edited);
    if (result.syntaxFindings().length > 0 || JSON.stringify(result.toValue()) !== expected) continue;
    parsePlatform(edited, file, { ...options, onWarning: () => undefined });
    return { ...place, text: mark + edited };
  }
  throw new ConfigError([
    document.finding(
      path,
      `cannot be changed without another value changing, or not in this form; write version: ${after} there on one line, without an anchor`,
    ),
  ]);
}

function versionPath(namespace: string, workload: string): Path {
  return ['namespaces', namespace, 'workloads', workload, 'version'];
}

function versionIn({ namespaces }: Platform, namespace: string, workload: string): string | undefined {
  const workloads = (namespaces[namespace]?.workloads ?? {}) as Record<
    string,
    { version?: string } | undefined
  >;
  return Object.hasOwn(workloads, workload) ? workloads[workload]?.version : undefined;
}

interface ReadPlatform {
  readonly platform: Platform;
  readonly document: LayeredDocument;
}

function read(text: string, file: string, options: LoadOptions): ReadPlatform {
  return { platform: parsePlatform(text, file, options), document: new LayeredDocument(text, file) };
}

function errors(source: ReadPlatform, target: ReadPlatform, { workload, from, to }: Promotion): Finding[] {
  const at = ({ document }: ReadPlatform, path: Path, message: string): Finding =>
    document.finding(path, message, 'key');
  const namespacesOf = ({ platform }: ReadPlatform): string[] => Object.keys(platform.namespaces);
  const workloads = new Set(
    [source, target].flatMap(({ platform }) =>
      Object.values(platform.namespaces).flatMap((each) => Object.keys(each.workloads)),
    ),
  );
  const knowsWorkload = workloads.has(workload);
  const findings: Finding[] = [];
  if (!knowsWorkload) {
    findings.push(at(target, ['namespaces'], unknownName('workload', workload, [...workloads])));
  }
  const isOne = source === target;
  for (const [side, name] of isOne && from === to
    ? [[target, to] as const]
    : ([
        [source, from],
        [target, to],
      ] as const)) {
    const known = namespacesOf(side);
    if (!known.includes(name)) findings.push(at(side, ['namespaces'], unknownName('namespace', name, known)));
  }
  if (isOne && from === to) {
    const message = `${from} cannot be promoted to itself; name the namespace that has the version, then the one that gets it`;
    findings.push(at(target, ['namespaces', from], message));
    return findings;
  }
  if (!knowsWorkload) return findings;
  const version = versionIn(source.platform, from, workload);
  if (namespacesOf(source).includes(from) && version === undefined) {
    const having = namespacesOf(source).filter(
      (name) => versionIn(source.platform, name, workload) !== undefined,
    );
    const message = `has no ${workload} whose version could be promoted; those that have one: ${having.join(', ')}`;
    findings.push(at(source, ['namespaces', from, 'workloads'], message));
  }
  if (namespacesOf(target).includes(to) && versionIn(target.platform, to, workload) === undefined) {
    const entry = `${workload}: { version: ${version ?? '…'} }`;
    const message = `has no ${workload} that could get a version; write ${entry} under ${formatPath(['namespaces', to, 'workloads'])} first`;
    findings.push(at(target, ['namespaces', to, 'workloads'], message));
  }
  return findings;
}

/** Ways to write a text where another stands: with the quotes of that one, and where it has none, with them only if needed. */
function spellings(written: string, text: string): string[] {
  if (written.startsWith('"')) return [JSON.stringify(text)];
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return written.startsWith("'") ? [quoted] : [text, quoted];
}

/** A copy of a document's value with another version in it, and all else the same. */
function withVersion(value: unknown, path: Path, version: string): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return version;
  const mapping = value as Record<string, unknown>;
  return { ...mapping, [step]: withVersion(mapping[step], rest, version) };
}
