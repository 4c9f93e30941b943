import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { parseDocument, type Document } from 'yaml';
import { resourcesByAddress } from '../../../src/manifests/resources-by-address';
import type { Stack } from '../../../src/manifests/stacks';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import { effectsOfEdit } from '../../../src/pipeline/edit/edit-effects';
import { guard } from '../../../src/pipeline/guard/guard';
import { requireSamePlatform } from '../../../src/pipeline/plan/platform-identity';
import { parsePlatform } from '../../own-platform';
import { statesOf } from '../../src/pipeline/states-of';
import { edits } from '../../src/pipeline/first-plan';
import { synthesized } from '../../stacks/synthesized-platform';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { EVERY_RESOURCE, replaces } from './noticed';
import { KEY_EDITS, type KeyEdit } from './key-edits';

/** What an edit is of a key. */
export const OPERATIONS = ['add', 'change', 'remove'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** An object that an edit adds, changes or removes, by stack and type, with the arguments that change. */
export interface ChangedObject {
  readonly stack: string;
  readonly type: string;
  readonly action: 'create' | 'change' | 'destroy';
  readonly arguments: readonly string[];
}

/** What came of an edit. */
export interface Tried {
  readonly key: string;
  readonly operation: Operation;
  /** Why platform.yaml is wrong then, or is that of another platform. */
  readonly wrong?: string | undefined;
  readonly objects: readonly ChangedObject[];
  /** Codes of the table of edits. */
  readonly codes: readonly string[];
  /** Rules of the guard. */
  readonly stopped: readonly string[];
}

/** The platform that each edit is tried on: that of the repository with two node groups and one namespace. */
const BASE = readFileSync('platform.yaml', 'utf8')
  .replace(/^ {2}(qa|stage|prod|node-3): .*\n/gm, '')
  .replace('nodes: [node-1, node-2, node-3]', 'nodes: [node-1, node-2]')
  .replace(/workloads: .*$/m, 'workloads: {} }');

/** The names that stand for `<name>`. Where the key itself is the name, it is one that is not there. */
const pathOf = (key: string): string[] =>
  (key.endsWith('.<name>') ? key.replace('<name>', 'other') : key.replace(/^nodes\.<name>/, 'nodes.node-2'))
    .replace(/^namespaces\.<name>/, 'namespaces.dev')
    .split('.')
    .reduce<string[]>((path, part) => {
      // The kubelet's own names have dots.
      const parent = path.at(-1);
      return parent !== undefined &&
        /^(memory|nodefs|imagefs|pid)$/.test(parent) &&
        path.includes('evictionHard')
        ? [...path.slice(0, -1), `${parent}.${part}`]
        : [...path, part];
    }, []);

type Documents = Readonly<Record<string, Stack['document']>>;
const made = new Map<string, Documents | string>();

/** What is synthesized of a text, or why it cannot be. */
function documentsOf(text: string): Documents | string {
  const known = made.get(text);
  if (known !== undefined) return known;
  let result: Documents | string;
  try {
    result = synthesized(text) as unknown as Documents;
  } catch (error) {
    result = (error as Error).message;
  }
  made.set(text, result);
  return result;
}

function textWith(key: string, value: unknown, { beside }: KeyEdit): string {
  const file: Document = parseDocument(BASE);
  beside?.(file);
  const path = pathOf(key);
  if (value !== undefined) file.setIn(path, value);
  else if (file.hasIn(path)) file.deleteIn(path);
  return file.toString();
}

const stacksOf = (documents: Documents): Stack[] =>
  Object.entries(documents).map(([name, document]) => ({ name, document }) as Stack);

function changedObjects(before: Documents, after: Documents): ChangedObject[] {
  const stacks = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const all = stacks.flatMap((stack): ChangedObject[] => {
    const [was, is] = [before, after].map((documents) =>
      documents[stack] === undefined ? new Map<string, JsonObject>() : resourcesByAddress(documents[stack]),
    );
    const providers = [before, after].map((documents) => documents[stack]?.provider);
    const tagged: ChangedObject[] =
      providers.includes(undefined) || isDeepStrictEqual(providers[0], providers[1])
        ? []
        : [{ stack, type: EVERY_RESOURCE, action: 'change', arguments: ['tags'] }];
    const objects = [...new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])].flatMap(
      (address): ChangedObject[] => {
        const [type = ''] = address.split('.');
        const [own, other] = [was?.get(address), is?.get(address)];
        if (own === undefined || other === undefined)
          return [{ stack, type, action: own === undefined ? 'create' : 'destroy', arguments: [] }];
        const names = [...new Set([...Object.keys(own), ...Object.keys(other)])];
        const changed = names.filter((name) => name !== '//' && !isDeepStrictEqual(own[name], other[name]));
        return changed.length === 0 ? [] : [{ stack, type, action: 'change', arguments: changed }];
      },
    );
    return [...tagged, ...objects];
  });
  const byKind = new Map<string, ChangedObject>();
  for (const each of all) {
    const kind = `${each.stack} ${each.type} ${each.action}`;
    const known = byKind.get(kind)?.arguments ?? [];
    byKind.set(kind, { ...each, arguments: [...new Set([...known, ...each.arguments])].sort() });
  }
  return [...byKind.values()];
}

