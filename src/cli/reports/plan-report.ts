import { styleText } from 'node:util';
import { stringify } from 'yaml';
import { ArgumentClasses } from '../../facts/argument-classes';
import { npmRun } from '../../facts/selected-platform';
import { STACK } from '../../facts/stack-names';
import { changesAnything } from '../../pipeline/plan/plan-record';
import type {
  PlannedOutcome,
  PlanRecord,
  StackOutcome,
  SummaryChange,
} from '../../pipeline/plan/plan-record';
import type { EditEffect } from '../../pipeline/edit/edit-effects';
import type { Effect } from '../../pipeline/edit/edit-rows';
import { TAINTED, type Action } from '../../pipeline/plan/planned-stack';
import { code, codeBlock, escaped, markdownTable } from './markdown';
import { table } from '../terminal/table';

/** What costs most when it is wrong comes first. */
const RISK: Readonly<Record<Action, number>> = {
  delete: 0,
  replace: 1,
  forget: 2,
  update: 3,
  import: 4,
  move: 5,
  create: 6,
};

const VERBS: Readonly<Record<Action, string>> = {
  delete: 'destroy',
  replace: 'replace',
  forget: 'forget',
  update: 'change',
  import: 'import',
  move: 'move',
  create: 'create',
};

/** Of so many creations the kinds and their numbers are told, not each. */
const MANY = 12;
/** So many differences of an object are told. */
const DIFFERENCES = 6;

/** The plans as a pipeline reads them. */
export interface PlanSummary extends PlanRecord {
  /** Number of objects and outputs that are changed. */
  readonly changes: number;
  /** Names of the stacks that can only be planned after others are applied. */
  readonly waiting: readonly string[];
}

export function summaryOf(record: PlanRecord): PlanSummary {
  const planned = record.stacks.filter((outcome) => outcome.status === 'planned');
  return {
    ...record,
    changes: planned.reduce(
      (sum, { changes, outputs, orders = 0, removed }) =>
        sum + Math.max(changes.length + outputs.length + orders, removed ? 1 : 0),
      0,
    ),
    waiting: record.stacks.filter(({ status }) => status === 'waiting').map(({ name }) => name),
  };
}

/** What became of a stack, in a line. */
export function describeOutcome(outcome: StackOutcome): string {
  switch (outcome.status) {
    case 'planned':
      if (outcome.removed) return `no longer in the platform: ${counts(outcome)}`;
      if (!changesAnything(outcome)) {
        return outcome.orders === undefined
          ? 'nothing to change'
          : `saves in the state that ${outcome.orders} of its objects are deleted after their use`;
      }
      return outcome.name === STACK.pipeline
        ? `${counts(outcome)}, which an administrator applies with ${npmRun('state:bootstrap')}`
        : counts(outcome);
    case 'unchanged':
      return 'as it was applied';
    case 'left out':
      return outcome.reason ?? 'left out';
    case 'waiting':
      return `is planned once ${outcome.after.join(' and ')} ${outcome.after.length > 1 ? 'are' : 'is'} applied`;
    case 'failed':
      return outcome.refused ? 'refused' : 'could not be planned';
  }
}

/** What an effect is called. */
const EFFECTS: Readonly<Record<Effect, string>> = {
  refused: 'Not possible',
  outage: 'Outage',
  loss: 'Loss',
  restart: 'Restart',
  partial: 'In part',
};

/** What the edit does to what runs, which is printed before anything is planned. */
export function drawEffects(effects: readonly EditEffect[], width: number): string {
  if (effects.length === 0) return '';
  const rows = effects.map(({ effect, key, message }) => [EFFECTS[effect], key, `${message}.`]);
  return `${styleText('bold', 'What this edit does to what runs:')}\n${table(rows, width)}\n\n`;
}

/** The summary for people. */
export function drawPlans(record: PlanRecord, width: number): string {
  const paragraph = (text: string): string => table([[text]], width);
  const { stacks, guard } = record;
  return [
    ...guard.stopped.flatMap(({ rule, address, message, exception }) => [
      styleText(['bold', 'red'], paragraph(`Stopped (${rule}): ${address}`)),
      paragraph(`${message}.`),
      `  ${exception}`,
      '',
    ]),
    ...guard.passed.flatMap(({ rule, address, message, allowedBy }) => [
      styleText('bold', paragraph(`Let pass (${rule}): ${address}`)),
      paragraph(`${message}. By an exception until ${allowedBy.until}: ${allowedBy.reason}`),
      '',
    ]),
    ...stacks.filter(isQuiet).map((outcome) => `${outcome.name}: ${describeOutcome(outcome)}`),
    ...stacks
      .filter((outcome) => !isQuiet(outcome))
      .flatMap((outcome) => [
        '',
        styleText('bold', `${outcome.name}: ${describeOutcome(outcome)}`),
        ...(outcome.status === 'planned' ? [table([['', 'OBJECT', 'WHAT'], ...rowsOf(outcome)], width)] : []),
        ...('reason' in outcome ? [paragraph(outcome.reason)] : []),
      ]),
    '',
    ...guard.spent.map(({ address }) =>
      paragraph(`The exception for ${address} lets nothing pass any more: remove it.`),
    ),
    paragraph(verdict(record)),
    '',
  ].join('\n');
}

