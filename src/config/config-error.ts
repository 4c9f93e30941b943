import { byPosition, formatFinding, type Finding } from '../facts/document-finding';
import { UserError } from '../facts/user-error';

export { byPosition, formatFinding, type Finding };

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