function tried(key: string, operation: Operation, edit: KeyEdit): Tried {
  const [first, second] = edit.values;
  const [from, to] = { add: [undefined, first], change: [first, second], remove: [first, undefined] }[
    operation
  ];
  const nothing = { key, operation, objects: [], codes: [], stopped: [] };
  const texts = [textWith(key, from, edit), textWith(key, to, edit)] as const;
  const [before, after] = [documentsOf(texts[0]), documentsOf(texts[1])];
  const wrong = [before, after].find((each) => typeof each === 'string');
  if (wrong !== undefined || typeof before === 'string' || typeof after === 'string')
    return { ...nothing, wrong };
  const stored = statesOf(before);
  const options = { today: new Date('2026-11-23') };
  const [was, is] = texts.map((text) => parsePlatform(text, 'platform.yaml', options));
  const identity = Object.fromEntries(
    [...stored].map(([name, each]) => [name, { ...each, applied: { platform: was } }]),
  );
  try {
    requireSamePlatform(is as never, new Map(Object.entries(identity)) as never);
  } catch (error) {
    return { ...nothing, wrong: (error as Error).message };
  }
  const objects = changedObjects(before, after);
  if (objects.length === 0) return nothing;
  const plans = edits(stacksOf(before), stacksOf(after)).map(withReplacements);
  const { stopped } = guard({
    stacks: plans,
    documents: stacksOf(after),
    exceptions: [],
    maxChanges: Number.MAX_SAFE_INTEGER,
    ...options,
  });
  return {
    ...nothing,
    objects,
    codes: [...new Set(effectsOfEdit(stacksOf(after), stored).map(({ code }) => code))],
    stopped: [...new Set(stopped.map(({ rule }) => rule))],
  };
}

/** Marks the objects of a plan that Terraform replaces. */
function withReplacements(stack: PlannedStack): PlannedStack {
  const changes = (stack.plan.resource_changes ?? []).map((each) => {
    const { actions } = each.change;
    const [before, after] = [each.change.before, each.change.after] as (JsonObject | null)[];
    const names = Object.keys({ ...before, ...after });
    const changed = names.filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
    const isReplaced = actions[0] === 'update' && replaces(each.type, changed);
    return isReplaced ? { ...each, change: { ...each.change, actions: ['delete', 'create'] } } : each;
  });
  return { ...stack, plan: { ...stack.plan, resource_changes: changes } } as PlannedStack;
}

/** Tries each edit of each key. */
export function triedEdits(): Tried[] {
  return Object.entries(KEY_EDITS).flatMap(([key, edit]) =>
    typeof edit === 'string' ? [] : OPERATIONS.map((operation) => tried(key, operation, edit)),
  );
}
