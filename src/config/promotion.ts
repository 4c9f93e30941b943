import { ConfigError, stopAt, type Finding } from './config-error';
import { LayeredDocument } from './layered-document';
import { parsePlatform, type LoadOptions } from './load-platform';
import { unknownName } from '../facts/near-name';
import { UserError } from '../facts/user-error';
import { formatPath, type Path } from '../facts/document-path';
import type { Platform } from './platform';
import { YamlDocument } from '../facts/yaml-document';

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

/** The command names what the platform's file does not have: every mistake. */
export class PromotionError extends UserError {
  readonly code = 'unknown-promotion';
  readonly exitStatus = 1;
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
 * @throws ConfigError with every mistake of the file; PromotionError with every one of what is asked for
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
  const unknown = unknownNames(given, target, promotion);
  if (unknown.length > 0) throw new PromotionError(unknown.map((each) => `promote: ${each}`));
  stopAt(missingVersions(given, target, promotion));
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

/** What the command names and a platform's file does not have. */
function unknownNames(
  source: ReadPlatform,
  target: ReadPlatform,
  { workload, from, to }: Promotion,
): string[] {
  const known = [source, target].map(({ platform }) => platform.namespaces);
  const workloads = new Set(
    known.flatMap((each) => Object.values(each)).flatMap((each) => Object.keys(each.workloads)),
  );
  const places = [
    [source, from],
    [target, to],
  ] as const;
  return [
    ...(workloads.has(workload) ? [] : [unknownName('workload', workload, [...workloads])]),
    ...new Set(
      places.flatMap(([{ platform, document }, name]) => {
        const names = Object.keys(platform.namespaces);
        const { file } = document.finding([], '');
        return names.includes(name) ? [] : [`${unknownName('namespace', name, names)} (${file})`];
      }),
    ),
    ...(source === target && from === to
      ? [
          `${from} cannot be promoted to itself; name the namespace that has the version, then the one that gets it`,
        ]
      : []),
  ];
}

/** What the files lack for it. */
function missingVersions(
  source: ReadPlatform,
  target: ReadPlatform,
  { workload, from, to }: Promotion,
): Finding[] {
  const at = ({ document }: ReadPlatform, namespace: string, message: string): Finding =>
    document.finding(['namespaces', namespace, 'workloads'], message, 'key');
  const findings: Finding[] = [];
  const version = versionIn(source.platform, from, workload);
  if (version === undefined) {
    const having = Object.keys(source.platform.namespaces).filter(
      (name) => versionIn(source.platform, name, workload) !== undefined,
    );
    const message = `has no ${workload} whose version could be promoted; those that have one: ${having.join(', ') || 'none'}`;
    findings.push(at(source, from, message));
  }
  if (versionIn(target.platform, to, workload) === undefined) {
    const entry = `${workload}: { version: ${version ?? '…'} }`;
    const message = `has no ${workload} that could get a version; write ${entry} under ${formatPath(['namespaces', to, 'workloads'])} first`;
    findings.push(at(target, to, message));
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
