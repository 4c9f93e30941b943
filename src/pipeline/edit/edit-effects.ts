import { isDeepStrictEqual } from 'node:util';
import { STACK } from '../../facts/stack-names';
import { UserError } from '../../facts/user-error';
import { blocksOf, scalarText, textOf } from '../../manifests/attributes';
import { isObject } from '../../manifests/field';
import { nodeGroupName } from '../../manifests/node-group-name';
import { resourcesByAddress } from '../../manifests/resources-by-address';
import type { Stack } from '../../manifests/stacks';
import type { Json, JsonObject } from '../../manifests/terraform-document';
import { describeResources, removedNames } from '../plan/removed-stacks';
import type { StateResource, Stored } from '../state/state-store';
import {
  EDIT_ROWS,
  type Comparison,
  type Edit,
  type EditedObject,
  type EditRow,
  type Effect,
} from './edit-rows';
import { claimNames, plainAttributes, storedObjects, type StoredResource } from './stored-objects';

/** What an edit does to what runs, in the words of platform.yaml. */
export interface EditEffect {
  readonly stack: string;
  readonly code: string;
  readonly key: string;
  readonly effect: Effect;
  /** What happens and what to do, in sentences. */
  readonly message: string;
}

/** AWS or Kubernetes would refuse an edit, or it could not end. */
export class EditRefusedError extends UserError {
  readonly code = 'edit-refused';
  readonly exitStatus = 1;
}

/**
 * Compares what was applied with what is declared, before anything is planned. It needs no Terraform: some of it Terraform would refuse
 * without the key, and some would fail halfway.
 */
export function effectsOfEdit(
  stacks: readonly Pick<Stack, 'name' | 'document'>[],
  stored: ReadonlyMap<string, Stored>,
): EditEffect[] {
  const edit: Edit = {
    documents: new Map(stacks.map(({ name, document }) => [name, document])),
    stored: new Map(
      [...stored].map(([name, { state }]) => [
        name,
        (state?.resources ?? []).filter(({ mode }) => mode === 'managed').flatMap(storedIn),
      ]),
    ),
  };
  const objects = stacks.flatMap((stack) => editedObjects(stack, stored.get(stack.name)));
  const found = EDIT_ROWS.flatMap((row) =>
    objects
      .filter((object) => isAbout(row, object) && isAffected(row, object, edit))
      .map((object) => effectOf(row, object)),
  );
  const gone = removedNames(stacks, stored).map((name): EditEffect => {
    const resources = stored.get(name)?.state?.resources ?? [];
    const isNamespace = resources.some(({ type }) => type === 'kubernetes_namespace_v1');
    return {
      ...{
        stack: name,
        code: 'stack-removed',
        key: isNamespace ? `namespaces.${name}` : name,
        effect: 'loss',
      },
      message: `it was removed: the apply destroys ${describeResources(resources)}${volumesOf(resources)}. Save the data first`,
    };
  });
  return [...new Map([...found, ...gone].map((each) => [`${each.key} ${each.message}`, each])).values()];
}

/** `, with 2 volumes`: of claims, and of the claims that StatefulSets make. */
function volumesOf(resources: readonly StateResource[]): string {
  const count = claimNames(storedObjects(resources.flatMap(storedIn))).size;
  return count === 0 ? '' : `, with ${count} ${count === 1 ? 'volume' : 'volumes'}`;
}

/** The objects of a resource of a state. */
const storedIn = ({ type, instances }: StateResource): StoredResource[] =>
  instances.map(({ attributes = {} }) => ({ type, attributes: plainAttributes(attributes) }));

/**
 * @param instead another way @default - none
 * @throws EditRefusedError with all effects that must not be
 */
export function requirePossible(effects: readonly EditEffect[], instead?: string): void {
  const refused = effects.filter(({ effect }) => effect === 'refused');
  if (refused.length === 0) return;
  const lines = refused.map(({ key, message }) => `${key}: ${message}`);
  throw new EditRefusedError([...lines, ...(instead === undefined ? [] : [instead])]);
}

