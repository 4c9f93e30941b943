import { type Command, Option } from 'commander';
import { addCommand, runs } from './add-command';
import { requireSandbox } from './sandbox-package';

/** The commands of the EKS on the user's own machine. */
export function addSandboxCommands(program: Command): void {
  const sandbox = program
    .command('sandbox')
    .enablePositionalOptions()
    .helpCommand(false)
    .hook('preAction', requireSandbox)
    .description(
      'Run Kubernetes and an emulated AWS on your own machine, and deploy the same Terraform JSON to it',
    );

  addCommand(sandbox, 'up', {
    description: 'Start the sandbox, deploy every stack, and check the result; the sandbox keeps running',
    examples: ['sandbox up', 'sandbox up --from main', 'sandbox up --empty'],
  })
    .option('--from <commit>', 'deploy a commit of Git first, then this version; report each outage')
    .addOption(
      new Option('--empty', 'start it without a deployment, for plan, apply and cdktf deploy').conflicts(
        'from',
      ),
    )
    .option('--json', 'print the result as JSON')
    .action(async (options: { empty?: boolean; from?: string; json?: boolean }) => {
      if (options.empty) {
        const { startEmpty } = await import('./commands/sandbox-up-empty');
        await startEmpty(options);
      } else {
        const { up } = await import('./commands/sandbox-up');
        await up(options);
      }
    });

  addCommand(sandbox, 'status', {
    description: 'Show the nodes of the sandbox and what runs on them',
    examples: ['sandbox status', 'sandbox status --json'],
  })
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/sandbox-status'), 'status'));

  addCommand(sandbox, 'shell [command...]', {
    description: 'Open a shell, or run one command, that reaches only the sandbox',
    examples: ['sandbox shell', 'sandbox shell npm run plan', 'sandbox shell kubectl get pods -A'],
  })
    .passThroughOptions()
    .action(runs(() => import('./commands/sandbox-shell'), 'shell'));

  addCommand(sandbox, 'env', {
    description:
      'Print the environment variables that connect Terraform, cdktf and the AWS CLI to the sandbox',
    examples: ['sandbox env', 'sandbox env --json'],
  })
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/sandbox-shell'), 'printEnvironment'));

  addCommand(sandbox, 'destroy', {
    description: 'Destroy every stack with Terraform, in reverse order, and check that nothing remains',
    examples: ['sandbox destroy'],
  }).action(runs(() => import('./commands/sandbox-destroy'), 'destroy'));

  addCommand(sandbox, 'down', {
    description: 'Stop the sandbox and delete its data, without a destroy',
    examples: ['sandbox down', 'sandbox down --platform eu'],
  }).action(runs(() => import('./commands/sandbox-down'), 'down'));
}
