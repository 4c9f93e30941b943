import definition from '../../../main';
import { checkPlatform, CHECK_NAMES } from '../../checks/platform-checks';
import type { CheckName } from '../../checks/finding';
import { sourceDate } from '../../config/source-date';
import { unknownName } from '../../facts/near-name';
import { UserError } from '../../facts/user-error';
import { readPlatformRecord } from '../../manifests/platform-record';
import { readStacks } from '../../manifests/stacks';
import { checksMarkdown, drawChecks, sarif } from '../reports/check-report';
import { replaceFile } from '../replace-file';
import { EXIT } from '../terminal/exit';
import { printWarning } from '../terminal/print-warning';
import { terminalWidth } from '../terminal/table';

/** What follows `check` on the command line. */
export interface CheckOptions {
  readonly stacks?: string;
  readonly json?: boolean;
  readonly sarif?: string;
  readonly markdown?: string;
}

/** A check was named that there is none of. */
export class CheckNameError extends UserError {
  readonly code = 'unknown-check';
  readonly exitStatus = 1;
}

/** `check`: proves what a deployment would show from what is synthesized now, or from a folder as it is. */
export function check(names: readonly string[], options: CheckOptions): void {
  const unknown = names.filter((name) => !CHECK_NAMES.includes(name as CheckName));
  if (unknown.length > 0) {
    throw new CheckNameError(unknown.map((name) => unknownName('check', name, CHECK_NAMES)).join('\n'));
  }
  const outdir = options.stacks ?? definition.synthesize({ onWarning: printWarning }).outdir;
  const chosen = names.length === 0 ? CHECK_NAMES : (names as readonly CheckName[]);
  const today = sourceDate().toISOString().slice(0, 10);
  const result = checkPlatform(readPlatformRecord(outdir), readStacks(outdir), chosen, today);
  if (options.sarif !== undefined)
    replaceFile(options.sarif, `${JSON.stringify(sarif(result, outdir), null, 2)}\n`);
  if (options.markdown !== undefined) replaceFile(options.markdown, checksMarkdown(result));
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : drawChecks(result, terminalWidth()));
  if (Object.keys(result.notRun).length > 0) process.exitCode = EXIT.broken;
  else if (result.findings.length > 0) process.exitCode = EXIT.wrong;
}
