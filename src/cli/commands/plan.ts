import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isUserError } from '../../facts/user-error';
import { npmRun } from '../../facts/selected-platform';
import { AwsCli } from '../../pipeline/aws-cli';
import { requireAccount } from '../../pipeline/signed-in-account';
import definition from '../../../main';
import { classText } from '../../facts/argument-classes';
import { readPlatformRecord } from '../../manifests/platform-record';
import { readStacks, type Stack } from '../../manifests/stacks';
import { currentCommit } from '../../pipeline/plan/commit';
import { effectsOfEdit, requirePossible } from '../../pipeline/edit/edit-effects';
import { guard } from '../../pipeline/guard/guard';
import { clearPlans, writePlanRecord, type PlanRecord } from '../../pipeline/plan/plan-record';
import type { PlannedStack } from '../../pipeline/plan/planned-stack';
import { requireSamePlatform } from '../../pipeline/plan/platform-identity';
import { StackPlanner } from '../../pipeline/plan/plan-stacks';
import { removedStacks } from '../../pipeline/plan/removed-stacks';
import { besidesTerraform } from '../../sandbox/besides-terraform';
import { LOCK_FILE, platformLock } from '../../terraform/provider-lock';
import { changesAnything } from '../../pipeline/plan/plan-record';
import { healthOf, healthStatus, healthText, unreadyIn } from '../workload-health';
import { StateStore } from '../../pipeline/state/state-store';
import { chosenStacks } from '../chosen-stacks';
import { eachStack } from '../terminal/each-stack';
import { EXIT } from '../terminal/exit';
import { interruptible } from '../terminal/interrupt';
import {
  describeOutcome,
  drawEffects,
  drawPlans,
  planMarkdown,
  refusalMarkdown,
  summaryOf,
} from '../reports/plan-report';
import { printWarning } from '../terminal/print-warning';
import { terminalWidth } from '../terminal/table';

interface PlanCommandOptions {
  readonly all?: boolean;
  readonly json?: boolean;
  /** A file that gets the summary for a pull request. */
  readonly markdown?: string;
  /** A file that gets the same, as long as a comment of GitHub may be. */
  readonly comment?: string;
  readonly lock: boolean;
}

/** Of the 65,536 characters that a comment of GitHub holds; the workflow adds the findings of the checks, the platform and the run. */
const COMMENT = 48_000;

/**
 * `plan`: plans every stack whose inputs have changed, saves the plans, and says what the guard says of them. The files for a pull request
 * hold a refusal, too.
 */
export async function plan(names: readonly string[], options: PlanCommandOptions): Promise<void> {
  try {
    await planned(names, options);
  } catch (error) {
    if (isUserError(error) && error.exitStatus === EXIT.wrong) {
      writeSummaries(options, (longest) => refusalMarkdown(error.message, longest));
    }
    throw error;
  }
}

/** @param text in at most so many characters */
function writeSummaries({ markdown, comment }: PlanCommandOptions, text: (longest?: number) => string): void {
  for (const [file, longest] of [[markdown], [comment, COMMENT]] as const) {
    if (file === undefined) continue;
    mkdirSync(dirname(resolve(file)), { recursive: true });
    writeFileSync(file, text(longest));
  }
}

async function planned(names: readonly string[], options: PlanCommandOptions): Promise<void> {
  const { platform, outdir } = definition.synthesize({ onWarning: printWarning });
  const stacks = readStacks(outdir);
  const { handedOver, namespaces } = readPlatformRecord(outdir);
  const { exceptions, classes, maxChanges } = platform.pipeline;
  if (platformLock() === undefined) {
    process.stderr.write(
      `warning: no ${LOCK_FILE}: the plan trusts the providers that terraform init selects; ${npmRun('lock')} pins them\n`,
    );
  }
  await requireAccount(new AwsCli({ region: platform.region }), platform.account);
  const record = await interruptible(
    async (signal) => {
      const commit = await currentCommit();
      const stored = await new StateStore(stacks, outdir, { signal }).read();
      clearPlans(outdir);
      requireSamePlatform(platform, stored);
      // Where stacks are named, the others do not stand in the way.
      const isNamed = (stack: string): boolean => names.length === 0 || names.includes(stack);
      const effects = effectsOfEdit(stacks, stored).filter(({ stack }) => isNamed(stack));
      if (!options.json) process.stdout.write(drawEffects(effects, terminalWidth()));
      requirePossible(effects);
      const wanted = new Map([...stored].filter(([name]) => isPresent(stacks, name) || isNamed(name)));
      const removed = removedStacks(stacks, wanted, { outdir, handedOver });
      const all = [...removed, ...stacks];
      const chosen = new Set(chosenStacks(all, names).map(({ name }) => name));
      const elsewhere = await besidesTerraform(all);
      const planner = new StackPlanner(stored, {
        outdir,
        all: options.all ?? false,
        chosen,
        elsewhere,
        removed: removed.map(({ name }) => name),
        lock: options.lock,
        handedOver,
        namespaces,
      });
      const outcomes = await eachStack(
        all,
        { outdir, signal, json: options.json ?? false },
        (stack, terraform) => planner.plan(stack, terraform),
        describeOutcome,
      );
      const leftovers = planner.planned.filter(leavesObjects);
      const unready = unreadyIn(leftovers, await healthOf(leftovers, platform));
      const today = new Date();
      return writePlanRecord(outdir, {
        at: today.toISOString(),
        ...(commit && { commit }),
        stacks: outcomes,
        classes: classes.map(classText),
        name: platform.name,
        region: platform.region,
        account: platform.account,
        handedOver,
        effects,
        ...(removed.length > 0 && {
          removed: removed.map(({ name, dependencies }) => ({ name, dependencies })),
        }),
        guard: guard({
          stacks: planner.planned,
          documents: stacks,
          handedOver,
          exceptions,
          classes,
          maxChanges,
          unready,
          today,
        }),
      });
    },
    `Nothing was changed; ${npmRun('plan')} starts again.`,
  );
  // An update whose rollout failed leaves a plan with nothing to change.
  const settled = new Set(
    record.stacks
      .filter(
        (outcome) =>
          outcome.status === 'unchanged' || (outcome.status === 'planned' && !changesAnything(outcome)),
      )
      .map(({ name }) => name),
  );
  const health = await healthOf(
    stacks.filter(({ name }) => settled.has(name)),
    platform,
  );
  const unready = healthText(health);
  writeSummaries(options, (longest) => planMarkdown(record, longest, unready));
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ...summaryOf(record), health })}\n`
      : `\n${drawPlans(record, terminalWidth())}${unready}`,
  );
  process.exitCode = statusOf(record) || healthStatus(health);
}

const isPresent = (stacks: readonly Stack[], name: string): boolean =>
  stacks.some((each) => each.name === name);

/** Whether a failed apply has left objects beside their successors. */
function leavesObjects({ plan }: PlannedStack): boolean {
  return (plan.resource_changes ?? []).some(({ deposed }) => deposed !== undefined);
}

function statusOf({ stacks, guard: { stopped } }: PlanRecord): number {
  if (stacks.some((outcome) => outcome.status === 'failed' && !outcome.refused)) return EXIT.broken;
  const refused = stacks.some(({ status }) => status === 'failed');
  return refused || stopped.length > 0 ? EXIT.wrong : EXIT.done;
}
