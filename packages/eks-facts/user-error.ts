/** What a user sees of an error: `docs/reference/errors.md` lists the codes. */
export interface UserFacing {
  /** Stable name for programs, kebab-case. */
  readonly code: string;
  /** 1: the answer is no, or the input is wrong. 2: the tool could not run. */
  readonly exitStatus: 1 | 2;
}

/** An error whose message tells the user all that is needed. Any other error is a defect, and gets a stack trace. */
export abstract class UserError extends Error implements UserFacing {
  abstract readonly code: string;
  abstract readonly exitStatus: 1 | 2;

  /** @param message one text, or one line for each finding */
  constructor(message: string | readonly string[], options?: ErrorOptions) {
    super(typeof message === 'string' ? message : message.join('\n'), options);
    this.name = new.target.name;
  }
}

/** The message of what was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Known by its shape: each published package has a copy of this class. */
export function isUserError(error: unknown): error is Error & UserFacing {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'exitStatus' in error &&
    (error.exitStatus === 1 || error.exitStatus === 2)
  );
}
