import { ConfigError, stopAt, type Finding } from './config-error';
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
}

/** What a promotion makes of a platform's file. */
export interface Promoted {
  readonly file: string;
  /** Where the version stands, from 1. */
  readonly line: number;
  readonly column: number;
  /** `namespaces.stage.workloads.storefront.version` */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The file's new text: that of before but for the characters of the version. */
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
  { workload, from, to }: Promotion,
  options: LoadOptions = {},
): Promoted {
  const platform = parsePlatform(text, file, options);
  // As the loader takes it away: the places in the text are behind it.
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const document = new YamlDocument(file, body);
  stopAt(errors(platform, document, { workload, from, to }));

  const path = versionPath(to, workload);
  const before = versionIn(platform, to, workload) ?? '';
  const after = versionIn(platform, from, workload) ?? '';
  const { line = 1, column = 1 } = document.finding(path, '');
  const place = { file, line, column, path: formatPath(path), before, after };
  if (before === after) return { ...place, text };

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
  for (const written of spellings(body.slice(span.start, span.end), after)) {
    const edited = body.slice(0, span.start) + written + body.slice(span.end);
    const read = new YamlDocument(file, edited);
    if (read.syntaxFindings().length > 0 || JSON.stringify(read.toValue()) !== expected) continue;
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

function errors(platform: Platform, document: YamlDocument, { workload, from, to }: Promotion): Finding[] {
  const namespaces = Object.keys(platform.namespaces);
  const workloads = new Set(
    Object.values(platform.namespaces).flatMap((each) => Object.keys(each.workloads)),
  );
  const knowsWorkload = workloads.has(workload);
  const findings: Finding[] = [];
  if (!knowsWorkload) {
    findings.push(document.finding(['namespaces'], unknownName('workload', workload, [...workloads]), 'key'));
  }
  const unknown = [...new Set([from, to])].filter((name) => !namespaces.includes(name));
  for (const name of unknown) {
    findings.push(document.finding(['namespaces'], unknownName('namespace', name, namespaces), 'key'));
  }
  if (from === to) {
    const message = `${from} cannot be promoted to itself; name the namespace that has the version, then the one that gets it`;
    findings.push(document.finding(['namespaces', from], message, 'key'));
    return findings;
  }
  if (!knowsWorkload) return findings;
  const version = versionIn(platform, from, workload);
  if (namespaces.includes(from) && version === undefined) {
    const having = namespaces.filter((name) => versionIn(platform, name, workload) !== undefined);
    const message = `has no ${workload} whose version could be promoted; those that have one: ${having.join(', ')}`;
    findings.push(document.finding(['namespaces', from, 'workloads'], message, 'key'));
  }
  if (namespaces.includes(to) && versionIn(platform, to, workload) === undefined) {
    const entry = `${workload}: { version: ${version ?? '…'} }`;
    const message = `has no ${workload} that could get a version; write ${entry} under ${formatPath(['namespaces', to, 'workloads'])} first`;
    findings.push(document.finding(['namespaces', to, 'workloads'], message, 'key'));
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
