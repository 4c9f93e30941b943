import type { Command } from 'commander';
import { addCommand } from './add-command';
import type { AddressesOptions } from './commands/addresses';
import type { ApplyCommandOptions } from './commands/apply';
import type { DriftCommandOptions } from './commands/drift';
import type { PlanCommandOptions } from './commands/plan';
import type { TeardownCommandOptions } from './commands/teardown';

/** The commands by which a platform is brought from its repository to its account, and taken away again. */
export function addPipelineCommands(program: Command): void {
  addCommand(program, 'plan [stacks...]', {
    description: 'plan every stack whose inputs have changed, save the plans, and let the guard look at them',
    examples: ['plan', 'plan network cluster --json'],
  })
    .option('--all', 'plan the stacks whose inputs are as they were, too')
    .option('--json', 'print the summary as JSON')
    .option('--markdown <file>', 'write the summary for a pull request to a file too')
    .option('--no-lock', 'do not lock the states: for who may only read them')
    .action(async (stacks: string[], options: PlanCommandOptions) => {
      const { plan } = await import('./commands/plan');
      await plan(stacks, options);
    });

  addCommand(program, 'apply', {
    description: 'apply the saved plans, exactly them: status 1 if they are stale, were changed, or fail',
    examples: ['apply', 'apply --digest sha256:0123… --json'],
  })
    .option('--digest <digest>', 'the digest of the plans that were reviewed')
    .option('--json', 'print what was done as JSON')
    .action(async (options: ApplyCommandOptions) => {
      const { apply } = await import('./commands/apply');
      await apply(options);
    });

  addCommand(program, 'drift [stacks...]', {
    description:
      'what has changed outside Terraform that the next apply would undo: status 1 if anything has',
    examples: ['drift', 'drift cluster --markdown drift.md'],
  })
    .option('--json', 'print it as JSON')
    .option('--markdown <file>', 'write the report for an issue to a file too')
    .option('--no-lock', 'do not lock the states: for who may only read them')
    .action(async (stacks: string[], options: DriftCommandOptions) => {
      const { drift } = await import('./commands/drift');
      await drift(stacks, options);
    });

  addCommand(program, 'addresses', {
    description: 'hold the Terraform address of every object against the committed lists',
    examples: ['addresses', 'addresses --write --removed dev/aws_iam_role.old'],
  })
    .option('--write', 'write the lists, and the moves of objects that have another address now')
    .option(
      '--removed <address>',
      'an object that is meant to go: <stack>/<address>, an address in every stack, or a whole stack (repeatable)',
      (address: string, given: readonly string[]) => [...given, address],
      [] as readonly string[],
    )
    .option('--json', 'print it as JSON')
    .action(async (options: AddressesOptions) => {
      const { addresses } = await import('./commands/addresses');
      addresses(options);
    });

  addCommand(program, 'promote <workload> <from> <to>', {
    description: 'copy the version of a workload from one namespace to another in the file of its platform',
    examples: ['promote shop qa stage', 'promote shop eu/stage prod-eu/prod'],
  })
    .option('--json', 'print what was done as JSON')
    .action(async (workload: string, from: string, to: string, options: { json?: boolean }) => {
      const { promoteWorkload } = await import('./commands/promote');
      promoteWorkload({ workload, from, to }, options);
    });

  const state = program
    .command('state')
    .description("where Terraform keeps what it knows of the platform's objects");

  addCommand(state, 'bootstrap', {
    description: 'make the bucket of the state and the roles of the pipeline, and move local states into it',
    examples: ['state bootstrap', 'state bootstrap --platform eu'],
  })
    .option('--json', 'print the result as JSON')
    .action(async (options: { json?: boolean }) => {
      const { stateBootstrap } = await import('./commands/state-bootstrap');
      await stateBootstrap(options);
    });

  addCommand(program, 'teardown', {
    description:
      'remove what AWS has made outside Terraform, and would block or outlive a destroy of the stacks',
    examples: ['teardown --plan', 'teardown --cluster seed --destroy'],
  })
    .option('--plan', 'only list it')
    .option('--cluster <name>', 'the cluster that is meant: nothing is removed without it')
    .option('--destroy', 'destroy the stacks afterward, in reverse, with Terraform')
    .option('--state', "with --destroy: the bucket with all states, and the pipeline's roles, as well")
    .option('--timeout <minutes>', 'how long to wait until it is gone', '15')
    .option('--json', 'print the result as JSON')
    .action(async (options: TeardownCommandOptions) => {
      const { teardown } = await import('./commands/teardown');
      await teardown(options);
    });
}
