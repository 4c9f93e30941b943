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

/** Why the program ends. */
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** What standard error gets. @default - nothing */
  readonly printed?: string;
}

/** Prints why the program ends, and ends it. With `--json` a program reads standard output: the error goes there as well. */
export function reportFailure(thrown: unknown): void {
  const { code, message, status, printed } = failureOf(thrown);
  if (printed !== undefined) process.stderr.write(`${visible(printed)}\n`);
  if (message !== '' && process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  }
  exitOnceWritten(status);
}

/** Only a defect of the program gets a stack trace. */
function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Interrupted)
    return { code: 'interrupted', message: '', status: Number(process.exitCode) };
  // Commander has printed the help, or what is wrong with the arguments.
  if (thrown instanceof CommanderError) {
    const { exitCode, message } = thrown;
    return exitCode === 0
      ? { code: 'help', message: '', status: EXIT.done }
      : { code: 'usage', message, status: EXIT.wrong };
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { message } = error;
  if (isUserError(error)) return { code: error.code, message, status: error.exitStatus, printed: message };
  const place = thrownAt(error);
  if (place === undefined)
    return { code: 'unexpected', message, status: EXIT.broken, printed: sourceStack(error) };
  const placed = `${place}: ${error.name}: ${message}`;
  return { code: 'failed-definition', message: placed, status: EXIT.wrong, printed: placed };
}

/** Ends the program when both streams are written: what a pipe has not taken yet would be lost. */
function exitOnceWritten(status: number): void {
  process.exitCode = status;
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}
