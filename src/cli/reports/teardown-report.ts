import { styleText } from 'node:util';
import type { Fate, Leftover } from '../../pipeline/teardown/leftovers';
import type { TeardownPlan } from '../../pipeline/teardown/remove-workloads';
import { table } from '../terminal/table';

export interface TeardownReport extends TeardownPlan {
  /** The stacks that were destroyed. */
  readonly destroyed?: readonly string[];
  /** The command that comes next. */
  readonly next?: string;
}

const FATES: Readonly<Record<Fate, string>> = { removed: 'is removed', kept: 'is kept', left: 'is left' };

/**
 * The report for people.
 *
 * @param planned whether nothing was removed yet
 */
export function drawTeardown(
  { cluster, clusterExists, found, stuck, notes, destroyed, next }: TeardownReport,
  { planned }: { planned: boolean },
  width: number,
): string {
  const paragraph = (text: string): string => `${table([[text]], width)}\n`;
  const left = found.filter(({ fate }) => fate === 'left');
  const kept = found.filter(({ fate }) => fate === 'kept');
  const isBlocked = stuck.length > 0 || left.some(({ effect }) => effect === 'blocks the VPC');
  const what = `${planned ? 'What' : 'What is left of what'} AWS ${planned ? 'has made' : 'made'} outside Terraform for ${cluster}`;
  const parts = [
    `${styleText('bold', table([[what]], width))}\n`,
    ...(clusterExists || destroyed
      ? []
      : [paragraph(`EKS has no cluster ${cluster}: no controller removes anything any more.`)]),
    found.length === 0
      ? 'Nothing.\n'
      : `${table([['WHAT', 'MADE FOR', 'IN A DESTROY', 'THE TEARDOWN'], ...found.map(row)], width)}\n`,
    ...(stuck.length === 0
      ? []
      : [
          paragraph(
            `Deletion requested, and still there: ${stuck.join(', ')}. A finalizer holds each until its controller has done its part: ` +
              'look whether that runs, and run the teardown again.',
          ),
        ]),
    ...(left.length === 0
      ? []
      : [
          `${paragraph(`Nothing removes ${count(left.length)}. Remove by hand, once you are sure:`)}${left.map(({ remedy }) => `  ${remedy}\n`).join('')}`,
        ]),
    ...(kept.length === 0 ? [] : [paragraph(`${count(kept.length)} kept: they hold data, and cost money.`)]),
    ...notes.map(paragraph),
    ...(destroyed
      ? [paragraph(`Every stack is destroyed: ${destroyed.join(', ')}.`)]
      : !planned && isBlocked
        ? [paragraph('A destroy would end halfway, so none was begun.')]
        : next === undefined
          ? []
          : [`Next:  ${next}\n`]),
  ];
  return parts.join('\n');
}

function row({ kind, name, owner, effect, fate, because }: Leftover): string[] {
  return [`${kind}\n${name}`, owner ?? '(not known)', effect, `${FATES[fate]}: ${because}`];
}

function count(resources: number): string {
  return resources === 1 ? '1 resource' : `${resources} resources`;
}
