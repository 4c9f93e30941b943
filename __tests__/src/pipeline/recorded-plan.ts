import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TerraformDocument } from '../../../src/manifests/terraform-document';
import { guard, type Finding, type GuardOptions, type GuardReport } from '../../../src/pipeline/guard/guard';
import type { PlanJson } from '../../../src/pipeline/plan/plan-json';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';

/** The day on which the tests are. */
export const TODAY = new Date('2026-11-25T12:00:00Z');

export interface Recording {
  /** What was changed before it was planned. */
  readonly changed: string;
  /** Versions by source. */
  readonly providers: Readonly<Record<string, string>>;
  readonly stack: string;
  readonly plan: PlanJson;
  readonly document: TerraformDocument;
  readonly protectedBefore: readonly string[];
}

/** A plan that real Terraform made; how is told in plans/README.md. */
export function recordedPlan(name: string): PlannedStack {
  const text = readFileSync(join(__dirname, 'plans', `${name}.json`), 'utf8');
  const { stack, plan, document, protectedBefore } = JSON.parse(text) as Recording;
  return { name: stack, plan, document, protectedBefore };
}

/** What the guard says of recorded plans. */
export function guarded(names: readonly string[], options: Partial<GuardOptions> = {}): GuardReport {
  const stacks = names.map(recordedPlan);
  return guard({
    stacks,
    documents: stacks.map(({ name, document }) => ({ name, document })),
    exceptions: [],
    maxChanges: 1000,
    today: TODAY,
    ...options,
  });
}

/** What is stopped, as `rule address: message`; of one rule when it is given. */
export function stopped(
  name: string,
  rule?: Finding['rule'],
  options: Partial<GuardOptions> = {},
): Record<string, string> {
  const found = guarded([name], options).stopped.filter(
    (finding) => rule === undefined || finding.rule === rule,
  );
  return Object.fromEntries(
    found.map(({ rule: by, address, message }) => [
      rule === undefined ? `${by} ${address}` : address,
      message,
    ]),
  );
}
