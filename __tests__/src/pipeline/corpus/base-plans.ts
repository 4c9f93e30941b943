import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../../../src/manifests/field';
import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { type Finding, guard } from '../../../../src/pipeline/guard/guard';
import type { PlannedStack } from '../../../../src/pipeline/plan/planned-stack';
import { firstPlan } from '../first-plan';
import type { Recording } from '../recorded-plan';
import { writtenPlan } from '../written-plan';

/** Resources by type and name, as Terraform JSON has them. */
export type Resources = Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;

/** What a change sets in an object; in a list, of its first element. Null removes a value. */
export type Patch = Readonly<Record<string, unknown>>;

const FOLDER = join(__dirname, '../plans');

/** Every object that exists in a recorded plan, by its address: values that the AWS and Kubernetes providers have read. */
const EXISTING: ReadonlyMap<string, JsonObject> = new Map(
  readdirSync(FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .reverse()
    .flatMap((file) => {
      const { plan } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Recording;
      return [
        ...(plan.prior_state?.values?.root_module?.resources ?? []).map(({ address, values }) => ({
          address,
          values,
        })),
        ...(plan.resource_changes ?? []).map(({ address, change }) => ({ address, values: change.before })),
      ];
    })
    .flatMap(({ address, values }): [string, JsonObject][] => (isObject(values) ? [[address, values]] : [])),
);

/** An object of a recorded plan. */
export function existing(address: string): JsonObject {
  const found = EXISTING.get(address);
  if (found === undefined) throw new Error(`no recorded plan has ${address}`);
  return found;
}

function patched(value: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  if (Array.isArray(value)) return [patched(value[0] ?? {}, patch), ...(value as unknown[]).slice(1)];
  const changed = Object.entries(patch).map(([key, inside]): [string, unknown] => [
    key,
    patched(isObject(value) ? value[key] : undefined, inside),
  ]);
  return { ...(isObject(value) ? value : {}), ...Object.fromEntries(changed) };
}

/** A plan that changes an object of a recorded plan. */
export function changing(address: string, patch: Patch): PlannedStack {
  const before = existing(address);
  return writtenPlan('dev', { [address]: { before, after: patched(before, patch) as JsonObject } });
}

/** A plan that takes an object of a recorded plan away. */
export function losing(address: string, action: 'delete' | 'forget' | 'replace'): PlannedStack {
  const before = existing(address);
  return writtenPlan('dev', {
    [address]:
      action === 'replace'
        ? { before, after: before, actions: ['delete', 'create'], replace_paths: [['name']] }
        : { before, actions: [action] },
  });
}

/** A plan that creates objects in a stack of which something exists, or nothing. */
export function creating(resource: Resources, isNew = false): PlannedStack {
  const stack = firstPlan({ name: 'dev', document: { resource } });
  const { prior_state: something } = writtenPlan('dev', {}).plan;
  return isNew ? stack : { ...stack, plan: { ...stack.plan, ...(something && { prior_state: something }) } };
}

/** What is stopped of a plan, with addresses in its stack. */
export function stopped(stack: PlannedStack): Pick<Finding, 'rule' | 'address' | 'message'>[] {
  return findings(stack).map(({ rule, address, message }) => ({ rule, address, message }));
}

/** The same, with the digest that an exception names. */
export function findings(stack: PlannedStack): Pick<Finding, 'rule' | 'address' | 'message' | 'change'>[] {
  return guard({
    stacks: [stack],
    documents: [stack],
    exceptions: [],
    maxChanges: 1e6,
    today: new Date('2026-11-29'),
  }).stopped.map(({ rule, address, message, change }) => ({
    ...{ rule, message, change },
    address: address.replace(/^dev\//, ''),
  }));
}

export type { JsonObject };
