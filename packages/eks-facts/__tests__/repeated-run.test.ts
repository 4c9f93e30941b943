import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';

const FACTS = 'packages/eks-facts';

/** What a program reads, prints and writes: a line on each stream, and a file that has the moment of the run. */
const PROGRAM = `import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
console.log(readFileSync('input', 'utf8'), existsSync('more'), readdirSync('folder').join(), process.env['WORD'] ?? '');
console.error('a warning');
if (existsSync('out')) readFileSync('out');
writeFileSync('out', String(process.hrtime.bigint()));
`;

let root = '';
const at = (file: string): string => join(root, file);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'repeated-run-'));
  for (const folder of [FACTS, 'node_modules', 'folder']) mkdirSync(at(folder), { recursive: true });
  for (const name of ['run-typescript', 'repeated-run'])
    cpSync(`${FACTS}/${name}.mjs`, at(`${FACTS}/${name}.mjs`));
  for (const name of ['esbuild', '@esbuild'])
    symlinkSync(resolve('node_modules', name), at(`node_modules/${name}`));
  for (const file of ['package-lock.json', 'tsconfig.json']) writeFileSync(at(file), '{}');
  writeFileSync(at('input'), 'one');
  utimesSync(at('input'), 1, 1);
  writeFileSync(at('out'), '');
  const options = JSON.stringify({ root, entry: at('program.ts'), repeats: true });
  writeFileSync(
    at('run.mjs'),
    `import { runTypeScript } from './${FACTS}/run-typescript.mjs';\nawait runTypeScript(${options});\n`,
  );
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Runs the program. @returns what it printed, and whether it ran or was repeated */
async function run(env: Record<string, string> = {}, ...args: string[]) {
  const before = written();
  const { stdout, stderr } = await execa('node', ['run.mjs', ...args], { cwd: root, env, reject: false });
  return { stdout, stderr, ran: written() !== before };
}

function written(): string | undefined {
  try {
    return readFileSync(at('out'), 'utf8');
  } catch {
    return undefined;
  }
}

async function settled(program: string): Promise<void> {
  writeFileSync(at('program.ts'), program);
  await run();
}

describe('a run whose inputs are as before', () => {
  beforeEach(() => settled(PROGRAM));

  it('prints the same on both streams, and runs nothing', async () => {
    expect(await run()).toEqual({ stdout: 'one false  ', stderr: 'a warning', ran: false });
  });

  it.each<[string, () => unknown, string]>([
    [
      'a file that it read',
      () => {
        writeFileSync(at('input'), 'two');
      },
      'two false  ',
    ],
    [
      'a file that it read, with its former size and time',
      () => {
        writeFileSync(at('input'), 'two');
        utimesSync(at('input'), 1, 1);
      },
      'two false  ',
    ],
    [
      'a file that was not there',
      () => {
        writeFileSync(at('more'), '');
      },
      'one true  ',
    ],
    [
      'a name in a folder',
      () => {
        writeFileSync(at('folder/name'), '');
      },
      'one false name ',
    ],
    [
      'a file that it wrote',
      () => {
        writeFileSync(at('out'), 'by hand');
      },
      'one false  ',
    ],
    [
      'a file that it wrote, and that is gone',
      () => {
        rmSync(at('out'));
      },
      'one false  ',
    ],
    [
      'its source',
      () => {
        writeFileSync(at('program.ts'), `${PROGRAM}console.log('new');`);
      },
      'one false  \nnew',
    ],
  ])('runs after a change of %s', async (_, change, stdout) => {
    change();
    expect(await run()).toMatchObject({ stdout, ran: true });
  });

  it('runs with another variable that it looked at, and not with one that it did not', async () => {
    expect(await run({ WORD: 'word' })).toMatchObject({ stdout: 'one false  word', ran: true });
    await run();
    expect(await run({ OTHER: 'word' })).toMatchObject({ ran: false });
  });

  it('runs with another argument', async () => {
    expect(await run({}, '--json')).toMatchObject({ ran: true });
  });
});

it.each([
  ['fails', 'process.exitCode = 1;'],
  ['starts a process', `import { spawnSync } from 'node:child_process'; spawnSync('true');`],
  ['reads later', `import { readFile } from 'node:fs'; readFile('input', () => undefined);`],
  ['reads by a promise', `import { readFile } from 'node:fs/promises'; void readFile('input');`],
  [
    'opens a connection',
    `import { connect } from 'node:net'; connect(1, '127.0.0.1').on('error', () => undefined);`,
  ],
  ['reads what is given to it', `process.stdin.unref();`],
])('a run that %s is never repeated', async (_, does) => {
  await settled(`${PROGRAM}${does}`);
  expect(await run()).toMatchObject({ ran: true });
});
