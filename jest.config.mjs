import { readFileSync } from 'node:fs';

const { name, exports: doors } = JSON.parse(readFileSync('package.json', 'utf8'));

/** @type {import('jest').Config} */
const common = {
  transform: {
    '^.+\\.m?[jt]s$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }],
  },
  // Packages that are published as ES modules only are compiled as ours are.
  transformIgnorePatterns: [
    '/node_modules/(?!(?:execa|get-port|get-stream|listr2|env-paths|[^/]*is-[a-z-]+|npm-run-path|path-key|strip-final-newline|figures|human-signals|pretty-ms|parse-ms|yoctocolors|unicorn-magic|@sindresorhus|@sec-ant)/)',
  ],
  modulePathIgnorePatterns: ['<rootDir>/cdktf.out', '<rootDir>/dist', '<rootDir>/.sandbox'],
  testEnvironment: 'node',
  // By default Jest replaces globals that a test file leaves by accessors whose setter calls itself: one of a package that
  // listens to signals then ends the process with a stack overflow.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  // Published for `import` only, which Jest's resolver does not ask for.
  moduleNameMapper: {
    '^unicorn-magic$': '<rootDir>/node_modules/unicorn-magic/node.js',
    ...Object.fromEntries(
      Object.entries(doors).map(([door, file]) => [
        `^${name}${door.slice(1)}$`,
        file.replace('.', '<rootDir>'),
      ]),
    ),
  },
};

export default {
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/__tests__/results-reporter.mjs'],
  projects: [
    {
      ...common,
      displayName: 'unit',
      testMatch: ['<rootDir>/{__tests__,workloads,packages,examples}/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/__tests__/(e2e|long|outside)/'],
    },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/__tests__/e2e/**/*.test.ts'] },
    { ...common, displayName: 'long', testMatch: ['<rootDir>/__tests__/long/**/*.test.ts'] },
    { ...common, displayName: 'outside', testMatch: ['<rootDir>/__tests__/outside/**/*.test.ts'] },
  ],
};
