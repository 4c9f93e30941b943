import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { page } from './page';

const GUIDE = page('docs/guides/leaving-cdktf.md');
const rows = GUIDE.cells('## What the program uses inside of CDKTF').map((cells) =>
  cells.map((cell) => cell.replaceAll('`', '')),
);

it('the guide lists every module inside CDKTF that the program imports, and the file that imports it', () => {
  const files = execFileSync('git', ['ls-files', 'constructs', 'src', 'stacks', 'workloads', 'main.ts'], {
    encoding: 'utf8',
  });
  const imports = files
    .split('\n')
    .filter((file) => /\.[cm]?[jt]s$/.test(file) && existsSync(file))
    .flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/'(cdktf\/[^']+)'/g)].map(([, name]) => `${name} in ${file}`),
    );
  const listed = rows.filter(([inside = '']) => inside.startsWith('cdktf/'));
  expect(imports).not.toEqual([]);
  expect(listed.map(([inside, , file]) => `${inside} in ${file}`).sort()).toEqual(imports.sort());
});

it('the guide names files and tests that exist', () => {
  const named = rows.flatMap(([, , file = '', test = '']) => [file, test]);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

it('the guide names the packages that the test of the fork installs', () => {
  const [block] = GUIDE.blocks.filter(({ language }) => language === 'json');
  const tested = JSON.parse(readFileSync('__tests__/stacks/tools/cdktn/package.json', 'utf8')) as object;
  expect(tested).toMatchObject(JSON.parse(block?.code ?? '') as object);
});
