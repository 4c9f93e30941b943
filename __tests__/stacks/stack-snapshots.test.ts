import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { committedText } from './committed-text';
import { stackSnapshot } from './stack-snapshots';
import { synthesized, type StackDocument } from './synthesized-platform';

const SNAPSHOTS = join(__dirname, '__snapshots__');
const documents = synthesized(readFileSync('platform.yaml', 'utf8'));
const stacks = Object.keys(documents);
const file = (stack: string): string => join(SNAPSHOTS, `${stack}.txt`);
const lines = (stack: string): number => readFileSync(file(stack), 'utf8').split('\n').length - 1;

describe('the snapshots of the default platform', () => {
  it.each(stacks)('keep the content of %s (jest --updateSnapshot accepts a change)', (stack) => {
    const text = stackSnapshot(stack, documents);
    expect(text).toBe(committedText(file(stack), text));
  });

  it('are one file for each stack, small enough to read', () => {
    expect(readdirSync(SNAPSHOTS).sort()).toEqual(stacks.map((stack) => `${stack}.txt`).sort());
    expect(stacks.filter((stack) => lines(stack) > 900)).toEqual([]);
    expect(stacks.reduce((sum, stack) => sum + lines(stack), 0)).toBeLessThan(2500);
  });
});

type Place = readonly (string | number)[];

/** Where every value of a document lies, `//` left out, as CDKTF's release changes it. */
function places(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  const inner = Object.entries(value)
    .filter(([key]) => key !== '//')
    .flatMap(([key, member]) => places(member, [...place, key]));
  return place.length === 0 ? inner : [place, ...inner];
}

/** A copy with one value changed as little as can be, or without it. */
function changed(document: StackDocument, place: Place, removed: boolean): StackDocument {
  const copy = structuredClone(document);
  const key = place.at(-1) ?? '';
  const holder = place
    .slice(0, -1)
    .reduce<Record<string, unknown>>(
      (value, step) => value[step] as Record<string, unknown>,
      copy as unknown as Record<string, unknown>,
    );
  const value = holder[key];
  const goes = removed || (typeof value === 'object' && value !== null);
  if (goes && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (goes) Reflect.deleteProperty(holder, key);
  else if (typeof value === 'number') holder[key] = value + 1;
  else if (typeof value === 'boolean') holder[key] = !value;
  else holder[key] = `${String(value)}x`;
  return copy;
}

const everyPlace = stacks.flatMap((stack) =>
  places(documents[stack]).map((place): [string, Place] => [stack, place]),
);

describe('a snapshot', () => {
  const before = Object.fromEntries(stacks.map((stack) => [stack, stackSnapshot(stack, documents)]));

  it('differs for any changed byte of its stack', () => {
    fc.assert(
      fc.property(fc.constantFrom(...everyPlace), fc.boolean(), ([stack, place], removed) => {
        const document = documents[stack];
        if (!document) throw new Error(`no stack ${stack}`);
        const others = { ...documents, [stack]: changed(document, place, removed) };
        expect(stackSnapshot(stack, others)).not.toBe(before[stack]);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['a policy that is written otherwise', '{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['a number for its text', 1, '1'],
    ['a text for its JSON', { a: 1 }, '{"a":1}'],
    ['a truth for its text', true, 'true'],
    ['a list of one for its item', [{ a: 1 }], { a: 1 }],
    ['a list for a text like it', ['a', 'b'], ['a, b']],
    ['a nested list for a text like it', [['a'], 'b]'], [['a]', 'b']]],
    ['nothing for an empty text', null, ''],
    ['lines for one line', 'a\nb', 'a\\nb'],
    ['a key like a path', { 'a > b': 1 }, { a: { b: 1 } }],
    ['two objects of a list for one', [{ a: 1 }, { b: 2 }], [{ a: 1, b: 2 }]],
    ['a text like a name', '*name', { name: '' }],
  ])('differs for %s', (_, one, other) => {
    const { network } = documents;
    if (!network) throw new Error('no stack network');
    const snapshotWith = (value: unknown): string =>
      stackSnapshot('network', {
        ...documents,
        network: { ...network, resource: { ...network.resource, some_type: { name: { argument: value } } } },
      });
    expect(snapshotWith(one)).not.toBe(snapshotWith(other));
  });
});
