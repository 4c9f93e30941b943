import { isDeepStrictEqual } from 'node:util';
import { argumentsOf, type Argument, type Arguments } from '../../src/facts/attribute-table';
import { blocksOf, textOf } from '../../src/manifests/attributes';
import { stepsOf } from '../../src/facts/document-path';
import { isObject } from '../../src/manifests/field';
import { MANIFEST } from '../../src/manifests/kinds';
import { asWritten, References } from '../../src/manifests/references';
import { resourcesByAddress } from '../../src/manifests/resources-by-address';
import type { Json, JsonObject, TerraformDocument } from '../../src/manifests/terraform-document';
import type { PlanAction, PlanJson, ResourceChangeJson } from '../../src/pipeline/plan/plan-json';

/** What Terraform would do from one document to another. */
export interface Prediction {
  readonly plan: PlanJson;
  /** Arguments that are taken out, and that the provider keeps, as `address path`. */
  readonly kept: readonly string[];
}

/** Arguments of Terraform itself. The provider plans nothing for other timeouts. */
const META = ['depends_on', 'lifecycle', 'provider', 'timeouts'];

/** The values of each resource, with the literals that its references lead to. */
function literals(document: TerraformDocument): Map<string, JsonObject> {
  const references = new References(document, asWritten, () => undefined);
  return new Map(
    [...resourcesByAddress(document)].map(([address, body]) => [
      address,
      references.literal(body, address, '') as JsonObject,
    ]),
  );
}

/** Predicts by the attribute table alone what the provider would plan. */
export function predictedPlan(before: TerraformDocument, after: TerraformDocument): Prediction {
  const [was, is] = [literals(before), literals(after)];
  const kept: string[] = [];
  const ordered = createdFirst(after);
  const changes = [...new Set([...was.keys(), ...is.keys()])].map((address): ResourceChangeJson => {
    const [type = '', name = ''] = address.split('.');
    const from = was.get(address);
    const to = from ? withoutIgnored(from, is.get(address)) : is.get(address);
    const paths: (readonly string[])[] = [];
    const found = from && to ? differences(type, from, to) : { changed: [], kept: [] };
    kept.push(...found.kept.map((path) => `${address} ${path}`));
    paths.push(...found.changed.flatMap(({ path, replaces }) => (replaces ? [path] : [])));
    const actions = ((): PlanAction[] => {
      if (!from) return ['create'];
      if (!to) return ['delete'];
      if (paths.length > 0) return ordered.has(address) ? ['create', 'delete'] : ['delete', 'create'];
      return found.changed.length > 0 ? ['update'] : ['no-op'];
    })();
    return {
      ...{ address, mode: 'managed', type, name },
      change: {
        actions,
        before: from ?? null,
        after: to ?? null,
        ...(paths.length > 0 && { replace_paths: paths }),
      },
    };
  });
  return {
    plan: { format_version: '1.2', terraform_version: '1.11.4', resource_changes: changes },
    kept,
  };
}

/** What is created before it is destroyed, and all that it depends on: Terraform hands the order on. */
function createdFirst(document: TerraformDocument): ReadonlySet<string> {
  const resources = resourcesByAddress(document);
  const found = new Set<string>();
  const add = (address: string): void => {
    if (found.has(address)) return;
    found.add(address);
    const text = JSON.stringify(resources.get(address));
    for (const [other] of text.matchAll(/\bkubernetes_\w+\.\w+/g)) if (resources.has(other)) add(other);
  };
  for (const [address, { lifecycle }] of resources) {
    if (blocksOf(lifecycle).some(({ create_before_destroy: first }) => first === true)) add(address);
  }
  return found;
}

