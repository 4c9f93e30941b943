#!/usr/bin/env node
// Builds the oracle: `node packages/kubernetes-oracle/build.mjs [version]`, or its WebAssembly into this folder with --wasm.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTypeScript } from '../eks-facts/run-typescript.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
await runTypeScript({ root: join(folder, '../..'), entry: join(folder, 'build-command.ts') });
