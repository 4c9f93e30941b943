#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTypeScript } from '../../packages/eks-facts/run-typescript.mjs';
import { projectProblem } from './project-problem.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const own = join(folder, '../..');
// Installed, the program is JavaScript, and the platform is in the folder that it is called in.
const installed = !existsSync(join(folder, 'program.ts'));
const root = installed ? process.cwd() : own;
const file = join(root, 'main.ts');

await runTypeScript({
  root,
  entry: join(folder, installed ? 'program.js' : 'program.ts'),
  // Outside of a platform's folder, as for `init`, nothing is written there.
  ...(installed && !existsSync(file) && { cache: join(own, '../.cache/kubernetes-on-aws') }),
  main: { file, problem: () => projectProblem({ file, own }) },
  definitions: {
    functions: ['defineWorkload', 'definePlatform'],
    machinery: installed ? [] : ['src', 'packages', 'constructs'],
  },
  optional: ['@kubernetes-on-aws/eks-sandbox'],
  // CDKTF loads it, and with it forty packages more, to pack assets: it is loaded when something is packed.
  alias: { archiver: join(folder, 'archiver.cjs') },
});
