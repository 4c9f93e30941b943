import { UserError } from '../facts/user-error';

/** One mistake in the platform's file. */
export interface Finding {
  /** The file's name as the user gave it. */
  readonly file: string;
  /** Line, from 1; left out when the file could not be read. */
  readonly line?: number;
  /** Column, from 1; left out when the file could not be read. */
  readonly column?: number;
  /** Where in the document: `namespaces.qa.nodes[1]`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, what is allowed, what to do about it. */
  readonly message: string;
}

/** A platform that cannot be built: every mistake at once, one a line, in the order of the file. */
export class ConfigError extends UserError {
  readonly code = 'invalid-platform-file';
  readonly exitStatus = 1;
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const sorted = [...findings].sort(byPosition);
    super(sorted.map(formatFinding).join('\n'));
    this.findings = sorted;
  }
}

/** @throws ConfigError when there is a finding */
export function stopAt(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new ConfigError(findings);
}

/** The order of the file. */
export function byPosition(a: Finding, b: Finding): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** `platform.yaml:10:12 cluster.version: …` */
export function formatFinding({ file, line, column, path, message }: Finding): string {
  const place = line === undefined || column === undefined ? `${file}:` : `${file}:${line}:${column}`;
  return path === '' ? `${place} ${message}` : `${place} ${path}: ${message}`;
}
