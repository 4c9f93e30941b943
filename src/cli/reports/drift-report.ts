import { npmRun } from '../../facts/selected-platform';
import { visible } from '../../facts/visible-text';
import { styleText } from 'node:util';
import { describeDifference } from '../../pipeline/plan/plan-differences';
import type { DriftedObject, Remedy, StackDrift } from '../../pipeline/drift/stack-drift';
import { code, codeBlock, markdownTable } from './markdown';
import { table } from '../terminal/table';

/** A stack that was looked at. */
type Known = { readonly stack: string } & StackDrift;

/** A stack that could not be checked. */
interface Unknown {
  readonly stack: string;
  /** Terraform's. */
  readonly reason: string;
}

/** What was found out of a stack, or why nothing was. */
export type LookedAt = Known | Unknown;

/** Whether a stack has objects that are not as they were applied. */
export function hasDrifted(found: LookedAt): found is Known {
  return isKnown(found) && found.drifted.length > 0;
}

/** Whether it was found out how a stack is. */
export function isKnown(found: LookedAt): found is Known {
  return 'drifted' in found;
}

const TOLD: Readonly<Record<Remedy, string>> = {
  create: 'deleted outside Terraform; the next apply creates it again',
  replace: 'changed outside Terraform; the next apply replaces it',
  update: 'changed outside Terraform; the next apply changes it back',
};

/** So many of the objects that need nothing are named. */
const NAMED = 3;

const heal = (): string =>
  `\`${npmRun('plan', '--all')}\` and then \`${npmRun('apply')}\` revert it. To keep a change, add it to the code.`;

/** How a stack is, in a few words. */
export function verdict(found: LookedAt): string {
  if (!isKnown(found)) return 'could not be checked';
  if (!found.applied) return 'never applied';
  const length = found.drifted.length;
  if (length === 0) return 'no drift';
  return `${length} ${length === 1 ? 'object has' : 'objects have'} drifted`;
}

/** The report for people. */
export function drawDrift(
  stacks: readonly LookedAt[],
  width: number,
  leftOut: readonly string[] = [],
): string {
  const paragraph = (text: string): string => table([[text]], width);
  const section = (found: LookedAt): string[] => [
    styleText('bold', `${found.stack}: ${verdict(found)}`),
    ...(!isKnown(found)
      ? [visible(found.reason)]
      : [
          ...found.drifted.flatMap((object) => [
            '',
            paragraph(`${object.address}: ${TOLD[object.remedy]}`),
            ...(object.differences.length > 0
              ? [table([['', 'ATTRIBUTE', 'WAS', 'IS'], ...rowsOf(object).map((row) => ['', ...row])], width)]
              : []),
          ]),
          ...asides(found).flatMap((text) => ['', paragraph(text)]),
        ]),
    '',
  ];
  const isQuiet = (found: LookedAt): boolean =>
    isKnown(found) && !hasDrifted(found) && asides(found).length === 0;
  const quiet = stacks.filter(isQuiet).map((found) => `${found.stack}: ${verdict(found)}`);
  return [
    ...(quiet.length > 0 ? [...quiet, ''] : []),
    ...stacks.filter((found) => !isQuiet(found)).flatMap(section),
    paragraph(remedy(stacks, leftOut)),
    '',
  ].join('\n');
}

/** The same for an issue: stacks that have drifted first. */
export function driftMarkdown(stacks: readonly LookedAt[], leftOut: readonly string[] = []): string {
  const drifted = stacks.filter(hasDrifted);
  const failed = stacks.filter((found) => !isKnown(found));
  const others = stacks.filter((found) => isKnown(found) && !hasDrifted(found));
  const paragraphs = [
    '# Drift',
    ...[...drifted, ...failed, ...others].flatMap((found) => [
      `## ${code(found.stack)}: ${verdict(found)}`,
      ...(!isKnown(found)
        ? [codeBlock(found.reason)]
        : [
            ...found.drifted.flatMap((object) => [
              `**${code(object.address)}** ${TOLD[object.remedy]}`,
              ...(object.differences.length > 0
                ? [markdownTable([['attribute', 'was', 'is'], ...rowsOf(object).map((row) => row.map(code))])]
                : []),
            ]),
            ...asides(found, code),
          ]),
    ]),
    remedy(stacks, leftOut),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function rowsOf({ differences }: DriftedObject): string[][] {
  return differences.map((difference) => {
    const { before, after } = describeDifference(difference);
    return [difference.path, before, after];
  });
}

/** What is not drift, yet good to know. */
function asides({ noted, following, unapplied }: StackDrift, name = (address: string) => address): string[] {
  const list = (addresses: readonly string[]): string => addresses.map(name).join(', ');
  const names = noted.slice(0, NAMED).map(({ address }) => address);
  const more = noted.length > NAMED ? ` and ${noted.length - NAMED} more, which --json names` : '';
  return [
    ...(following.length > 0 ? [`Changed with them by the next apply: ${list(following)}`] : []),
    ...(noted.length > 0 ? [`Also changed, no action needed: ${list(names)}${more}`] : []),
    ...(unapplied.length > 0
      ? [
          `${unapplied.length} ${unapplied.length === 1 ? 'change of the program is' : 'changes of the program are'} ` +
            `not applied yet: ${npmRun('plan')}`,
        ]
      : []),
  ];
}

function remedy(stacks: readonly LookedAt[], leftOut: readonly string[]): string {
  const failed = stacks.filter((found) => !isKnown(found));
  const unknown =
    failed.length > 0
      ? `Could not be checked: ${failed.map(({ stack }) => stack).join(', ')}. The reasons are above.`
      : '';
  const known = stacks.filter(isKnown);
  const of = failed.length > 0 ? ` in ${known.map(({ stack }) => stack).join(', ')}` : '';
  const verdict = known.some(hasDrifted) ? heal() : known.length > 0 ? `Nothing has drifted${of}.` : '';
  const notLooked = leftOut.length > 0 ? `Not checked: ${leftOut.join(', ')}.` : '';
  return [verdict, unknown, notLooked].filter((text) => text !== '').join(' ');
}
