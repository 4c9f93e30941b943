import { readPlatform } from '../../config/read-platform';
import { selectedPlatform, selectPlatform } from '../../facts/selected-platform';
import { promote } from '../../config/promotion';
import definition from '../../../main';
import { printWarning } from '../terminal/print-warning';
import { replaceFile } from '../replace-file';
import { synthesizedNow } from '../synthesized-now';

/**
 * `promote`: copies a workload's version from one namespace to another in the platform's file, and says which stacks change.
 *
 * @param from `qa`, or `eu/qa` of the platform eu
 * @param to the same
 */
export function promoteWorkload(
  { workload, from, to }: { readonly workload: string; readonly from: string; readonly to: string },
  { json }: { json?: boolean },
): void {
  const [source, giving] = placeOf(from);
  const [target, getting] = placeOf(to);
  // Before the target is selected: a namespace alone is of the platform that --platform selects.
  const other = (source === undefined ? selectedPlatform() : selectedPlatform(source)).file;
  const { file } = target === undefined ? selectedPlatform() : selectPlatform(target);
  const { text, ...done } = promote(
    readPlatform(file),
    file,
    {
      workload,
      from: giving,
      to: getting,
      ...(other !== file && { source: { file: other, text: readPlatform(other) } }),
    },
    { onWarning: printWarning, workloads: definition.workloads },
  );
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
  const place = `${done.file}:${done.line}:${done.column} ${done.path}`;
  process.stdout.write(
    changed
      ? `${place}: ${done.before} -> ${done.after}, as in ${from}\nStacks that change: ${stacks.join(', ')}\n`
      : `${place}: is ${done.after} already, as in ${from}; nothing to do\n`,
  );
}

/** The platform, if one is named, and the namespace. */
function placeOf(given: string): [platform: string | undefined, namespace: string] {
  const at = given.lastIndexOf('/');
  return at < 0 ? [undefined, given] : [given.slice(0, at), given.slice(at + 1)];
}

/** The Terraform JSON of each stack of a platform. */
function synthesized(file: string): Map<string, string> {
  const { stacks } = synthesizedNow({ file });
  return new Map(stacks.map(({ name, document }) => [name, JSON.stringify(document)]));
}
