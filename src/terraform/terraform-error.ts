import { UserError } from '../facts/user-error';

/** A warning or an error as Terraform tells it. */
export interface TerraformDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Address of the resource that it is about. */
  readonly address?: string;
}

/** A Terraform command that failed: what, in which stack, Terraform's own reasons, and where its whole output is. */
export class TerraformError extends UserError {
  readonly code = 'terraform-failed';
  readonly exitStatus = 1;

  constructor(
    readonly command: string,
    readonly stackName: string,
    /** Errors only; empty when Terraform ended without giving a reason. */
    readonly diagnostics: readonly TerraformDiagnostic[],
    readonly logFile: string,
    /** Whether it was asked to stop, and did so after saving its state. */
    readonly interrupted: boolean,
    /** The last lines of its output. */
    tail: readonly string[],
  ) {
    const what = `terraform ${command} ${interrupted ? 'was interrupted' : 'failed'} in stack ${stackName}`;
    const reasons = diagnostics.length > 0 ? diagnostics.map(describe) : tail;
    super([`${what}; its whole output: ${logFile}`, ...reasons.map(indent)].join('\n'));
  }
}

function describe({ address, summary, detail }: TerraformDiagnostic): string {
  return [
    address === undefined ? summary : `${address}: ${summary}`,
    ...(detail === '' ? [] : [detail]),
  ].join('\n');
}

function indent(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
}
