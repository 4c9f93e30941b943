import type { ListrTask } from 'listr2';
import definition from '../../../main';
import { readStacks, type Stack } from '../../manifests/stacks';
import { AwsCli } from '../../pipeline/aws-cli';
import { PIPELINE_STACK } from '../../pipeline/state/bootstrap-state';
import { BackendError, backendOf } from '../../pipeline/state/stack-backend';
import { describeCluster } from '../../pipeline/teardown/account-queries';
import { planTeardown, removeWorkloads, type TeardownPlan } from '../../pipeline/teardown/remove-leftovers';
import { protectedAddresses } from '../../manifests/protected-addresses';
import { findProviderSource } from '../../terraform/terraform-providers';
import { destroyStacks, destroyState, hasBegun } from '../destroy-stacks';
import { elapsed } from '../terminal/elapsed';
import { EXIT } from '../exit';
import { interruptible } from '../terminal/interrupt';
import { printWarning } from '../terminal/print-warning';
import { terminalWidth } from '../terminal/table';
import { drawTeardown } from '../reports/teardown-report';
import { runTasks } from '../terminal/task-list';
import { UserError } from '../../facts/user-error';

/** How often AWS and the cluster are asked while something is on its way out, in milliseconds. */
const INTERVAL = 5000;
const MINUTE = 60_000;

export interface TeardownCommandOptions {
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
  /** In the order in which they are deployed; without the one below. */
  readonly stacks: readonly Stack[];
  /** The stack of the bucket with all states, and of the pipeline's roles. */
  readonly pipeline: Stack | undefined;
}

