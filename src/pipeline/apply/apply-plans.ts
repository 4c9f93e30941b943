import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { protectedAddresses } from '../../manifests/protected-addresses';
import { npmRun } from '../../facts/selected-platform';
import { STACK } from '../../facts/stack-names';
import type { Stack } from '../../manifests/stacks';
import type { Terraform } from '../../terraform/terraform';
import { digestOfProviders } from '../plan/digest';
import type { PlanJson } from '../plan/plan-json';
import {
  changesAnything,
  planFile,
  PlanRecordError,
  plansFolder,
  type PlannedOutcome,
  type PlanRecord,
} from '../plan/plan-record';
import { copyFiles } from '../plan/stack-files';
import { idsHandedOver } from '../state/hand-over';
import type { StateStore, Stored } from '../state/state-store';
import { applyFolder, planFolder } from './apply-folder';
import { isSameState, versionOf } from './applied-record';

/** What became of a stack. */
export type Applied =
  | { readonly status: 'applied' | 'unchanged' | 'not begun'; readonly name: string }
  /** It was not planned: others were named, or something else than Terraform applies it, as the reason says. */
  | { readonly status: 'left out'; readonly name: string; readonly reason?: string }
  /** An earlier run has applied the same plan. */
  | { readonly status: 'done before'; readonly name: string }
  /** It has to be planned again, now that a stack before it is applied. */
  | { readonly status: 'waiting'; readonly name: string; readonly reason: string }
  | { readonly status: 'failed'; readonly name: string; readonly error: Error };

/**
 * Applies saved plans as they are, each after those of the stacks that it depends on, and begins none after the first
 * failure.
 */
export class PlanApplier {
  private readonly outcomes = new Map<string, Promise<Applied>>();
  private failed = false;

  constructor(
    private readonly record: PlanRecord,
    private readonly store: StateStore,
    private readonly outdir: string,
    /** What is kept of each stack, by name. */
    private readonly stored: ReadonlyMap<string, Stored>,
  ) {}

  /** Applies the plan of a stack; the stacks that it depends on have to be asked for before it. */
  apply(stack: Stack, terraform: Terraform): Promise<Applied> {
    const outcome = this.applyAfterDependencies(stack, terraform).catch((error: unknown): Applied => {
      this.failed = true;
      return {
        status: 'failed',
        name: stack.name,
        error: error instanceof Error ? error : new Error(String(error)),
      };
    });
    this.outcomes.set(stack.name, outcome);
    return outcome;
  }

  private async applyAfterDependencies(stack: Stack, terraform: Terraform): Promise<Applied> {
    const { name, dependencies } = stack;
    const before = await Promise.all(
      dependencies.flatMap((dependency) => this.outcomes.get(dependency) ?? []),
    );
    if (this.isDone(name)) return { status: 'done before', name };
    if (this.failed || before.some(({ status }) => status === 'not begun')) {
      return { status: 'not begun', name };
    }
    const planned = this.record.stacks.find((outcome) => outcome.name === name);
    if (planned === undefined || planned.status === 'failed') return { status: 'not begun', name };
    if (planned.status === 'waiting') return { status: 'waiting', name, reason: planned.reason };
    if (planned.status === 'left out') return planned;
    if (planned.status !== 'planned') return { status: planned.status, name };
    // The roles of the pipeline may not write the state of their own stack; verifyPlans() refuses its changes.
    if (name === STACK.pipeline) return { status: 'unchanged', name };
    const unfinished = before.flatMap(({ status, name: other }) => (status === 'waiting' ? [other] : []));
    if (unfinished.length > 0) {
      return { status: 'waiting', name, reason: `it comes after ${unfinished.join(' and ')}` };
    }
    return this.applyPlan(stack, planned, terraform);
  }

  /** Whether the saved plan of a stack is what was applied to it last, and its state is still what came of that. */
  private isDone(name: string): boolean {
    const planned = this.record.stacks.find((outcome) => outcome.name === name);
    const { state, applied } = this.stored.get(name) ?? {};
    return (
      planned?.status === 'planned' && applied?.plan === planned.plan && isSameState(applied.state, state)
    );
  }

