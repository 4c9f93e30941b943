import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../../manifests/stacks';
import type { Commit } from '../plan/commit';
import { digestOfDocument, digestOfFile } from '../plan/digest';
import { changedFiles, DOCUMENT_FILE } from '../plan/stack-files';
import { planFolder } from './apply-folder';
import { changesAnything, planFile, PlanRecordError, type PlanRecord } from '../plan/plan-record';
import { npmRun } from '../../facts/selected-platform';
import { STACK } from '../../facts/stack-names';

/** What saved plans are held against. */
export interface Present {
  /** The folder that synthesis wrote when it was planned. */
  readonly outdir: string;
  /** The stacks there. */
  readonly saved: readonly Stack[];
  readonly commit: Commit | undefined;
  readonly today: Date;
  /** The digest of what was reviewed, where somebody has said it. */
  readonly digest?: string;
}

/**
 * Holds saved plans against what is there now, before anything is applied. That the states are still those that were planned
 * on is Terraform's own check.
 *
 * @throws PlanRecordError with everything that is not as it was planned, or was not let pass
 */
export function verifyPlans(record: PlanRecord, present: Present): void {
  const findings = [
    ...ofReview(record, present),
    ...ofCommit(record, present),
    ...ofGuard(record, present),
    ...ofStacks(record, present),
  ];
  if (findings.length > 0)
    throw new PlanRecordError(findings.map((finding) => `${finding}; nothing was applied`));
}

function ofReview({ digest }: PlanRecord, { digest: reviewed }: Present): string[] {
  if (reviewed === undefined || reviewed === digest) return [];
  return [`these are not the reviewed plans: their digest is ${digest}, and --digest says ${reviewed}`];
}

function ofCommit({ commit: then }: PlanRecord, { commit: now }: Present): string[] {
  const words = (commit: Commit | undefined): string =>
    commit ? `the commit ${commit.id}` : 'no repository';
  if (then?.id === now?.id) {
    return then?.dirty === now?.dirty
      ? []
      : [`files differ from ${words(then)} ${now?.dirty ? 'now' : 'no more'}: plan again`];
  }
  return [`planned in ${words(then)}, and this is ${words(now)}: check out the former, or plan again`];
}

function ofGuard({ guard }: PlanRecord, { today }: Present): string[] {
  const day = today.toISOString().slice(0, 10);
  const ended = guard.passed.filter(({ allowedBy }) => allowedBy.until < day);
  return [
    ...(guard.stopped.length > 0
      ? [`the guard stopped these plans: see the output of ${npmRun('plan')}`]
      : []),
    ...ended.map(
      ({ allowedBy: { address, until } }) => `the exception for ${address} has ended on ${until}: plan again`,
    ),
  ];
}

function ofStacks({ stacks }: PlanRecord, { outdir, saved }: Present): string[] {
  const known = new Set(stacks.map(({ name }) => name));
  const unplanned = saved.filter(({ name }) => !known.has(name));
  return [
    ...unplanned.map(({ name }) => `stack ${name} is new since it was planned: plan again`),
    ...stacks.flatMap((outcome) => {
      const { name, status } = outcome;
      if (status === 'failed') return [`stack ${name} could not be planned: fix it, and plan again`];
      if (status !== 'planned') return [];
      if (name === STACK.pipeline && changesAnything(outcome)) {
        return [
          `stack ${name}: its plan changes the roles of the pipeline, which only an administrator may do. ` +
            `As one, run ${npmRun('state:bootstrap')} on this commit; then plan again`,
        ];
      }
      const file = planFile(outdir, name);
      if (!existsSync(file)) return [`stack ${name}: its plan ${file} is gone: plan again`];
      return [
        ...(digestOfFile(file) === outcome.plan
          ? []
          : [`stack ${name}: its plan ${file} is not the one that was saved: plan again`]),
        ...(hasDocument(saved, name, outcome.document)
          ? []
          : [`stack ${name}: its Terraform JSON in ${outdir} is not what was planned: plan again`]),
        ...changedFiles(join(outdir, planFolder(name)), outcome.files)
          .filter((changed) => changed !== DOCUMENT_FILE) // judged by its content
          .map((changed) => `stack ${name}: ${changed} in ${outdir} is not what was planned: plan again`),
      ];
    }),
  ];
}

function hasDocument(stacks: readonly Stack[], name: string, digest: string): boolean {
  const stack = stacks.find((other) => other.name === name);
  return stack !== undefined && digestOfDocument(stack.document) === digest;
}
