import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPlatform } from '../../config/read-platform';
import { selectedPlatform } from '../../facts/selected-platform';
import { promote, type Promotion } from '../../config/promotion';
import definition from '../../../main';
import { readStacks } from '../../manifests/stacks';
import { printWarning } from '../terminal/print-warning';
import { replaceFile } from '../replace-file';

/** `promote`: copies a workload's version from one namespace to another in the platform's file, and says which stacks change. */
export function promoteWorkload(promotion: Promotion, { json }: { json?: boolean }): void {
  const { file } = selectedPlatform();
  const { text, ...done } = promote(readPlatform(file), file, promotion, {
    onWarning: printWarning,
    workloads: definition.workloads,
  });
  const changed = done.before !== done.after;
  let stacks: string[] = [];
  if (changed) {
    const before = synthesized(file);
    replaceFile(file, text, (draft) => {
      const after = synthesized(draft);
      stacks = [...after.keys()].filter((stack) => after.get(stack) !== before.get(stack));
    });
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ ...done, changed, stacks })}\n`);
    return;
  }
  const place = `${file}:${done.line}:${done.column} ${done.path}`;
  process.stdout.write(
    changed
      ? `${place}: ${done.before} -> ${done.after}, as in ${promotion.from}\nStacks that change: ${stacks.join(', ')}\n`
      : `${place}: is ${done.after} already, as in ${promotion.from}; nothing to do\n`,
  );
}

/** The bytes of each stack of a platform. */
function synthesized(file: string): Map<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'promote-'));
  try {
    definition.synthesize({ file, outdir });
    return new Map(
      readStacks(outdir).map(({ name, workingDirectory }) => [
        name,
        readFileSync(join(outdir, workingDirectory, 'cdk.tf.json'), 'utf8'),
      ]),
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
