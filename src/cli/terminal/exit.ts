import type { CommanderError } from 'commander';
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

/** Prints why the program ends, and ends it. Only a defect gets a stack trace. */
export function reportFailure(error: unknown): never {
  if (error instanceof Interrupted) process.exit(process.exitCode);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const isKnown = isUserError(error);
  process.stderr.write(`${isKnown ? message : (stack ?? message)}\n`);
  return isKnown
    ? endWith(error.code, message, error.exitStatus)
    : endWith('unexpected', message, EXIT.broken);
}

/** Ends the program after commander has printed the help, or what is wrong with the arguments. */
export function reportUsage({ exitCode, message }: CommanderError): never {
  return exitCode === 0 ? process.exit(EXIT.done) : endWith('usage', message, EXIT.wrong);
}

/** With `--json` a program reads standard output: the error goes there as well. */
function endWith(code: string, message: string, status: number): never {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  }
  process.exit(status);
}
