import type { CommanderError } from 'commander';
import { sourceStack, thrownAt } from '../../facts/thrown';
import { isUserError } from '../../facts/user-error';
import { Interrupted } from './interrupt';

/** Exit status of the program. */
export const EXIT = {
  done: 0,
  /** The answer is no, or the input is wrong. */
  wrong: 1,
  /** The tool could not run. */
  broken: 2,
} as const;

/** Prints why the program ends, and ends it. Only a defect of the program gets a stack trace. */
export function reportFailure(thrown: unknown): never {
  if (thrown instanceof Interrupted) process.exit(process.exitCode);
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isUserError(error)) return endWith(error.code, error.message, error.exitStatus, error.message);
  const place = thrownAt(error);
  if (place === undefined) return endWith('unexpected', error.message, EXIT.broken, sourceStack(error));
  const message = `${place}: ${error.name}: ${error.message}`;
  return endWith('failed-definition', message, EXIT.wrong, message);
}

/** Ends the program after commander has printed the help, or what is wrong with the arguments. */
export function reportUsage({ exitCode, message }: CommanderError): never {
  return exitCode === 0 ? process.exit(EXIT.done) : endWith('usage', message, EXIT.wrong);
}

/**
 * With `--json` a program reads standard output: the error goes there as well.
 *
 * @param printed what standard error gets @default - nothing
 */
function endWith(code: string, message: string, status: number, printed?: string): never {
  if (printed !== undefined) process.stderr.write(`${printed}\n`);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  }
  process.exit(status);
}
