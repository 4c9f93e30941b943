// `npm run pack [folder]`: writes the two packages that are published, each into a folder of its own, as compiled JavaScript with
// declarations. `npm publish` takes them from there.
import { build } from 'esbuild';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize, relative, resolve } from 'node:path';
import ts from 'typescript';
import { template } from './template.mjs';

const ROOT = resolve(import.meta.dirname, '..');
const FACTS = '@kubernetes-on-aws/eks-facts';
const SANDBOX = '@kubernetes-on-aws/eks-sandbox';
/** What of a package.json says how the repository works. */
const OF_THE_REPOSITORY = ['private', 'workspaces', 'scripts', 'overrides', 'devDependencies'];

const json = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const own = json('package.json');
const facts = json('packages/eks-facts/package.json');
const sandbox = json('packages/eks-sandbox/package.json');

const target = resolve(process.argv[2] ?? join(ROOT, 'dist'));
rmSync(target, { recursive: true, force: true });

/** The path of a specifier of the private package, which each published package has a copy of. */
const inFacts = (specifier) => `packages/eks-facts/${specifier.slice(FACTS.length + 1)}`;

/** All sources that the entries need, which packages these import, and which modules of the sandbox. */
async function sourcesOf(entries) {
  const modules = new Set();
  const imports = new Set();
  const { metafile } = await build({
    entryPoints: entries,
    absWorkingDir: ROOT,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    outdir: ROOT,
    logLevel: 'error',
    plugins: [
      {
        name: 'packages',
        setup({ onResolve }) {
          onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
            if (kind === 'entry-point') return undefined;
            if (path.startsWith(`${FACTS}/`)) return { path: join(ROOT, `${inFacts(path)}.ts`) };
            imports.add(/^(@[^/]+\/)?[^/]+/.exec(path)[0]);
            if (path.startsWith(`${SANDBOX}/`)) modules.add(path.slice(SANDBOX.length + 1));
            return { path, external: true };
          });
          // The user's own.
          onResolve({ filter: /^(\.\.\/)+main$/ }, ({ path }) => ({ path, external: true }));
        },
      },
    ],
  });
  const inputs = Object.keys(metafile.inputs);
  const sources = inputs.filter((path) => path.endsWith('.ts'));
  // A package's own package.json is written apart.
  const data = inputs.filter((path) => !path.endsWith('.ts') && !path.endsWith('package.json'));
  return { sources, data, modules: [...modules].sort(), imports };
}

/** Their JavaScript, one file for each: a class that two doors hand out is one class. */
async function compiled(sources) {
  const { outputFiles } = await build({
    entryPoints: sources,
    absWorkingDir: ROOT,
    bundle: false,
    write: false,
    outdir: ROOT,
    outbase: ROOT,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    supported: { 'dynamic-import': false },
    logLevel: 'error',
  });
  return outputFiles.map(({ path, text }) => [relative(ROOT, path), text]);
}

/** The declarations of the doors, and those that they need. */
function declarations(doors) {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const written = new Map();
  const program = ts.createProgram(
    doors.map((door) => join(ROOT, door)),
    {
      ...options,
      ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, noCheck: true },
      ...{ incremental: false, tsBuildInfoFile: undefined, rootDir: ROOT, outDir: ROOT },
    },
  );
  const { diagnostics } = program.emit(undefined, (path, text) => written.set(relative(ROOT, path), text));
  if (diagnostics.length > 0) throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost({})));
  const needed = new Set(doors.map((door) => door.replace(/\.ts$/, '.d.ts')));
  for (const file of needed) {
    for (const [, specifier] of (written.get(file) ?? '').matchAll(/(?:from |import\()['"]([^'"]+)['"]/g)) {
      const path = specifier.startsWith(`${FACTS}/`)
        ? inFacts(specifier)
        : specifier.startsWith('.') && join(dirname(file), specifier);
      const found = path && [`${path}.d.ts`, `${path}/index.d.ts`].find((each) => written.has(each));
      if (found) needed.add(found);
      else if (path) throw new Error(`${file} imports ${specifier}, of which there are no declarations`);
    }
  }
  return [...needed].map((file) => [file, written.get(file)]);
}

