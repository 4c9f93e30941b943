import definition from '../../../main';
import { unknownName } from '../../facts/near-name';
import { UserError } from '../../facts/user-error';
import { readPlatformRecord, type PlatformRecord } from '../../manifests/platform-record';
import { readStacks, type Stack } from '../../manifests/stacks';
import { namespaceDifferences, type SynthesizedNamespace } from '../../pipeline/plan/namespace-differences';
import { EXIT } from '../terminal/exit';
import { printWarning } from '../terminal/print-warning';
import { table, terminalWidth } from '../terminal/table';

/** A namespace was named that there is none of. */
export class NamespaceNameError extends UserError {
  readonly code = 'unknown-namespace';
  readonly exitStatus = 1;
}

/** `diff`: compares two namespaces as they were synthesized. */
export function diff(
  from: string,
  to: string,
  options: { readonly all?: boolean; readonly json?: boolean },
): void {
  const { outdir } = definition.synthesize({ onWarning: printWarning });
  const [record, stacks] = [readPlatformRecord(outdir), readStacks(outdir)];
  const names = Object.keys(record.namespaces);
  const unknown = [from, to].filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new NamespaceNameError(unknown.map((name) => unknownName('namespace', name, names)).join('\n'));
  }
  const found = namespaceDifferences(synthesized(from, record, stacks), synthesized(to, record, stacks));
  const beyond = found.filter(({ declared }) => declared.length === 0);
  const shown = options.all ? found : beyond;
  const rows = shown.map((each) => [each.address, each.path, each.from, each.to, each.declared.join(', ')]);
  const head = ['OBJECT', 'ARGUMENT', from, to, options.all ? 'KEY' : ''];
  const declared = found.length - beyond.length;
  const summary = `${beyond.length} differences beyond platform.yaml, ${declared} that follow from it\n`;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ differences: found })}\n`
      : `${rows.length > 0 ? `${table([head, ...rows], terminalWidth())}\n\n` : ''}${summary}`,
  );
  process.exitCode = beyond.length > 0 ? EXIT.wrong : EXIT.done;
}

function synthesized(
  name: string,
  { namespaces }: PlatformRecord,
  stacks: readonly Stack[],
): SynthesizedNamespace {
  const stack = stacks.find((each) => each.name === name);
  const settings = namespaces[name];
  if (!stack || !settings) throw new Error(`no stack of the namespace ${name} was synthesized`);
  return { name, settings, document: stack.document };
}
