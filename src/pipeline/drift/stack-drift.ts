import { resolve } from 'node:path';
import type { Stack } from '../../manifests/stacks';
import type { Terraform } from '../../terraform/terraform';
import type { Json } from '../../manifests/terraform-document';
import { differences, type Difference, type Side } from '../plan/plan-differences';
import type { PlanJson, ResourceChangeJson } from '../plan/plan-json';
import { changesOf, type Action, type Change } from '../plan/planned-stack';

/** How an ordinary apply undoes what was done outside Terraform. */
export type Remedy = Extract<Action, 'create' | 'update' | 'replace'>;

/** An object that is not as it was applied, and that the next apply would make so again. */
export interface DriftedObject {
  readonly address: string;
  readonly remedy: Remedy;
  /** What the next apply undoes, as it was applied and as it is; empty for what was deleted. */
  readonly differences: readonly Difference[];
}

/** An object that has changed in what Terraform leaves alone: its status, its version, what `ignore_changes` names. */
export interface NotedObject {
  readonly address: string;
  readonly differences: readonly Difference[];
}

/** What has become of a stack since it was applied. */
export interface StackDrift {
  /** Whether it has anything that can drift. */
  readonly applied: boolean;
  /** What was done outside Terraform and would be undone: deleted objects first, then those that would be replaced. */
  readonly drifted: readonly DriftedObject[];
  /** What has changed and stays so. */
  readonly noted: readonly NotedObject[];
  /** Addresses that are changed with those that have drifted, because they refer to them. */
  readonly following: readonly string[];
  /** Addresses whose changes in the program are not applied yet. */
  readonly unapplied: readonly string[];
}

export interface DriftOptions {
  /** A private folder for plans, which hold what the state holds; absolute. */
  readonly plans: string;
  /** Whether Terraform locks the state: not possible for who may only read. @default true */
  readonly lock?: boolean;
}

const AS_APPLIED: StackDrift = {
  applied: true,
  drifted: [],
  noted: [],
  following: [],
  unapplied: [],
};

/**
 * Looks what has changed in a stack outside Terraform; changes nothing.
 *
 * @throws TerraformError when the stack cannot be planned
 */
export async function lookForDrift(
  { name }: Pick<Stack, 'name'>,
  terraform: Terraform,
  { plans, lock = true }: DriftOptions,
): Promise<StackDrift> {
  await terraform.init();
  const state = await terraform.pullState();
  if (state === undefined || state.resources.length === 0) return { ...AS_APPLIED, applied: false };
  const refreshOnly = resolve(plans, `${name}-refresh-only`);
  if ((await terraform.plan({ refreshOnly: true, out: refreshOnly, lock })).empty) {
    return AS_APPLIED;
  }
  const ordinary = resolve(plans, name);
  await terraform.plan({ out: ordinary, lock });
  return judgeDrift(
    (await terraform.show(refreshOnly)) as PlanJson,
    (await terraform.show(ordinary)) as PlanJson,
  );
}

/**
 * Reports what matters of the changes: what an ordinary plan would undo. No list of attributes is kept for it.
 *
 * @param refreshOnly the plan that says what has changed outside Terraform
 * @param ordinary the plan that says what the next apply would do
 */
export function judgeDrift(refreshOnly: PlanJson, ordinary: PlanJson): StackDrift {
  const planned = new Map(changesOf({ name: '', plan: ordinary }).map((change) => [change.address, change]));
  const drifted: DriftedObject[] = [];
  const noted: NotedObject[] = [];
  for (const resource of refreshOnly.resource_drift ?? []) {
    const { address } = resource;
    // An object that has only got another address is as it was.
    if (resource.change.actions.every((action) => action === 'no-op')) continue;
    const found = driftOf(resource, planned.get(address));
    if (found) drifted.push(found);
    else {
      const found = differences(resource.change).filter(
        ({ before, after }) => !isEmpty(before) || !isEmpty(after),
      );
      if (found.length > 0) noted.push({ address, differences: found });
    }
  }
  const isDrifted = new Set(drifted.map(({ address }) => address));
  const others = [...planned.values()].filter(({ address }) => !isDrifted.has(address));
  const isMadeAnew = drifted.some(({ remedy }) => remedy !== 'update');
  const follows = (change: Change): boolean => isMadeAnew && isKnownOnlyLater(change);
  return {
    applied: true,
    drifted: drifted.sort((a, b) => RISK[a.remedy] - RISK[b.remedy]),
    noted,
    following: others.filter(follows).map(({ address }) => address),
    unapplied: others.filter((change) => !follows(change)).map(({ address }) => address),
  };
}

/** The provider reads what was never set as an empty block or list. */
function isEmpty(side: Side): boolean {
  const isVoid = (value: Json): boolean =>
    value === null || (typeof value === 'object' && Object.values(value).every((each) => isVoid(each)));
  return side.state === 'absent' || (side.state === 'known' && isVoid(side.value));
}

/** What is done to undo it costs more the lower the number. */
const RISK: Readonly<Record<Remedy, number>> = { create: 0, replace: 1, update: 2 };

/** Nothing when the next apply leaves the object as it has become, or changes it for another reason. */
function driftOf(outside: ResourceChangeJson, next: Change | undefined): DriftedObject | undefined {
  const { address } = outside;
  const remedy = next?.action;
  if (next === undefined || !isRemedy(remedy)) return undefined;
  if (remedy === 'create') return { address, remedy, differences: [] };
  const undone = undonePaths(next);
  const found = differences(outside.change).filter(({ path }) =>
    undone.some((other) => overlap(pattern(path), other)),
  );
  return found.length > 0 ? { address, remedy, differences: found } : undefined;
}

function isRemedy(action: Action | undefined): action is Remedy {
  return action === 'create' || action === 'update' || action === 'replace';
}

/** The paths that a change gives other values. In a replacement, values that are known after apply do not count. */
function undonePaths(next: Change): string[] {
  const found = differences(next.change).filter(
    ({ after }) => next.action !== 'replace' || after.state !== 'unknown',
  );
  return [...found.map(({ path }) => pattern(path)), ...replacePaths(next)];
}

/** The paths that make a change a replacement, without the places in lists. */
function replacePaths({ change }: Change): string[] {
  return (change.replace_paths ?? []).map((path) =>
    path.filter((step) => typeof step === 'string').join('.'),
  );
}

/** A path without the places in lists: an element that came or went has moved those after it. */
function pattern(path: string): string {
  return path.replace(/\[\d+\]/g, '');
}

/** Whether one path is the other, or leads to it. */
function overlap(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return long.startsWith(short) && ['', '.', '['].includes(long.charAt(short.length));
}

/** Whether the result of a change is known only after apply. Of a replacement, only the paths that cause it count. */
function isKnownOnlyLater(next: Change): boolean {
  if (next.action !== 'update' && next.action !== 'replace') return false;
  const causes = replacePaths(next);
  const decisive = differences(next.change).filter(
    ({ path }) => next.action === 'update' || causes.some((cause) => overlap(pattern(path), cause)),
  );
  return decisive.length > 0 && decisive.every(({ after }) => after.state === 'unknown');
}
