import { execa, ExecaError } from 'execa';

/** The AWS CLI could not do what it was asked to: what, and why in its own words. */
export class AwsCliError extends Error {
  override readonly name = 'AwsCliError';

  constructor(
    command: string,
    /** The error code of the service, `ResourceNotFoundException`; undefined when it never came to an answer. */
    readonly code: string | undefined,
    reason: string,
  ) {
    super(`aws ${command}: ${reason}`);
  }
}

/** With what the AWS CLI runs. */
export interface AwsCliOptions {
  /** Region of every request, `eu-west-1`. */
  readonly region: string;
  /**
   * The variables that it runs with: credentials, profile, endpoint.
   * @default process.env
   */
  readonly environment?: NodeJS.ProcessEnv;
  /** Ends what is under way. */
  readonly signal?: AbortSignal;
}

/** The AWS CLI, as the user has set it up: it finds the credentials and pages through long answers. */
export class AwsCli {
  constructor(private readonly options: AwsCliOptions) {}

  /**
   * Runs one command and reads its answer.
   *
   * @param service such as `ec2`
   * @param operation such as `describe-volumes`
   * @throws AwsCliError
   */
  async json<T>(service: string, operation: string, args: readonly string[] = []): Promise<T> {
    return JSON.parse(await this.run(service, operation, [...args, '--output', 'json'])) as T;
  }

  /** Runs one command and gives what it printed. @throws AwsCliError */
  async run(service: string, operation: string, args: readonly string[] = []): Promise<string> {
    const { region, environment = process.env, signal } = this.options;
    const command = `${service} ${operation}`;
    try {
      const { stdout } = await execa('aws', [service, operation, ...args, '--region', region], {
        // An answer is not to wait in a pager.
        env: { ...environment, AWS_PAGER: '' },
        extendEnv: false,
        stdin: 'ignore',
        ...(signal && { cancelSignal: signal }),
      });
      return stdout;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof ExecaError)) throw error;
      if (error.code === 'ENOENT') {
        throw new AwsCliError(
          command,
          undefined,
          'the AWS CLI is not installed: https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html',
        );
      }
      const said = String(error.stderr).trim() || error.shortMessage;
      throw new AwsCliError(command, /An error occurred \((\w+)\)/.exec(said)?.[1], said);
    }
  }
}
