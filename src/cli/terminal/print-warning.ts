import { formatFinding, type Finding } from '../../config/config-error';
import { visible } from '../../facts/visible-text';

/** Prints what is right in `platform.yaml` but will not stay so, or is likely not meant: beside the result, not in it. */
export function printWarning(warning: Finding): void {
  process.stderr.write(visible(`warning: ${formatFinding(warning)}\n`));
}
