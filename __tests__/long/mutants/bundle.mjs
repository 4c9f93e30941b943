// One bundle of all tests and of the files that they test, with all mutants in it.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { build } from 'esbuild';
import { mutated } from './mutate.mjs';

/** Synthesis is the same for all mutants, and takes seconds: what it wrote is kept by the digest of its platform.yaml. */
const SYNTHESIS = '__tests__/src/checks/synthesized-stacks.ts';
const KEPT = (folder) => `
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
const fileOf = (yaml: string) => ${JSON.stringify(`${folder}/`)} + createHash('sha256').update(yaml).digest('hex') + '.json';
`;

/** A table of classes without one of its rows. */
function cut(file, text, first) {
  const lines = text.split('\n');
  const table = JSON.parse(text);
  const mutants = [];
  const cuts = ['classes', 'keys'].flatMap((part) =>
    Object.keys(table[part] ?? {}).map((key) => {
      const line = lines.findIndex((each) => each.trimStart().startsWith(`${JSON.stringify(key)}: "`)) + 1;
      const id = first + mutants.length;
      const hint = key.replace(/^\*\.?|[.*/].*$/g, '') || key.replace(/^\*\./, '');
      mutants.push({ id, file, line, what: `no row ${key}`, hint });
      return `if (__mutant(${id})) delete table.${part}[${JSON.stringify(key)}];`;
    }),
  );
  return { code: `const table = ${text};\n${cuts.join('\n')}\nmodule.exports = table;`, mutants };
}

/** All mutants of these files, and the code that has them, by file. */
export function mutantsOf(root, files) {
  const all = [];
  const codes = new Map(
    files.map((file) => {
      const make = file.endsWith('.json') ? cut : mutated;
      const { code, mutants } = make(file, readFileSync(resolve(root, file), 'utf8'), all.length + 1);
      all.push(...mutants);
      return [file, code];
    }),
  );
  return { all, codes };
}

/**
 * @param codes code in place of that of files
 * @param kept the folder of what synthesis has written
 * @param isFirst whether synthesis runs, and fills that folder
 */
export async function bundle(root, tests, codes, { kept, isFirst, outfile }) {
  const plugin = {
    name: 'mutants',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^[^./]/ }, ({ path }) =>
        /^@?kubernetes-on-aws/.test(path) || path.startsWith('node:') ? undefined : { path, external: true },
      );
      onLoad({ filter: /\.(?:ts|json)$/ }, ({ path }) => {
        const file = relative(root, path);
        const code = codes.get(file);
        if (file.endsWith('.json')) return code === undefined ? undefined : { loader: 'js', contents: code };
        const text = code ?? readFileSync(path, 'utf8');
        if (file !== SYNTHESIS)
          return { loader: 'ts', contents: text.replaceAll('__dirname', JSON.stringify(dirname(path))) };
        const contents = isFirst
          ? `${KEPT(kept)}import { writeFileSync } from 'node:fs';\n${text.replace('export function synthesizedStacks(', 'function synthesize(')}
             export const synthesizedStacks = (yaml: string) => {
               const stacks = synthesize(yaml);
               writeFileSync(fileOf(yaml), JSON.stringify(stacks));
               return stacks;
             };`
          : `${KEPT(kept)}export const synthesizedStacks = (yaml: string) => JSON.parse(readFileSync(fileOf(yaml), 'utf8'));`;
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
}
