import { type Block, page } from './page';
import { objectsOf } from './synthesized-example';

const OURS = page('docs/reference/kubernetes.md');
const PLAIN = page('docs/reference/plain-provider.md');

/** An example of docs/reference/kubernetes.md, and what docs/reference/plain-provider.md has below the same words. */
interface Pair {
  readonly title: string;
  readonly ours: Block;
  readonly repeated: Block | undefined;
  readonly plain: Block | undefined;
}

const titleOf = ({ heading }: Block): string => heading.replace(/^#+ /, '');

const PAIRS: Pair[] = OURS.examples.map((ours) => {
  const title = titleOf(ours);
  const [repeated, plain] = PLAIN.examples.filter((block) => titleOf(block) === title);
  return { title, ours, repeated, plain };
});

it('the two pages have the same examples, one below each heading', () => {
  const titles = PAIRS.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(PLAIN.examples.map(titleOf)).toEqual(titles.flatMap((title) => [title, title]));
});

describe.each(PAIRS)('$title', ({ ours, repeated, plain }) => {
  it('stands in both pages in the same words', () => {
    expect(repeated?.code).toBe(ours.code);
  });

  it('is the same Kubernetes objects when it is written with the provider’s own classes', () => {
    if (!plain) throw new Error('it has no plain variant');
    expect(objectsOf(PLAIN, plain)).toEqual(objectsOf(OURS, ours));
  });
});

/** Lines of code, without empty ones and without imports, which stand once for all of a page. */
const linesOf = (block: Block | undefined): number =>
  (block?.code ?? '').split('\n').filter((line) => line.trim() !== '').length;

it('the table of lines is right', () => {
  const counts = PAIRS.map(({ title, ours, plain }) => [title, linesOf(ours), linesOf(plain)] as const);
  const sum = (of: readonly number[]): number => of.reduce((total, lines) => total + lines, 0);
  const all = ['all', sum(counts.map(([, ours]) => ours)), sum(counts.map(([, , plain]) => plain))] as const;
  const rows = [...counts, all].map(([title, ours, plain]) => [title, ours, plain, plain - ours].map(String));
  // The rows are what to put into the page; Prettier aligns them.
  expect(PLAIN.rows('## Lines')).toBe(rows.map((row) => `| ${row.join(' | ')} |`).join('\n'));
});
