import js from '@eslint/js';
import { dirname, relative, resolve } from 'node:path';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;

/** The public doors of the package: what a user's own files import. */
const DOORS = ['kubernetes-on-aws'];

/** What each place may import of ours: the arrows of docs/architecture.md, one way only. A file belongs to the longest place. */
export const MAY_IMPORT = {
  'main.ts': [...DOORS, 'workloads', 'stacks'],
  workloads: DOORS,
  examples: DOORS,
  stacks: ['constructs', 'src/config', 'src/facts', 'src/platform/registry'],
  'constructs/aws': ['constructs/terraform', 'src/facts', 'src/manifests', 'src/rules', 'packages/eks-facts'],
  'constructs/kubernetes': [
    'constructs/terraform',
    'src/facts',
    'src/manifests',
    'src/rules',
    'packages/eks-facts',
  ],
  'constructs/terraform': ['src/facts', 'src/manifests', 'src/rules', 'packages/eks-facts'],
  'src/platform': ['constructs', 'stacks', 'src/config', 'src/facts', 'src/manifests'],
  'src/testing': [
    'packages/eks-facts',
    'constructs',
    'stacks',
    'src/config',
    'src/facts',
    'src/manifests',
    'src/platform',
    'src/registry',
  ],
  'src/facts': ['packages/eks-facts'],
  'src/manifests': ['src/facts'],
  'src/rules': ['src/facts', 'src/manifests', 'packages/eks-facts', 'packages/kubernetes-oracle'],
  'src/config': ['src/facts', 'src/rules', 'packages/eks-facts'],
  'src/checks': ['src/facts', 'src/manifests', 'src/rules', 'packages/eks-facts'],
  'src/pipeline': [
    'src/checks',
    'src/facts',
    'src/manifests',
    'src/rules',
    'src/terraform',
    'packages/eks-facts',
  ],
  'src/rendering': ['src/facts', 'src/manifests', 'packages/eks-facts'],
  'src/terraform': ['src/facts', 'packages/eks-facts'],
  'src/sandbox': [
    'src/config',
    'src/facts',
    'src/manifests',
    'src/pipeline',
    'src/rules',
    'src/terraform',
    'packages',
  ],
  'src/cli': ['main.ts', 'package.json', 'src', 'packages'],
  'packages/eks-facts': [],
  'packages/kubernetes-oracle': ['packages/eks-facts'],
  'packages/eks-sandbox': ['packages/eks-facts'],
};
const PLACES = Object.keys(MAY_IMPORT).sort((a, b) => b.length - a.length);
const lies = (path, place) => path === place || path.startsWith(`${place}/`);

/** Where an import leads, as a path in the repository or as the name of a door; undefined for a foreign package. */
function destination(from, specifier) {
  if (specifier.startsWith('.'))
    return relative(root, resolve(dirname(from), specifier)).replace(/^main$/, 'main.ts');
  const own = /^@kubernetes-on-aws\/(.+)$/.exec(specifier)?.[1];
  if (own !== undefined) return `packages/${own}`;
  return DOORS.find((door) => lies(specifier, door));
}

const arrows = {
  create(context) {
    const path = relative(root, context.filename);
    const place = PLACES.find((each) => lies(path, each));
    const check = ({ source }) => {
      if (place === undefined || typeof source?.value !== 'string') return;
      const to = destination(context.filename, source.value);
      if (to === undefined || [place, ...MAY_IMPORT[place]].some((allowed) => lies(to, allowed))) return;
      const allowed = MAY_IMPORT[place].join(', ') || 'nothing else of ours';
      context.report({ node: source, message: `${place} imports ${to}; it may import ${allowed}.` });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
    };
  },
};

export default tseslint.config(
  { ignores: ['node_modules/', 'dist/', 'cdktf.out/', '.sandbox*/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // The one way to reach the very exports of a CommonJS module.
      '@typescript-eslint/no-require-imports': ['error', { allowAsImport: true }],
      // A construct takes its place in the tree by being constructed.
      'no-new': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/__tests__/**', '**/*.test.ts'],
    plugins: { house: { rules: { arrows } } },
    rules: {
      'house/arrows': 'error',
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@cdktf/provider-[a-z]+(/lib)?$',
              message: 'Import one resource (…/lib/eks-cluster): index imports cost seconds and a gigabyte.',
            },
          ],
        },
      ],
    },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  { files: ['**/*.cjs'], languageOptions: { globals: { __dirname: 'readonly' } } },
  {
    files: ['**/__tests__/**/*.ts', '**/*.test.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/consistent-test-it': ['error', { fn: 'it' }],
      'jest/expect-expect': 'error',
      // expect(object.method) names a mock, it does not call it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
