#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const entry = join(folder, '../command.ts');

if (existsSync(entry)) {
  const { runTypeScript } = await import('../../eks-facts/run-typescript.mjs');
  await runTypeScript({ root: join(folder, '../../..'), entry });
} else {
  await import('../command.js');
}
