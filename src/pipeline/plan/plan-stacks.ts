import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isObject } from '../../manifests/field';
import { resourcesByAddress } from '../../manifests/resources-by-address';
import type { TerraformDocument } from '../../manifests/terraform-document';
import { adopts, type PlatformRecord } from '../../manifests/platform-record';
import type { Stack } from '../../manifests/stacks';
import { LOCK_FILE } from '../../terraform/provider-lock';
import { TerraformError } from '../../terraform/terraform-error';
import type { Terraform } from '../../terraform/terraform';
import { isSameState, versionOf } from '../apply/applied-record';
import { describeDifference, differences } from './plan-differences';
import { createdContent } from './created-content';
import { digestOfDocument, digestOfFile } from './digest';
import type { PlanJson } from './plan-json';
import { changedFiles, DOCUMENT_FILE, stackFiles } from './stack-files';
import {
  planFile,
  PlanRecordError,
  type StackFiles,
  type StackOutcome,
  type SummaryChange,
} from './plan-record';
import { changesOf, isTainted, TAINTED, type Change, type PlannedStack } from './planned-stack';
import { refusedChanges, remedyFor } from './refused-changes';
import { importsOf, writeImports } from '../state/hand-over';
import type { StateResource, Stored } from '../state/state-store';

/** What the planning of all stacks is done with. */
export interface StackPlannerOptions {
  /** The folder that synthesis wrote. */
  readonly outdir: string;
  /** Plans the stacks whose inputs are as they were, too. */
  readonly all: boolean;
  /** Names of the stacks that are planned at all. */
  readonly chosen: ReadonlySet<string>;
  /** Stacks that something else than Terraform applies, each with the words for it. @default - none */
  readonly elsewhere?: ReadonlyMap<string, string>;
  /** Names of the stacks that the platform no longer has. @default - none */
  readonly removed?: readonly string[];
  /** The objects that each stack takes over from others, by the stack's name. */
  readonly handedOver: PlatformRecord['handedOver'];
  /** The namespaces of the platform, some of which take over what the cluster has. @default {} */
  readonly namespaces?: PlatformRecord['namespaces'];
  /** Whether Terraform locks the states: not possible for who may only read. */
  readonly lock: boolean;
}

/** Terraform's own words for what `prevent_destroy` and `precondition` refuse. */
const REFUSALS = new Set(['Instance cannot be destroyed', 'Resource precondition failed']);

/** Plans stacks and saves their plans; one object for all stacks of a run, since what one is depends on others. */
export class StackPlanner {
  /** What Terraform would do to each stack that was planned. */
  readonly planned: PlannedStack[] = [];
  private readonly outcomes = new Map<string, Promise<StackOutcome>>();

  /** @param stored what is kept of each stack, by name */
  constructor(
    private readonly stored: ReadonlyMap<string, Stored>,
    private readonly options: StackPlannerOptions,
  ) {}

  /**
   * Plans a stack, once the stacks that it depends on are planned; these have to be asked for before it.
   *
   * Skips a stack whose inputs are unchanged: its own Terraform JSON, its state, and the states of the stacks that it depends on.
   * The stack waits if one of those was never applied, or if Terraform cannot plan it before one of them has changed.
   */
  plan(stack: Stack, terraform: Terraform): Promise<StackOutcome> {
    const outcome = this.planAfterDependencies(stack, terraform);
    this.outcomes.set(stack.name, outcome);
    return outcome;
  }

  private async planAfterDependencies(stack: Stack, terraform: Terraform): Promise<StackOutcome> {
    const { name, dependencies } = stack;
    const { chosen, elsewhere = new Map<string, string>() } = this.options;
    const reason = elsewhere.get(name);
    if (!chosen.has(name) || reason !== undefined) {
      return { status: 'left out', name, ...(reason !== undefined && { reason }) };
    }
    const before: StackOutcome[] = [];
    for (const dependency of dependencies) {
      const outcome = await this.outcomes.get(dependency);
      if (outcome) before.push(outcome);
    }
    const missing = dependencies.filter(
      (other) => !elsewhere.has(other) && (this.stored.get(other)?.state?.isEmpty ?? true),
    );
    const waiting = before
      .filter(({ status }) => status === 'waiting' || status === 'failed')
      .map(({ name: other }) => other);
    const first = [...new Set([...missing, ...waiting])];
    if (first.length > 0) {
      const reason = `it reads what ${first.join(' and ')} ${first.length > 1 ? 'make' : 'makes'}`;
      return { status: 'waiting', name, after: first, reason };
    }
    const after = before.filter(changesSomething).map(({ name: other }) => other);
    const document = digestOfDocument(stack.document);
    if (!this.options.all && after.length === 0 && this.isAsApplied(stack, document)) {
      return { status: 'unchanged', name };
    }
    try {
      return await this.planNow(stack, terraform, document, after);
    } catch (error) {
      if (!(error instanceof TerraformError) || error.interrupted) throw error;
      const refused =
        error.diagnostics.length > 0 && error.diagnostics.every(({ summary }) => REFUSALS.has(summary));
      if (after.length > 0 && !refused) {
        const [reason] = error.diagnostics.map(({ summary }) => summary);
        return { status: 'waiting', name, after, reason: reason ?? error.message };
      }
      const remedies = refused ? [remedyFor(error.message), ...this.unfinished(stack, error.message)] : [];
      return {
        status: 'failed',
        name,
        reason: [error.message, ...remedies].filter(Boolean).join('\n  '),
        refused,
      };
    }
  }

