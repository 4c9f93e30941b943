#!/usr/bin/env node
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTypeScript } from '../../packages/eks-facts/run-typescript.mjs';

const folder = dirname(fileURLToPath(import.meta.url));

await runTypeScript({
  root: join(folder, '../..'),
  entry: join(folder, 'program.ts'),
  definitions: ['defineWorkload', 'definePlatform'],
  // CDKTF loads it, and with it forty packages more, to pack assets: it is loaded when something is packed.
  alias: { archiver: join(folder, 'archiver.cjs') },
});
