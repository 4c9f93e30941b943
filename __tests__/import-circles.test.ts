import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '..');
const PLACES = ['main.ts', 'constructs', 'src', 'stacks', 'packages', 'workloads'];

const { exports: doors } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, string>;
};

/** The product's own TypeScript files, below the root. */
function sources(): string[] {
  const all = PLACES.map((place) => join(ROOT, place))
    .filter(existsSync)
    .flatMap((place) =>
      statSync(place).isFile()
        ? [place]
        : readdirSync(place, { recursive: true, encoding: 'utf8' }).map((file) => join(place, file)),
    );
  return all
    .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$|\/(node_modules|__tests__)\//.test(file))
    .map((file) => relative(ROOT, file));
}

/** The file that an import leads to, below the root; undefined for a foreign package and for what is no TypeScript. */
function target(from: string, specifier: string): string | undefined {
  const own = /^@kubernetes-on-aws\/([^/]+)(?:\/(.+))?$/.exec(specifier);
  const door = /^kubernetes-on-aws(\/.+)?$/.exec(specifier);
  const path = own
    ? join('packages', own[1] ?? '', own[2] ?? 'index')
    : door
      ? doors[`.${door[1] ?? ''}`]
      : specifier.startsWith('.')
        ? join(dirname(from), specifier)
        : undefined;
  return path === undefined
    ? undefined
    : [path, `${path}.ts`, join(path, 'index.ts')]
        .map((file) => relative(ROOT, join(ROOT, file)))
        .find((file) => file.endsWith('.ts') && existsSync(join(ROOT, file)));
}

/** What each file imports and exports again, types too. */
function graph(files: readonly string[]): Map<string, string[]> {
  return new Map(
    files.map((file) => {
      const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, file), 'utf8'));
      const targets = importedFiles.map(({ fileName }) => target(file, fileName));
      return [file, targets.filter((each) => each !== undefined)];
    }),
  );
}

/** The groups of files of which each reaches every other one (Tarjan), sorted. */
function circles(edges: ReadonlyMap<string, readonly string[]>): string[][] {
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const number = index.size;
    index.set(file, number);
    stack.push(file);
    let least = number;
    for (const next of edges.get(file) ?? []) {
      if (!index.has(next)) least = Math.min(least, visit(next));
      else if (stack.includes(next)) least = Math.min(least, index.get(next) ?? number);
    }
    low.set(file, least);
    if (least === number) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1 || edges.get(file)?.includes(file)) found.push(group.sort());
    }
    return least;
  };
  for (const file of edges.keys()) if (!index.has(file)) visit(file);
  return found.sort();
}

it('the search reads imports of every kind', () => {
  const edges = graph(sources());
  expect(edges.size).toBeGreaterThan(300);
  // A type, a re-export, a door and a package.
  expect(edges.get('constructs/kubernetes/index.ts')).toContain('constructs/kubernetes/pods/index.ts');
  expect(edges.get('constructs/kubernetes/pods/env-from.ts')).toContain(
    'constructs/kubernetes/configuration/config-map.ts',
  );
  expect([...edges.values()].flat()).toEqual(
    expect.arrayContaining(['constructs/aws/index.ts', 'packages/eks-facts/kubernetes-versions.ts']),
  );
});

it('the search finds a circle', () => {
  const edges = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
    ['d', []],
    ['e', ['e', 'a']],
  ]);
  expect(circles(edges)).toEqual([['a', 'b', 'c'], ['e']]);
});

it('no files import each other, including types', () => {
  expect(circles(graph(sources()))).toEqual([]);
});
