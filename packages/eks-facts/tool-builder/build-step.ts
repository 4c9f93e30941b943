import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { execa } from 'execa';
import { UserError } from '../user-error';

const TAIL = 15;

/** A program that builds one of the sandbox's tools and failed: the end of what it said, and where all of it is. */
export class ToolBuildError extends UserError {
  readonly code = 'tool-build-failed';
  readonly exitStatus = 2;

  constructor(
    readonly tool: string,
    readonly logFile: string,
    reason: string,
    output: readonly string[],
  ) {
    const tail = output.slice(-TAIL).map((line) => `  ${line}`);
    super([`building ${tool} failed: ${reason}; its whole output: ${logFile}`, ...tail].join('\n'));
  }
}

/** A program to run as a step of a build. */
export interface BuildStep {
  /** The tool that is built, for messages. */
  readonly tool: string;
  readonly program: string;
  readonly args: readonly string[];
  /** @default - the current folder */
  readonly cwd?: string;
  /** Added to the user's environment; undefined takes a variable out of it. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The file that gets all of the output, at its end. */
  readonly logFile: string;
  readonly signal?: AbortSignal | undefined;
  /** Told each line, whichever stream it comes by, while the program runs. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs one step to its end.
 *
 * @returns the lines that it wrote to standard output
 * @throws ToolBuildError when it fails; the signal's reason when the signal ended it
 */
export async function runBuildStep(step: BuildStep): Promise<string[]> {
  const { tool, program, args, cwd, env, logFile, signal, onLine } = step;
  signal?.throwIfAborted();
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile, { flags: 'a' });
  log.write(`$ ${[program, ...args].join(' ')}   # ${new Date().toISOString()}\n`);
  const output: string[] = [];
  const all: string[] = [];
  const take = (line: string) => {
    all.push(line);
    log.write(`${line}\n`);
    onLine?.(line);
  };
  try {
    const run = execa(program, args, {
      stdin: 'ignore',
      buffer: false,
      reject: false,
      ...(cwd !== undefined && { cwd }),
      ...(env && { env }),
      ...(signal && { cancelSignal: signal }),
    });
    const read = async (from: 'stdout' | 'stderr') => {
      for await (const line of run.iterable({ from })) {
        if (from === 'stdout') output.push(line);
        take(line);
      }
    };
    await Promise.all([read('stdout'), read('stderr')]);
    const { failed, exitCode, originalMessage } = await run;
    signal?.throwIfAborted();
    if (failed) {
      // What did not start has no status.
      const reason =
        exitCode === undefined ? (originalMessage ?? program) : `${program} ended with status ${exitCode}`;
      throw new ToolBuildError(tool, logFile, reason, all);
    }
    return output;
  } finally {
    await new Promise((closed) => log.end(closed));
  }
}
