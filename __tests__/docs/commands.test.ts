import type { Command } from 'commander';
import { join } from 'node:path';
import { program } from '../../src/cli/program';
import { committedText } from '../stacks/committed-text';

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