  private async planNow(
    stack: Stack,
    terraform: Terraform,
    document: string,
    after: readonly string[],
  ): Promise<StackOutcome> {
    const { name } = stack;
    const { outdir, handedOver, namespaces = {} } = this.options;
    const file = resolve(planFile(outdir, name));
    const folder = join(outdir, stack.workingDirectory);
    writeImports(folder, importsOf(stack, handedOver[name] ?? [], this.stored, adopts(namespaces[name])));
    // Nothing else may run with the credentials of init.
    const written = stackFiles(folder);
    await terraform.init();
    await terraform.plan({ out: file, lock: this.options.lock });
    chmodSync(file, 0o600);
    const plan = (await terraform.show(file)) as PlanJson;
    requireAsWritten(folder, written, document);
    const planned: PlannedStack = {
      name,
      plan,
      document: stack.document,
      protectedBefore: this.stored.get(name)?.applied?.protected ?? [],
      classesBefore: this.stored.get(name)?.applied?.classes ?? [],
      passedBefore: this.stored.get(name)?.applied?.passed ?? [],
    };
    const changes = changesOf(planned);
    const { state } = this.stored.get(name) ?? {};
    const refusals = refusedChanges(planned);
    if (refusals.length > 0) {
      rmSync(file);
      return { status: 'failed', name, reason: refusals.join('\n'), refused: true };
    }
    this.planned.push(planned);
    const orders = ordersToSave(stack.document, state?.resources ?? []);
    return {
      status: 'planned',
      name,
      changes: changes.map((change) => summaryOf(change, stack.document)),
      outputs: outputsOf(plan),
      ...(orders > 0 && { orders }),
      document,
      plan: digestOfFile(file),
      // Init has written the lock file.
      files: stackFiles(folder),
      ...(state && { state: versionOf(state) }),
      ...(this.options.removed?.includes(name) && { removed: true }),
      after,
    };
  }

  /** What to do about protected objects that Terraform would replace because their creation did not end. */
  private unfinished({ name, workingDirectory }: Stack, refusal: string): string[] {
    const folder = join(this.options.outdir, workingDirectory);
    return (this.stored.get(name)?.state?.resources ?? []).flatMap(({ type, name: label, instances }) => {
      const address = `${type}.${label}`;
      return instances.some(({ status }) => status === 'tainted') && refusal.includes(address)
        ? [
            `${address} is ${TAINTED}. If it works, keep it: terraform -chdir=${folder} untaint ${address}. If not, delete it by hand. Then plan again`,
          ]
        : [];
    });
  }

  private isAsApplied({ name, dependencies }: Stack, document: string): boolean {
    const { state, applied } = this.stored.get(name) ?? {};
    return (
      applied?.document === document &&
      isSameState(applied.state, state) &&
      dependencies.every((other) => isSameState(applied.dependencies[other], this.stored.get(other)?.state))
    );
  }
}

/**
 * What another command synthesized meanwhile is not what the guard judges.
 *
 * @throws PlanRecordError for files that changed while they were planned
 */
function requireAsWritten(folder: string, written: StackFiles, document: string): void {
  const read = JSON.parse(readFileSync(join(folder, DOCUMENT_FILE), 'utf8')) as TerraformDocument;
  const changed = changedFiles(folder, written).filter((name) => name !== LOCK_FILE);
  if (changed.length === 0 && digestOfDocument(read) === document) return;
  throw new PlanRecordError([
    `${folder} changed while it was planned: ${changed.join(', ') || DOCUMENT_FILE}. Another command wrote it. Plan again, and run no other command in this folder meanwhile`,
  ]);
}

/** Whether the stacks after it may read something else once it is applied. */
function changesSomething(outcome: StackOutcome): boolean {
  return outcome.status === 'planned' && (outcome.changes.length > 0 || outcome.after.length > 0);
}

function summaryOf(change: Change, document: TerraformDocument): SummaryChange {
  const { address, action, previous_address: from } = change;
  const found = action === 'update' || action === 'replace' ? differences(change.change) : [];
  return {
    address,
    action,
    ...(from !== undefined && { from }),
    ...(isTainted(change) && { tainted: true }),
    differences: found.map((difference) => ({ path: difference.path, ...describeDifference(difference) })),
    ...(action === 'create' && { content: createdContent(change, document) }),
  };
}

/** The objects that are deleted after their use from now on, and of which the state does not say so yet. */
function ordersToSave(document: TerraformDocument, resources: readonly StateResource[]): number {
  const declared = resourcesByAddress(document);
  return resources.filter(({ mode, module, type, name, instances }) => {
    const lifecycle = declared.get(`${type}.${name}`)?.['lifecycle'];
    return (
      mode === 'managed' &&
      module === undefined &&
      isObject(lifecycle) &&
      lifecycle['create_before_destroy'] === true &&
      instances.some(({ create_before_destroy }) => create_before_destroy !== true)
    );
  }).length;
}

/** Names of the outputs that change. */
function outputsOf({ output_changes = {} }: PlanJson): string[] {
  return Object.entries(output_changes)
    .filter(([, { actions }]) => actions.some((action) => action !== 'no-op'))
    .map(([name]) => name);
}
