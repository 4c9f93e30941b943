import { Argument, Command } from 'commander';
import { existsSync } from 'node:fs';
import { version } from '../../package.json';
import { addCommand, runs } from './add-command';
import { calledAs } from './called-as';
import { SHELLS, type Shell } from './commands/completion';
import { addNewCommands } from './new-commands';
import { addPipelineCommands } from './pipeline-commands';
import { packageFile } from './scaffold/example';
import { addSandboxCommands } from './sandbox-commands';

/** The program with all of its commands; `start.ts` runs it. */
export const program = new Command('platform')
  .description(
    'Define a Kubernetes platform on AWS, test it on your own machine, and deploy it with Terraform.',
  )
  .version(version, '-V, --version', 'print the version')
  .helpOption('-h, --help', 'print this help')
  .showSuggestionAfterError()
  .enablePositionalOptions()
  .exitOverride()
  .addHelpText(
    'after',
    `\nExamples:\n  ${['synth', 'sandbox up', 'plan network --json'].map(calledAs).join('\n  ')}\n\n` +
      `${calledAs('<command> --help')} shows the options and examples of a command.\n`,
  )
  .configureHelp({
    commandUsage: (command) => {
      const names: string[] = [];
      for (let each = command; each.parent; each = each.parent) names.unshift(each.name());
      return calledAs([...names, command.usage()].join(' '));
    },
  });

program.commandsGroup('Other:').helpCommand('help [command]', 'Print the help of a command');

addCommand(program, 'synth', {
  description: 'Write the Terraform JSON of every stack to cdktf.out/, and print what it declares',
  examples: ['synth', 'synth --platform eu', 'synth --quiet'],
})
  .option('--quiet', 'print the names of the stacks only')
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/synth'), 'synth'));

addCommand(program, 'manifests', {
  description:
    'Synthesize, and write the Kubernetes objects of every stack to cdktf.out/manifests/<stack>.yaml',
  examples: ['manifests', 'manifests --json'],
})
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/manifests'), 'manifests'));

addCommand(program, 'render', {
  description:
    'Render the Helm charts and kustomizations of the platform into rendered/, which synth reads; skip those whose version and values are unchanged',
  examples: ['render', 'render --all'],
})
  .option('--all', 'also render what has not changed, and download its charts again')
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/render'), 'render'));

const access = addCommand(program, 'access', {
  description:
    'List from the synthesized stacks who may do what in the cluster, and what its Pods may do in AWS',
  examples: ['access', "access --json | jq '.subjects[].name'"],
})
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/access'), 'access'));

addCommand(access, 'can-i <verb> <resource> [name]', {
  description: 'Report whether a subject may do something, and by which binding; exit status 1 if it may not',
  examples: [
    'access can-i list nodes --as system:serviceaccount:dev:report',
    'access can-i create pods/exec --as-group developers --namespace dev',
  ],
})
  .option('--as <user>', 'a user, or system:serviceaccount:NAMESPACE:NAME')
  .option('--as-group <group>', 'a group')
  .option('-n, --namespace <name>', 'the namespace of the request (default: the whole cluster)')
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/can-i'), 'canI'));

addCommand(program, 'check [checks...]', {
  description:
    'Synthesize, and prove that Pods fit on nodes, references resolve, and no subject can raise its own rights; exit status 1 with findings',
  examples: ['check', 'check placement capacity', 'check --json | jq .findings', 'check --sarif check.sarif'],
})
  .option('--stacks <folder>', 'check a folder that synth wrote, as it is (default: synthesize the platform)')
  .option('--sarif <file>', 'write the findings as SARIF, which code hosts show')
  .option('--markdown <file>', 'write the findings to a file, for a pull request')
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/check'), 'check'));

addCommand(program, 'diff <from> <to>', {
  description:
    'Compare the synthesized objects of two namespaces; exit status 1 if they differ in more than the keys of platform.yaml explain',
  examples: ['diff stage prod', 'diff stage prod --all', 'diff stage prod --json'],
})
  .option('--all', 'also print the differences that follow from platform.yaml')
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/diff'), 'diff'));

addCommand(program, 'platforms', {
  description:
    'Validate platform.yaml and the files in platforms/, or the one that --platform selects, and list them',
  examples: ['platforms', 'platforms --platform eu', 'platforms --json'],
})
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/platforms'), 'platforms'));

addCommand(program, 'doctor', {
  description:
    'Check that this machine has the required programs; exit status 1 if one is missing or too old',
  examples: ['doctor', 'doctor --download'],
})
  .option('--download', 'download terraform and kubectl, with verified checksums, where they are missing')
  .option('--json', 'print the result as JSON')
  .action(runs(() => import('./commands/doctor'), 'doctor'));

program
  .command('completion')
  .description('Print the completion script of a shell')
  .addArgument(new Argument('<shell>').choices(SHELLS))
  .addHelpText(
    'after',
    `\nExamples:\n  source <(${calledAs('completion bash')})\n  ${calledAs('completion fish')} | source\n`,
  )
  .action(async (shell: Shell) => {
    const { completion } = await import('./commands/completion');
    completion(program, shell);
  });

addNewCommands(program);
addPipelineCommands(program);
addSandboxCommands(program);

program
  .command('schema')
  .description('Write platform.schema.json, with which editors complete and check platform.yaml')
  .option('--check', 'write nothing; exit status 1 if the file differs')
  .addHelpText(
    'after',
    `
Examples:
  ${calledAs('schema')}
  ${calledAs('schema --check')}
`,
  )
  .action(runs(() => import('./commands/schema'), 'schema'));

// It proposes changes of this repository's tables.
program
  .command('versions', { hidden: !existsSync(packageFile('packages/eks-facts/README.md')) })
  .description(
    'Compare the version tables of this program with answers of EKS that were saved to files; for its maintainers',
  )
  .requiredOption('--cluster-versions <file>', 'what aws eks describe-cluster-versions printed')
  .requiredOption('--add-on-versions <file>', 'what aws eks describe-addon-versions printed')
  .option('--json', 'print the differences as JSON')
  .addHelpText(
    'after',
    `\nExample:\n  ${calledAs('versions --cluster-versions c.json --add-on-versions a.json')}\n`,
  )
  .action(runs(() => import('./commands/versions'), 'versions'));

/** The groups of `--help`, in the order of a platform's life; other commands come last. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  Build: ['init', 'new', 'synth', 'manifests', 'render', 'schema', 'addresses', 'lock'],
  Check: ['doctor', 'check', 'platforms', 'access', 'diff'],
  Sandbox: ['sandbox'],
  Deploy: ['state', 'plan', 'apply', 'promote'],
  Operate: ['why', 'drift', 'teardown'],
};

const grouped = Object.entries(GROUPS).flatMap(([group, names]) =>
  names
    .flatMap((name) => program.commands.filter((command) => command.name() === name))
    .map((command) => command.helpGroup(`${group}:`)),
);
const others = program.commands.filter((command) => !grouped.includes(command));
(program.commands as Command[]).splice(0, Infinity, ...grouped, ...others);
