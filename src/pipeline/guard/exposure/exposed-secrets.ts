import { blocksOf, textOf } from '../../../manifests/attributes';
import { saysSecret } from '../../../facts/secret-names';
import { isObject } from '../../../manifests/field';
import { MANIFEST } from '../../../manifests/kinds';
import type { KubernetesObject } from '../../../manifests/objects';
import type { Json, JsonObject } from '../../../manifests/terraform-document';
import { changeIdentity } from '../change/change-digest';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { fieldOf, podTemplates } from '../change/kubernetes-change';
import { SENSITIVE, UNKNOWN } from '../change/legible-values';
import type { Observation, Rule } from '../guard-rule';
import { writtenAt } from '../change/written-arguments';

/**
 * Unmasks a secret. That is a value that was sensitive and is not any more, of an object or of an output. It is a value that gets
 * into the state, where a write-only argument would keep it out. It is a literal in an environment variable or ConfigMap whose
 * name says that it is a secret. It holds for new stacks too. No value is told or made part of a digest.
 */
export const SECRET: Rule = ({ stacks }) =>
  stacks.flatMap((stack) => [
    ...stack.changes.flatMap((change) =>
      [...unmasked(change, stack), ...storedValues(change, stack), ...literals(change)].map(
        (message): Observation => ({
          stack: stack.name,
          address: change.address,
          message,
          identity: changeIdentity(change, message),
        }),
      ),
    ),
    ...unmaskedOutputs(stack),
  ]);

function unmasked({ address }: GuardedChange, { plan }: GuardedStack): string[] {
  const change = plan.resource_changes?.find((resource) => resource.address === address)?.change;
  return sensitivePaths(change?.before_sensitive)
    .filter((path) => !isSensitive(change?.after_sensitive, path) && !isUnset(change?.after, path))
    .map((path) => `shows ${path.join('.')}, which was sensitive, in plans and logs`);
}

/** Where a value is sensitive, whole. */
function sensitivePaths(mark: Json | undefined, path: readonly string[] = []): (readonly string[])[] {
  if (mark === true) return [path];
  return Object.entries(isContainer(mark) ? mark : {}).flatMap(([key, inside]) =>
    sensitivePaths(inside, [...path, key]),
  );
}

function isSensitive(mark: Json | undefined, [key, ...rest]: readonly string[]): boolean {
  if (mark === true || key === undefined) return mark === true;
  return isSensitive(isContainer(mark) ? (mark as JsonObject)[key] : undefined, rest);
}

function isUnset(value: Json | undefined, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined || !isContainer(value)) return value === null || value === undefined || value === '';
  return isUnset((value as JsonObject)[key], rest);
}

function isContainer(value: Json | undefined): value is JsonObject | readonly Json[] {
  return typeof value === 'object' && value !== null;
}

/** The plan calls an output sensitive that is or was it: what it will be is in the document only. */
function unmaskedOutputs({ name: stack, plan, document }: GuardedStack): Observation[] {
  const declared = isObject(document['output']) ? document['output'] : {};
  return Object.entries(plan.output_changes ?? {})
    .filter(([name, change]) => {
      const output = declared[name];
      return (
        change.before !== null &&
        change.before_sensitive === true &&
        isObject(output) &&
        output['sensitive'] !== true
      );
    })
    .map(([name]) => ({
      stack,
      address: `output.${name}`,
      message: 'shows an output that was sensitive in plans and logs',
      identity: name,
    }));
}

/** By Terraform type, the arguments whose values get into the state, and what keeps them out. */
const STORED: Readonly<Record<string, { readonly arguments: readonly string[]; readonly instead: string }>> =
  {
    kubernetes_secret_v1: { arguments: ['data', 'binary_data'], instead: 'data_wo' },
    aws_secretsmanager_secret_version: {
      arguments: ['secret_string', 'secret_binary'],
      instead: 'secret_string_wo',
    },
  };

function storedValues(change: GuardedChange, { document }: GuardedStack): string[] {
  const { address, type, before, after, objectBefore, objectAfter } = change;
  if (type === MANIFEST && objectAfter?.kind === 'Secret') {
    return holdsValues(objectAfter) && !holdsValues(objectBefore)
      ? ['writes the values of a Secret into the state; declare it by kubernetes_secret_v1 with data_wo']
      : [];
  }
  const known = STORED[type];
  if (known === undefined || after === undefined) return [];
  // An argument that is not set is unknown too: the provider may compute it.
  const written = writtenAt(document, address);
  return known.arguments
    .filter((name) => isSet(after[name] === UNKNOWN ? written[name] : after[name]) && !isSet(before?.[name]))
    .map((name) => `writes the secret value of ${name} into the state, where ${known.instead} keeps it out`);
}

function holdsValues(secret: KubernetesObject | undefined): boolean {
  return isSet(secret?.['data']) || isSet(secret?.['stringData']);
}

function isSet(value: unknown): boolean {
  if (isObject(value)) return Object.keys(value).length > 0;
  return value !== null && value !== undefined && value !== '';
}

function literals({ objectBefore, objectAfter }: GuardedChange): string[] {
  const known = objectBefore === undefined ? new Map<string, Json>() : named(objectBefore);
  return (objectAfter === undefined ? [] : [...named(objectAfter)])
    .filter(([name, value]) => known.get(name) !== value)
    .map(
      ([name]) => `holds a literal in ${name}, whose name says that it is a secret; take it from a Secret`,
    );
}

/** Literals with the name of a secret, by where they stand. */
function named(object: KubernetesObject): Map<string, Json> {
  const data = object.kind === 'ConfigMap' ? Object.entries(fieldOf(object, 'data')) : [];
  const variables = podTemplates(object)
    .flatMap((template) => {
      const spec = fieldOf(template, 'spec');
      return [...blocksOf(spec['initContainers']), ...blocksOf(spec['containers'])];
    })
    .flatMap((container) =>
      blocksOf(container['env']).map(({ name, value }): [string, string, Json | undefined] => [
        textOf(container['name']),
        textOf(name),
        value,
      ]),
    );
  return new Map([
    ...data
      .filter(([key, value]) => saysSecret(key) && isSet(value))
      .map(([key, value]): [string, Json] => [`the key ${key}`, value]),
    ...variables.flatMap(([container, name, value]): [string, Json][] =>
      value !== undefined && saysSecret(name) && isSet(value) && value !== SENSITIVE
        ? [[`the variable ${name} of the container ${container}`, value]]
        : [],
    ),
  ]);
}
