import definition from '../../../main';
import { printWarning } from '../terminal/print-warning';

/** `synth`: writes the Terraform JSON and says where. */
export function synth(options: { json?: boolean }): void {
  const { outdir, stacks, validatedAs } = definition.synthesize({ onWarning: printWarning });
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ outdir, stacks })}\n`
      : `${outdir}: ${stacks.length} stacks: ${stacks.join(', ')}\n`,
  );
  // The warning has said it.
  if (validatedAs === undefined && process.env['CI'] === 'true') process.exitCode = 2;
}
