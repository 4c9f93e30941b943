import { join } from 'node:path';
import { EDIT_ROWS, type Comparison, type EditRow, type Effect } from '../../src/pipeline/edit/edit-rows';
import { committedText } from '../stacks/committed-text';

const PAGE = join(__dirname, '../../docs/reference/changes.md');

const EFFECTS: Readonly<Record<Effect, readonly [heading: string, text: string]>> = {
  refused: [
    'Refused',
    '`plan` stops before anything is planned. AWS would refuse the edit, or its apply could not end.',
  ],
  outage: ['Outages', '`plan` reports them and continues. The guard may stop a change as well.'],
  loss: ['Losses', '`plan` reports them and continues. The guard may stop a change as well.'],
  partial: [
    'Changes in part',
    '`plan` reports them and continues. The apply alone does not bring all of it about.',
  ],
};

/** How a value is not as it was, for a reader. */
const CHANGES: Readonly<Record<Comparison, string>> = {
  ...{ any: 'change', changed: 'change', length: 'change', lower: 'a smaller value', more: 'a longer list' },
  ...{ off: 'turned off', added: 'add', removed: 'remove' },
};

const shown = (text: string): string => text.replaceAll(/<name>|<address>/g, '`$&`');

function sectionOf(effect: Effect): string {
  const [heading, text] = EFFECTS[effect];
  const rows = EDIT_ROWS.filter((row) => row.effect === effect).map(
    ({ code, key, type, argument, change, says, remedy }: EditRow) =>
      rowOf(
        ...([code, key] as const),
        `${CHANGES[change]}: ${[type]
          .flat()
          .map((each) => `\`${each}\``)
          .join(', ')}${argument === undefined ? '' : ` \`${argument}\``}`,
        `${shown(says)}.`,
        `${shown(remedy)}.`,
      ),
  );
  return [`## ${heading}`, text, ...rows, ...(effect === 'loss' ? [REMOVED_STACK] : [])].join('\n\n');
}

const rowOf = (code: string, key: string, change: string, happens: string, remedy: string): string =>
  `### ${code}\n\n- Key: \`${key}\`\n- Edit: ${change}\n- What happens: ${happens}\n- What to do: ${remedy}`;

const REMOVED_STACK = rowOf(
  ...(['stack-removed', 'namespaces.<name>', 'remove: the whole stack'] as const),
  'The apply destroys all that its state holds.',
  'Save the data first.',
);

it('docs/reference/changes.md has every edit that plan reports (jest --updateSnapshot accepts a change)', () => {
  const page = [
    '# Changes of platform.yaml',
    'What an edit does to a platform that runs. `npm run plan` compares what was applied with what is declared, and prints each code that the edit meets ' +
      'before it plans. The page has the keys whose change interrupts or loses something, or cannot end. A test keeps this page up to date.',
    'Another `name`, `account` or `region` is always refused ([pipeline](../guides/pipeline.md#plan-and-apply)). ' +
      'A removed namespace has [a guide](../guides/remove-a-namespace.md).',
    ...(Object.keys(EFFECTS) as Effect[]).map(sectionOf),
  ].join('\n\n');
  expect(committedText(PAGE, `${page}\n`)).toBe(`${page}\n`);
});
