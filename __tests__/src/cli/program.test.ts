import { execa } from 'execa';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../../package.json';

// The first run builds the program.
jest.setTimeout(60_000);

async function run(...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['src/cli/run.mjs', ...args], {
    env: { FORCE_COLOR: undefined },
    reject: false,
    stdin: 'ignore',
  });
  return { status: exitCode, stdout, stderr };
}

it('platform --version prints the version', async () => {
  expect(await run('--version')).toEqual({ status: 0, stdout: version, stderr: '' });
});

it('platform --help prints the commands in groups, with examples', async () => {
  const { status, stdout } = await run('--help');
  expect(status).toBe(0);
  const groups = ['Build:', 'Check:', 'Sandbox:', 'Deploy:', 'Operate:', 'Other:'];
  const places = groups.map((group) => stdout.indexOf(`\n${group}`));
  expect(places.every((place) => place > 0)).toBe(true);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
  expect(stdout).not.toContain('\nCommands:');
  expect(stdout).toContain(
    '\nExamples:\n  npm run synth\n  npm run sandbox\n  npm run --silent plan -- network --json\n',
  );
});

it('completion refuses a shell that it does not support', async () => {
  const { status, stderr } = await run('completion', 'tcsh');
  expect(status).toBe(1);
  expect(stderr).toContain('Allowed choices are bash, zsh, fish.');
});

/** What each shell says may follow a line; `LINE` is what was typed, and WORD what of the last word is there already. */
const ASK: Readonly<Record<string, (script: string, line: readonly string[], word: string) => string>> = {
  bash: (script, line, word) =>
    `source ${script}; COMP_WORDS=(platform ${[...line, `'${word}'`].join(' ')}); COMP_CWORD=${line.length + 1}; ` +
    `_platform; printf '%s\n' "\${COMPREPLY[@]}"`,
  zsh: (script, line, word) =>
    `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; source ${script}; ` +
    `words=(platform ${[...line, `'${word}'`].join(' ')}); CURRENT=${line.length + 2}; _platform`,
  fish: (script, line, word) => `source ${script}; complete -C 'platform ${[...line, word].join(' ')}'`,
};

const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

describe.each(Object.keys(ASK).filter((shell) => shell === 'bash' || isInstalled(shell)))(
  'the completion for %s',
  (shell) => {
    let folder: string;
    let script: string;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'completion-'));
      script = join(folder, `platform.${shell}`);
      writeFileSync(script, `${(await run('completion', shell)).stdout}\n`);
    });

    afterAll(() => {
      rmSync(folder, { recursive: true });
    });

    it.each<[string[], string, string[], string[]]>([
      [[], 's', ['synth', 'sandbox', 'schema'], []],
      [['sandbox'], '', ['up', 'down', 'shell'], ['synth']],
      [['sandbox', 'up'], '--', ['--empty', '--json'], ['--quiet']],
      [['synth', '--quiet'], '--', ['--platform', '--quiet'], ['--empty']],
      [['completion'], '', ['bash', 'zsh', 'fish'], ['synth']],
    ])('offers after %j and %j %j, and not %j', (line, word, offered, left) => {
      const ask = ASK[shell]?.(script, line, word) ?? '';
      const words = execFileSync(shell, ['-c', ask], { encoding: 'utf8' })
        .split('\n')
        .map((each) => each.split('\t')[0] ?? '');
      expect(words).toEqual(expect.arrayContaining(offered));
      expect(words.filter((each) => left.includes(each))).toEqual([]);
    });
  },
);
