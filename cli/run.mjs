// Runs the command-line program from its TypeScript: bundled in this process by esbuild with packages left outside, which
// starts in a fraction of the time of a TypeScript loader. Types are checked apart (npm test).
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const folder = dirname(fileURLToPath(import.meta.url));
const bundle = buildSync({
  entryPoints: [join(folder, 'main.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  packages: 'external',
  logLevel: 'error',
});

const program = new Module(join(folder, 'main.js'));
program.filename = join(folder, 'main.js');
program.paths = createRequire(import.meta.url).resolve.paths('esbuild') ?? [];
program._compile(bundle.outputFiles[0].text, program.filename);
