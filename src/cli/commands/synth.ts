import definition from '../../../main';
import { platformOutline } from '../../checks/platform-outline';
import { readPlatformRecord } from '../../manifests/platform-record';
import { readStacks } from '../../manifests/stacks';
import { drawPlatform } from '../reports/platform-tree';
import { printWarning } from '../terminal/print-warning';
import { terminalWidth } from '../terminal/table';

interface SynthOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** `synth`: writes the Terraform JSON, and prints what it says. */
export function synth({ json, quiet }: SynthOptions): void {
  const { outdir, stacks, validatedAs } = definition.synthesize({ onWarning: printWarning });
  // The warning says it.
  if (validatedAs === undefined && process.env['CI'] === 'true') process.exitCode = 2;
  if (!quiet) {
    const outline = platformOutline(readPlatformRecord(outdir), readStacks(outdir));
    if (json) {
      process.stdout.write(`${JSON.stringify({ outdir, stacks, platform: outline })}\n`);
      return;
    }
    process.stdout.write(`${drawPlatform(outline, terminalWidth())}\n\n`);
  }
  process.stdout.write(
    json
      ? `${JSON.stringify({ outdir, stacks })}\n`
      : `${outdir}: ${stacks.length} stacks: ${stacks.join(', ')}\n`,
  );
}
