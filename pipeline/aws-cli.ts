import { execa, ExecaError } from 'execa';

/** The AWS CLI could not do what it was asked to: its own words, which name credentials, rights and endpoints. */
export class AwsCliError extends Error {
  override readonly name = 'AwsCliError';

  constructor(
    command: string,
    /** What the AWS CLI wrote to standard error. */
    readonly reason: string,
    cause: unknown,
  ) {
    super(`${command}: ${reason}`, { cause });
  }
}

/** How the AWS CLI is run. */
export interface AwsCliOptions {
  /**
   * Credentials, region, endpoint.
   * @default process.env
   */
  readonly environment?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  /** Written to its standard input. */
  readonly input?: string;
}

/**
 * Runs the AWS CLI.
 *
 * @returns what it printed
 * @throws AwsCliError
 */
export async function aws(
  args: readonly string[],
  { environment = process.env, signal, input = '' }: AwsCliOptions = {},
): Promise<string> {
  try {
    const { stdout } = await execa('aws', args, {
      env: { ...environment, AWS_PAGER: '' },
      extendEnv: false,
      input,
      ...(signal && { cancelSignal: signal }),
    });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError) || signal?.aborted) throw error;
    const command = `aws ${args.slice(0, 2).join(' ')}`;
    throw new AwsCliError(command, String(error.stderr).trim() || error.originalMessage || 'failed', error);
  }
}
