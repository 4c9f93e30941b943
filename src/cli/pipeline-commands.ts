import type { Command } from 'commander';
import { addCommand, runs } from './add-command';

/** The commands by which a platform is brought from its repository to its account, and taken away again. */
export function addPipelineCommands(program: Command): void {
  addCommand(program, 'plan [stacks...]', {
    description:
      'Plan every stack whose inputs have changed, save the plans, and stop dangerous changes by the guard',
    examples: ['plan', 'plan network cluster --json'],
  })
    .option('--all', 'also plan the stacks whose inputs have not changed')
    .option('--json', 'print the result as JSON')
    .option('--markdown <file>', 'also write the plans to a file, with the content of what is created')
    .option('--comment <file>', 'the same, no longer than a comment of GitHub may be')
    .option('--no-lock', 'do not lock the states, for a role that may only read them')
    .action(runs(() => import('./commands/plan'), 'plan'));

  addCommand(program, 'apply', {
    description: 'Apply exactly the saved plans; exit status 1 if they are stale, were changed, or fail',
    examples: ['apply', 'apply --digest sha256:0123… --json'],
  })
    .option('--digest <digest>', 'the digest of the plans that were reviewed')
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/apply'), 'apply'));

  addCommand(program, 'why [stacks...]', {
    description:
      'Report which workloads of the cluster are not ready, and what keeps them; exit status 1 if there are any',
    examples: ['why', 'why dev --json'],
  })
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/why'), 'why'));

  addCommand(program, 'drift [stacks...]', {
    description:
      'Report changes made outside Terraform that the next apply would revert; exit status 1 if there are any',
    examples: ['drift', 'drift cluster --markdown drift.md'],
  })
    .option('--json', 'print the result as JSON')
    .option('--markdown <file>', 'also write the report for an issue to a file')
    .option('--no-lock', 'do not lock the states, for a role that may only read them')
    .action(runs(() => import('./commands/drift'), 'drift'));

  addCommand(program, 'lock', {
    description:
      'Write .terraform.lock.hcl, which pins the Terraform providers of all stacks by their checksums',
    examples: ['lock', 'lock --system linux_amd64 darwin_arm64'],
  })
    .option(
      '--system <systems...>',
      'the systems that run Terraform (default: linux_amd64, linux_arm64, darwin_amd64, darwin_arm64)',
    )
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/lock'), 'lock'));

  addCommand(program, 'addresses', {
    description:
      'Compare the Terraform address of every resource with the lists in addresses/, so that no rename deletes it; --write updates them',
    examples: ['addresses', 'addresses --write --removed dev/aws_iam_role.old'],
  })
    .option('--write', 'write the lists, and the moves of objects whose address has changed')
    .option(
      '--removed <address>',
      'an object that may be removed: <stack>/<address>, an address in every stack, or a whole stack (repeatable)',
      (address: string, given?: readonly string[]) => [...(given ?? []), address],
    )
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/addresses'), 'addresses'));

  addCommand(program, 'promote <workload> <from> <to>', {
    description: 'Copy the version of a workload from one namespace to another, in platform.yaml',
    examples: ['promote shop qa stage', 'promote shop eu/stage prod-eu/prod'],
  })
    .option('--json', 'print the result as JSON')
    .action(async (workload: string, from: string, to: string, options: { json?: boolean }) => {
      const { promoteWorkload } = await import('./commands/promote');
      promoteWorkload({ workload, from, to }, options);
    });

  const state = program
    .command('state')
    .helpCommand(false)
    .description('Create the bucket for the state of Terraform, and move local states into it');

  addCommand(state, 'bootstrap', {
    description:
      'Create the bucket of the state and the IAM roles of the pipeline, and move local states into the bucket',
    examples: ['state bootstrap', 'state bootstrap --platform eu'],
  })
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/state-bootstrap'), 'stateBootstrap'));

  addCommand(program, 'teardown', {
    description:
      'Delete the load balancers, volumes and nodes that controllers of the cluster created in AWS; with --destroy, then destroy all stacks',
    examples: ['teardown --plan', 'teardown --cluster seed --destroy'],
  })
    .option('--plan', 'only list what would be deleted')
    .option('--cluster <name>', 'the name of the cluster, as a confirmation: without it nothing is deleted')
    .option('--destroy', 'then destroy the stacks with Terraform, in reverse order')
    .option('--state', "with --destroy: also delete the bucket with all states and the pipeline's roles")
    .option('--timeout <minutes>', 'how long to wait until all is deleted', '15')
    .option('--json', 'print the result as JSON')
    .action(runs(() => import('./commands/teardown'), 'teardown'));
}
