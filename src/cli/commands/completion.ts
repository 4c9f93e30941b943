import type { Command } from 'commander';

/** A shell whose completion can be printed. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow each command: by its path below the program, such as `sandbox up`, its subcommands and options. */
type Words = ReadonlyMap<string, readonly string[]>;

/** `completion`: prints a script by which a shell completes the commands and options of a program. */
export function completion(program: Command, shell: Shell): void {
  process.stdout.write(SCRIPTS[shell](program.name(), wordsOf(program)));
}

function wordsOf(command: Command, path: readonly string[] = []): Words {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).filter((each) => each.name() !== 'help');
  const options = help.visibleOptions(command).flatMap(({ long }) => long ?? []);
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  return new Map([
    [path.join(' '), [...commands.map((each) => each.name()), ...choices, ...options]],
    ...commands.flatMap((each) => [...wordsOf(each, [...path, each.name()])]),
  ]);
}

/** The branches of a `case` that sets `list` by the path in `at`. */
const branches = (words: Words): string =>
  [...words].map(([path, list]) => `    '${path}') list='${list.join(' ')}' ;;\n`).join('');

/** A pattern of `case` that all paths below the program match. */
const paths = (words: Words): string =>
  [...words.keys()]
    .filter((path) => path !== '')
    .map((path) => `'${path}'`)
    .join('|');

/** The lines that Bash and Zsh have in common: `at` becomes the path of the command, `list` what may follow it. */
const find = (words: Words, before: string): string => `  local at='' list='' word
  for word in ${before}; do
    case "\${at:+$at }$word" in
      ${paths(words)}) at="\${at:+$at }$word" ;;
    esac
  done
  case "$at" in
${branches(words)}  esac
`;

const SCRIPTS: Readonly<Record<Shell, (name: string, words: Words) => string>> = {
  bash: (name, words) => `_${name}() {
${find(words, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}  COMPREPLY=($(compgen -W "$list" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _${name} ${name}
`,
  zsh: (name, words) => `_${name}() {
${find(words, '${words[2,CURRENT-1]}')}  compadd -- \${=list}
}
compdef _${name} ${name}
`,
  fish: (name, words) =>
    [
      `function __${name}_at`,
      "  set -l at ''",
      '  for word in (commandline -opc)[2..-1]',
      '    set -l next (string trim -- "$at $word")',
      `    if contains -- $next ${paths(words).replaceAll('|', ' ')}`,
      '      set at $next',
      '    end',
      '  end',
      '  test "$at" = "$argv[1]"',
      'end',
      ...[...words].map(
        ([path, list]) => `complete -c ${name} -f -n "__${name}_at '${path}'" -a '${list.join(' ')}'`,
      ),
      '',
    ].join('\n'),
};
