#!/usr/bin/env node
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTypeScript } from '../../eks-facts/run-typescript.mjs';

const folder = dirname(fileURLToPath(import.meta.url));

await runTypeScript({ root: join(folder, '../../..'), entry: join(folder, '../command.ts') });
