import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Block, page } from '../docs/page';
import { type Example, objectsOf, sorted } from '../docs/synthesized-example';

const FOLDER = 'examples/plain-provider';
const PAGE = page('docs/reference/kubernetes.md');

const titleOf = ({ heading }: Block): string => heading.replace(/^#+ /, '');
const fileOf = (title: string): string => `${title.toLowerCase().replaceAll(' ', '-')}.ts`;

/** Each example of the page, and the file with the same objects in the provider's own classes. */
const PAIRS = PAGE.examples.map((ours) => ({ title: titleOf(ours), file: fileOf(titleOf(ours)), ours }));

it('every example of the page has its file, and no other file exists', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(PAIRS.map(({ file }) => file).sort());
});

it.each(PAIRS)('$file makes the same Kubernetes objects as the constructs', async ({ title, file, ours }) => {
  const module = (await import(join('../..', FOLDER, file))) as { default: Example };
  expect(readFileSync(join(FOLDER, file), 'utf8')).toContain(
    `/** “${title}” of docs/reference/kubernetes.md`,
  );
  expect(sorted(module.default)).toEqual(objectsOf(PAGE, ours));
});

/** Lines without empty ones. */
const linesOf = (code = ''): number => code.split('\n').filter((line) => line.trim() !== '').length;

it('the table of lines is right', () => {
  const counts = PAIRS.map(({ title, file, ours }) => {
    const plain = readFileSync(join(FOLDER, file), 'utf8').split(/^export default function .*$|^\}$/m)[1];
    return [`[${title}](../../${FOLDER}/${file})`, linesOf(ours.code), linesOf(plain)] as const;
  });
  const sum = (of: readonly number[]): number => of.reduce((total, lines) => total + lines, 0);
  const all = ['all', sum(counts.map(([, ours]) => ours)), sum(counts.map(([, , plain]) => plain))] as const;
  const rows = [...counts, all].map(([title, ours, plain]) => [title, ours, plain, plain - ours].map(String));
  // The rows are what to put into the page; Prettier aligns them.
  expect(PAGE.rows('## Beside the plain provider')).toBe(
    rows.map((row) => `| ${row.join(' | ')} |`).join('\n'),
  );
});
