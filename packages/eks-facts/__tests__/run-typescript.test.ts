import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { execa } from 'execa';

const RUNNER = 'packages/eks-facts/run-typescript.mjs';

/** Calls an action with the folder of a project, and with a function that writes its files; both are removed afterward. */
async function inProject(
  action: (project: { write(file: string, text: string): string; run(): Promise<string> }) => Promise<void>,
): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'run-typescript-'));
  try {
    mkdirSync(join(root, 'packages/eks-facts'), { recursive: true });
    mkdirSync(join(root, 'node_modules'));
    cpSync(RUNNER, join(root, RUNNER));
    for (const name of ['esbuild', '@esbuild']) {
      symlinkSync(resolve('node_modules', name), join(root, 'node_modules', name));
    }
    const write = (file: string, text: string): string => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
      return join(root, file);
    };
    for (const file of ['package-lock.json', 'tsconfig.json']) write(file, '{}');
    const options = JSON.stringify({ root, entry: join(root, 'program.ts') });
    const runner = write(
      'run.mjs',
      `import { runTypeScript } from './${RUNNER}';\nawait runTypeScript(${options});\n`,
    );
    await action({ write, run: async () => (await execa('node', [runner])).stdout });
  } finally {
    rmSync(root, { recursive: true });
  }
}

it('the runner runs the current code, also after an edit of the same length', () =>
  inProject(async ({ write, run }) => {
    const printed: string[] = [];
    for (const [second, digit] of [2, 2, 7, 7].entries()) {
      utimesSync(write('program.ts', `console.log('replicas: ${digit}');\n`), second, 1_000 + digit);
      printed.push(await run());
    }
    expect(printed).toEqual(['replicas: 2', 'replicas: 2', 'replicas: 7', 'replicas: 7']);
  }));

it.each(['module', 'commonjs'])(
  'a program of the type %s imports from installed packages what Node.js gives it',
  (type) =>
    inProject(async ({ write, run }) => {
      write('package.json', JSON.stringify({ type, imports: { '#own': './own.ts' } }));
      write('own.ts', `export default 'own';\n`);
      write('lib/package.json', JSON.stringify({ type, imports: { '#own': './lib.ts' } }));
      write('lib/lib.ts', `export default 'of lib';\n`);
      write('lib/index.ts', `export { default } from '#own';\n`);
      const pkg = (name: string, fields: object, text: string): void => {
        write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', ...fields }));
        write(`node_modules/${name}/index.js`, text);
      };
      const esModule = `export default 'default';\nexport const named = 'named';\n`;
      pkg('es', { type: 'module', exports: './index.js' }, esModule);
      pkg('es-named', { type: 'module', exports: './index.js' }, `export const named = 'named';\n`);
      pkg('common', { main: 'index.js' }, `module.exports = { named: 'named' };\n`);
      pkg(
        'compiled',
        { main: 'index.js' },
        `Object.defineProperty(exports, '__esModule', { value: true });\nexports.default = 'default';\nexports.named = 'named';\n`,
      );
      write(
        'program.ts',
        `import es, { named } from 'es';
import * as all from 'es';
import { named as alone } from 'es-named';
import common, { named as other } from 'common';
import * as compiled from 'compiled';
import whole from 'compiled';
import own from '#own';
import ofLib from './lib';
console.log(JSON.stringify([es, named, all.default, all.named, alone]));
console.log(JSON.stringify([common, other, compiled.named, whole, own, ofLib]));
`,
      );
      const whole = type === 'module' ? { default: 'default', named: 'named' } : 'default';
      expect((await run()).split('\n').map((line) => JSON.parse(line) as unknown)).toEqual([
        ['default', 'named', 'default', 'named', 'named'],
        [{ named: 'named' }, 'named', 'named', whole, 'own', 'of lib'],
      ]);
    }),
);

it.each(['.package-lock.json', '.modules.yaml'])(
  'the program reads packages again after a change of node_modules/%s',
  (file) =>
    inProject(async ({ write, run }) => {
      write('node_modules/pkg/package.json', JSON.stringify({ name: 'pkg', version: '1.0.0' }));
      write('program.ts', `import { version } from 'pkg';\nconsole.log(version);\n`);
      const printed: string[] = [];
      for (const version of ['1', '2']) {
        write('node_modules/pkg/index.js', `exports.version = ${version};\n`);
        utimesSync(write(`node_modules/${file}`, version), 1, Number(version));
        printed.push(await run());
      }
      expect(printed).toEqual(['1', '2']);
    }),
);