function put(folder, path, text) {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The pages at a path, or below it. */
function pagesIn(path) {
  if (path.endsWith('.md')) return [path];
  if (!statSync(join(ROOT, path)).isDirectory()) return [];
  return readdirSync(join(ROOT, path)).flatMap((name) => pagesIn(join(path, name)));
}

/** A page for a package: a link to what the package does not have leads to the repository. */
function withLinks(path, copies, place) {
  return readFileSync(join(ROOT, path), 'utf8').replaceAll(/\]\((?!#|[a-z]+:)([^)#\s]+)/g, (_, to) => {
    const target = join(dirname(path), to);
    const isPacked = copies.some((copy) => target === copy || target.startsWith(`${copy}/`));
    const packed = relative(dirname(place(path)), place(target));
    return `](${isPacked ? packed : own.homepage.replace('#readme', `/blob/HEAD/${target}`)}`;
  });
}

/**
 * Writes a package.
 *
 * @param place says where in it a file of the repository goes
 */
function write(folder, files, { manifest, imports, copies, place = (path) => path }) {
  for (const [path, text] of files) {
    const at = place(path);
    const specifier = new RegExp(`(['"])${FACTS}/([^'"]+)\\1`, 'g');
    const inner = (_, quote, module) => {
      const to = relative(dirname(at), place(`packages/eks-facts/${module}`));
      return `${quote}${to.startsWith('.') ? to : `./${to}`}${quote}`;
    };
    put(folder, at, text.replaceAll(specifier, inner));
  }
  for (const path of copies) cpSync(join(ROOT, path), join(folder, place(path)), { recursive: true });
  for (const path of copies.flatMap(pagesIn)) put(folder, place(path), withLinks(path, copies, place));
  const published = Object.fromEntries(
    Object.entries(manifest).filter(([key]) => !OF_THE_REPOSITORY.includes(key)),
  );
  const dependencies = { ...manifest.dependencies };
  delete dependencies[FACTS];
  for (const name of imports) {
    if (isBuiltin(name) || name === manifest.name || manifest.peerDependencies?.[name]) continue;
    dependencies[name] ??= facts.dependencies[name];
    if (dependencies[name] === undefined)
      throw new Error(`${manifest.name} imports ${name}, on which it does not depend`);
  }
  const sorted = Object.fromEntries(Object.entries(dependencies).sort(([a], [b]) => a.localeCompare(b)));
  const text = JSON.stringify(
    { type: 'commonjs', ...published, dependencies: sorted, files: ['**'] },
    null,
    2,
  );
  put(folder, 'package.json', `${text}\n`);
  for (const bin of Object.values(manifest.bin)) chmodSync(join(folder, bin), 0o755);
}

const script = (path) => path.replace(/\.ts$/, '.js');
const { './package.json': manifestDoor, ...sources } = own.exports;
const doors = Object.values(sources).map((path) => normalize(path));

const platform = await sourcesOf([...doors, 'src/cli/start.ts']);
write(join(target, 'kubernetes-on-aws'), [...(await compiled(platform.sources)), ...declarations(doors)], {
  imports: platform.imports,
  manifest: {
    ...own,
    sideEffects: own.sideEffects.map(script),
    exports: {
      ...Object.fromEntries(
        Object.entries(sources).map(([door, path]) => [
          door,
          { types: path.replace(/\.ts$/, '.d.ts'), default: script(path) },
        ]),
      ),
      './package.json': manifestDoor,
    },
  },
  copies: [
    ...platform.data,
    'README.md',
    ...['index.md', 'getting-started.md', 'concepts', 'guides', 'reference'].map((page) => `docs/${page}`),
    'examples',
    ...['LICENSE', 'CHANGELOG.md'].filter((file) => existsSync(join(ROOT, file))),
    'src/cli/run.mjs',
    'src/rendering/tools',
    'packages/eks-facts/run-typescript.mjs',
    // The Go sources of the validation, and its WebAssembly where packages/kubernetes-oracle/build.mjs --wasm has built it.
    ...readdirSync(join(ROOT, 'packages/kubernetes-oracle'))
      .filter((name) => !name.endsWith('.ts') && name !== 'build.mjs')
      .map((name) => `packages/kubernetes-oracle/${name}`),
  ],
});

for (const [path, text] of await template(ROOT, own))
  put(join(target, 'kubernetes-on-aws/template'), path, text);

// What the sandbox builds its programs from: all beside the sources in tools/.
const pins = readdirSync(join(ROOT, 'packages/eks-sandbox/tools'))
  .filter((name) => !name.endsWith('.ts'))
  .map((name) => `tools/${name}`);
const command = await sourcesOf([
  'packages/eks-sandbox/command.ts',
  ...platform.modules
    .filter((module) => module !== 'package.json')
    .map((module) => `packages/eks-sandbox/${module}.ts`),
]);
write(join(target, 'eks-sandbox'), await compiled(command.sources), {
  imports: command.imports,
  manifest: {
    ...sandbox,
    exports: Object.fromEntries([
      ...platform.modules.map((module) => [`./${module}`, `./${module}.js`]),
      ['./package.json', './package.json'],
    ]),
  },
  copies: [
    ...command.data,
    'LICENSE',
    ...[
      'README.md',
      'bin/eks-sandbox.mjs',
      'nodes/kwok-stages.yaml',
      'aws-emulator/moto-account.py',
      ...pins,
    ].map((path) => `packages/eks-sandbox/${path}`),
  ],
  place: (path) => path.replace(/^packages\/(eks-sandbox\/)?/, ''),
});
