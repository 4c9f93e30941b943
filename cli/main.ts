import { Command } from 'commander';
import type { AddressesOptions } from './addresses';
import { EXIT, reportFailure } from './exit';

const program = new Command('platform')
  .description('Kubernetes on AWS as one program: synthesise it, look at it, prove it on your own machine.')
  .showSuggestionAfterError()
  .exitOverride((error) => {
    process.exit(error.exitCode === 0 ? EXIT.done : EXIT.wrong);
  });

program
  .command('synth')
  .description('write the Terraform JSON of every stack to cdktf.out/')
  .option('--json', 'print the stacks as JSON')
  .action(async (options: { json?: boolean }) => {
    const { synth } = await import('./synth');
    synth(options);
  });

program
  .command('manifests')
  .description('write the Kubernetes objects of every stack to cdktf.out/manifests/<stack>.yaml')
  .option('--json', 'print what was written as JSON')
  .action(async (options: { json?: boolean }) => {
    const { manifests } = await import('./manifests');
    manifests(options);
  });

program
  .command('access')
  .description('who may do what in the cluster, and from it in AWS, as the synthesised stacks say it')
  .option('--json', 'print it as JSON')
  .action(async (options: { json?: boolean }) => {
    const { access } = await import('./access');
    access(options);
  });

program
  .command('cost')
  .description('what the choices of the platform cost in a month at list prices, beside their alternatives')
  .option('--json', 'print it as JSON')
  .action(async (options: { json?: boolean }) => {
    const { cost } = await import('./cost');
    cost(options);
  });

program
  .command('plan')
  .description('plan every stack whose inputs have changed, save the plans, and let the guard look at them')
  .argument('[stacks...]', 'names of stacks (default: all)')
  .option('--all', 'plan the stacks whose inputs are as they were, too')
  .option('--json', 'print the summary as JSON')
  .option('--markdown <file>', 'write the summary for a pull request to a file too')
  .option('--no-lock', 'do not lock the states: for who may only read them')
  .action(
    async (
      stacks: string[],
      options: { all?: boolean; json?: boolean; markdown?: string; lock: boolean },
    ) => {
      const { plan } = await import('./plan');
      await plan(stacks, options);
    },
  );

program
  .command('apply')
  .description('apply the saved plans, exactly them: status 1 if they are stale, were changed, or fail')
  .option('--digest <digest>', 'the digest of the plans that were reviewed')
  .option('--json', 'print what was done as JSON')
  .action(async (options: { digest?: string; json?: boolean }) => {
    const { apply } = await import('./apply');
    await apply(options);
  });

program
  .command('drift')
  .description(
    'what has changed outside of Terraform that the next apply would undo: status 1 if anything has',
  )
  .argument('[stacks...]', 'names of stacks (default: all)')
  .option('--json', 'print it as JSON')
  .option('--markdown <file>', 'write the report for an issue to a file too')
  .option('--no-lock', 'do not lock the states: for who may only read them')
  .action(async (stacks: string[], options: { json?: boolean; markdown?: string; lock: boolean }) => {
    const { drift } = await import('./drift');
    await drift(stacks, options);
  });

program
  .command('addresses')
  .description('hold the Terraform address of every object against the committed lists')
  .option('--write', 'write the lists, and the moves of objects that have another address now')
  .option(
    '--removed <address>',
    'an object that is meant to go: <stack>/<address>, an address in every stack, or a whole stack (repeatable)',
    (address: string, given: readonly string[]) => [...given, address],
    [] as readonly string[],
  )
  .option('--lists <folder>', 'folder of the lists', 'addresses')
  .option('--json', 'print it as JSON')
  .action(async (options: AddressesOptions) => {
    const { addresses } = await import('./addresses');
    addresses(options);
  });

program
  .command('promote <workload> <from> <to>')
  .description('copy the version of a workload from one namespace to another in platform.yaml')
  .option('--json', 'print what was done as JSON')
  .action(async (workload: string, from: string, to: string, options: { json?: boolean }) => {
    const { promoteWorkload } = await import('./promote');
    promoteWorkload({ workload, from, to }, options);
  });

const state = program
  .command('state')
  .description("where Terraform keeps what it knows of the platform's objects");

state
  .command('bootstrap')
  .description('make the bucket of the state and the roles of the pipeline, and move local states into it')
  .option('--json', 'print the result as JSON')
  .action(async (options: { json?: boolean }) => {
    const { stateBootstrap } = await import('./state-bootstrap');
    await stateBootstrap(options);
  });

const sandbox = program
  .command('sandbox')
  .description('an EKS on your own machine that takes the very bytes AWS would get');

sandbox
  .command('up')
  .description('build what is missing, start, deploy every stack, prove the result, leave it running')
  .option('--json', 'print the result as JSON')
  .action(async (options: { json?: boolean }) => {
    const { up } = await import('./sandbox-up');
    await up(options);
  });

sandbox
  .command('status')
  .description('what runs where')
  .option('--json', 'print it as JSON')
  .action(async (options: { json?: boolean }) => {
    const { status } = await import('./sandbox-status');
    await status(options);
  });

sandbox
  .command('env')
  .description('the variables that turn Terraform, cdktf and aws of a shell to the sandbox')
  .action(async () => {
    const { printEnvironment } = await import('./sandbox-env');
    await printEnvironment();
  });

sandbox
  .command('destroy')
  .description('destroy every stack with Terraform, in reverse, and prove that nothing is left')
  .action(async () => {
    const { destroy } = await import('./sandbox-destroy');
    await destroy();
  });

sandbox
  .command('down')
  .description('stop and wipe at once')
  .action(async () => {
    const { down } = await import('./sandbox-down');
    await down();
  });

sandbox
  .command('serve <options>', { hidden: true })
  .description('the server behind the sandbox, started by `sandbox up`')
  .action(async (file: string) => {
    const { readFileSync } = await import('node:fs');
    const { serve } = await import('../sandbox/server');
    await serve(JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof serve>[0]);
  });

program.parseAsync().catch(reportFailure);
