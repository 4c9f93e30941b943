import { Interrupted } from './terminal/interrupt';

/** Exit status of the program. */
export const EXIT = {
  done: 0,
  /** The answer is no, or the input is wrong. */
  wrong: 1,
  /** The tool could not run. */
  broken: 2,
} as const;

/** Errors whose message says everything that the user needs: the input was wrong, or the answer is no. */
const INPUT_ERRORS = new Set([
  'BackendError',
  'ConfigError',
  'ManifestError',
  'OutputError',
  'PlanRecordError',
  'ProofError',
  'StackNameError',
  'StateBootstrapError',
  'SynthesisError',
  'TeardownError',
  'TerraformError',
]);
/** The same, where the tool could not run. */
const TOOL_ERRORS = new Set([
  'AwsCliError',
  'KubectlError',
  'PrerequisiteError',
  'SandboxError',
  'ToolBuildError',
]);

/** Prints why the program ends, and ends it. A stack trace is for errors that nobody foresaw. */
export function reportFailure(error: unknown): never {
  if (error instanceof Interrupted) process.exit(process.exitCode);
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const foreseen = INPUT_ERRORS.has(name) || TOOL_ERRORS.has(name);
  process.stderr.write(`${foreseen ? message : (stack ?? message)}\n`);
  process.exit(INPUT_ERRORS.has(name) ? EXIT.wrong : EXIT.broken);
}
