import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlannedStack } from '../../../../src/pipeline/plan/planned-stack';
import { writtenPlan } from '../written-plan';
import { changing, creating, findings, losing, stopped } from './base-plans';
import { DANGEROUS_CHANGES, LOSSES } from './dangerous-changes';
import { DANGEROUS_CREATIONS } from './dangerous-creations';
import { DANGEROUS_EDITS, ORDINARY_EDITS } from './edits';
import { ORDINARY_CHANGES, ORDINARY_CREATIONS, ORDINARY_LOSSES } from './ordinary';

/**
 * What the guard says of each dangerous change, with the digest that an exception names: one that was given before an upgrade counts
 * after it. `MESSAGES=write` writes it again: read the difference.
 */
const FILE = join(__dirname, 'messages.json');
const MESSAGES = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, readonly string[]>;
const said: Record<string, readonly string[]> = {};

afterAll(() => {
  if (process.env['MESSAGES'] === 'write') writeFileSync(FILE, `${JSON.stringify(said, null, 2)}\n`);
});

/** What is stopped, each as `rule address`, with what is said of it. */
function told(title: string, plan: PlannedStack): readonly [found: string[], messages: readonly string[]] {
  const all = findings(plan);
  const messages = all.map(({ change, message }) => `${change} ${message}`);
  said[title] = messages;
  return [all.map(({ rule, address }) => `${rule} ${address}`), messages];
}

/** What is to be told: while it is written again, whatever is told. */
const expected = (title: string, found: readonly string[]): unknown => [
  found,
  process.env['MESSAGES'] === 'write' ? expect.anything() : MESSAGES[title],
];

describe('the guard stops a plan for', () => {
  it.each(DANGEROUS_CREATIONS)('%s', (what, resources, found) => {
    expect(told(what, creating(resources))).toEqual(expected(what, found.split(', ')));
    expect(stopped(creating(resources, true)).map(({ rule, address }) => `${rule} ${address}`)).toEqual(
      found.split(', '),
    );
  });

  it.each(DANGEROUS_CHANGES)('%s: %s', (what, address, patch, rules) => {
    const found = rules.split(', ').map((rule) => `${rule} ${address}`);
    const title = `${what}: ${address}`;
    expect(told(title, changing(address, patch))).toEqual(expected(title, found));
  });

  it.each(DANGEROUS_EDITS)('an edit: %s', (what, changes, document, found) => {
    const title = `an edit: ${what}`;
    expect(told(title, writtenPlan('dev', changes, document))).toEqual(expected(title, [found]));
  });

  const losses = LOSSES.map(([address, rule, action = 'delete' as const]) => ({ address, rule, action }));

  it.each(losses)('the loss of $address, as $rule, by $action', ({ address, rule, action }) => {
    const title = `${action} ${address}`;
    expect(told(title, losing(address, action))).toEqual(expected(title, [`${rule} ${address}`]));
  });
});

describe('the guard does not stop a plan for', () => {
  it.each(ORDINARY_CREATIONS)('%s', (_, resources) => {
    expect(stopped(creating(resources))).toEqual([]);
  });

  it.each(ORDINARY_CHANGES)('%s: %s', (_, address, patch) => {
    expect(stopped(changing(address, patch))).toEqual([]);
  });

  it.each(ORDINARY_EDITS.map(([what, changes, document = {}]) => [what, changes, document] as const))(
    'an edit: %s',
    (_, changes, document) => {
      expect(stopped(writtenPlan('dev', changes, document))).toEqual([]);
    },
  );

  it.each(ORDINARY_LOSSES)('the loss of %s', (address) => {
    expect(stopped(losing(address, 'delete'))).toEqual([]);
  });
});

it('the corpus names each change once', () => {
  const titles = [
    ...DANGEROUS_CREATIONS.map(([what]) => what),
    ...DANGEROUS_CHANGES.map(([what, address]) => `${what}: ${address}`),
    ...DANGEROUS_EDITS.map(([what]) => `an edit: ${what}`),
    ...LOSSES.map(([address, , action = 'delete']) => `${action} ${address}`),
  ];
  expect([titles.length, Object.keys(MESSAGES).sort()]).toEqual([new Set(titles).size, [...titles].sort()]);
});
