import { Page, page, pages } from './page';

const LONGEST = 120;

/** The cells of all tables of a page that are too long for a reader, who sees neither targets of links nor backticks. */
function longCells({ path, text, blocks }: Page): string[] {
  const code = new Set(blocks.flatMap(({ line, code }) => code.split('\n').map((_, i) => line + i)));
  return text.split('\n').flatMap((line, index) => {
    if (!line.startsWith('|') || code.has(index)) return [];
    const seen = line.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').replaceAll('`', '');
    return seen
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
      .filter((cell) => cell.length > LONGEST && !/^-+$/.test(cell))
      .map((cell) => `${path}:${index + 1} ${cell}`);
  });
}

it.each(pages().map(({ path }) => path))(
  '%s has no table cell over 120 characters: a heading holds more',
  (path) => {
    expect(longCells(page(path))).toEqual([]);
  },
);

it('a long cell is found, and a long line of code is not', () => {
  const long = 'x'.repeat(LONGEST + 1);
  const table = `| a | [${long}](${'to'.repeat(LONGEST)}) |`;
  expect(longCells(new Page('a.md', `${table}\n\`\`\`sh\n${table}\n\`\`\`\n`))).toEqual([`a.md:1 ${long}`]);
});
