import { execaSync } from 'execa';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { page } from './page';

const ROOT = join(__dirname, '../..');
const PAGE = page('docs/architecture.md');

const folders = (path: string): string[] =>
  readdirSync(join(ROOT, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => (path === '.' ? name : `${path}/${name}`));

const codesIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** The paths of a text: what is in code, begins with a file or a folder of the root, and has no placeholder. */
const pathsIn = (text: string): string[] =>
  codesIn(text).filter(
    (code) => /^[\w.-]+(\/[\w.-]*)*$/.test(code) && (code.includes('/') || /\.\w+$/.test(code)),
  );

const place = (cell = ''): string => (codesIn(cell)[0] ?? '').replace(/\/$/, '');

/** Where a path may lie: at the root, in a place that has a row, such as `commands/` of `src/cli/`, or among the workflows. */
const below = (path: string): string[] =>
  PAGE.cells('## Where things go')
    .map(([cell]) => `${place(cell)}/${path}`)
    .concat(path, `.github/workflows/${path}`);

describe('the page on the architecture', () => {
  it('names only files and folders that exist', () => {
    // What synthesis writes is there only after it.
    const named = pathsIn(PAGE.text).filter((path) => !path.startsWith('cdktf.out/'));
    expect(named.length).toBeGreaterThan(40);
    expect(named.filter((path) => !below(path).some((each) => existsSync(join(ROOT, each))))).toEqual([]);
  });

  it('describes every folder', () => {
    const tracked = execaSync('git', ['ls-files'], { cwd: ROOT }).stdout.split('\n');
    const ours = (folder: string): boolean => tracked.some((file) => file.startsWith(`${folder}/`));
    const wanted = ['.', 'src', 'constructs', 'packages'].flatMap(folders).filter(ours);
    const said = PAGE.cells('## Where things go').map(([cell]) => place(cell));
    // Those with parts that have rows of their own, and what GitHub and continuous integration look for.
    const apart = ['src', 'constructs', 'packages', '.github', '.ci', '.devcontainer'];
    expect(wanted.filter((folder) => !said.includes(folder) && !apart.includes(folder))).toEqual([]);
  });

  it('has the import rules of the linter, and only for places that exist', () => {
    const print =
      "import { MAY_IMPORT } from './eslint.config.mjs'; process.stdout.write(JSON.stringify(MAY_IMPORT))";
    const { stdout } = execaSync(process.execPath, ['--input-type=module', '--eval', print], { cwd: ROOT });
    const isThere = (each: string): boolean => each === 'kubernetes-on-aws' || existsSync(join(ROOT, each));
    const rules = Object.entries(JSON.parse(stdout) as Record<string, string[]>)
      .filter(([each]) => isThere(each))
      .map(([each, allowed]) => [each, allowed.filter(isThere)]);
    const said = PAGE.cells('## What may import what').map(([cell, allowed = '']) => [
      place(cell),
      codesIn(allowed).map((code) => code.replace(/\/$/, '')),
    ]);
    expect(said).toEqual(rules);
  });

  it('has recipes of fewer than 60 lines', () => {
    const recipes = PAGE.text.split(/^## /m).filter((section) => section.startsWith('Add '));
    expect(recipes.map((recipe) => recipe.split('\n')[0])).toEqual([
      'Add a workload',
      'Add a kind of Kubernetes object',
      'Add a key of platform.yaml',
      'Add an add-on of EKS',
      'Add an emulated API',
    ]);
    expect(recipes.filter((recipe) => recipe.split('\n').length >= 60)).toEqual([]);
  });
});
