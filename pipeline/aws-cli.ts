import { execa } from 'execa';

/** The AWS CLI could not be run at all. */
export class AwsCliError extends Error {
  override readonly name = 'AwsCliError';
}

/** What the AWS CLI answered: a JSON document, or why it was refused. */
export type AwsCliAnswer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/**
 * Asks AWS by its CLI, as whoever the environment signs in.
 *
 * @throws AwsCliError when there is no such program
 */
export async function aws<T>(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<AwsCliAnswer<T>> {
  const { exitCode, stdout, stderr, originalMessage } = await execa('aws', [...args, '--output', 'json'], {
    env: environment,
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
  });
  if (exitCode === undefined) {
    throw new AwsCliError(`the AWS CLI (aws) cannot be run: ${originalMessage ?? 'it gave no status'}`);
  }
  if (exitCode !== 0) return { ok: false, reason: stderr.trim() };
  return { ok: true, value: (stdout.trim() === '' ? {} : JSON.parse(stdout)) as T };
}
