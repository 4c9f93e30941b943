import type { Command } from 'commander';
import { START_VARIABLE } from '@kubernetes-on-aws/eks-facts/start-command';
import { calledAs } from './called-as';
import { npmRun, PLATFORM_VARIABLE, selectPlatform } from '../facts/selected-platform';

/** What the help of a command says. */
export interface CommandHelp {
  readonly description: string;
  /** What follows the program's name, one example a line. */
  readonly examples: readonly string[];
}

/**
 * Adds a command about a platform: each has `--platform`, and examples in its help.
 *
 * @param usage its name and its arguments: `plan [stacks...]`
 */
export function addCommand(parent: Command, usage: string, { description, examples }: CommandHelp): Command {
  return parent
    .command(usage)
    .description(description)
    .option(
      '--platform <name>',
      `the platform: a name in platforms/, or a file (default: $${PLATFORM_VARIABLE}, or platform.yaml)`,
    )
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  ${calledAs(example)}\n`).join('')}`)
    .hook('preAction', (command) => {
      const { platform } = command.opts<{ platform?: string }>();
      if (platform !== undefined) selectPlatform(platform);
      process.env[START_VARIABLE] = npmRun('sandbox');
    });
}

/** The action of a command whose module is loaded only when the command runs. */
export function runs<Module>(load: () => Promise<Module>, name: keyof Module) {
  return async (...args: unknown[]): Promise<void> => {
    await ((await load())[name] as (...args: unknown[]) => unknown)(...args);
  };
}
