import type { ListrTask } from 'listr2';
import { protectedAddresses } from '../../manifests/protected-addresses';
import { readStacks, type Stack } from '../../manifests/stacks';
import { AwsCli } from '../../pipeline/aws-cli';
import { STACK } from '../../facts/stack-names';
import { npmRun, SHELL_VARIABLE } from '../../facts/selected-platform';
import { UserError } from '../../facts/user-error';
import { requireAccount } from '../../pipeline/signed-in-account';
import { describeResources, removedNames } from '../../pipeline/plan/removed-stacks';
import { StateStore, type Stored } from '../../pipeline/state/state-store';
import { BackendError, backendOf } from '../../pipeline/state/stack-backend';
import { vpcOfCluster } from '../../pipeline/teardown/account-resources';
import { planTeardown, removeWorkloads, type TeardownPlan } from '../../pipeline/teardown/remove-workloads';
import definition from '../../../main';
import { appliedFromManifests } from '../../sandbox/manifest-applier';
import { findProviderSource } from '../../terraform/terraform-providers';
import { destroyStacks, destroyState, hasBegun } from '../destroy-stacks';
import { EXIT } from '../terminal/exit';
import { drawTeardown } from '../reports/teardown-report';
import { elapsed } from '../terminal/elapsed';
import { interruptible } from '../terminal/interrupt';
import { printWarning } from '../terminal/print-warning';
import { terminalWidth } from '../terminal/table';
import { runTasks } from '../terminal/task-list';

/** How often AWS and the cluster are asked while something is on its way out, in milliseconds. */
const INTERVAL = 5000;
const MINUTE = 60_000;

interface TeardownCommandOptions {
  readonly plan?: boolean;
  readonly cluster?: string;
  readonly destroy?: boolean;
  readonly state?: boolean;
  /** Minutes. */
  readonly timeout: string;
  readonly json?: boolean;
}

/** The teardown may not begin, or the answer is no: what is missing, and what to do. */
export class TeardownError extends UserError {
  readonly code = 'teardown-refused';
  readonly exitStatus = 1;
}

/** What is taken down. */
interface Subject {
  readonly name: string;
  readonly region: string;
  readonly outdir: string;
  /** In the order in which they are destroyed; without the one below. */
  readonly stacks: readonly Stack[];
  /** The stack of the bucket with all states, and of the pipeline's roles. */
  readonly pipeline: Stack | undefined;
  /** `network: aws_vpc.vpc`: what Terraform would refuse to destroy. */
  readonly held: readonly string[];
}

/** `teardown`: removes, or lists, what AWS has made outside Terraform; destroys the stacks when asked to. */
export async function teardown(options: TeardownCommandOptions): Promise<void> {
  const minutes = Number(options.timeout);
  if (!(minutes > 0)) {
    throw new TeardownError(`--timeout ${options.timeout}: expected a number of minutes above 0`);
  }
  const { platform, outdir, stacks: order } = definition.synthesize({ onWarning: printWarning });
  const all = readStacks(outdir).sort((a, b) => order.indexOf(b.name) - order.indexOf(a.name));
  const stacks = all.filter(({ name }) => name !== STACK.pipeline);
  const subject: Subject = {
    name: platform.name,
    region: platform.region,
    outdir,
    stacks,
    pipeline: all.find(({ name }) => name === STACK.pipeline),
    held: [...stacks]
      .reverse()
      .flatMap(({ name, document }) => protectedAddresses(document).map((address) => `${name}: ${address}`)),
  };
  if (!options.plan) refuse(subject, options);
  await requireAccount(using(subject).aws, platform.account);
  const { destroyed, ...plan } = options.plan
    ? { ...(await planTeardown(using(subject))), destroyed: undefined }
    : await interruptible(
        (signal) => takeDown(subject, options, minutes * MINUTE, signal),
        'The same command continues.',
      );
  const report = {
    ...plan,
    notes: [
      ...plan.notes,
      ...notesOn(subject, options),
      ...(options.plan ? await removedNotes(subject) : []),
    ],
    ...(destroyed && { destroyed }),
    ...(!destroyed && {
      next: options.plan
        ? commandFor(subject)
        : `npx cdktf destroy ${stacks.map(({ name }) => name).join(' ')}`,
    }),
  };
  process.stdout.write(
    options.json
      ? `${JSON.stringify(report)}\n`
      : `\n${drawTeardown(report, { planned: options.plan ?? false }, terminalWidth())}`,
  );
  const isLeft = plan.stuck.length > 0 || plan.found.some(({ fate }) => fate === 'left');
  process.exitCode = isLeft ? EXIT.wrong : EXIT.done;
}

const commandFor = ({ name }: Subject, more = ''): string => npmRun('teardown', `--cluster ${name}${more}`);

function using({ name: cluster, region, stacks }: Subject, signal?: AbortSignal) {
  return {
    cluster,
    aws: new AwsCli({ region, ...(signal && { signal }) }),
    documents: stacks.map(({ document }) => document),
    ...(signal && { signal }),
  };
}

