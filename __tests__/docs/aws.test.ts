import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { page } from './page';

const PAGE = page('docs/concepts/aws.md');
const TABLES = ['Network', 'Control plane', 'Nodes', 'Add-ons and identities', 'Before anything is deployed'];

/** The files that a text links to. */
const linksIn = (text: string): { file: string }[] =>
  [...text.matchAll(/\]\(([^)]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !link.startsWith('https://'))
    .map((link) => ({ file: resolve(PAGE.folder, link.replace(/#.*/, '')) }));

const cellsOf = (table: string): string[][] => PAGE.cells(`## ${table}`);

const isTest = (file: string): boolean => file.endsWith('.test.ts');

describe('the page on the AWS side', () => {
  it('links every file of constructs/aws', () => {
    const folder = join(__dirname, '../../constructs/aws');
    const linked = new Set(linksIn(PAGE.text).map(({ file }) => file));
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.endsWith('index.ts'),
    );
    expect(files.filter((name) => !linked.has(join(folder, name)))).toEqual([]);
  });

  it.each(TABLES)(
    'says in each row of "%s" where it is built, what tests it and which other project has it',
    (table) => {
      for (const [feature = '', here = '', test = '', ...others] of cellsOf(table)) {
        const built = linksIn(here).map(({ file }) => isTest(file));
        const tested = linksIn(test).map(({ file }) => isTest(file));
        expect([feature, new Set(built), new Set(tested)]).toEqual([
          feature,
          new Set([false]),
          new Set([true]),
        ]);
        expect([feature, others]).toEqual([
          feature,
          Array(5).fill(expect.stringMatching(/^(yes|no|partly|\?)$/)),
        ]);
      }
    },
  );

  it('says in each row of missing features which project has it', () => {
    for (const [feature, ...others] of cellsOf('What is not here')) {
      expect([feature, others]).toEqual([
        feature,
        Array(5).fill(expect.stringMatching(/^(yes|no|partly|\?)$/)),
      ]);
      expect(others).toContain('yes');
    }
  });
});
