// The files of `init`: the root of this repository, but for what these rules change. Each rule has to find what it changes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

/** What a platform has as the repository has it. */
const SAME = ['main.ts', '.prettierrc.json', ...workflows('deploy', 'drift', 'main', 'platforms')];

/** What of the root becomes what, as a list of texts that are replaced. */
const CHANGED = {
  'platform.yaml': [
    [/^name: \S+/m, 'name: platform-name'],
    [/workloads: \{.*\} \}$/gm, 'workloads: {} }'],
  ],
  'workloads/index.ts': [
    [/^import .*\n/gm, ''],
    [/^\n/, ''],
    [/= \[[^\]]*\]/, '= []'],
  ],
  'cdktf.json': [
    ['node src/cli/run.mjs', 'node_modules/.bin/platform'],
    [/"projectId": "[^"]*"/, '"projectId": "project-id"'],
  ],
  'tsconfig.json': [
    [/ +"paths": \{[^}]*\},\n/, ''],
    ['"dist", ', ''],
  ],
  '.gitignore': [
    ['dist/\n', ''],
    ['/packages/kubernetes-oracle/*.wasm\n', ''],
  ],
  '.prettierignore': [
    ['dist/\n', ''],
    ['**/go.sum\n', ''],
  ],
  // A platform's own tests need no control plane.
  '.github/workflows/test.yml': [[/ {6}# The AWS CLI, kubectl[\s\S]*?(?= {6}- name: Addresses)/, '']],
  '.github/workflows/pull-request.yml': [
    ['docs/guides/pipeline.md says', 'node_modules/kubernetes-on-aws/docs/guides/pipeline.md says'],
  ],
  '.github/actions/set-up/action.yml': [['src/terraform/terraform-providers.ts', 'kubernetes-on-aws']],
};

/** Packages of the root's that a platform needs for its tests and types. */
const DEVELOPMENT = [
  '@swc/core',
  '@swc/jest',
  '@types/jest',
  '@types/node',
  'jest',
  'prettier',
  'typescript',
];

/**
 * @param root folder of the repository
 * @param own its package.json
 * @returns texts by their paths
 */
export async function template(root, own) {
  const read = (path) => readFileSync(join(root, path), 'utf8');
  const files = new Map(SAME.map((path) => [path, read(path)]));
  for (const [path, rules] of Object.entries(CHANGED)) {
    const text = rules.reduce((before, [from, to]) => {
      const after = before.replace(from, to);
      if (after === before)
        throw new Error(`${path} has nothing that ${from} finds: correct release/template.mjs`);
      return after;
    }, read(path));
    // npm leaves a file of this name out of a package.
    files.set(path.replace(/^\.gitignore$/, 'gitignore'), text);
  }
  const templates = join(root, 'release/template');
  for (const name of readdirSync(templates)) files.set(name, readFileSync(join(templates, name), 'utf8'));
  files.set('stacks/.gitkeep', '');
  files.set('package.json', JSON.stringify(manifest(own), null, 2));
  const options = await resolveConfig(join(root, 'package.json'));
  for (const [path, text] of files) {
    if (/\.(json|md)$/.test(path)) files.set(path, await format(text, { ...options, filepath: path }));
  }
  return files;
}

function manifest(own) {
  const { '@kubernetes-on-aws/eks-sandbox': sandbox, ...shared } = own.peerDependencies;
  // The short names of the program's commands; `versions` renews tables of this repository.
  const scripts = Object.entries(own.scripts)
    .filter(([name, script]) => script.includes('node src/cli/run.mjs ') && name !== 'versions')
    .map(([name, script]) => [name, script.replace('node src/cli/run.mjs', 'platform')]);
  return {
    name: 'platform-name',
    version: '0.0.0',
    private: true,
    engines: own.engines,
    scripts: { ...Object.fromEntries(scripts), types: 'tsc', test: 'prettier --check . && tsc && jest' },
    dependencies: { 'kubernetes-on-aws': own.version, ...shared },
    devDependencies: {
      '@kubernetes-on-aws/eks-sandbox': sandbox,
      ...Object.fromEntries(DEVELOPMENT.map((name) => [name, own.devDependencies[name]])),
    },
    overrides: own.overrides,
  };
}

function workflows(...names) {
  return names.map((name) => `.github/workflows/${name}.yml`);
}
