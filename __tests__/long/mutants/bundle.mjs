// One bundle of all tests and of the files that they test, with all mutants in it.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { mutated } from './mutate.mjs';

/** Synthesis is the same for all mutants: what it wrote is kept. */
const KEPT = '__tests__/src/checks/synthesized-stacks.ts';
const TABLES = /\.behavior\.json$/;

/** @param mutates whether a file, by its path, gets mutants */
export async function bundle(root, tests, mutates, outfile) {
  const all = [];
  const plugin = {
    name: 'mutants',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^[^./]/ }, ({ path }) =>
        /^@?kubernetes-on-aws/.test(path) || path.startsWith('node:') ? undefined : { path, external: true },
      );
      onLoad({ filter: TABLES }, ({ path }) => {
        const file = relative(root, path);
        const text = readFileSync(path, 'utf8');
        if (!mutates(file)) return undefined;
        const lines = text.split('\n');
        const table = JSON.parse(text);
        const cuts = ['classes', 'keys'].flatMap((part) =>
          Object.keys(table[part] ?? {}).map((key) => {
            const line =
              lines.findIndex((each) => each.trimStart().startsWith(`${JSON.stringify(key)}: "`)) + 1;
            const id = all.length + 1;
            all.push({
              id,
              file,
              line,
              what: `no row ${key}`,
              hint: key.replace(/^\*\.?|[.*/].*$/g, '') || key.replace(/^\*\./, ''),
            });
            return `if (__mutant(${id})) delete table.${part}[${JSON.stringify(key)}];`;
          }),
        );
        return {
          loader: 'js',
          contents: `const table = ${text};\n${cuts.join('\n')}\nmodule.exports = table;`,
        };
      });
      onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
        const file = relative(root, path);
        let contents = readFileSync(path, 'utf8').replaceAll('__dirname', JSON.stringify(dirname(path)));
        if (mutates(file)) {
          const { code, mutants } = mutated(file, contents, all.length + 1);
          all.push(...mutants);
          contents = code;
        }
        if (file === KEPT)
          contents = contents
            .replace('export function synthesizedStacks(', 'function synthesize(')
            .concat(
              '\nexport const synthesizedStacks = (yaml: string): Stack[] => structuredClone((globalThis as any).__kept[yaml] ??= synthesize(yaml));\n',
            );
        return { loader: 'ts', contents };
      });
    },
  };
  const entry = tests
    .map((file) => `__file(${JSON.stringify(file)}, () => require(${JSON.stringify(resolve(root, file))}));`)
    .join('\n');
  await build({
    ...{ bundle: true, platform: 'node', format: 'cjs', target: 'es2022', outfile, logLevel: 'error' },
    ...{ absWorkingDir: root, plugins: [plugin], stdin: { contents: entry, resolveDir: root, loader: 'js' } },
  });
  return all;
}