/** The objects of a stack that was applied before; none of a new one. */
function editedObjects(
  { name: stack, document }: Pick<Stack, 'name' | 'document'>,
  kept: Stored | undefined,
): EditedObject[] {
  const { state } = kept ?? {};
  if (state === undefined || state.isEmpty) return [];
  const moved = new Map(
    blocksOf(document['moved']).map(({ from, to }): [string, string] => [textOf(from), textOf(to)]),
  );
  const forgotten = new Set(blocksOf(document['removed']).map(({ from }) => textOf(from)));
  const before = new Map<string, JsonObject>(
    state.resources.flatMap(({ mode, module, type, name, instances }) => {
      const address = `${type}.${name}`;
      const [{ attributes, status } = {}] = instances;
      // What was never whole is created again.
      const isTainted = status === 'tainted';
      return mode !== 'managed' ||
        module !== undefined ||
        attributes === undefined ||
        isTainted ||
        forgotten.has(address)
        ? []
        : [[moved.get(address) ?? address, plainAttributes(attributes)]];
    }),
  );
  const after = resourcesByAddress(document);
  const instances = state.resources.flatMap(({ type, name, instances }) =>
    instances.map((instance) => ({ address: `${type}.${name}`, ...instance })),
  );
  const used = new Set(
    instances.flatMap(({ address, dependencies = [] }) =>
      after.has(moved.get(address) ?? address) ? dependencies : [],
    ),
  );
  const early = new Set(
    instances.flatMap(({ address, create_before_destroy }) =>
      used.has(address) && create_before_destroy !== true ? [address] : [],
    ),
  );
  return [...new Set([...before.keys(), ...after.keys()])].map((address) => {
    const [was, is] = [before.get(address), after.get(address)];
    const goesBeforeUse = early.has(address);
    return { stack, address, goesBeforeUse, ...(was && { before: was }), ...(is && { after: is }) };
  });
}

/** What a stack of the user has in AWS is not of a key of platform.yaml. */
function isAbout({ type }: EditRow, { stack, address }: EditedObject): boolean {
  const isOwn = stack === STACK.network || stack === STACK.cluster;
  const [own = ''] = address.split('.');
  return [type].flat().includes(own) && (isOwn || !own.startsWith('aws_'));
}

function isAffected(row: EditRow, object: EditedObject, edit: Edit): boolean {
  const is = object.before === undefined ? 'added' : object.after === undefined ? 'removed' : 'kept';
  const wanted = row.change === 'added' || row.change === 'removed' ? row.change : 'kept';
  return is === wanted && values(row, object) !== undefined && (row.only?.(object, edit) ?? true);
}

/** The first argument of the row that changes so, as it was and as it is. */
function values(
  { argument = '', unset, change }: EditRow,
  { before, after }: EditedObject,
): [Json, Json] | undefined {
  return [argument]
    .flat()
    .map((each): [Json, Json] => {
      const path = each.split('.');
      return [valueAt(before, path) ?? null, valueAt(after, path) ?? unset ?? null];
    })
    .find((pair) => COMPARISONS[change](...pair));
}

/** A value in blocks, each of which a state has as a list of one. */
function valueAt(values: JsonObject | undefined, [name = '', ...rest]: readonly string[]): Json | undefined {
  const value = values?.[name];
  if (rest.length === 0) return value;
  const [block] = blocksOf(value);
  return isObject(block) ? valueAt(block, rest) : undefined;
}

const count = (value: Json): number => (Array.isArray(value) ? value.length : 0);

/** Whether a text has a part that Terraform evaluates, or no value is written. */
const isUnknown = (value: Json): boolean => value === null || JSON.stringify(value).includes('${');

const COMPARISONS: Readonly<Record<Comparison, (before: Json, after: Json) => boolean>> = {
  any: () => true,
  changed: (before, after) => before !== null && !isUnknown(after) && !isDeepStrictEqual(before, after),
  lower: (before, after) =>
    typeof after === 'number' &&
    after > 0 &&
    (before === 0 || (typeof before === 'number' && after < before)),
  // A list that is an expression as a whole has no length yet.
  more: (before, after) => Array.isArray(after) && after.length > count(before),
  off: (before, after) => before === true && after === false,
  added: () => true,
  removed: () => true,
};

function effectOf(row: EditRow, object: EditedObject): EditEffect {
  const { code, key, effect, says, remedy } = row;
  const name = nameOf(object);
  const [before = '', after = ''] = (values(row, object) ?? []).map((value) => scalarText(value));
  const what = before === '' || after === '' ? '' : `${before} → ${after}: `;
  return {
    ...{ stack: object.stack, code, effect, key: key.replace('<name>', name) },
    message: `${what}${says.replace('<name>', name).replace('<address>', object.address)}. ${remedy}`,
  };
}

/** What platform.yaml calls an object. */
function nameOf({ address, before, after }: EditedObject): string {
  const values = { ...after, ...before };
  const { manifest } = values;
  const [metadata] = blocksOf((isObject(manifest) ? manifest : values)['metadata']);
  const tags = values['tags'];
  return (
    textOf(metadata?.['namespace']) ||
    nodeGroupName(values) ||
    textOf(isObject(tags) ? tags['Name'] : undefined) ||
    address
  );
}