/**
 * The same for a pull request, with the content of what is created.
 *
 * @param unready lines about workloads that are not ready
 * @param longest in characters. The content of the objects that matter least is left out then, and the text says of how many. @default - as long as it is
 */
export function planMarkdown(record: PlanRecord, longest = Infinity, unready = ''): string {
  const created = byRisk(record);
  const text = (number: number): string => markdownWith(record, created, number, unready);
  const whole = text(created.length);
  if (whole.length <= longest) return whole;
  // The most that fits.
  let [fits, tooMany] = [0, created.length];
  while (tooMany - fits > 1) {
    const number = Math.floor((fits + tooMany) / 2);
    if (text(number).length <= longest) fits = number;
    else tooMany = number;
  }
  return text(fits);
}

/** Why nothing was planned, for a pull request. */
export function refusalMarkdown(message: string, longest = Infinity): string {
  return `## Plan\n\nThe plan is refused, and nothing can be applied:\n\n${codeBlock(message.slice(0, longest))}\n`;
}

/** What is created, with what the guard has looked at first, and then what lets in, grants or runs. */
function byRisk({ stacks, guard }: PlanRecord): SummaryChange[] {
  const found = new Set([...guard.stopped, ...guard.passed].map(({ address }) => address));
  const classes = new ArgumentClasses();
  const created = stacks.flatMap((outcome) =>
    outcome.status !== 'planned'
      ? []
      : outcome.changes.flatMap((change) => {
          if (change.content === undefined) return [];
          const [type = ''] = change.address.replace(/^(module\.[^.]+\.)+/, '').split('.');
          const decides = Object.keys(change.content).some(
            (key) => !['content', 'protection', undefined].includes(classes.of([type, key])?.is),
          );
          return [{ change, rank: found.has(`${outcome.name}/${change.address}`) ? 0 : decides ? 1 : 2 }];
        }),
  );
  return created.sort((a, b) => a.rank - b.rank).map(({ change }) => change);
}

