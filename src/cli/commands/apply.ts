import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { readStacks } from '../../manifests/stacks';
import { AwsCli } from '../../pipeline/aws-cli';
import { requireAccount } from '../../pipeline/signed-in-account';
import { APPLY_FOLDER, inApplyFolder, keepUnsavedState } from '../../pipeline/apply/apply-folder';
import { PlanApplier, type Applied } from '../../pipeline/apply/apply-plans';
import { lostValues } from '../../pipeline/apply/lost-values';
import { followed } from '../../pipeline/health/follow-workloads';
import { awsHealth } from '../../pipeline/health/aws-health';
import { platformHealth } from '../../pipeline/health/platform-health';
import { kubectlOf } from '../../pipeline/kubectl';
import { keepAfterFailure } from '../../pipeline/health/kept-creations';
import { currentCommit } from '../../pipeline/plan/commit';
import { PlanRecordError, readPlanRecord } from '../../pipeline/plan/plan-record';
import { withRemoved } from '../../pipeline/plan/removed-stacks';
import { StateStore } from '../../pipeline/state/state-store';
import { verifyPlans } from '../../pipeline/apply/verify-plans';
import {
  type Health,
  healthOf,
  healthStatus,
  healthText,
  settled,
  withoutProgressing,
} from '../workload-health';
import { eachStack } from '../terminal/each-stack';
import { EXIT } from '../terminal/exit';
import { INTERRUPTED, interruptible } from '../terminal/interrupt';

interface ApplyCommandOptions {
  /** The digest of the plans that were reviewed. */
  readonly digest?: string;
  readonly json?: boolean;
}

/** Of the questions about workloads, EKS is asked at the first and at each fourth after it: it notices things after minutes. */
const AWS_EACH = 4;

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
  /** What is said at the end of each run, stopped ones too. */
  const notes: string[] = [];
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
            if (applied.status === 'failed') {
              notes.push(...lostValues(record, applied));
              const note = (text: string): unknown => notes.push(`${stack.name}: ${text}`);
              await keepAfterFailure(applied.error, {
                stack,
                terraform,
                kubectl,
                // A run that is stopped still says where it stands.
                store: new StateStore(saved, outdir),
                report: note,
              });
            }
            return applied;
          },
          describe,
        );
      } finally {
        for (const { name } of saved) {
          const kept = keepUnsavedState(name, outdir);
          if (kept !== undefined) process.stderr.write(`${kept}\n`);
        }
        for (const each of notes) process.stderr.write(`${each}\n`);
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
  if (json) {
    // The log of a job shows it, wherever the JSON goes.
    for (const result of results) {
      if (result.status === 'failed') process.stderr.write(`${result.error.message}\n`);
    }
    if (hasFailed) process.stderr.write(`${stoppedAt(results)}\n`);
  } else process.stdout.write(`\n${drawResults(results)}`);
  // Terraform says that a rollout did not end, and not why; and it does not wait for all that never comes.
  const ask = async (): Promise<Health> =>
    withoutProgressing(await healthOf(saved.filter(has('failed', 'applied')), record), has('failed'));
  const print = (health: Health): void => {
    if (json) process.stdout.write(`${JSON.stringify({ ...summaryOf(results), health })}\n`);
  };
  const stop = (): void => {
    print({ problem: 'the run was stopped before the workloads were settled' });
    process.exit(INTERRUPTED);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const health = await (hasFailed ? ask() : settled(ask)).finally(() => {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  });
  print(health);
  process.stderr.write(healthText(health));
  // What was planned is applied, also where the cluster cannot be asked.
  process.exitCode = hasFailed ? EXIT.wrong : 'problem' in health ? EXIT.done : healthStatus(health);
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
