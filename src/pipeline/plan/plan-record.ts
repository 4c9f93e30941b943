import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Commit } from './commit';
import { digestOf } from './digest';
import type { StateVersion } from '../apply/applied-record';
import type { EditEffect } from '../edit/edit-effects';
import type { GuardReport } from '../guard/guard-finding';
import type { Action } from './planned-stack';
import type { JsonObject } from '../../manifests/terraform-document';
import type { PlatformRecord } from '../../manifests/platform-record';
import type { Stack } from '../../manifests/stacks';
import { UserError } from '../../facts/user-error';
import { npmRun } from '../../facts/selected-platform';

/** Digests of the files that Terraform is run with in a stack's folder, by their paths in it. */
export type StackFiles = Readonly<Record<string, string>>;

/** A change in words, for the summary. */
export interface SummaryChange {
  readonly address: string;
  readonly action: Action;
  /** Where it was, when it was moved. */
  readonly from?: string;
  /** An earlier apply did not finish its creation. @default false */
  readonly tainted?: boolean;
  /** The arguments that differ, each as a path; what is sensitive is masked. */
  readonly differences: readonly { readonly path: string; readonly before: string; readonly after: string }[];
  /** What an object that is created will hold; what is sensitive is masked. @default - it exists */
  readonly content?: JsonObject;
}

/** What became of the planning of a stack. */
export type StackOutcome =
  | {
      readonly status: 'planned';
      readonly name: string;
      readonly changes: readonly SummaryChange[];
      /** Names of the outputs that change. */
      readonly outputs: readonly string[];
      /** Number of objects whose order of deletion the apply saves, which is no change for Terraform. @default 0 */
      readonly orders?: number;
      /** Digest of the stack's Terraform JSON. */
      readonly document: string;
      /** Digest of the saved plan. */
      readonly plan: string;
      /** Digests of the files that it was planned with. */
      readonly files: StackFiles;
      /** The platform no longer has the stack: all that its state holds is destroyed. @default false */
      readonly removed?: boolean;
      /** The state that it was planned on. @default - it has none yet */
      readonly state?: StateVersion;
      /** Names of the stacks that it depends on, and that change too. */
      readonly after: readonly string[];
    }
  | { readonly status: 'unchanged'; readonly name: string }
  /** Others were named on the command line, or something else than Terraform applies it: the reason says what. */
  | { readonly status: 'left out'; readonly name: string; readonly reason?: string }
  | {
      readonly status: 'waiting';
      readonly name: string;
      /** Names of the stacks that have to be applied first. */
      readonly after: readonly string[];
      readonly reason: string;
    }
  | {
      readonly status: 'failed';
      readonly name: string;
      readonly reason: string;
      /** Terraform could plan it and refuses to: the answer is no. */
      readonly refused: boolean;
    };

export type PlannedOutcome = Extract<StackOutcome, { status: 'planned' }>;

/** What was planned, all stacks together: what `apply` goes by. */
export interface PlanRecord {
  /** When, as an ISO date. */
  readonly at: string;
  /** None outside a repository. */
  readonly commit?: Commit;
  /** In an order in which they can be applied. */
  readonly stacks: readonly StackOutcome[];
  readonly guard: GuardReport;
  /** Classes of the platform's own types and kinds that the guard went by, each as `type path class`. */
  readonly classes: readonly string[];
  /** Name of the platform, which its cluster has too. */
  readonly name: string;
  /** The region and the account that were planned for. */
  readonly region: string;
  readonly account: string;
  /** The objects that each stack takes over from others, by the stack's name. */
  readonly handedOver: PlatformRecord['handedOver'];
  /** What the edit does to what runs. */
  readonly effects: readonly EditEffect[];
  /** The stacks that the platform no longer has, each before those that it depended on. @default - none */
  readonly removed?: readonly Pick<Stack, 'name' | 'dependencies'>[];
  /** Of all of the above. */
  readonly digest: string;
}

/** Saved plans are not there, have been changed, or are of another program. */
export class PlanRecordError extends UserError {
  readonly code = 'unusable-plans';
  readonly exitStatus = 1;
}

/** The folder of the saved plans, below the one that synthesis wrote. */
export function plansFolder(outdir: string): string {
  return join(outdir, 'plans');
}

/** The file of a stack's saved plan. It holds values of the state, so that only this user may read it. */
export function planFile(outdir: string, stack: string): string {
  return join(plansFolder(outdir), `${stack}.tfplan`);
}

/** Takes away what an earlier run has saved, and makes the folder. */
export function clearPlans(outdir: string): void {
  rmSync(plansFolder(outdir), { recursive: true, force: true });
  mkdirSync(plansFolder(outdir), { recursive: true, mode: 0o700 });
}

/** Saves what was planned. @returns it with its digest */
export function writePlanRecord(outdir: string, content: Omit<PlanRecord, 'digest'>): PlanRecord {
  const record = { ...content, digest: digestOf(JSON.stringify(content)) };
  writeFileSync(recordFile(outdir), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  return record;
}

/**
 * What was planned last.
 *
 * @throws PlanRecordError when nothing was, or when the record has been changed since
 */
export function readPlanRecord(outdir: string): PlanRecord {
  const file = recordFile(outdir);
  if (!existsSync(file)) throw new PlanRecordError([`${file} does not exist: run ${npmRun('plan')} first`]);
  const { digest, ...content } = parse(file);
  const found = digestOf(JSON.stringify(content));
  if (found !== digest) {
    throw new PlanRecordError([
      `${file} is not as it was saved: its digest is ${found}, and it says ${digest}; run ${npmRun('plan')} again`,
    ]);
  }
  return { ...content, digest };
}

function parse(file: string): PlanRecord {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as PlanRecord;
  } catch (error) {
    throw new PlanRecordError([`${file} is not whole: ${String(error)}; run ${npmRun('plan')} again`]);
  }
}

function recordFile(outdir: string): string {
  return join(plansFolder(outdir), 'plan.json');
}

/** Whether an apply has anything to do for a plan. Of a removed stack at least the state is to be emptied. */
export function changesAnything(outcome: StackOutcome): boolean {
  return (
    outcome.status === 'planned' &&
    (outcome.removed === true || outcome.changes.length + outcome.outputs.length > 0)
  );
}
