import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { program } from '../../src/cli/program';
import { committedText } from '../stacks/committed-text';
import { pages } from './page';

const PAGE = join(__dirname, '../../docs/reference/commands.md');

/** Every command below one, in the order of its help. */
function commandsBelow(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help')
    .flatMap((each) => [each, ...commandsBelow(each)]);
}

function pathOf(command: Command): string {
  return command.parent === null ? '' : `${pathOf(command.parent)} ${command.name()}`.trim();
}

/** What `--help` prints. */
function helpOf(command: Command): string {
  let text = '';
  for (const each of [program, ...commandsBelow(program)])
    each.configureOutput({ getOutHelpWidth: () => 100, writeOut: (part) => (text += part) });
  command.outputHelp();
  return text.trimEnd();
}

function commandsPage(): string {
  const section = (heading: string, command: Command): string =>
    `${heading}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`;
  return [
    '# Commands\n',
    'What `--help` prints for the program and for each command. A test keeps this page up to date.\n',
    section('## platform', program),
    ...commandsBelow(program).map((command) => section(`## ${pathOf(command)}`, command)),
  ].join('\n');
}

it('docs/reference/commands.md has the help of every command (jest --updateSnapshot accepts a change)', () => {
  const page = commandsPage();
  expect(committedText(PAGE, page)).toBe(page);
});

it('every description is one sentence that begins with a verb', () => {
  for (const command of commandsBelow(program))
    expect(`${pathOf(command)}: ${command.description()}`).toMatch(/: [A-Z][a-z]+,? ([^.]|\.(?! ))*[^.]$/);
});

it('every command that does something has an example', () => {
  for (const command of commandsBelow(program).filter((each) => each.commands.length === 0))
    expect(`${pathOf(command)}: ${helpOf(command)}`).toMatch(/\nExamples?:\n/);
});

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

/** The lines of shell of all pages: `npm run …`, `platform …`, `npx kubernetes-on-aws …`, each with its place. */
const LINES = pages().flatMap(({ path, blocks }) =>
  blocks
    .filter(({ language }) => language === 'sh')
    .flatMap(({ line, code }) =>
      code.split('\n').flatMap((text, i) =>
        text
          .replace(/ #.*/, '')
          .split(/&&|\|\|?|;|\$\(/)
          .map((each) => [`${path}:${line + i + 1}`, each.trim()] as const),
      ),
    ),
);

/** What is wrong with a line that calls the program: the command or an option that it does not have. */
function mistakeOf(line: string): string | undefined {
  const [, script, rest = ''] = /^(?:[A-Z_]+=\S+ )*npm run (?:--silent |-s )?([\w:]+)(.*)$/.exec(line) ?? [];
  const [, direct] = /^(?:npx (?:platform|kubernetes-on-aws)|platform) (.*)$/.exec(line) ?? [];
  if (script === undefined && direct === undefined) return undefined;
  const called = script === undefined ? direct : scripts[script]?.replace(/^exec /, '');
  if (called === undefined) return `no script ${script ?? ''}`;
  if (script !== undefined && !called.startsWith('node src/cli/run.mjs ')) return undefined;
  const words = `${called.replace('node src/cli/run.mjs ', '')} ${rest.replace(/ -- /, ' ')}`.split(/\s+/);
  let command: Command = program;
  for (const word of words) {
    const below = command.commands.find((each) => each.name() === word);
    if (below) command = below;
    else if (command.commands.length > 0) return `no command ${word}`;
    else break;
  }
  // All that follows is another program's.
  if (pathOf(command) === 'sandbox shell') return undefined;
  const known = command.createHelp().visibleOptions(command);
  const unknown = words.filter(
    (word) =>
      word.startsWith('-') && !known.some(({ long, short }) => [long, short].includes(word.split('=')[0])),
  );
  return unknown.length > 0 ? `${pathOf(command)}: no option ${unknown.join(', ')}` : undefined;
}

it('every command of every page is known to the program, with its options', () => {
  expect(LINES.filter(([, line]) => /^npm run /.test(line)).length).toBeGreaterThan(40);
  expect(
    LINES.flatMap(([place, line]) => [mistakeOf(line)].flatMap((each) => (each ? [`${place} ${each}`] : []))),
  ).toEqual([]);
  expect(mistakeOf('npm run plan -- dev --jsn')).toBe('plan: no option --jsn');
  expect(mistakeOf('npm run sandbox:up')).toBe('no script sandbox:up');
});

// npm signals the shell of a script. Without exec, the shell ends, and the program goes on as a process of its own.
it.each(['sandbox', 'sandbox:destroy', 'plan', 'apply', 'drift', 'state:bootstrap', 'teardown'])(
  'a signal to npm run %s reaches the program',
  (name) => {
    expect(scripts[name]).toMatch(/^exec node /);
  },
);
