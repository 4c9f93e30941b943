import type { Command } from 'commander';
import { addCommand } from './add-command';
import type { InitOptions } from './commands/init';

interface NewOptions {
  readonly json?: boolean;
  readonly example: string;
  readonly namespace?: readonly string[];
  readonly nodes?: readonly string[];
  readonly zone?: string;
  readonly instanceType?: readonly string[];
  readonly after: string;
}

const JSON_OPTION = ['--json', 'print the written files as JSON'] as const;
const EXAMPLE_OPTION = [
  '--example <example>',
  'the example to start from: web, worker or cron',
  'web',
] as const;

/** `a b` and `a,b` are the same list. */
const list = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  ...value.split(',').filter((each) => each !== ''),
];

/** The commands that write files of a platform. */
export function addNewCommands(program: Command): void {
  program
    .command('init [folder]')
    .description('Create a platform of your own in an empty folder (default: the working directory)')
    .option(...EXAMPLE_OPTION)
    .option('--name <name>', 'the name of the platform (default: the name of the folder)')
    .option(...JSON_OPTION)
    .addHelpText(
      'after',
      '\nExamples:\n  npx kubernetes-on-aws init shop\n  npx kubernetes-on-aws init shop --example worker\n',
    )
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { init } = await import('./commands/init');
      await init(folder ?? '.', options);
    });

  const parent = program
    .command('new')
    .helpCommand(false)
    .description(
      'Add a workload, a namespace, a node group, a stack or the types of a custom kind to the platform',
    );

  addCommand(parent, 'workload <name>', {
    description: 'Create a workload with a test in workloads/, and run it in a namespace',
    examples: ['new workload blog', 'new workload mailer --example worker --namespace dev qa'],
  })
    .option(...EXAMPLE_OPTION)
    .option('--namespace <names...>', 'the namespaces that run it (default: the first one)', list)
    .option(...JSON_OPTION)
    .action(async (name: string, { example, namespace, ...options }: NewOptions) => {
      const { newWorkload } = await import('./commands/new');
      await newWorkload({ name, example, namespaces: namespace }, options);
    });

  addCommand(parent, 'namespace <name>', {
    description: 'Create a namespace without workloads',
    examples: ['new namespace demo', 'new namespace demo --nodes node-1 node-2'],
  })
    .option('--nodes <names...>', 'the node groups that its Pods may run on (default: all)', list)
    .option(...JSON_OPTION)
    .action(async (name: string, { nodes, ...options }: NewOptions) => {
      const { newNamespace } = await import('./commands/new');
      await newNamespace({ name, nodes }, options);
    });

  addCommand(parent, 'node-group <name>', {
    description: 'Create a node group of one to three nodes in one zone',
    examples: ['new node-group node-4', 'new node-group batch --zone a --instance-type c7i.xlarge'],
  })
    .option('--zone <zone>', 'its zone (default: the zone with the fewest node groups)')
    .option('--instance-type <types...>', 'its instance types (default: those of the first node group)', list)
    .option(...JSON_OPTION)
    .action(async (name: string, { zone, instanceType, ...options }: NewOptions) => {
      const { newNodeGroup } = await import('./commands/new');
      await newNodeGroup({ name, zone, instanceTypes: instanceType }, options);
    });

  addCommand(parent, 'stack <name>', {
    description: 'Create a stack with a test in stacks/, and add it to main.ts',
    examples: ['new stack dns', 'new stack alarms --after cluster'],
  })
    .option('--after <stack>', 'deploy it after this stack', 'network')
    .option(...JSON_OPTION)
    .action(async (name: string, { after, ...options }: NewOptions) => {
      const { newStack } = await import('./commands/new');
      await newStack(name, after, options);
    });

  addCommand(parent, 'kind <file>', {
    description: 'Create the types of custom kinds beside the YAML of their CustomResourceDefinitions',
    examples: ['new kind stacks/definitions/batches.yaml'],
  })
    .option(...JSON_OPTION)
    .action(async (file: string, options: NewOptions) => {
      const { newKind } = await import('./commands/new');
      await newKind(file, options);
    });
}
