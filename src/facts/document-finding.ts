/** One mistake in a file that a user wrote. */
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

/** The order of the file. */
export function byPosition(a: Finding, b: Finding): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** `platform.yaml:10:12` */
export function placeOf({ file, line, column }: Finding): string {
  return line === undefined || column === undefined ? file : `${file}:${line}:${column}`;
}

/** `platform.yaml:10:12 cluster.version: …` */
export function formatFinding(finding: Finding): string {
  const { line, path, message } = finding;
  const place = line === undefined ? `${finding.file}:` : placeOf(finding);
  return path === '' ? `${place} ${message}` : `${place} ${path}: ${message}`;
}
