// Runs a command-line program from its TypeScript as two bundles: the sources, and the installed packages that they import. Each is
// kept with the code that V8 compiled from it. An edit of a source replaces the first one only, a change of the lock file both.
// Starting takes a fraction of what a TypeScript loader takes. Types are checked apart (npm test).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import Module, { createRequire, SourceMap } from 'node:module';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

/** What a bundle depends on besides its sources: what is installed, and how TypeScript is read. */
const SETTINGS = [
  ...['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'tsconfig.json'],
  // What npm and pnpm write when they install.
  ...['node_modules/.package-lock.json', 'node_modules/.modules.yaml'],
];

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

/** What the program imports as the user's own module, `main`. */
const MAIN = 'user-module';

/** The namespace of the installed ES modules. */
const MODULE = 'installed-module';

/** Whether esbuild reads a file as an ES module. */
const isModule = async (esbuild, path) => {
  const { metafile } = await esbuild.build({
    ...{ entryPoints: [path], bundle: true, write: false, metafile: true, logLevel: 'silent' },
    plugins: [
      {
        name: 'alone',
        setup: ({ onResolve }) =>
          onResolve({ filter: /./ }, ({ kind, path: other }) =>
            kind === 'entry-point' ? undefined : { path: other, external: true },
          ),
      },
    ],
  });
  return Object.values(metafile.inputs)[0]?.format === 'esm';
};

/** Finds the nearest folder, from a folder upward, that has an entry of a name; without one, the root. */
const folderWith = (name) => {
  const known = new Map();
  const find = (folder) => {
    if (!known.has(folder)) {
      const above = dirname(folder);
      known.set(folder, above === folder || existsSync(join(folder, name)) ? folder : find(above));
    }
    return known.get(folder);
  };
  return find;
};

/** Leaves the user's module, and all that is installed, to the other bundle. Each import of it is the path of the file. */
const splitPackages = (part) => ({
  name: 'split-packages',
  setup: ({ onResolve, onLoad, resolve: resolveImport, esbuild }) => {
    onResolve({ filter: /^(\.\.\/)+main$/ }, () => ({ path: MAIN, external: true }));
    if (part === 'packages') return;
    // esbuild takes what is not in its bundle for CommonJS: in an ES module of Node.js, its default export would be all exports.
    onResolve({ filter: /./, namespace: MODULE }, ({ path }) => ({ path, external: true }));
    onLoad({ filter: /./, namespace: MODULE }, ({ path }) => {
      const from = JSON.stringify(path);
      return { contents: `export * from ${from};export { default } from ${from};` };
    });
    const modules = new Map();
    const inOtherBundle = async (path, { kind, importer, resolveDir }) => {
      const isStatement = kind === 'import-statement' || kind === 'dynamic-import';
      if (!isStatement || !isOfNode(importer, resolveDir)) return { path, external: true };
      if (!modules.has(path)) modules.set(path, isModule(esbuild, path));
      return (await modules.get(path)) ? { path, namespace: MODULE } : { path, external: true };
    };
    const packagesAbove = folderWith('node_modules');
    const packageAbove = folderWith('package.json');
    const types = new Map();
    /** Whether Node.js would take a source for an ES module. */
    const isOfNode = (importer, folder) => {
      if (/\.[mc][jt]s$/.test(importer)) return /\.m[jt]s$/.test(importer);
      const file = join(packageAbove(folder), 'package.json');
      if (!types.has(file)) {
        types.set(file, existsSync(file) && JSON.parse(readFileSync(file, 'utf8')).type === 'module');
      }
      return types.get(file);
    };
    const seen = {};
    const known = new Map();
    onResolve({ filter: /^[^./#]/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === seen) return undefined;
      const key = `${path} ${from.kind} ${packagesAbove(from.resolveDir)}`;
      if (!known.has(key)) known.set(key, resolveImport(path, { ...from, pluginData: seen }));
      const found = await known.get(key);
      return isInstalled(found.path) && !found.external ? inOtherBundle(found.path, from) : found;
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
  const runner = fileURLToPath(import.meta.url);
  const load = createRequire(entry);
  const problem = main?.problem();

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

  const bundled = async (part, modules, options) => {
    const esbuild = await import('esbuild');
    const isThere = (pkg) => attempt(() => load.resolve(`${pkg}/package.json`), 'MODULE_NOT_FOUND');
    const exported = modules.map((path) => `${JSON.stringify(path)}: () => require(${JSON.stringify(path)})`);
    return esbuild.build({
      stdin: { contents: `module.exports = {${exported.join(',')}};`, resolveDir: dirname(entry) },
      outfile: join(cache, `${part}.js`),
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
        splitPackages(part),
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

  /**
   * One of the two bundles. The first line of its file has what it was made of, and the code is below. Two projects that share the
   * folder never get the code of each other.
   */
  const bundleOf = async (part, modules) => {
    const file = join(cache, `${part}.js`);
    /** What an input was when the bundle was made; packages can be installed without a change of a file here. */
    const isAsBefore = ([path, value]) => stamp(resolve(root, path)) === value;
    const text = attempt(() => readFileSync(file, 'latin1'), 'ENOENT') ?? '';
    const end = text.indexOf('\n');
    if (end > 0) {
      const kept = JSON.parse(text.slice(0, end));
      const isSame = kept.modules.join() === modules.join() && Object.entries(kept.inputs).every(isAsBefore);
      if (isSame) return { ...kept, file, code: text.slice(end + 1) };
    }
    const { outputFiles, metafile } = await bundled(part, modules);
    const [{ text: code }] = outputFiles;
    const sources = Object.keys(metafile.inputs).filter((path) => path !== '<stdin>' && !isInstalled(path));
    const [{ imports }] = Object.values(metafile.outputs);
    const facts = {
      modules,
      inputs: Object.fromEntries(
        [...sources, ...SETTINGS, runner].map((path) => [path, stamp(resolve(root, path))]),
      ),
      packages: [...new Set(imports.map(({ path }) => path).filter((path) => isAbsolute(path)))].sort(),
      // V8 knows its own work by the length of the code alone: a file of its is for one content only.
      content: createHash('sha256').update(code).digest('hex').slice(0, 16),
    };
    const ascii = JSON.stringify(facts).replace(
      /[^ -~]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    write(file, `${ascii}\n${code}`);
    return { ...facts, file, code };
  };

  /** Runs a bundle. @returns what gives each of its modules, by the path */
  const run = ({ file, code, content }) => {
    const kept = `${basename(file, '.js')}-`;
    const v8 = `${kept}${content}-${process.version}-${process.arch}.v8`;
    const compiled = attempt(() => readFileSync(join(cache, v8)), 'ENOENT');
    const script = new Script(Module.wrap(code), { filename: file, cachedData: compiled });
    if (!compiled || script.cachedDataRejected) {
      // What a run compiles on its way is kept too, so it is stored at its end.
      process.once('exit', () => {
        write(join(cache, v8), script.createCachedData());
        for (const other of attempt(() => readdirSync(cache), 'ENOENT') ?? []) {
          if (other.startsWith(kept) && other.endsWith('.v8') && other !== v8) {
            rmSync(join(cache, other), { force: true });
          }
        }
      });
    }
    const program = new Module(entry);
    script.runInThisContext()(program.exports, demand, program, entry, dirname(entry));
    return program.exports;
  };

  const ofSources = [entry, ...(main && problem === undefined ? [main.file] : [])].filter(
    (path) => !isInstalled(path),
  );
  if (process.env[PRINT_MAP]) {
    const { outputFiles } = await bundled('sources', ofSources, {
      sourcemap: 'external',
      sourcesContent: false,
    });
    process.stdout.write(outputFiles.find(({ path }) => path.endsWith('.map')).text);
    return;
  }

  // esbuild has printed what is wrong with a source.
  const fail = ({ errors, message }) => {
    if (!errors) console.error(message);
    process.exit(errors ? 1 : 2);
  };
  const sources = await bundleOf('sources', ofSources).catch(fail);
  const ofPackages = [...(isInstalled(entry) ? [entry] : []), ...sources.packages];
  const packages = await bundleOf('packages', ofPackages).catch(fail);

  let modules = {};
  const demand = (path) => {
    if (path !== MAIN) return (modules[path] ?? (() => load(path)))();
    if (problem === undefined) return modules[main.file]();
    throw Object.assign(new Error(problem), { code: 'invalid-definition', exitStatus: 1 });
  };
  demand.resolve = load.resolve;

  // A source map takes seconds and megabytes: it is made when an error is to be shown.
  let map;
  globalThis[Symbol.for('kubernetes-on-aws.source-stack')] = (stack) => {
    const own = `${sources.file}:`;
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

  modules = { ...run(packages), ...run(sources) };
  modules[entry]();
}