/** A resource in which what Terraform ignores is as it was. */
function withoutIgnored(before: JsonObject, after: JsonObject | undefined): JsonObject | undefined {
  if (after === undefined) return undefined;
  const made = JSON.parse(JSON.stringify(after)) as JsonObject;
  for (const { ignore_changes: paths } of blocksOf(after['lifecycle'])) {
    for (const path of Array.isArray(paths) ? paths : []) {
      const steps = stepsOf(textOf(path));
      const last = steps.at(-1) ?? '';
      const below = (value: unknown): Record<string, unknown> | undefined =>
        steps.slice(0, -1).reduce<unknown>(
          // A block that is there once may be written as an object.
          (inner, step) =>
            step === 0 && !Array.isArray(inner) ? inner : isTree(inner) ? inner[step] : undefined,
          value,
        ) as Record<string, unknown> | undefined;
      const [was, is] = [below(before), below(made)];
      if (was && is) is[last] = was[last];
    }
  }
  return made;
}

const isTree = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

interface Difference {
  readonly path: readonly string[];
  readonly replaces: boolean;
}

function differences(
  type: string,
  before: JsonObject,
  after: JsonObject,
): { changed: Difference[]; kept: string[] } {
  if (type === MANIFEST) {
    const [was, is] = [before['manifest'], after['manifest']].map((value) => (isObject(value) ? value : {}));
    const identity = (manifest: JsonObject = {}): string[] => {
      const [metadata = {}] = blocksOf(manifest['metadata']);
      return [manifest['apiVersion'], manifest['kind'], metadata['name'], metadata['namespace']].map(textOf);
    };
    const changed = isDeepStrictEqual(was, is)
      ? []
      : [{ path: ['manifest'], replaces: !isDeepStrictEqual(identity(was), identity(is)) }];
    return { changed, kept: [] };
  }
  const known = argumentsOf(type);
  if (!known) throw new Error(`the attribute table lacks ${type}`);
  const changed: Difference[] = [];
  const kept: string[] = [];
  const look = (
    of: Arguments,
    was: JsonObject,
    is: JsonObject,
    path: readonly string[],
    isWhole = false,
  ): void => {
    for (const [name, argument] of Object.entries(of)) {
      const here = [...path, name];
      if (path.length === 0 && META.includes(name)) continue;
      const [from, to] = [was, is].map((values) => values[name] ?? undefined);
      if (argument.block) {
        const [froms, tos] = [ordered(from, argument), ordered(to, argument)];
        if (froms.length === 0 && tos.length > 0 && argument.isKept) continue;
        for (let i = 0; i < Math.max(froms.length, tos.length); i += 1) {
          const [a, b] = [froms[i], tos[i]];
          const isWhole = a === undefined || b === undefined;
          if (isWhole) changed.push({ path: here, replaces: argument.replaces });
          look(argument.block, a ?? {}, b ?? {}, here, isWhole);
        }
        continue;
      }
      // An empty text is no value to the provider either: it keeps the computed one, and sends it.
      const isTakenOut = plainValue(to, argument) === undefined && plainValue(from, argument) !== undefined;
      if (isTakenOut && argument.isKept && !isWhole) {
        kept.push(here.join('.'));
        (is as Record<string, Json | undefined>)[name] = from;
      } else if (!isDeepStrictEqual(plainValue(from, argument), plainValue(to, argument))) {
        changed.push({ path: here, replaces: argument.replaces });
      }
    }
  };
  look(known, before, after, []);
  return { changed, kept };
}

/** Blocks, those of a set in one order. */
function ordered(value: Json | undefined, { type }: Argument): JsonObject[] {
  const blocks = [...blocksOf(value)];
  return type === 'set' ? blocks.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : blocks;
}

/** A value as Terraform compares it: what is empty is absent, and so is `false`; a number may be written as a text. */
function plainValue(value: Json | undefined, { type }: Argument): unknown {
  if (value === undefined || value === null || value === '' || value === false) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(String);
    return items.length === 0 ? undefined : type.startsWith('set') ? items.sort() : items;
  }
  if (typeof value === 'object') return Object.keys(value).length === 0 ? undefined : value;
  return String(value);
}
