#!/usr/bin/env node
import { existsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const entry = join(folder, '../command.ts');

// The eval of what is printed must not pass where the command fails, however early.
process.once('exit', (status) => {
  if (status !== 0 && process.argv[2] === 'env') writeSync(1, 'false\n');
});

if (existsSync(entry)) {
  const { runTypeScript } = await import('../../eks-facts/run-typescript.mjs');
  await runTypeScript({ root: join(folder, '../../..'), entry });
} else {
  await import('../command.js');
}
