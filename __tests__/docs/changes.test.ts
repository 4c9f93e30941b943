import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EDIT_ROWS, type Comparison, type EditRow, type Effect } from '../../src/pipeline/edit/edit-rows';
import { KEY_EDITS } from './key-changes/key-edits';
import { keySections } from './key-changes/key-sections';
import { triedEdits } from './key-changes/tried-edits';
import { committedText } from '../stacks/committed-text';

const PAGE = join(__dirname, '../../docs/reference/changes.md');

const EFFECTS: Readonly<Record<Effect, readonly [heading: string, text: string]>> = {
  refused: [
    'Refused',
    '`plan` stops before anything is planned. AWS would refuse the edit, or its apply could not end.',
  ],
  outage: ['Outages', '`plan` reports them and continues. The guard may stop a change as well.'],
  loss: ['Losses', '`plan` reports them and continues. The guard may stop a change as well.'],
  restart: ['Restarts', '`plan` reports them and continues. Pods move to other nodes, as in any drain.'],
  partial: [
    'Changes in part',
    '`plan` reports them and continues. The apply alone does not bring all of it about.',
  ],
};

/** How a value is not as it was, for a reader. */
const CHANGES: Readonly<Record<Comparison, string>> = {
  ...{ any: 'change', changed: 'change', lower: 'a smaller value', more: 'a longer list' },
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
          .join(', ')}${
          argument === undefined
            ? ''
            : ` ${[argument]
                .flat()
                .map((each) => `\`${each}\``)
                .join(', ')}`
        }`,
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

/** The keys of the schema down to scalars and lists, `<name>` for a name of the user. */
function schemaKeys(node: Node = SCHEMA, path: readonly string[] = []): string[] {
  const { properties, additionalProperties: named } = node;
  if (typeof named === 'object' && isMapping(named))
    return [[...path, '<name>'].join('.'), ...schemaKeys(named, [...path, '<name>'])];
  if (properties === undefined) return [path.join('.')];
  return Object.entries(properties).flatMap(([key, child]) => schemaKeys(child, [...path, key]));
}

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
}

const isMapping = ({ properties }: Node): boolean => properties !== undefined;
const SCHEMA = JSON.parse(readFileSync('platform.schema.json', 'utf8')) as Node;

it('each key of the schema has a row in the table of changes, and no other key has one', () => {
  expect(Object.keys(KEY_EDITS).sort()).toEqual(schemaKeys().sort());
});

const OF_KEYS = [
  '## Every key',
  'What Terraform does when a key is added, changed or removed. Each edit is tried on the platform of the repository with two node groups and one ' +
    'namespace. What both versions synthesize is compared. An added key was left out before, so that its default was used.',
  'Times are typical ones: AWS promises none. The source says what happens. A row names the three effects that weigh most.',
  'An apply takes the stacks one after the other, as each row lists them. A removed stack is destroyed before all others. Within a stack, ' +
    'Terraform creates an object after those that it names, and deletes it before them. A replaced object is deleted first, unless another ' +
    'order is [declared](#order-not-saved), as for node groups. "Keeps" is a change of the order or of the protection only.',
];

it('docs/reference/changes.md has every edit that plan reports, and each key (jest --updateSnapshot accepts a change)', () => {
  const page = [
    '# Changes of platform.yaml',
    'What an edit does to a platform that runs. `npm run plan` compares what was applied with what is declared, and prints each code that the edit meets ' +
      'before it plans. First come the edits that interrupt or lose something, or cannot end, then [each key](#every-key). A test keeps this page up to date.',
    'Another `name`, `account` or `region` is always refused ([pipeline](../guides/pipeline.md#plan-and-apply)). ' +
      'A removed namespace has [a guide](../guides/remove-a-namespace.md).',
    ...(Object.keys(EFFECTS) as Effect[]).map(sectionOf),
    ...OF_KEYS,
    ...keySections(triedEdits()),
  ].join('\n\n');
  expect(committedText(PAGE, `${page}\n`)).toBe(`${page}\n`);
}, 300_000);
