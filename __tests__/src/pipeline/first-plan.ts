import { isObject } from '../../../src/manifests/field';
import type { Stack } from '../../../src/manifests/stacks';
import type { Json } from '../../../src/manifests/terraform-document';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';

/** Arguments of Terraform itself, which are in no plan. */
const OF_TERRAFORM = ['//', 'connection', 'depends_on', 'lifecycle', 'provider', 'provisioner'];

/** What a first plan of a stack is: everything is created, and what refers to something else is not known yet. */
export function firstPlan({ name, document }: Pick<Stack, 'name' | 'document'>): PlannedStack {
  const resources = Object.entries(document.resource ?? {}).flatMap(([type, named]) =>
    Object.entries(named).map(([label, body]) => ({
      type,
      label,
      body: Object.fromEntries(Object.entries(body).filter(([name]) => !OF_TERRAFORM.includes(name))),
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
function evaluated(value: Json): Json {
  const [, text] = ENCODED.exec(typeof value === 'string' ? value : '') ?? [];
  return text === undefined ? value : Buffer.from(JSON.parse(text) as string).toString('base64');
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
