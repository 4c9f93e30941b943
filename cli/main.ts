import { Command } from 'commander';
import { EXIT, reportFailure } from './exit';
import type { TeardownCommandOptions } from './teardown';

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
  .command('teardown')
  .description(
    'remove what AWS has made outside of Terraform, and would block or outlive a destroy of the stacks',
  )
  .option('--plan', 'only list it')
  .option('--cluster <name>', 'the cluster that is meant: nothing is removed without it')
  .option('--destroy', 'destroy the stacks afterwards, in reverse, with Terraform')
  .option('--timeout <minutes>', 'how long to wait until it is gone', '15')
  .option('--json', 'print the result as JSON')
  .action(async (options: TeardownCommandOptions) => {
    const { teardown } = await import('./teardown');
    await teardown(options);
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
