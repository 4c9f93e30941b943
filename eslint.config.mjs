import js from '@eslint/js';
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
  cli: ['main', 'config', 'stacks', 'manifests', 'checks', 'sandbox'],
  sandbox: ['config', 'manifests'],
};

const folderRules = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  files: [folder === 'main' ? 'main.ts' : `${folder}/**/*.ts`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^(${folder === 'main' ? '\\./' : '(\\.\\./)+'})(${FOLDERS.filter((f) => f !== folder && !allowed.includes(f)).join('|')})(/|\\.js$|\\.ts$|$)`,
            message: `${folder}/ may import of ours only: ${allowed.join(', ') || 'nothing'}.`,
          },
          {
            regex: '^@cdktf/provider-[a-z]+(/lib)?$',
            message: 'Import one resource (…/lib/eks-cluster): index imports cost seconds and a gigabyte.',
          },
        ],
      },
    ],
  },
}));

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
