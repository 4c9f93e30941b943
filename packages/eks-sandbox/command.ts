import { parseArn } from '@kubernetes-on-aws/eks-facts/arn';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { checkPrerequisites } from '@kubernetes-on-aws/eks-facts/tool-builder/prerequisites';
import { useDownloadedPrograms } from '@kubernetes-on-aws/eks-facts/tool-builder/tool-cache';
import { isUserError } from '@kubernetes-on-aws/eks-facts/user-error';
import { AwsQuery } from './aws-emulator/aws-query';
import { Faults } from './aws-emulator/faults';
import { restoreSnapshot, takeSnapshot } from './exchange-snapshot';
import { markedRun } from './run-marker';
import { matchingSandbox, runningSandbox, sandboxDirectory, startSandbox, wipeSandbox } from './sandbox';
import { FaultError, SandboxError } from './sandbox-error';
import { serve, type ServerOptions } from './sandbox-server';
import { printShellLines, runInShell, shellVariables } from './sandbox-shell';
import { takeDown } from './take-down';
import { startCommand } from '@kubernetes-on-aws/eks-facts/start-command';
import { getTools, toolsState } from './tools/sandbox-tools';

interface UpOptions {
  readonly region: string;
  readonly admin: readonly string[];
  readonly kubernetes: readonly string[];
  readonly json?: boolean;
}

useDownloadedPrograms();

const program = new Command('eks-sandbox')
  .description('An EKS on your own machine for any Terraform: emulated AWS, a real Kubernetes control plane.')
  .showSuggestionAfterError()
  .enablePositionalOptions()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 1));

const collect = (value: string, given: readonly string[]): readonly string[] => [...given, value];

program
  .command('up')
  .description('build what is missing, start an empty account, and leave it running in .sandbox/')
  .requiredOption(
    '--admin <arn>',
    'IAM role or user that the account has (repeatable); Terraform runs as the first',
    collect,
    [],
  )
  .option('--region <region>', 'AWS region', 'us-east-1')
  .option(
    '--kubernetes <version>',
    'version whose control plane is built (repeatable; default: what EKS gives unasked)',
    collect,
    [],
  )
  .option('--json', 'print the endpoint as JSON')
  .addHelpText(
    'after',
    '\nExample:\n  eks-sandbox up --admin arn:aws:iam::111122223333:role/admin\n  eks-sandbox shell -- terraform apply',
  )
  .action(async ({ region, admin, kubernetes, json }: UpOptions) => {
    const accountId = parseArn(admin[0] ?? '')?.account ?? '';
    if (!/^\d{12}$/.test(accountId)) {
      throw new SandboxError(
        `--admin: got ${JSON.stringify(admin[0] ?? '')}; expected the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/admin`,
      );
    }
    const directory = sandboxDirectory();
    const versions = kubernetes.length > 0 ? { kubernetes } : {};
    const { needs, releases } = await toolsState(versions);
    await checkPrerequisites(needs);
    const record = await markedRun(directory, startCommand(), async (run) => {
      const tools = await getTools((tool, message) => process.stderr.write(`${tool}: ${message}\n`), {
        ...versions,
        releases,
        onNotice: (notice) => process.stderr.write(`${notice}\n`),
      });
      const options: ServerOptions = {
        directory,
        region,
        accountId,
        admins: admin,
        people: [],
        binaries: { kubernetes: tools.kubernetes, kwok: tools.kwok },
        moto: tools.moto,
      };
      const running = await matchingSandbox(
        options,
        (why) => process.stderr.write(`Deleting the sandbox with all that is deployed to it: ${why}\n`),
        run.interrupted,
      );
      if (running) return running;
      await wipeSandbox(directory);
      return startSandbox(options);
    });
    const { endpoint } = record;
    process.stdout.write(
      json ? `${JSON.stringify({ endpoint, accountId })}\n` : `The account ${accountId} is at ${endpoint}.\n`,
    );
  });

program
  .command('status')
  .description('print where the sandbox is')
  .option('--json', 'print it as JSON')
  .action(async ({ json }: { json?: boolean }) => {
    const { endpoint, accountId, region, startedAt } = await runningSandbox(sandboxDirectory());
    process.stdout.write(
      json
        ? `${JSON.stringify({ endpoint, accountId, region, startedAt })}\n`
        : `The account ${accountId} in ${region} is at ${endpoint}, since ${startedAt}.\n`,
    );
  });

program
  .command('env')
  .description('print the variables that point Terraform, aws and kubectl of a shell at the sandbox')
  .action(async () => {
    const directory = sandboxDirectory();
    printShellLines(directory, shellVariables(directory, await runningSandbox(directory)));
  });

program
  .command('shell [command...]')
  .description('open a shell, or run a command, that reaches nothing but the sandbox')
  .passThroughOptions()
  .action(async (command: string[]) => {
    const directory = sandboxDirectory();
    const record = await runningSandbox(directory);
    process.exitCode = await runInShell(directory, record, shellVariables(directory, record), command);
  });

program
  .command('faults [file]')
  .description('let calls to AWS fail as the JSON of a file says (-: standard input), instead of as before')
  .option('--clear', 'let none fail')
  .addHelpText('after', '\nWithout a file it prints the faults, and how many calls had each.')
  .action(async (file: string | undefined, { clear = false }: { clear?: boolean }) => {
    const record = await runningSandbox(sandboxDirectory());
    const body = clear ? '[]' : file === undefined ? '' : readFaults(file);
    const aws = new AwsQuery(record.endpoint, record.region, record.credentials);
    const answer = await aws.rest('sandbox', body === '' ? 'GET' : 'PUT', '/__sandbox/faults', body);
    if (answer.status !== 200) throw new SandboxError(`the sandbox refuses the faults: ${answer.body}`);
    process.stdout.write(`${JSON.stringify(JSON.parse(answer.body), null, 2)}\n`);
  });

program
  .command('snapshot <name>')
  .description('copy clusters, account and the files in .sandbox/, to restore them later')
  .addHelpText('after', '\nExample:\n  eks-sandbox snapshot before\n  eks-sandbox restore before')
  .action(async (name: string) => {
    await takeSnapshot(sandboxDirectory(), name);
    process.stdout.write(`Took the snapshot ${name}.\n`);
  });

program
  .command('restore <name>')
  .description('bring the sandbox back to what it was at a snapshot')
  .action(async (name: string) => {
    await restoreSnapshot(sandboxDirectory(), name);
    process.stdout.write(`Restored the snapshot ${name}.\n`);
  });

program
  .command('down')
  .description('stop the sandbox and remove its files')
  .action(async () => {
    process.stdout.write(`${await takeDown(sandboxDirectory())}\n`);
  });

program
  .command('serve <options>', { hidden: true })
  .description('run the server of a sandbox in the foreground')
  .action(async (file: string) => {
    await serve(JSON.parse(readFileSync(file, 'utf8')) as ServerOptions);
  });

/** The text of a file of faults. @throws FaultError */
function readFaults(file: string): string {
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    new Faults().replace(JSON.parse(text));
    return text;
  } catch (error) {
    if (isUserError(error)) throw error;
    throw new FaultError(`${file}: ${(error as Error).message}. Expected a list of faults in JSON`);
  }
}

program.parseAsync().catch((error: unknown) => {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  process.stderr.write(`${isUserError(error) ? message : (stack ?? message)}\n`);
  process.exit(isUserError(error) ? error.exitStatus : 2);
});
