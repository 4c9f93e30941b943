import { Listr, type ListrTask } from 'listr2';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { synthesisePlatform } from '../main';
import { readStacks, type Stack } from '../manifests/stacks';
import { currentCommit } from '../pipeline/commit';
import { guard } from '../pipeline/guard';
import { clearPlans, writePlanRecord, type PlanRecord, type StackOutcome } from '../pipeline/plan-record';
import { StackPlanner } from '../pipeline/plan-stacks';
import { stackTerraform } from '../pipeline/stack-terraform';
import { StateStore } from '../pipeline/state-store';
import { describeProgress } from '../terraform/terraform-messages';
import { findProviderSource } from '../terraform/terraform-providers';
import { chosenStacks } from './chosen-stacks';
import { EXIT } from './exit';
import { interruptible } from './interrupt';
import { describeOutcome, drawPlans, planMarkdown, summaryOf } from './plan-report';
import { printWarning } from './print-warning';
import { terminalWidth } from './table';

/** Terraforms at once: each takes a core while its providers start. */
const AT_ONCE = 2;

export interface PlanCommandOptions {
  readonly all?: boolean;
  readonly json?: boolean;
  /** A file that gets the summary for a pull request. */
  readonly markdown?: string;
  readonly lock: boolean;
}

/** `plan`: plans every stack whose inputs have changed, saves the plans, and says what the guard says of them. */
export async function plan(names: readonly string[], options: PlanCommandOptions): Promise<void> {
  const { platform, outdir } = synthesisePlatform({ onWarning: printWarning });
  const stacks = readStacks(outdir);
  const chosen = new Set(chosenStacks(stacks, names).map(({ name }) => name));
  const { exceptions, maxChanges } = platform.pipeline;
  const record = await interruptible(async (signal) => {
    const commit = await currentCommit();
    const stored = await new StateStore(stacks, outdir, { signal }).read();
    clearPlans(outdir);
    const planner = new StackPlanner(stored, {
      outdir,
      all: options.all ?? false,
      chosen,
      lock: options.lock,
    });
    const outcomes = await planStacks(stacks, planner, { outdir, signal, silent: options.json ?? false });
    const today = new Date();
    return writePlanRecord(outdir, {
      at: today.toISOString(),
      ...(commit && { commit }),
      stacks: outcomes,
      guard: guard({ stacks: planner.planned, documents: stacks, exceptions, maxChanges, today }),
    });
  }, 'Nothing was changed; npm run plan begins anew.');
  if (options.markdown !== undefined) {
    mkdirSync(dirname(resolve(options.markdown)), { recursive: true });
    writeFileSync(options.markdown, planMarkdown(record));
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(summaryOf(record))}\n` : `\n${drawPlans(record, terminalWidth())}`,
  );
  process.exitCode = statusOf(record);
}

interface Run {
  readonly outdir: string;
  readonly signal: AbortSignal;
  readonly silent: boolean;
}

async function planStacks(
  stacks: readonly Stack[],
  planner: StackPlanner,
  { outdir, signal, silent }: Run,
): Promise<StackOutcome[]> {
  const providers = await findProviderSource();
  const outcomes = new Map<string, StackOutcome>();
  const planStack = (stack: Stack): ListrTask => ({
    title: stack.name,
    task: async (_, task) => {
      const terraform = stackTerraform(stack, {
        outdir,
        providers,
        signal,
        report: (progress) => {
          task.output = describeProgress(progress);
        },
      });
      const outcome = await planner.plan(stack, terraform);
      outcomes.set(stack.name, outcome);
      task.title = `${stack.name}: ${describeOutcome(outcome)}`;
    },
  });
  await new Listr(stacks.map(planStack), {
    concurrent: AT_ONCE,
    registerSignalListeners: false,
    rendererOptions: { collapseSubtasks: false, showErrorMessage: false },
    fallbackRenderer: 'simple',
    silentRendererCondition: () => silent,
  }).run();
  return stacks.flatMap(({ name }) => outcomes.get(name) ?? []);
}

function statusOf({ stacks, guard: { stopped } }: PlanRecord): number {
  if (stacks.some((outcome) => outcome.status === 'failed' && !outcome.refused)) return EXIT.broken;
  const refused = stacks.some(({ status }) => status === 'failed');
  return refused || stopped.length > 0 ? EXIT.wrong : EXIT.done;
}
