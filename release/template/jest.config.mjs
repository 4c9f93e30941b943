/** @type {import('jest').Config} */
export default {
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  testMatch: ['<rootDir>/{workloads,stacks}/**/*.test.ts'],
};
