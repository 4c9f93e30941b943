// Runs a command-line program from its TypeScript, packages included, as one bundle. The bundle and the code that V8 compiled from
// it are kept and replaced when a source or the lock file changes: starting takes a fraction of what a TypeScript loader takes.
// Types are checked apart (npm test).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Module, { createRequire, SourceMap } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** What a bundle depends on besides its sources: what is installed, and how TypeScript is read. */
const SETTINGS = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'tsconfig.json'];

/** Among the inputs: why the user's module could not be loaded. */
const PROBLEM = 'problem:';

/** With this variable the program prints the source map of its bundle, and nothing else. */
const PRINT_MAP = 'RUN_TYPESCRIPT_PRINT_MAP';

/** The time and size of a file, null where there is none: when they are the same, so is its content. */
const stamp = (path) => {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs}:${stats.size}` : null;
};

const attempt = (action, ...codes) => {
  try {
    return action();
  } catch (error) {
    if (codes.includes(error.code)) return undefined;
    throw error;
  }
};

const isInstalled = (path) => /(^|\/)node_modules\//.test(path);

/**
 * Gives each definition of the user's own files the place where it is written: a bundle has no line numbers.
 *
 * @param functions names of functions that take one object literal
 * @param machinery folders that are not the user's
 */
const markDefinitions = (root, { functions, machinery }) => ({
  name: 'mark-definitions',
  setup: ({ onLoad }) => {
    const call = new RegExp(`\\b(${functions.join('|')})\\(\\{`, 'g');
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const file = relative(root, path);
      if (isInstalled(file) || machinery.includes(file.split('/')[0])) return undefined;
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
 * Gives the program the user's own module, which its commands import as `main`. Where that cannot be had, the import throws an error
 * for the user. Commands that do not need it still run.
 */
const useModule = (file, problem) => ({
  name: 'user-module',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(\.\.\/)+main$/ }, () => ({
      path: file,
      ...(problem !== undefined && { namespace: 'problem' }),
    }));
    onLoad({ filter: /./, namespace: 'problem' }, () => {
      const error = JSON.stringify({ code: 'invalid-definition', exitStatus: 1 });
      return { contents: `throw Object.assign(new Error(${JSON.stringify(problem)}), ${error});` };
    });
  },
});

/** Replaces texts in files of packages that do not work within a bundle. A fork of a package may not have them. */
const editPackages = (edits) => ({
  name: 'edit-packages',
  setup: ({ onLoad }) => {
    for (const [file, texts] of Object.entries(edits)) {
      onLoad({ filter: new RegExp(`/node_modules/${file.replaceAll('.', '\\.')}$`) }, ({ path }) => ({
        contents: texts.reduce(
          (contents, [from, to]) => contents.replace(from, () => to),
          readFileSync(path, 'utf8'),
        ),
      }));
    }
  },
});

/**
 * @param root folder with the lock file and `tsconfig.json`
 * @param entry the program's main file
 * @param cache folder of what is kept @default - node_modules/.cache/programs of the root
 * @param main the user's module: its file, and a function that says why it cannot be loaded, if it cannot
 * @param edits texts that are replaced in files of packages, by the file: `[[from, to]]`
 * @param definitions names of functions whose calls get the place where they are written, and the folders that have none
 * @param optional packages that may be missing: an import of one fails when it is reached
 */
export async function runTypeScript({
  root,
  entry,
  cache: programs = join(root, 'node_modules', '.cache', 'programs'),
  main,
  edits = {},
  definitions,
  optional = [],
}) {
  const name = relative(root, entry).replaceAll(/[^a-z0-9]+/gi, '-');
  const cache = join(programs, name);
  const filename = join(dirname(entry), `${basename(entry).replace(/\.\w+$/, '')}.js`);
  const runner = fileURLToPath(import.meta.url);
  const load = createRequire(filename);
  // The inputs in the first line, the code below: of two projects that share the folder, none gets the code of the other.
  const bundle = join(cache, 'bundle.js');

  // Where all users of the machine have one installation, nothing is kept.
  const write = (path, content) =>
    attempt(
      () => {
        mkdirSync(cache, { recursive: true });
        const draft = `${path}.${process.pid}`;
        writeFileSync(draft, content);
        renameSync(draft, path); // another process may be reading
      },
      ...['EACCES', 'EPERM', 'EROFS'],
    );

  const problem = main?.problem();
  /** What an input was when the bundle was made; packages can be installed without a change of a file here. */
  const state = (path) => (path === PROBLEM ? (problem ?? null) : stamp(resolve(root, path)));

  const kept = () => {
    const text = readFileSync(bundle, 'latin1');
    const end = text.indexOf('\n');
    const inputs = JSON.parse(text.slice(0, end));
    const same = Object.entries(inputs).every(([path, value]) => state(path) === value);
    return same ? text.slice(end + 1) : undefined;
  };

  const bundled = async (options) => {
    const esbuild = await import('esbuild');
    const isThere = (pkg) => attempt(() => load.resolve(`${pkg}/package.json`), 'MODULE_NOT_FOUND');
    return esbuild.build({
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
      external: [
        'esbuild',
        '@kubernetes-on-aws/eks-sandbox/package.json',
        ...optional.filter((pkg) => !isThere(pkg)).map((pkg) => `${pkg}/*`),
      ],
      plugins: [
        ...(main ? [useModule(main.file, problem)] : []),
        editPackages(edits),
        ...(definitions ? [markDefinitions(root, definitions)] : []),
      ],
      minifyWhitespace: true,
      charset: 'ascii', // so that it can be read byte by byte
      supported: { 'dynamic-import': false }, // a script of node:vm has none without a flag
      preserveSymlinks: !isInstalled(entry), // a copy of this repository has links for node_modules
      logLevel: 'error',
      ...options,
    });
  };

  const build = async () => {
    const { outputFiles, metafile } = await bundled();
    const sources = Object.keys(metafile.inputs).filter(
      (path) => !/^problem:/.test(path) && !isInstalled(path),
    );
    const paths = [...sources, ...SETTINGS, ...(main ? [main.file] : []), runner, PROBLEM];
    const inputs = paths.map((path) => [path, state(path)]);
    const ascii = JSON.stringify(Object.fromEntries(inputs)).replace(
      /[^ -~]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    write(bundle, `${ascii}\n${outputFiles[0].text}`);
    return outputFiles[0].text;
  };

  // esbuild has printed what is wrong with a source.
  const fail = ({ errors, message }) => {
    if (!errors) console.error(message);
    process.exit(errors ? 1 : 2);
  };
  if (process.env[PRINT_MAP]) {
    const { outputFiles } = await bundled({ sourcemap: 'external', sourcesContent: false, outfile: bundle });
    process.stdout.write(outputFiles.find(({ path }) => path.endsWith('.map')).text);
    return;
  }
  // A source map takes seconds and megabytes: it is made when an error is to be shown.
  let map;
  globalThis[Symbol.for('kubernetes-on-aws.source-stack')] = (stack) => {
    const own = `${filename}:`;
    if (!stack.includes(own)) return stack;
    map ??= new SourceMap(JSON.parse(printedMap()));
    return stack.replaceAll(/[^\s(]+:(\d+):(\d+)/g, (place, line, column) => {
      if (!place.startsWith(own)) return place;
      const wrapped = line === '1' ? Module.wrapper[0].length : 0;
      const { originalSource, originalLine, originalColumn } = map.findEntry(line - 1, column - 1 - wrapped);
      if (originalSource === undefined) return place;
      return `${relative(root, resolve(cache, originalSource))}:${originalLine + 1}:${originalColumn + 1}`;
    });
  };
  const printedMap = () =>
    spawnSync(process.execPath, [process.argv[1]], {
      ...{ encoding: 'utf8', maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'inherit'] },
      env: { ...process.env, [PRINT_MAP]: '1' },
    }).stdout;

  const code = attempt(kept, 'ENOENT') ?? (await build().catch(fail));
  // V8 knows its own work by the length of the code alone: a file of its is for one content only.
  const content = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const v8 = `main-${content}-${process.version}-${process.arch}.v8`;
  const compiled = attempt(() => readFileSync(join(cache, v8)), 'ENOENT');
  const script = new Script(Module.wrap(code), { filename, cachedData: compiled });
  if (!compiled || script.cachedDataRejected) {
    // What a run compiles on its way is kept too, so it is stored at its end.
    process.once('exit', () => {
      write(join(cache, v8), script.createCachedData());
      for (const other of attempt(() => readdirSync(cache), 'ENOENT') ?? []) {
        if (other.endsWith('.v8') && other !== v8) rmSync(join(cache, other), { force: true });
      }
    });
  }
  const program = new Module(filename);
  script.runInThisContext()(program.exports, load, program, filename, dirname(filename));
}
