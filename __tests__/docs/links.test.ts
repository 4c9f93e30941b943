import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { page, Page, pages } from './page';

const ROOT = join(__dirname, '../..');
const PAGES = pages();

interface Link {
  /** `README.md:12`, for the message. */
  readonly at: string;
  readonly to: string;
  /** A path below the project's folder. */
  readonly file: string;
  readonly heading: string | undefined;
}

/** The links of a page to files of the project, those in blocks of code left out. */
function linksIn({ path, text, blocks }: Page): Link[] {
  const isCode = (line: number): boolean =>
    blocks.some((block) => line >= block.line && line <= block.line + block.code.split('\n').length + 1);
  return text.split('\n').flatMap((line, index) =>
    [...line.matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, to = '']) => to)
      .filter((to) => !/^[a-z]+:/.test(to) && !isCode(index + 1))
      .map((to) => {
        const [file = '', heading] = to.split('#');
        const target = file === '' ? path : relative(ROOT, join(ROOT, dirname(path), file));
        return { at: `${path}:${index + 1}`, to, file: target, heading };
      }),
  );
}

const leads = ({ file, heading }: Link): boolean =>
  existsSync(join(ROOT, file)) &&
  (heading === undefined || (statSync(join(ROOT, file)).isFile() && page(file).anchors.has(heading)));

describe('the pages', () => {
  it.each(PAGES.map((each) => [each.path, each] as const))('have only valid links in %s', (_, each) => {
    const lost = linksIn(each).filter((link) => !leads(link));
    expect(lost.map(({ at, to }) => `${at} ${to}`)).toEqual([]);
  });

  it('are all listed in docs/index.md', () => {
    const listed = new Set(linksIn(page('docs/index.md')).map(({ file }) => file));
    expect(
      PAGES.map(({ path }) => path).filter((path) => path !== 'docs/index.md' && !listed.has(path)),
    ).toEqual([]);
  });

  it('can be reached from the README', () => {
    const reached = new Set(['README.md']);
    for (const path of reached) {
      for (const { file } of linksIn(page(path))) if (file.endsWith('.md')) reached.add(file);
    }
    expect(PAGES.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
  });
});

it('a link to a missing file or heading is found', () => {
  const wrong = linksIn(
    new Page(
      'README.md',
      '[a](docs/nowhere.md)\n[b](docs/index.md#nowhere)\n[c](docs/index.md#documentation)',
    ),
  );
  expect(wrong.filter((link) => !leads(link)).map(({ at, to }) => `${at} ${to}`)).toEqual([
    'README.md:1 docs/nowhere.md',
    'README.md:2 docs/index.md#nowhere',
  ]);
});

it('the README shows the workload that is in the repository', () => {
  const [, file = '', code] =
    page('README.md')
      .blocks.map((block) => /^\/\/ (\S+)\n([^]*)$/.exec(block.code))
      .find((match) => match !== null) ?? [];
  expect(`${code ?? ''}\n`).toBe(readFileSync(join(ROOT, file), 'utf8'));
});
