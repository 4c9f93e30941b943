import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { readStacks, type Stack } from '../../manifests/stacks';
import { AwsCli } from '../../pipeline/aws-cli';
import { requireAccount } from '../../pipeline/signed-in-account';
import { APPLY_FOLDER, inApplyFolder, keepUnsavedState } from '../../pipeline/apply/apply-folder';
import { PlanApplier, type Applied } from '../../pipeline/apply/apply-plans';
import { lostValues } from '../../pipeline/apply/lost-values';
import { followed } from '../../pipeline/health/follow-workloads';
import { awsHealth } from '../../pipeline/health/aws-health';
import { platformHealth, type StackHealth } from '../../pipeline/health/platform-health';
import { kubectlOf, type Kubectl } from '../../pipeline/kubectl';
import { keepCreated } from '../../pipeline/health/kept-creations';
import { isUserError } from '../../facts/user-error';
import type { Terraform } from '../../terraform/terraform';
import { TerraformError } from '../../terraform/terraform-error';
import { currentCommit } from '../../pipeline/plan/commit';
import { PlanRecordError, readPlanRecord } from '../../pipeline/plan/plan-record';
import { withRemoved } from '../../pipeline/plan/removed-stacks';
import { StateStore } from '../../pipeline/state/state-store';
import { verifyPlans } from '../../pipeline/apply/verify-plans';
import { type Health, healthOf, healthStatus, healthText } from '../workload-health';
import { eachStack } from '../terminal/each-stack';
import { EXIT } from '../terminal/exit';
import { interruptible } from '../terminal/interrupt';

interface ApplyCommandOptions {
  /** The digest of the plans that were reviewed. */
  readonly digest?: string;
  readonly json?: boolean;
}

/** Of the questions about workloads, EKS is asked at the first and at each fourth after it: it notices things after minutes. */
const AWS_EACH = 4;

/** Seconds for a workload whose cause says nothing of how long it may last. */
const SETTLES_AFTER = 30;
const ASK_AGAIN_MS = 10_000;

/** `apply`: applies the saved plans, exactly them, and stops at the first failure. */
export async function apply({ digest, json = false }: ApplyCommandOptions): Promise<void> {
  const { outdir } = selectedPlatform();
  const record = readPlanRecord(outdir);
  if (digest === undefined && process.env['CI'] === 'true') {
    throw new PlanRecordError([
      'in a pipeline the plans come from another job: set --digest to the digest that the plan printed',
    ]);
  }
  const saved = withRemoved(readStacks(outdir), record, outdir);
  // No program of the platform runs here: what is applied is what was planned, and so is where.
  await requireAccount(new AwsCli({ region: record.region }), record.account);
  verifyPlans(record, {
    outdir,
    saved,
    commit: await currentCommit(),
    today: new Date(),
    ...(digest !== undefined && { digest }),
  });
  const results = await interruptible(
    async (signal) => {
      const store = new StateStore(saved, outdir, { signal });
      const applier = new PlanApplier(record, store, outdir, await store.read());
      try {
        return await eachStack(
          saved.map(inApplyFolder),
          { outdir, signal, json },
          async (stack, terraform, report) => {
            const access = { aws: new AwsCli({ region: record.region }), cluster: record.name, signal };
            const kubectl = kubectlOf(access);
            let asked = 0;
            const applied = await followed(applier.apply(stack, terraform), {
              stack,
              terraform,
              report,
              ask: async () => {
                if (terraform.underWay.size === 0) return [];
                asked += 1;
                const workloads = asked % AWS_EACH === 1 ? await awsHealth(stack, access) : [];
                return [{ stack: stack.name, workloads }, ...(await platformHealth([stack], kubectl))];
              },
            });
            if (applied.status === 'failed') await keep(applied.error, { stack, terraform, report, kubectl });
            return applied;
          },
          describe,
        );
      } finally {
        for (const { name } of saved) {
          const kept = keepUnsavedState(name, outdir);
          if (kept !== undefined) process.stderr.write(`${kept}\n`);
        }
        rmSync(join(outdir, APPLY_FOLDER), { recursive: true, force: true });
      }
    },
    `What was applied stays; ${npmRun('apply')} continues, or ${npmRun('plan')} plans the rest again.`,
  );
  const has =
    (...statuses: readonly Applied['status'][]) =>
    ({ name: stack }: { readonly name: string }): boolean =>
      results.some(({ name, status }) => name === stack && statuses.includes(status));
  const hasFailed = results.some(({ status }) => status === 'failed');
  for (const each of lostValues(record, results)) process.stderr.write(`${each}\n`);
  if (json) {
    // The log of a job shows it, wherever the JSON goes.
    for (const result of results) {
      if (result.status === 'failed') process.stderr.write(`${result.error.message}\n`);
    }
    if (hasFailed) process.stderr.write(`${stoppedAt(results)}\n`);
  }
  process.stdout.write(json ? `${JSON.stringify(summaryOf(results))}\n` : `\n${drawResults(results)}`);
  // Terraform says that a rollout did not end, and not why; and it does not wait for all that never comes.
  const ask = async (): Promise<Health> => {
    const looked = await healthOf(saved.filter(has('failed', 'applied')), record);
    return 'problem' in looked ? looked : { stacks: hopeless(looked.stacks, has('failed')) };
  };
  const health = hasFailed ? await ask() : await settled(ask);
  process.stderr.write(healthText(health));
  // What was planned is applied, also where the cluster cannot be asked.
  process.exitCode = hasFailed ? EXIT.wrong : 'problem' in health ? EXIT.done : healthStatus(health);
}

