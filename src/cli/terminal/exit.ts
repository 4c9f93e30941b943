import { CommanderError } from 'commander';
import { sourceStack, thrownAt } from '../../facts/thrown';
import { isUserError } from '../../facts/user-error';
import { visible } from '../../facts/visible-text';
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
export function reportFailure(thrown: unknown): void {
  if (thrown instanceof Interrupted) return exitOnceWritten(Number(process.exitCode));
  // Commander has printed the help, or what is wrong with the arguments.
  if (thrown instanceof CommanderError) {
    if (thrown.exitCode === 0) return exitOnceWritten(EXIT.done);
    return endWith('usage', thrown.message, EXIT.wrong);
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isUserError(error)) return endWith(error.code, error.message, error.exitStatus, error.message);
  const place = thrownAt(error);
  if (place === undefined) return endWith('unexpected', error.message, EXIT.broken, sourceStack(error));
  const message = `${place}: ${error.name}: ${error.message}`;
  return endWith('failed-definition', message, EXIT.wrong, message);
}

/**
 * With `--json` a program reads standard output: the error goes there as well.
 *
 * @param printed what standard error gets @default - nothing
 */
function endWith(code: string, message: string, status: number, printed?: string): void {
  if (printed !== undefined) process.stderr.write(`${visible(printed)}\n`);
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  }
  exitOnceWritten(status);
}

/** Ends the program when both streams are written: what a pipe has not taken yet would be lost. */
function exitOnceWritten(status: number): void {
  process.exitCode = status;
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}
