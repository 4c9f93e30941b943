import { styleText } from 'node:util';
import type { Fate, Leftover } from '../../pipeline/teardown/leftovers';
import type { TeardownPlan } from '../../pipeline/teardown/remove-leftovers';
import { table } from '../terminal/table';

/** What a report is about. */
export interface ReportOptions {
  /** Whether nothing was removed yet. */
  readonly planned: boolean;
  /** The stacks that were destroyed. */
  readonly destroyed: readonly string[] | undefined;
  /** The command that goes on from here. */
  readonly next: string | undefined;
}

const FATES: Readonly<Record<Fate, string>> = {
  removed: 'is removed',
  kept: 'is kept',
  left: 'is left',
};

/** The report for people. */
export function drawTeardown(
  { cluster, clusterExists, found, stuck, notes }: TeardownPlan,
  { planned, destroyed, next }: ReportOptions,
  width: number,
): string {
  const paragraph = (text: string): string => table([[text]], width);
  const left = found.filter(({ fate }) => fate === 'left');
  const kept = found.filter(({ fate }) => fate === 'kept');
  const blocking = left.filter(({ effect }) => effect === 'blocks the VPC');
  const lines: string[] = [];
  const title = planned
    ? `What AWS has made outside of Terraform for ${cluster}`
    : `What is left of what AWS made outside of Terraform for ${cluster}`;
  lines.push(styleText('bold', paragraph(title)), '');
  if (!clusterExists && !destroyed) {
    lines.push(paragraph(`EKS has no cluster ${cluster}: no controller removes anything any more.`), '');
  }
  lines.push(
    found.length === 0
      ? 'Nothing.'
      : table([['WHAT', 'MADE FOR', 'IN A DESTROY', 'THE TEARDOWN'], ...found.map(row)], width),
    '',
  );
  if (stuck.length > 0) {
    lines.push(
      paragraph(
        `Asked to go and still there: ${stuck.join(', ')}. A finalizer holds each until its controller has done its part: ` +
          'look whether that runs, and run the teardown again.',
      ),
      '',
    );
  }
  if (left.length > 0) {
    lines.push(
      paragraph(`Nobody removes ${count(left.length)}. By hand, once you are sure:`),
      ...left.map(({ remedy }) => `  ${remedy}`),
      '',
    );
  }
  if (kept.length > 0) {
    lines.push(paragraph(`${count(kept.length)} hold data and are kept, and go on costing money.`), '');
  }
  lines.push(...notes.flatMap((note) => [paragraph(note), '']));
  if (destroyed) lines.push(paragraph(`Every stack is destroyed: ${destroyed.join(', ')}.`));
  else if (!planned && (blocking.length > 0 || stuck.length > 0)) {
    lines.push(paragraph('A destroy would end halfway, so none was begun.'));
  } else if (next !== undefined) lines.push(`Next:  ${next}`);
  return `${lines.join('\n')}\n`;
}

function row({ kind, name, owner, effect, fate, because }: Leftover): string[] {
  return [`${kind}\n${name}`, owner ?? '(not known)', effect, `${FATES[fate]}: ${because}`];
}

function count(resources: number): string {
  return resources === 1 ? '1 resource' : `${resources} resources`;
}