/** What is not ready once its cause has lasted: nodes, disks and Pods of a rollout that has just ended may be on their way. */
async function settled(ask: () => Promise<Health>): Promise<Health> {
  const begun = Date.now();
  for (;;) {
    const health = await ask();
    if ('problem' in health) return health;
    const causes = health.stacks.flatMap(({ workloads }) => workloads);
    const patience = Math.max(0, ...causes.map(({ hopelessAfter = SETTLES_AFTER }) => hopelessAfter));
    if (Date.now() - begun >= patience * 1000) return health;
    await wait(ASK_AGAIN_MS);
  }
}

/** The same without workloads that get on, unless their stack has failed. */
function hopeless(
  stacks: readonly StackHealth[],
  hasFailed: (stack: { readonly name: string }) => boolean,
): StackHealth[] {
  return stacks.flatMap(({ stack, workloads }) => {
    const named = hasFailed({ name: stack })
      ? workloads
      : workloads.filter(({ state }) => state !== 'progressing');
    return named.length === 0 ? [] : [{ stack, workloads: named }];
  });
}

/** Keeps what a failed apply has created. A run that is stopped asks nothing more. */
async function keep(
  error: Error,
  {
    stack,
    terraform,
    report,
    kubectl,
  }: {
    readonly stack: Stack;
    readonly terraform: Terraform;
    readonly report: (text: string) => void;
    readonly kubectl: Kubectl;
  },
): Promise<void> {
  if (!(error instanceof TerraformError) || error.command !== 'apply' || error.interrupted) return;
  try {
    for (const address of await keepCreated(stack, terraform, kubectl)) {
      report(
        `${address} exists, and its controller continues: it is no longer tainted, so that the next apply keeps it`,
      );
    }
  } catch (reason) {
    if (!isUserError(reason)) throw reason;
    report(`what the apply created cannot be kept, and the next one makes it again: ${reason.message}`);
  }
}

function describe(result: Applied): string {
  switch (result.status) {
    case 'unchanged':
      return 'nothing to change';
    case 'done before':
      return 'applied by the run before';
    case 'left out':
      return result.reason === undefined ? 'left out' : `left out: ${result.reason}`;
    case 'waiting':
      return `has to be planned now: ${result.reason}`;
    default:
      return result.status;
  }
}

/** What was done and what was not, as a pipeline reads it. */
function summaryOf(results: readonly Applied[]): object {
  const names = (...statuses: readonly Applied['status'][]): string[] =>
    results.filter(({ status }) => statuses.includes(status)).map(({ name }) => name);
  const failed = results.flatMap((result) =>
    result.status === 'failed' ? [{ stack: result.name, reason: result.error.message }] : [],
  );
  return {
    applied: names('applied', 'done before'),
    unchanged: names('unchanged'),
    waiting: names('waiting'),
    leftOut: names('left out'),
    notBegun: names('not begun'),
    failed,
  };
}

/** Names of the stacks with a status. */
const namesOf = (results: readonly Applied[], status: Applied['status']): string =>
  results
    .filter((result) => result.status === status)
    .map(({ name }) => name)
    .join(', ');

/** Where a failed apply has stopped, and how to continue. */
function stoppedAt(results: readonly Applied[]): string {
  const notBegun = namesOf(results, 'not begun');
  return (
    `Stopped at ${namesOf(results, 'failed')}.${notBegun === '' ? '' : ` Not begun: ${notBegun}.`} ` +
    `What was applied stays. Where nothing was changed yet, ${npmRun('apply')} continues; otherwise ${npmRun('plan')} plans the rest again.`
  );
}

function drawResults(results: readonly Applied[]): string {
  const failed = results.flatMap((result) => (result.status === 'failed' ? [result] : []));
  const waiting = namesOf(results, 'waiting');
  const lines = [
    ...results.map((result) => `${result.name}: ${describe(result)}`),
    ...failed.flatMap(({ error }) => ['', error.message]),
    '',
    ...(failed.length > 0
      ? [stoppedAt(results)]
      : [
          (waiting === ''
            ? 'Everything that was planned is applied.'
            : `Applied. Now ${npmRun('plan')} plans ${waiting}.`) +
            (namesOf(results, 'left out') === '' ? '' : ` Not planned: ${namesOf(results, 'left out')}.`),
        ]),
  ];
  return `${lines.join('\n')}\n`;
}
