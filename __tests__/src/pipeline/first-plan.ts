import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../../src/manifests/field';
import { resourcesByAddress } from '../../../src/manifests/resources-by-address';
import type { Stack } from '../../../src/manifests/stacks';
import type { Json, JsonObject } from '../../../src/manifests/terraform-document';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { type WrittenChange, writtenPlan } from './written-plan';

/** Arguments of Terraform itself, which are in no plan. */
const OF_TERRAFORM = ['//', 'connection', 'depends_on', 'lifecycle', 'provider', 'provisioner'];

const argumentsOf = (body: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !OF_TERRAFORM.includes(name)));

/** What a first plan of a stack is: everything is created, and what refers to something else is not known yet. */
export function firstPlan({ name, document }: Pick<Stack, 'name' | 'document'>): PlannedStack {
  const resources = Object.entries(document.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([label, body]) => ({
      type,
      label,
      body: argumentsOf(body),
    })),
  );
  return {
    name,
    document,
    protectedBefore: [],
    plan: {
      format_version: '1.2',
      terraform_version: '1.11.4',
      resource_changes: resources.map(({ type, label, body }) => ({
        address: `${type}.${label}`,
        mode: 'managed',
        type,
        name: label,
        change: { actions: ['create'], before: null, after: known(body), after_unknown: unknown(body) },
      })),
    },
  };
}

/** Terraform knows this function's result at once. */
const ENCODED = /^\$\{base64encode\((".*")\)\}$/s;

const isReference = (value: Json): boolean =>
  typeof value === 'string' && value.includes('${') && !ENCODED.test(value);

/** A value as Terraform evaluates it. */
function evaluated<T extends Json>(value: T): T {
  const texts = JSON.stringify(value, (_, inside: Json) => {
    const [, text] = ENCODED.exec(typeof inside === 'string' ? inside : '') ?? [];
    return text === undefined ? inside : Buffer.from(JSON.parse(text) as string).toString('base64');
  });
  return JSON.parse(texts) as T;
}

function known(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => known(item));
  if (!isObject(value)) return isReference(value) ? null : evaluated(value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => !isReference(item))
      .map(([key, item]) => [key, known(item)]),
  );
}

function unknown(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => unknown(item));
  if (!isObject(value)) return isReference(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unknown(item)]));
}

/** What Terraform knows of an object that exists, made up. */
const valueOf = (reference: string): string => `arn:aws:known::111122223333:${reference}`;

/** The plans of an edit, by what was synthesized before and after it. */
export function edits(before: readonly Stack[], after: readonly Stack[]): PlannedStack[] {
  return after.map((stack) => {
    const earlier = before.find(({ name }) => name === stack.name);
    const created = firstPlan(stack);
    if (earlier === undefined) return created;
    const was = resourcesByAddress(earlier.document);
    const resolved = (body: JsonObject): JsonObject =>
      JSON.parse(
        JSON.stringify(evaluated(argumentsOf(body))).replace(
          /\$\{(\w+\.[\w-]+)\.([\w.[\]]+)\}/g,
          (reference, address: string, attribute: string) =>
            was.has(address) ? valueOf(`${address}.${attribute}`) : reference,
        ),
      ) as JsonObject;
    const updated = [...was].flatMap(([address, body]): [string, WrittenChange][] => {
      const now = resourcesByAddress(stack.document).get(address);
      const values = resolved(body);
      if (now === undefined) return [[address, { before: values, actions: ['delete'] }]];
      const wanted = resolved(now);
      if (isDeepStrictEqual(wanted, values)) return [];
      return [
        [address, { before: values, after: known(wanted) as JsonObject, after_unknown: unknown(wanted) }],
      ];
    });
    const { plan, ...rest } = writtenPlan(stack.name, Object.fromEntries(updated), stack.document);
    const resources = [...was].map(([address, body]) => {
      const [type = '', name = ''] = address.split('.');
      const values = { ...resolved(body), arn: valueOf(`${address}.arn`) };
      return { address, mode: 'managed' as const, type, name, values };
    });
    return {
      ...rest,
      plan: {
        ...plan,
        prior_state: { values: { root_module: { resources } } },
        resource_changes: [
          ...(plan.resource_changes ?? []),
          ...(created.plan.resource_changes ?? []).filter(({ address }) => !was.has(address)),
        ],
      },
    };
  });
}