  private async applyPlan(stack: Stack, planned: PlannedOutcome, terraform: Terraform): Promise<Applied> {
    const { name } = stack;
    const file = resolve(planFile(this.outdir, name));
    const changes = changesAnything(planned);
    const { state, applied } = this.stored.get(name) ?? {};
    const isStopped = applied?.begun !== undefined && applied.at > this.record.at;
    if (isStopped || !isSameState(planned.state, state)) {
      throw new PlanRecordError([
        `stack ${name}: it has changed since it was planned: a run stopped in the middle of it, or something else applied it; ` +
          `run ${npmRun('plan')}`,
      ]);
    }
    copyFiles(join(this.outdir, planFolder(name)), join(this.outdir, applyFolder(name)), planned.files);
    await terraform.init({ lockReadonly: true });
    if (planned.after.length > 0 && !(await this.isStillThePlan(name, file, terraform))) {
      const before = `${planned.after.join(' and ')} ${planned.after.length > 1 ? 'are' : 'is'} applied`;
      return { status: 'waiting', name, reason: `${before}, and its plan would be another one now` };
    }
    // What it hands over is known until Terraform forgets it.
    const handsOver = Object.values(this.record.handedOver).some((list) =>
      list.some(({ fromStack }) => fromStack === name),
    );
    const handedOver = handsOver
      ? idsHandedOver(name, this.record.handedOver, (await this.store.read([name])).get(name) ?? {})
      : {};
    // Also without changes: the state gets the order in which objects are deleted when they go.
    await terraform.apply(file);
    await this.keep(stack, handedOver);
    return { status: changes ? 'applied' : 'unchanged', name };
  }

  /**
   * Whether a new plan equals the saved one. The saved plan read other stacks before their apply, and Terraform checks the stack's
   * own state only.
   */
  private async isStillThePlan(name: string, file: string, terraform: Terraform): Promise<boolean> {
    const second = resolve(plansFolder(this.outdir), `${name}.second.tfplan`);
    try {
      await terraform.plan({ out: second });
      const [saved, now] = [await terraform.show(file), await terraform.show(second)] as [PlanJson, PlanJson];
      return isDeepStrictEqual(effect(saved), effect(now));
    } finally {
      rmSync(second, { force: true });
    }
  }

  /** Keeps beside the state what was applied, and here that it was. */
  private async keep(
    { name, dependencies, document }: Stack,
    handedOver: Readonly<Record<string, string>>,
  ): Promise<void> {
    // Terraform may be writing the state of another stack at this moment.
    const states = await this.store.read([name, ...dependencies]);
    const { state, applied } = states.get(name) ?? {};
    const taken = (this.record.handedOver[name] ?? []).map(({ to }) => to).filter((to) => state?.ids.has(to));
    const { commit, guard, name: platform, account, region } = this.record;
    const passed = [
      ...(applied?.passed ?? []),
      ...guard.passed.filter(({ stack }) => stack === name).map(({ change }) => change),
    ];
    const planned = this.record.stacks.find((outcome) => outcome.name === name) as PlannedOutcome;
    if (state) {
      await this.store.writeApplied({
        stack: name,
        platform: { name: platform, account, region },
        document: planned.document,
        providers: digestOfProviders(document),
        plan: planned.plan,
        ...(commit && !commit.dirty && { commit: commit.id }),
        at: new Date().toISOString(),
        state: versionOf(state),
        dependencies: Object.fromEntries(
          // A removed stack has no part in the order from now on.
          dependencies.flatMap((dependency) => {
            const isRemoved = this.record.removed?.some((each) => each.name === dependency) === true;
            const other = isRemoved ? undefined : states.get(dependency)?.state;
            return other ? [[dependency, versionOf(other)]] : [];
          }),
        ),
        protected: protectedAddresses(document),
        ...(this.record.classes.length > 0 && { classes: this.record.classes }),
        ...(passed.length > 0 && { passed: [...new Set(passed)] }),
        ...(Object.keys(handedOver).length > 0 && { handedOver }),
        ...(taken.length > 0 && { takenOver: [...new Set([...(applied?.takenOver ?? []), ...taken])] }),
      });
    }
  }
}

function effect({ resource_changes = [], output_changes = {} }: PlanJson): unknown {
  const changes = resource_changes
    .filter(
      ({ mode, change }) =>
        mode === 'managed' && (change.actions[0] !== 'no-op' || change.importing !== undefined),
    )
    .map(({ address, change: { actions, importing, before, after, after_unknown } }) => ({
      address,
      actions,
      importing,
      before,
      after,
      after_unknown,
    }));
  const outputs = Object.entries(output_changes).map(([name, { actions, after }]) => ({
    name,
    actions,
    after,
  }));
  return { changes, outputs };
}
