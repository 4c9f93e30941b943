import { execa, ExecaError } from 'execa';
import { UserError } from '../facts/user-error';

/** The AWS CLI could not do what it was asked to: what, and why in its own words. */
export class AwsCliError extends UserError {
  readonly code = 'aws-cli-failed';
  readonly exitStatus = 2;

  constructor(
    command: string,
    /** The error code of the service, `ResourceNotFoundException`; undefined when it never came to an answer. */
    readonly serviceCode: string | undefined,
    /** Its own words. */
    readonly reason: string,
    /** Whether there is such a program. */
    readonly installed = true,
  ) {
    super(`aws ${command}: ${reason}`);
  }
}

/** What AWS answers, or why it refuses to. */
export type AwsAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** With what the AWS CLI runs. */
export interface AwsCliOptions {
  /** Region of every request, `eu-west-1`. */
  readonly region: string;
  /** The variables that it runs with: credentials, profile, endpoint. @default process.env */
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
    const text = await this.run(service, operation, [...args, '--output', 'json']);
    // Where there is nothing to tell, it prints nothing.
    return (text.trim() === '' ? {} : JSON.parse(text)) as T;
  }

  /** Runs one command whose refusal is an answer too. @throws AwsCliError when there is no such program */
  async ask<T>(service: string, operation: string, args: readonly string[] = []): Promise<AwsAnswer<T>> {
    try {
      return { ok: true, value: await this.json<T>(service, operation, args) };
    } catch (error) {
      if (!(error instanceof AwsCliError) || !error.installed) throw error;
      return { ok: false, reason: error.reason };
    }
  }

  /**
   * Runs one command and gives what it printed.
   *
   * @param input what it reads. @default - nothing
   * @throws AwsCliError
   */
  async run(
    service: string,
    operation: string,
    args: readonly string[] = [],
    input?: string,
  ): Promise<string> {
    const { region, environment = process.env, signal } = this.options;
    const command = `${service} ${operation}`;
    try {
      const { stdout } = await execa('aws', [service, operation, ...args, '--region', region], {
        // An answer is not to wait in a pager.
        env: { ...environment, AWS_PAGER: '' },
        extendEnv: false,
        ...(input === undefined ? { stdin: 'ignore' } : { input }),
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
          false,
        );
      }
      const said = String(error.stderr).trim() || error.shortMessage;
      throw new AwsCliError(command, /An error occurred \((\w+)\)/.exec(said)?.[1], said);
    }
  }
}
