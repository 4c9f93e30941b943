import type { Command } from 'commander';
import { addCommand } from './add-command';
import { requireSandbox } from './sandbox-package';

/** The commands of the EKS on the user's own machine. */
export function addSandboxCommands(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .enablePositionalOptions()
    .hook('preAction', requireSandbox)
    .description('an EKS on your own machine that takes the very bytes AWS would get');

  addCommand(sandbox, 'up', {
    description: 'build what is missing, start, deploy every stack, prove the result, leave it running',
    examples: ['sandbox up', 'sandbox up --empty'],
  })
    .option('--empty', 'deploy nothing: for plan, apply and cdktf deploy')
    .option('--json', 'print the result as JSON')
    .action(async (options: { empty?: boolean; json?: boolean }) => {
      if (options.empty) {
        const { startEmpty } = await import('./commands/sandbox-up-empty');
        await startEmpty(options);
      } else {
        const { up } = await import('./commands/sandbox-up');
        await up(options);
      }
    });

  addCommand(sandbox, 'status', {
    description: 'what runs where',
    examples: ['sandbox status', 'sandbox status --json'],
  })
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const { status } = await import('./commands/sandbox-status');
      await status(options);
    });

  addCommand(sandbox, 'shell [command...]', {
    description: 'a shell, or one command, that reaches nothing but the sandbox',
    examples: ['sandbox shell', 'sandbox shell npm run plan', 'sandbox shell kubectl get pods -A'],
  })
    .passThroughOptions()
    .action(async (command: string[]) => {
      const { shell } = await import('./commands/sandbox-shell');
      await shell(command);
    });

  addCommand(sandbox, 'env', {
    description: 'the variables that turn Terraform, cdktf and aws of a shell to the sandbox',
    examples: ['sandbox env', 'sandbox env --json'],
  })
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const { printEnvironment } = await import('./commands/sandbox-shell');
      await printEnvironment(options);
    });

  addCommand(sandbox, 'destroy', {
    description: 'destroy every stack with Terraform, in reverse, and prove that nothing is left',
    examples: ['sandbox destroy'],
  }).action(async () => {
    const { destroy } = await import('./commands/sandbox-destroy');
    await destroy();
  });

  addCommand(sandbox, 'down', {
    description: 'stop and wipe at once',
    examples: ['sandbox down', 'sandbox down --platform eu'],
  }).action(async () => {
    const { down } = await import('./commands/sandbox-down');
    await down();
  });
}
