import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const RUNNER = 'packages/eks-facts/run-typescript.mjs';

it('runs the code as it is, also where an edit keeps its length', async () => {
  const root = mkdtempSync(join(tmpdir(), 'run-typescript-'));
  try {
    mkdirSync(join(root, 'packages/eks-facts'), { recursive: true });
    mkdirSync(join(root, 'node_modules'));
    cpSync(RUNNER, join(root, RUNNER));
    for (const name of ['esbuild', '@esbuild']) {
      symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name));
    }
    for (const file of ['package-lock.json', 'tsconfig.json']) writeFileSync(join(root, file), '{}');
    const run = join(root, 'run.mjs');
    const entry = join(root, 'program.ts');
    writeFileSync(
      run,
      `import { runTypeScript } from './${RUNNER}';\nawait runTypeScript({ root: ${JSON.stringify(root)}, entry: ${JSON.stringify(entry)} });\n`,
    );
    const printed: string[] = [];
    for (const [second, digit] of [2, 2, 7, 7].entries()) {
      writeFileSync(entry, `console.log('replicas: ${digit}');\n`);
      utimesSync(entry, second, 1_000 + digit);
      printed.push((await execa('node', [run])).stdout);
    }
    expect(printed).toEqual(['replicas: 2', 'replicas: 2', 'replicas: 7', 'replicas: 7']);
  } finally {
    rmSync(root, { recursive: true });
  }
});
