// Runs a command-line program from its TypeScript, packages included, as one bundle. The bundle and the code that V8 compiled from
// it are kept under node_modules/.cache and replaced when a source or the lock file changes: starting takes a fraction of
// what a TypeScript loader takes. Types are checked apart (npm test).
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { Script } from 'node:vm';

const RUNNER = 'packages/eks-facts/run-typescript.mjs';

/** The time and size of each file: when they are the same, so is its content. */
const stamp = (path) => {
  const { mtimeMs, size } = statSync(path);
  return `${mtimeMs}:${size}`;
};

const attempt = (action) => {
  try {
    return action();
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Gives each definition of the user's own files the place where it is written: a bundle has no line numbers.
 *
 * @param functions names of functions that take one object literal
 */
const markDefinitions = (root, functions) => ({
  name: 'mark-definitions',
  setup: ({ onLoad }) => {
    const call = new RegExp(`\\b(${functions.join('|')})\\(\\{`, 'g');
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const file = relative(root, path);
      if (/^(node_modules|src|packages|constructs)\//.test(file)) return undefined;
      const text = readFileSync(path, 'utf8');
      const line = (offset) => text.slice(0, offset).split('\n').length;
      const contents = text.replaceAll(
        call,
        (match, _, offset) =>
          `${match} [Symbol.for('kubernetes-on-aws.source')]: ${JSON.stringify(`${file}:${line(offset)}`)},`,
      );
      return { contents, loader: 'ts' };
    });
  },
});

/**
 * @param root folder with `package-lock.json`, `tsconfig.json` and `node_modules`
 * @param entry the program's main file
 * @param alias packages that are replaced, by their names
 * @param definitions names of functions whose calls get the place where they are written
 */
export async function runTypeScript({ root, entry, alias = {}, definitions = [] }) {
  const name = relative(root, entry).replaceAll(/[^a-z0-9]+/gi, '-');
  const cache = join(root, 'node_modules', '.cache', 'programs', name);
  const filename = join(dirname(entry), `${basename(entry, '.ts')}.js`);
  const files = {
    code: join(cache, 'main.js'),
    inputs: join(cache, 'inputs.json'),
  };

  const write = (path, content) => {
    mkdirSync(cache, { recursive: true });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, content);
    renameSync(draft, path); // another process may be reading
  };

  const kept = () => {
    const inputs = JSON.parse(readFileSync(files.inputs, 'utf8'));
    const same = Object.entries(inputs).every(([path, value]) => stamp(join(root, path)) === value);
    return same ? readFileSync(files.code, 'latin1') : undefined;
  };

  const build = async () => {
    const { build: bundle } = await import('esbuild');
    const { outputFiles, metafile } = await bundle({
      entryPoints: [entry],
      absWorkingDir: root,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20',
      // Of an ES module and its CommonJS twin the latter starts sooner.
      mainFields: ['main', 'module'],
      external: ['esbuild', '@kubernetes-on-aws/eks-sandbox/package.json'],
      alias,
      plugins: definitions.length > 0 ? [markDefinitions(root, definitions)] : [],
      minifyWhitespace: true,
      charset: 'ascii', // so that it can be read byte by byte
      supported: { 'dynamic-import': false }, // a script of node:vm has none without a flag
      preserveSymlinks: true, // node_modules may be a link
      logLevel: 'error',
    });
    const sources = Object.keys(metafile.inputs).filter((path) => !path.startsWith('node_modules/'));
    const inputs = [...sources, 'package-lock.json', 'tsconfig.json', RUNNER].map((path) => [
      path,
      stamp(join(root, path)),
    ]);
    write(files.code, outputFiles[0].text);
    write(files.inputs, JSON.stringify(Object.fromEntries(inputs)));
    return outputFiles[0].text;
  };

  const code = attempt(kept) ?? (await build().catch(() => process.exit(2))); // esbuild has printed why
  // V8 knows its own work by the length of the code alone: a file of its is for one content only.
  const content = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const v8 = `main-${content}-${process.version}-${process.arch}.v8`;
  const compiled = attempt(() => readFileSync(join(cache, v8)));
  const script = new Script(Module.wrap(code), { filename, cachedData: compiled });
  if (!compiled || script.cachedDataRejected) {
    // What a run compiles on its way is kept too, so it is stored at its end.
    process.once('exit', () => {
      write(join(cache, v8), script.createCachedData());
      for (const other of readdirSync(cache)) {
        if (other.endsWith('.v8') && other !== v8) rmSync(join(cache, other), { force: true });
      }
    });
  }
  const program = new Module(filename);
  script.runInThisContext()(program.exports, createRequire(filename), program, filename, dirname(filename));
}
