#!/usr/bin/env node
import { existsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTypeScript } from '../../packages/eks-facts/run-typescript.mjs';
import { peerPackageProblem } from '../facts/peer-packages.cjs';

const folder = dirname(fileURLToPath(import.meta.url));
const own = join(folder, '../..');
// Installed, the program is JavaScript, and the platform is in the folder that it is called in.
const installed = !existsSync(join(folder, 'start.ts'));
const root = installed ? process.cwd() : own;
const file = join(root, 'main.ts');

// The eval of what is printed must not pass where the command fails, however early.
process.once('exit', (status) => {
  if (status !== 0 && /\bsandbox env\b(?!.*--json)/.test(process.argv.join(' '))) writeSync(1, 'false\n');
});

await runTypeScript({
  root,
  entry: join(folder, installed ? 'start.js' : 'start.ts'),
  // Outside of a platform's folder, as for `init`, nothing is written there.
  ...(installed && !existsSync(file) && { cache: join(own, '../.cache/kubernetes-on-aws') }),
  main: {
    file,
    problem: () =>
      existsSync(file)
        ? peerPackageProblem(root)
        : `${file}: no such file. Run the command in the folder of a platform; npx kubernetes-on-aws init creates one`,
  },
  definitions: {
    functions: ['defineWorkload', 'definePlatform'],
    machinery: installed ? [] : ['src', 'packages', 'constructs'],
  },
  optional: ['@kubernetes-on-aws/eks-sandbox'],
  edits: {
    // CDKTF packs an asset in a process of its own, which runs this very file: only there is the archiver needed.
    'cdktf/lib/private/fs.js': [
      ['require("archiver")', 'undefined'],
      [
        '`node ${__filename} ${src} ${dest}`',
        '[process.execPath, require.resolve("cdktf/lib/private/fs.js"), src, dest].map((each) => JSON.stringify(each)).join(" ")',
      ],
    ],
  },
});
