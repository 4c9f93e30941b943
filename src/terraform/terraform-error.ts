import { UserError } from '../facts/user-error';

/** A warning or an error as Terraform tells it. */
export interface TerraformDiagnostic {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail: string;
  /** Address of the resource that it is about. */
  readonly address?: string;
}

/** What is behind errors, some of which providers repeat for each object, and what to do. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [
    /\bUnauthorized\b|ExpiredToken|RequestExpired|InvalidClientTokenId|getting credentials: exec: executable \S+ failed|provide credentials/,
    'The credentials have expired, or are not accepted. Sign in again, such as by aws sso login, and plan again. ' +
      'Where only the cluster refuses them, it has no access entry for them',
  ],
  [
    /connection (refused|lost|reset)|TLS handshake timeout|i\/o timeout|no route to host|\bEOF\b/,
    'A server did not answer. Plan again once it does',
  ],
  [
    /Error acquiring the state lock/,
    'Another run holds the lock. Wait until it ends. If it was killed, run terraform force-unlock with the ID below in the folder of the stack below cdktf.out/stacks',
  ],
  [
    /AccessDenied|UnauthorizedOperation|not authorized to perform/,
    'The role lacks a right. Give it the one that is named below, and plan again',
  ],
  [
    /Throttling|RequestLimitExceeded|TooManyRequests|Rate exceeded/,
    'AWS limits the calls of the account. Plan again in some minutes',
  ],
  [
    /CREATE_FAILED/,
    'AWS could not create an object. Remove the cause that is named below, and plan again: Terraform replaces the object',
  ],
];

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
    const causes = interrupted
      ? []
      : CAUSES.filter(([pattern]) => reasons.some((reason) => pattern.test(reason)));
    super(
      [
        `terraform ${command} ${how} in stack ${stackName}; its whole output: ${logFile}`,
        ...[...(ended === undefined ? [] : [ended]), ...causes.map(([, cause]) => cause), ...reasons].map(
          indent,
        ),
      ].join('\n'),
    );
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