/** `teardown`: removes, or lists, what AWS has made outside of Terraform; destroys the stacks when asked to. */
export async function teardown(options: TeardownCommandOptions): Promise<void> {
  const minutes = Number(options.timeout);
  if (!(minutes > 0)) {
    throw new TeardownError(`--timeout ${options.timeout}: expected a number of minutes above 0`);
  }
  const { platform, outdir, stacks: order } = definition.synthesize({ onWarning: printWarning });
  const { name, region } = platform;
  const stacks = readStacks(outdir).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const subject: Subject = {
    name,
    region,
    outdir,
    stacks: stacks.filter((stack) => stack.name !== PIPELINE_STACK),
    pipeline: stacks.find((stack) => stack.name === PIPELINE_STACK),
  };
  const found = options.plan
    ? { plan: withProtection(await planTeardown(using(subject)), subject), destroyed: undefined }
    : await interruptible(
        (signal) => takeDown(subject, options, minutes, signal),
        'The same command goes on.',
      );

  const { destroyed } = found;
  const plan = options.state ? found.plan : withState(found.plan, subject);
  const next = options.plan
    ? `npm run teardown -- --cluster ${name}`
    : destroyed
      ? undefined
      : `npx cdktf destroy ${reversed(subject).join(' ')}`;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...plan, ...(destroyed && { destroyed }), ...(next && { next }) })}\n`
      : `\n${drawTeardown(plan, { planned: options.plan ?? false, destroyed, next }, terminalWidth())}`,
  );
  process.exitCode = isLeft(plan) ? EXIT.wrong : EXIT.done;
}

function using({ name: cluster, region, stacks }: Subject, signal?: AbortSignal) {
  return {
    cluster,
    aws: new AwsCli({ region, ...(signal && { signal }) }),
    documents: stacks.map(({ document }) => document),
    ...(signal && { signal }),
  };
}

/** The stacks' names in the order in which they are destroyed. */
function reversed({ stacks }: Subject): string[] {
  return stacks.map(({ name }) => name).reverse();
}

function isLeft({ found, stuck }: TeardownPlan): boolean {
  return stuck.length > 0 || found.some(({ fate }) => fate === 'left');
}

async function takeDown(
  subject: Subject,
  options: TeardownCommandOptions,
  minutes: number,
  signal: AbortSignal,
): Promise<{ plan: TeardownPlan; destroyed: string[] | undefined }> {
  confirm(subject, options);
  const providers = options.destroy ? await findProviderSource() : undefined;
  const context: { plan?: TeardownPlan } = {};
  const tasks: ListrTask[] = [
    {
      title: `Removing what AWS has made something for in ${subject.name}`,
      task: async (_, task) => {
        const since = Date.now();
        context.plan = await removeWorkloads(
          using(subject, signal),
          { timeout: minutes * MINUTE, interval: INTERVAL },
          (message) => {
            task.output = message;
          },
        );
        const { stuck, clusterExists } = context.plan;
        task.title = clusterExists
          ? `${subject.name}: ${stuck.length === 0 ? 'removed' : 'not all was removed'} in ${elapsed(since)}`
          : `${subject.name}: EKS has no such cluster in ${subject.region}, so that there is nothing to remove in it`;
      },
    },
  ];
  await runTasks(tasks, { json: options.json });
  const { plan } = context;
  if (!plan) throw new Error('nothing was looked at');
  if (!providers || blocks(plan)) return { plan, destroyed: undefined };

  const terraform = { outdir: subject.outdir, providers, signal, json: options.json };
  const goes = options.state ? subject.pipeline : undefined;
  const destroyed = await destroyStacks(subject.stacks, terraform).catch((error: unknown) => {
    // The bucket went in a run that was ended right after: all else had gone by then.
    if (error instanceof BackendError && goes && hasBegun(goes, subject.outdir)) return reversed(subject);
    throw error;
  });
  if ((await describeCluster(using(subject, signal).aws, subject.name)) !== undefined) {
    throw new TeardownError(
      `every stack is destroyed as far as its state goes, and EKS still has the cluster ${subject.name}: its state lies ` +
        'elsewhere (state.bucket of platform.yaml, or the folder that it was deployed from)',
    );
  }
  if (goes) {
    await destroyState(goes, terraform);
    destroyed.push(goes.name);
  }
  return { plan: await planTeardown(using(subject, signal)), destroyed };
}

/** Whether a destroy would end halfway. */
function blocks({ found, stuck }: TeardownPlan): boolean {
  return stuck.length > 0 || found.some(({ fate, effect }) => fate === 'left' && effect === 'blocks the VPC');
}

/** What Terraform would refuse to destroy: `network: aws_vpc.vpc`. */
function protectedIn(stacks: readonly Stack[]): string[] {
  return stacks.flatMap((stack) =>
    protectedAddresses(stack.document).map((address) => `${stack.name}: ${address}`),
  );
}

function withProtection(plan: TeardownPlan, { stacks }: Subject): TeardownPlan {
  const held = protectedIn(stacks);
  if (held.length === 0) return plan;
  const note =
    `Terraform protects ${held.length} resources from being destroyed, ${held[0] ?? ''} among them: nothing is removed ` +
    'before platform.yaml says "protect: false".';
  return { ...plan, notes: [...plan.notes, note] };
}

/** What a destroy does not touch, unless `--state` says so. */
function withState(plan: TeardownPlan, { name, pipeline, outdir }: Subject): TeardownPlan {
  const backend = pipeline && backendOf(pipeline, outdir);
  if (backend?.kind !== 's3') return plan;
  const note =
    `The bucket ${backend.bucket} stays, with every version of every state, and so do the pipeline's roles: ` +
    `npm run teardown -- --cluster ${name} --destroy --state takes them along.`;
  return { ...plan, notes: [...plan.notes, note] };
}

/** @throws TeardownError with everything that stands in the way, before anything is removed */
function confirm(
  { name, stacks, pipeline }: Subject,
  { cluster, destroy, state }: TeardownCommandOptions,
): void {
  const findings: string[] = [];
  if (state && !destroy) {
    findings.push('--state without --destroy: the states go only after what they are of; add --destroy');
  }
  if (state && !pipeline) {
    findings.push(
      '--state: platform.yaml has no state.bucket, so that there is no bucket to destroy; leave --state out',
    );
  }
  if (cluster !== name) {
    const got = cluster === undefined ? 'nothing says which cluster is meant' : `got --cluster ${cluster}`;
    findings.push(
      `${got}: to remove the workloads of the cluster ${name}, type\n` +
        `  npm run teardown -- --cluster ${name}${destroy ? ' --destroy' : ''}${state ? ' --state' : ''}\n` +
        `to see first what that means\n  npm run teardown -- --plan`,
    );
  }
  const held = protectedIn(stacks);
  if (held.length > 0) {
    findings.push(
      'Terraform would refuse to destroy what is protected, halfway through: set "protect: false" in platform.yaml ' +
        `first. Protected is\n${held.map((line) => `  ${line}`).join('\n')}`,
    );
  }
  if (findings.length > 0) throw new TeardownError(`Nothing was removed.\n${findings.join('\n')}`);
}
