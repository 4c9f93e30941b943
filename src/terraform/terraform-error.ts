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
    /** Why the program stopped it. @default - it did not */
    ended?: string,
  ) {
    const how = interrupted ? 'was interrupted' : ended === undefined ? 'failed' : 'was ended early';
    const reasons = diagnostics.length > 0 ? diagnostics.map(describe) : tail;
    const text = reasons.join('\n');
    const advice = interrupted ? [] : ADVICE.filter(([said]) => said.test(text)).map(([, say]) => say);
    super(
      [
        `terraform ${command} ${how} in stack ${stackName}; its whole output: ${logFile}`,
        ...[...(ended === undefined ? [] : [ended]), ...reasons].map(indent),
        ...advice,
      ].join('\n'),
    );
  }
}

/** What to do about what AWS or Terraform said. */
const ADVICE: readonly (readonly [said: RegExp, advice: string])[] = [
  [
    /Error acquiring the state lock/,
    'To fix it: wait until the run that holds the lock ends. If it was killed, run terraform force-unlock with the ID above in the folder of the stack',
  ],
  [
    /AccessDenied|UnauthorizedOperation|not authorized to perform/,
    'To fix it: give the role the right that is named above. Then run the command again',
  ],
  [
    /Throttling|RequestLimitExceeded|TooManyRequests|Rate exceeded/,
    'To fix it: AWS limits the calls of the account. Run the command again in some minutes',
  ],
  [
    /CREATE_FAILED/,
    'To fix it: remove the cause that is named above. Then plan again: Terraform replaces the object',
  ],
];

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
