import { styleText } from 'node:util';
import type { Outage } from '../../sandbox/outage-log';
import { table } from '../terminal/table';

/** The outages of an edit for people, a line each; nothing where there was none. */
export function drawOutages(outages: readonly Outage[], width: number): string {
  if (outages.length === 0) return '';
  const rows = outages.map(({ what, seconds, cause, during, lasts }) => [
    what,
    `${seconds} s${lasts ? ', and it lasts' : ''}`,
    during.join(', '),
    cause,
  ]);
  const head = ['WHAT', 'FOR', 'WHILE APPLYING', 'WHY'];
  return `${styleText('bold', 'Outages while this edit was applied:')}\n${table([head, ...rows], width)}\n\n`;
}
