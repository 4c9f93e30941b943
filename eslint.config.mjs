import js from '@eslint/js';
import { posix } from 'node:path';
import jest from 'eslint-plugin-jest';
import tseslint from 'typescript-eslint';

/** What each folder may import of ours: the arrows of the architecture, one way only. */
const FOLDERS = [
  'main',
  'config',
  'stacks',
  'workloads',
  'constructs/aws',
  'constructs/kubernetes',
  'constructs/terraform',
  'manifests',
  'checks',
  'pipeline',
  'processes',
  'terraform',
  'cli',
  'sandbox',
];
const MAY_IMPORT = {
  main: ['config', 'stacks'],
  config: [],
  stacks: ['config', 'workloads', 'constructs/aws', 'constructs/kubernetes', 'constructs/terraform'],
  workloads: ['constructs/aws', 'constructs/kubernetes', 'constructs/terraform'],
  'constructs/aws': ['constructs/terraform'],
  'constructs/kubernetes': ['constructs/terraform'],
  'constructs/terraform': [],
  manifests: [],
  checks: ['manifests'],
  pipeline: ['manifests', 'terraform'],
  processes: [],
  terraform: ['processes'],
  cli: ['main', 'config', 'stacks', 'manifests', 'checks', 'pipeline', 'terraform', 'sandbox'],
  sandbox: ['config', 'manifests', 'processes', 'terraform'],
};

/** How deep files may lie below a folder. */
const DEPTHS = ['', '/*', '/*/*'];

const folderRules = Object.entries(MAY_IMPORT).flatMap(([folder, allowed]) => {
  const others = FOLDERS.filter((other) => other !== folder && !allowed.includes(other));
  const rules = (from) => ({
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(${others.map((other) => pathTo(other, from)).join('|')})(/|\\.js$|\\.ts$|$)`,
            message: `${folder}/ may import of ours only: ${allowed.join(', ') || 'nothing'}.`,
          },
          {
            regex: '^@cdktf/provider-[a-z]+(/lib)?$',
            message: 'Import one resource (…/lib/eks-cluster): index imports cost seconds and a gigabyte.',
          },
        ],
      },
    ],
  });
  if (folder === 'main') return [{ files: ['main.ts'], rules: rules('') }];
  return DEPTHS.map((depth) => ({ files: [`${folder}${depth}/*.ts`], rules: rules(`${folder}${depth}`) }));
});

/** A folder as a file in another one names it. */
function pathTo(folder, from) {
  const path = posix.relative(`/${from}`, `/${folder}`);
  return (path.startsWith('.') ? path : `./${path}`).replaceAll('.', '\\.');
}

export default tseslint.config(
  { ignores: ['node_modules/', 'cdktf.out/', '.sandbox/', 'coverage/'] },
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
  ...folderRules,
  { files: ['**/*.mjs'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  {
    files: ['__tests__/**/*.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      'jest/expect-expect': 'error',
      'jest/no-standalone-expect': [
        'error',
        { additionalTestBlockFunctions: ['itWithProvider', 'itWithTwoVersions', 'itWithoutProvider'] },
      ],
      // expect(object.method) names a mock, it does not call it.
      '@typescript-eslint/unbound-method': 'off',
    },
  },
);