/** @param shown how many of the created objects are shown with their content */
function markdownWith(
  record: PlanRecord,
  created: readonly SummaryChange[],
  shown: number,
  unready: string,
): string {
  const { stacks, guard, commit, digest } = record;
  const paragraphs = [
    '## Plan',
    verdict(record),
    ...(record.effects.length === 0
      ? []
      : [
          '### What this edit does to what runs',
          markdownTable([
            ['', 'key', 'what'],
            ...record.effects.map(({ effect, key, message }) => [
              EFFECTS[effect],
              code(key),
              `${escaped(message)}.`,
            ]),
          ]),
        ]),
    ...(unready === '' ? [] : ['### Not ready', codeBlock(unready.trimEnd())]),
    ...(guard.stopped.length > 0 ? ['### Stopped by the guard'] : []),
    ...guard.stopped.flatMap(({ rule, address, message, exception }) => [
      `**${code(address)}** (${rule}): ${escaped(message)}.`,
      `If it is meant, this line below ${code('pipeline.exceptions')} in ${code('platform.yaml')} lets it pass once:`,
      codeBlock(exception),
    ]),
    ...guard.passed.map(
      ({ rule, address, message, allowedBy }) =>
        `**Let pass** ${code(address)} (${rule}): ${escaped(message)}. Exception until ${allowedBy.until}: ${escaped(allowedBy.reason)}`,
    ),
    markdownTable([
      ['stack', ''],
      ...stacks.map((outcome) => [code(outcome.name), escaped(describeOutcome(outcome))]),
    ]),
    ...stacks
      .filter((outcome) => !isQuiet(outcome))
      .flatMap((outcome) => [
        ...('reason' in outcome ? [`### ${code(outcome.name)}`, codeBlock(outcome.reason)] : []),
        ...(outcome.status === 'planned'
          ? [collapsed(`${outcome.name}: ${describeOutcome(outcome)}`, objectsOf(outcome, created, shown))]
          : []),
      ]),
    ...guard.spent.map(
      ({ address }) => `The exception for ${code(address)} lets nothing pass any more: remove it.`,
    ),
    `${commit ? `Commit ${code(commit.id)}${commit.dirty ? ', with files that differ from it' : ''}. ` : ''}Digest ${code(digest)}`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** What is behind a line that opens on a click. */
function collapsed(summary: string, paragraphs: readonly string[]): string {
  return [`<details><summary>${escapedHtml(summary)}</summary>`, ...paragraphs, '</details>'].join('\n\n');
}

function objectsOf(outcome: PlannedOutcome, created: readonly SummaryChange[], shown: number): string[] {
  const rows = inOrder(outcome.changes.filter(({ content }) => content === undefined));
  const own = new Set(outcome.changes);
  const ofStack = (changes: readonly SummaryChange[]) => changes.filter((change) => own.has(change));
  const rest = ofStack(created.slice(shown));
  return [
    ...(rows.length > 0
      ? [
          markdownTable([
            ['', 'object', 'what'],
            ...rows.map((change) => [
              VERBS[change.action],
              code(change.address),
              whatOf(change) === '' ? '' : whatOf(change).split('\n').map(code).join('<br>'),
            ]),
          ]),
        ]
      : []),
    ...ofStack(created.slice(0, shown)).map(({ address, content }) =>
      collapsed(`create ${address}`, [codeBlock(stringify(content, { lineWidth: 0 }).trimEnd(), 'yaml')]),
    ),
    ...(rest.length > 0
      ? [
          'Also created. There is no room here for their content:',
          markdownTable([['', 'object'], ...rest.map(({ address }) => ['create', code(address)])]),
        ]
      : []),
  ];
}

function verdict(record: PlanRecord): string {
  const { stacks, guard } = record;
  const { changes, waiting } = summaryOf(record);
  const failed = stacks.filter(({ status }) => status === 'failed').map(({ name }) => name);
  if (failed.length > 0) return `${failed.join(', ')} could not be planned; nothing can be applied.`;
  if (guard.stopped.length > 0) {
    const number = guard.stopped.length;
    return `The guard stops ${number === 1 ? 'one change' : `${number} changes`}: take ${number === 1 ? 'it' : 'them'} back, or add the lines above to pipeline.exceptions in platform.yaml.`;
  }
  const next =
    waiting.length > 0
      ? ` ${waiting.join(', ')} ${waiting.length > 1 ? 'are' : 'is'} planned after that.`
      : '';
  return changes === 0
    ? `Nothing to change.${next}`
    : `${changes} ${changes === 1 ? 'object changes' : 'objects change'}; ${npmRun('apply')} applies exactly this.${next}`;
}

function isQuiet(outcome: StackOutcome): boolean {
  if (outcome.status === 'planned') return !changesAnything(outcome);
  return outcome.status === 'left out' || !('reason' in outcome);
}

/** `2 to replace, 1 to change`. */
function counts({ changes, outputs }: PlannedOutcome): string {
  const told = inOrder(changes).map(({ action }) => action);
  const numbers = [...new Set(told)].map(
    (action) => `${told.filter((other) => other === action).length} to ${VERBS[action]}`,
  );
  return [...numbers, ...(outputs.length > 0 ? [`outputs: ${outputs.join(', ')}`] : [])].join(', ');
}

function inOrder(changes: readonly SummaryChange[]): SummaryChange[] {
  return [...changes].sort((a, b) => RISK[a.action] - RISK[b.action]);
}

function rowsOf({ changes }: PlannedOutcome): string[][] {
  const created = changes.filter(({ action }) => action === 'create');
  const each = created.length > MANY ? changes.filter(({ action }) => action !== 'create') : changes;
  return [
    ...inOrder(each).map((change) => [VERBS[change.action], change.address, whatOf(change)]),
    ...(created.length > MANY ? kindsOf(created) : []),
  ];
}

/** How many of each type, most first. */
function kindsOf(created: readonly SummaryChange[]): string[][] {
  const numbers = new Map<string, number>();
  for (const { address } of created) {
    const type = address.split('.')[0] ?? '';
    numbers.set(type, (numbers.get(type) ?? 0) + 1);
  }
  return [...numbers].sort(([, a], [, b]) => b - a).map(([type, number]) => ['create', type, `${number}`]);
}

function whatOf({ from, tainted, differences }: SummaryChange): string {
  const told = differences
    .slice(0, DIFFERENCES)
    .map(({ path, before, after }) => `${path}: ${before} → ${after}`);
  const more = differences.length - told.length;
  return [
    ...(from === undefined ? [] : [`was ${from}`]),
    ...(tainted ? [TAINTED] : []),
    ...told,
    ...(more > 0 ? [`and ${more} more`] : []),
  ].join('\n');
}

/** Words that are no HTML. */
function escapedHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