async function takeDown(
  subject: Subject,
  options: TeardownCommandOptions,
  timeout: number,
  signal: AbortSignal,
): Promise<TeardownPlan & { destroyed: string[] | undefined }> {
  const { name, outdir, stacks } = subject;
  const providers = options.destroy ? await findProviderSource() : undefined;
  const task: ListrTask<{ plan?: TeardownPlan }> = {
    title: `Deleting what makes AWS create resources in ${name}`,
    task: async (context, task) => {
      const since = Date.now();
      context.plan = await removeWorkloads(
        using(subject, signal),
        { timeout, interval: INTERVAL },
        (message) => {
          task.output = message;
        },
      );
      const { stuck, clusterExists } = context.plan;
      task.title = clusterExists
        ? `${name}: ${stuck.length === 0 ? 'removed' : 'not all was removed'} in ${elapsed(since)}`
        : `${name}: EKS has no such cluster in ${subject.region}, so that there is nothing to remove in it`;
    },
  };
  const context: { plan?: TeardownPlan } = {};
  await runTasks([task], { json: options.json, context });
  const { plan } = context;
  if (!plan) throw new Error('the task ended without a plan');
  const blocks = plan.found.some(({ fate, effect }) => fate === 'left' && effect === 'blocks the VPC');
  if (!providers || blocks || plan.stuck.length > 0) return { ...plan, destroyed: undefined };

  const terraform = { outdir, providers, signal, json: options.json };
  const last = options.state ? subject.pipeline : undefined;
  const destroyed = await destroyStacks(stacks, terraform).catch((error: unknown) => {
    // The bucket went in a run that was ended right after: all else had gone by then.
    if (error instanceof BackendError && last && hasBegun(last, outdir))
      return stacks.map((stack) => stack.name);
    throw error;
  });
  if ((await vpcOfCluster(using(subject, signal).aws, name)) !== undefined) {
    throw new TeardownError(
      `every stack is destroyed according to its state, but EKS still has the cluster ${name}. Its state is ` +
        'elsewhere: check state.bucket of platform.yaml, and the folder of its deployment',
    );
  }
  if (last) destroyed.push(await destroyState(last, terraform));
  return { ...(await planTeardown(using(subject, signal))), destroyed };
}

function notesOn(subject: Subject, { state }: TeardownCommandOptions): string[] {
  const { pipeline, outdir, held } = subject;
  const notes: string[] = [];
  if (held.length > 0) {
    notes.push(
      `Terraform protects ${held.length} resources from being destroyed, ${held[0] ?? ''} among them: nothing is removed ` +
        'before platform.yaml says "protect: false".',
    );
  }
  const backend = pipeline && !state ? backendOf(pipeline, outdir) : undefined;
  if (backend?.kind === 's3') {
    notes.push(
      `The bucket ${backend.bucket} stays, with every version of every state, and so do the pipeline's roles: ` +
        `${commandFor(subject, ' --destroy --state')} takes them along.`,
    );
  }
  return notes;
}

/** Names the stacks that the platform no longer has, and that a destroy takes along. */
async function removedNotes({ stacks, outdir }: Subject): Promise<string[]> {
  const stored = await new StateStore(stacks, outdir).read().catch((error: unknown) => {
    // Nothing was applied.
    if (error instanceof BackendError && error.lacksBucket) return new Map<string, Stored>();
    throw error;
  });
  return removedNames(stacks, stored).map(
    (name) =>
      `The stack ${name} is no longer in platform.yaml: --destroy destroys what its state holds first, ` +
      `${describeResources(stored.get(name)?.state?.resources ?? [])}.`,
  );
}

/** @throws TeardownError with everything that stands in the way, before anything is removed */
function refuse(subject: Subject, { cluster, destroy, state }: TeardownCommandOptions): void {
  const { name, stacks, pipeline, held } = subject;
  const findings: string[] = [];
  const sandbox = process.env[SHELL_VARIABLE];
  if (destroy && sandbox && stacks.some((stack) => appliedFromManifests(sandbox, stack.name))) {
    findings.push(
      `--destroy: this sandbox has objects of Kubernetes that no state knows; ${npmRun('sandbox:destroy')} destroys every stack with them`,
    );
  }
  if (state && !destroy) {
    findings.push('--state without --destroy: the states go only after what they are of; add --destroy');
  }
  if (state && !pipeline) {
    findings.push(
      '--state: platform.yaml has no state.bucket, so that there is no bucket to destroy; leave --state out',
    );
  }
  if (cluster !== name) {
    const got = cluster === undefined ? 'no cluster is selected' : `got --cluster ${cluster}`;
    findings.push(
      `${got}: to remove the workloads of the cluster ${name}, type\n` +
        `  ${commandFor(subject, `${destroy ? ' --destroy' : ''}${state ? ' --state' : ''}`)}\n` +
        `to see first what that means\n  ${npmRun('teardown', '--plan')}`,
    );
  }
  if (held.length > 0) {
    findings.push(
      'Terraform would refuse to destroy what is protected, halfway through: set "protect: false" in platform.yaml ' +
        `first. Protected is\n${held.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  if (findings.length > 0) throw new TeardownError(['Nothing was removed.', ...findings]);
}
