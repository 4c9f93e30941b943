import type { Command } from 'commander';

/** The commands of the EKS on the user's own machine. */
export function addSandboxCommands(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .description('an EKS on your own machine that takes the very bytes AWS would get');

  sandbox
    .command('up')
    .description('build what is missing, start, deploy every stack, prove the result, leave it running')
    .option('--empty', 'deploy nothing: for plan, apply and cdktf deploy')
    .option('--json', 'print the result as JSON')
    .action(async (options: { empty?: boolean; json?: boolean }) => {
      if (options.empty) {
        const { startEmpty } = await import('./sandbox-start');
        await startEmpty(options);
      } else {
        const { up } = await import('./commands/sandbox-up');
        await up(options);
      }
    });

  sandbox
    .command('status')
    .description('what runs where')
    .option('--json', 'print it as JSON')
    .action(async (options: { json?: boolean }) => {
      const { status } = await import('./commands/sandbox-status');
      await status(options);
    });

  sandbox
    .command('env')
    .description('the variables that turn Terraform, cdktf and aws of a shell to the sandbox')
    .action(async () => {
      const { printEnvironment } = await import('./commands/sandbox-env');
      await printEnvironment();
    });

  sandbox
    .command('destroy')
    .description('destroy every stack with Terraform, in reverse, and prove that nothing is left')
    .action(async () => {
      const { destroy } = await import('./commands/sandbox-destroy');
      await destroy();
    });

  sandbox
    .command('down')
    .description('stop and wipe at once')
    .action(async () => {
      const { down } = await import('./commands/sandbox-down');
      await down();
    });
}
