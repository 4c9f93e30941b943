import { isDeepStrictEqual } from 'node:util';
import { groupOf } from '../../../facts/built-in-kinds';
import { OBJECT_KINDS } from '../../../facts/attribute-table';
import { AFFINITY_PATCHES } from '../../../facts/affinity-patch';
import { EKS_CHARTS } from '../../../facts/charts';
import {
  type ArgumentClass,
  type ArgumentClasses,
  asPod,
  type Classed,
  classText,
  type OwnClass,
} from '../../../facts/argument-classes';
import { blocksOf, textOf } from '../../../manifests/attributes';
import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { Json, JsonObject } from '../../../manifests/terraform-document';
import { changeIdentity } from '../change/change-digest';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { fieldOf, plainKind } from '../change/kubernetes-change';
import { UNKNOWN } from '../change/legible-values';
import { isInNewNamespace, referredAddress, refersToNew } from '../change/own-objects';
import { writtenObject } from '../change/written-arguments';
import type { Action } from '../../plan/planned-stack';
import type { GuardedPlans, Observation, RuleName } from '../guard-rule';
import { changedValues, type ChangedValue } from './changed-values';
import { changedKeys, isSafe } from './safe-directions';

/** A finding of the table of classes: its rule is the class of what changes. */
export type ClassedObservation = Observation & { readonly rule: RuleName };

/** What a value of a class decides, as the end of a sentence. */
const DECIDES: Readonly<Record<Exclude<ArgumentClass, 'content'>, string>> = {
  exposure: 'who reaches it',
  rights: 'what may be done',
  protection: 'what protects it',
  identity: 'as whom something acts',
  code: 'which code runs',
};

/**
 * What no other rule looks at: every value that a plan changes is held against the table of classes. Content passes, and so does a
 * change in a safe direction. Everything else is stopped, and so is what the table does not know: a type, a kind, an argument. A
 * class that the platform gives to a type of its own is stopped when a stack is planned by it for the first time.
 */
export function classedChanges({ stacks, classes }: GuardedPlans): ClassedObservation[] {
  return stacks.flatMap((stack): ClassedObservation[] => {
    const { name, classesBefore = [] } = stack;
    const used = new Set<OwnClass>();
    const found = stack.changes.flatMap((change) =>
      [...unknownType(change, classes), ...values(change, stack, classes, used)].map(
        ({ rule, message, value = null }) => ({
          rule,
          message,
          stack: name,
          address: change.address,
          // The message shows the beginning of a long value.
          identity: changeIdentity(change, [message, value]),
        }),
      ),
    );
    const firsts = [...used]
      .filter((own) => !classesBefore.includes(classText(own)))
      .map((own): ClassedObservation => {
        const what = own.path === undefined ? own.type : `${own.path} of ${own.type}`;
        const message = `goes by the class ${own.class} of ${what} for the first time: ${own.reason}`;
        return { rule: 'unknown', stack: name, message, identity: classText(own) };
      });
    return [...firsts, ...found];
  });
}

type Found = Pick<ClassedObservation, 'rule' | 'message'> & { readonly value?: Json };

const ADVICE = 'give it a class below pipeline.classes of platform.yaml';

function unknownType(
  { action, type, objectBefore, objectAfter }: GuardedChange,
  classes: ArgumentClasses,
): Found[] {
  const object = objectAfter ?? objectBefore;
  const name = object ? plainKind(object) : type;
  // The loss of what no table knows is stopped by itself.
  const verb = VERBS[action];
  if (verb === undefined) return [];
  const group = groupOf(object?.apiVersion ?? '');
  const known = object && GROUPS.get(name);
  const found =
    known !== undefined && known !== group
      ? ` of ${group || 'the core group'}, which is not the one of ${known || 'the core group'} that the guard knows`
      : classes.knows(name)
        ? undefined
        : `, which no table of the guard knows: ${ADVICE}`;
  return found === undefined
    ? []
    : [{ rule: 'unknown', message: `${verb} ${article(name)} ${name}${found}` }];
}

/** The group of the API of each kind that a table knows; other groups may have a kind of that name. */
const GROUPS: ReadonlyMap<string, string> = new Map(
  Object.values(OBJECT_KINDS).map((text): [string, string] => {
    const [apiVersion = '', kind = ''] = text.split(' ');
    return [kind, groupOf(apiVersion)];
  }),
);

const VERBS: Readonly<Partial<Record<Action, string>>> = {
  create: 'creates',
  import: 'imports',
  replace: 'replaces',
  update: 'changes',
};

function values(
  change: GuardedChange,
  stack: GuardedStack,
  classes: ArgumentClasses,
  used: Set<OwnClass>,
): Found[] {
  const { action, type, objectBefore, objectAfter } = change;
  const before = objectBefore ? plain(objectBefore) : change.before;
  const after = objectAfter ? plain(objectAfter) : change.after;
  const object = objectAfter ?? objectBefore;
  const root = object ? plainKind(object) : type;
  const isNew = action === 'create';
  if (after === undefined || (before === undefined && !isNew) || !classes.knows(root)) return [];
  const written = writtenObject(stack.document, change.address);
  const isInside =
    stack.isNew && (objectAfter ? isInNewNamespace(change, stack) : refersToNew(change, stack));
  const found = changedValues(before ?? {}, after)
    .filter(({ after: value, path }) => value !== UNKNOWN || isWritten(written, path))
    .flatMap((value): Found[] => {
      const known = classes.of([root, ...value.path]);
      if (known?.own) used.add(known.own);
      if (!isNew || known === undefined) return judged(value, known);
      const isPartOfNew =
        !known.new ||
        isDeepStrictEqual(value.after, HARMLESS) ||
        (isInside && OF_INSIDE.includes(asPod([root, ...value.path])[0])) ||
        isOwn(change, stack) ||
        (known.new === 'other' && namesOwn(writtenValue(written, value.path), stack)) ||
        (ACCOUNT_FIELDS.includes(value.path.at(-1) ?? '') && isOwnAccount(value.after, written, stack));
      if (isPartOfNew) return [];
      return known.isWhole && known.is !== 'content' ? [ofWhole(root, known.is)] : judged(value, known);
    });
  return [...new Map(found.map((one) => [`${one.rule} ${one.message}`, one])).values()];
}

/** The one capability that the strictest Pod Security Standard lets a Pod have: to listen on a port below 1024. */
const HARMLESS = ['NET_BIND_SERVICE'];

/** What a new namespace or a new network decides by itself: what Pods may do is held by its Pod Security Standard. */
const OF_INSIDE = ['Pod', 'Endpoints', 'EndpointSlice', 'aws_route', 'aws_route_table'];

/** Fields of a Pod that name its ServiceAccount. */
const ACCOUNT_FIELDS = ['serviceAccount', 'serviceAccountName'];

const NAMED = [
  'aws_iam_role',
  'aws_iam_instance_profile',
  'aws_launch_template',
  'kubernetes_service_account_v1',
];

/** Whether a value is a role, a launch template or a ServiceAccount of the same stack, or the ARN of another object of it. */
function namesOwn(written: Json | undefined, { document }: GuardedStack): boolean {
  const [type = '', name = ''] = referredAddress(written)?.split('.') ?? [];
  return (
    (NAMED.includes(type) || textOf(written).endsWith('.arn}')) && isObject(document.resource?.[type]?.[name])
  );
}

/** Whether a name is that of the ServiceAccount that each namespace has, or of one that the stack declares in the namespace of an object. */
function isOwnAccount(name: Json, object: JsonObject, { document }: GuardedStack): boolean {
  const placeOf = (written: JsonObject): readonly [name: string, namespace: string] => {
    const [metadata = {}] = blocksOf(written['metadata']);
    return [textOf(metadata['name']), textOf(metadata['namespace']) || 'default'];
  };
  const [, namespace] = placeOf(object);
  const { kubernetes_service_account_v1: typed = {}, kubernetes_manifest: manifests = {} } =
    document.resource ?? {};
  const accounts = [
    ...Object.values(typed),
    ...Object.values(manifests).flatMap(({ manifest }) =>
      isObject(manifest) && manifest['kind'] === 'ServiceAccount' ? [manifest] : [],
    ),
  ];
  return (
    name === 'default' || accounts.some((account) => isDeepStrictEqual(placeOf(account), [name, namespace]))
  );
}

/** A value as it is written; of several blocks, that of the first. */
function writtenValue(written: Json | undefined, [name, ...rest]: readonly string[]): Json | undefined {
  if (name === undefined) return written;
  const [block] = blocksOf(written);
  return block && writtenValue(writtenField(block, name), rest);
}

/** An argument by the name that the API has for it: `host_ip` is `hostIP`, and one `port` is of `ports`. */
const writtenField = (block: JsonObject, name: string): Json | undefined =>
  Object.entries(block).find(([key]) => plainName(key) === plainName(name))?.[1];

const plainName = (name: string): string =>
  name
    .replaceAll('_', '')
    .toLowerCase()
    .replace(/[es]+$/, '');

function ofWhole(type: string, is: keyof typeof DECIDES): Found {
  return { rule: is, message: `creates ${article(type)} ${type}, which decides ${DECIDES[is]}` };
}

/** The chart that the program itself installs, from where its makers publish it, and the policies that add the node affinity of a namespace. */
function isOwn({ after = {}, objectAfter }: GuardedChange, { changes }: GuardedStack): boolean {
  if (objectAfter?.kind === POLICY) return addsAffinityOnly(objectAfter);
  if (objectAfter?.kind === `${POLICY}Binding`) {
    const policy = fieldOf(objectAfter, 'spec')['policyName'];
    return changes.some(
      ({ objectAfter: other }) =>
        other?.kind === POLICY && other.metadata.name === policy && addsAffinityOnly(other),
    );
  }
  return after['chart'] === 'aws-load-balancer-controller' && after['repository'] === EKS_CHARTS;
}

const POLICY = 'MutatingAdmissionPolicy';

function addsAffinityOnly(policy: KubernetesObject): boolean {
  const patches = blocksOf(fieldOf(policy, 'spec')['mutations']).map(({ jsonPatch }) =>
    textOf(blocksOf(jsonPatch)[0]?.['expression']),
  );
  return patches.length > 0 && patches.every((patch) => AFFINITY_PATCHES.includes(patch));
}

function judged({ path, before, after }: ChangedValue, known: Classed | undefined): Found[] {
  const name = path.join('.');
  if (known === undefined) {
    return [{ rule: 'unknown', message: `changes ${name}, which no table of the guard knows` }];
  }
  const { is, safe } = known;
  return is === 'content' || isSafe(safe, before, after)
    ? []
    : [{ rule: is, message: sentence(name, DECIDES[is], safe, before, after), value: after }];
}

function sentence(
  name: string,
  decides: string,
  safe: string | undefined,
  before: Json,
  after: Json,
): string {
  if (safe === 'true' && before === true) return `turns off ${name}`;
  if (safe === 'false' && after === true) return `turns on ${name}`;
  if (Array.isArray(before) && safe === 'more')
    return `removes ${missing(before, after).join(', ')} from ${name}`;
  if (Array.isArray(after) && safe === 'fewer') return `adds ${missing(after, before).join(', ')} to ${name}`;
  if (typeof before === 'number' && typeof after === 'number' && after !== 0 && before !== 0) {
    return `${after < before ? 'lowers' : 'raises'} ${name} from ${before} to ${after}`;
  }
  const keys = safe === 'keys' ? changedKeys(before, after) : undefined;
  if (keys !== undefined) return `changes ${name}, which decides ${decides}, for ${keys.join(', ')}`;
  if (before === null) return `sets ${name}, which decides ${decides}, to ${shown(after)}`;
  if (after === null) return `removes ${name}, which decides ${decides}: it was ${shown(before)}`;
  return `changes ${name}, which decides ${decides}, from ${shown(before)} to ${shown(after)}`;
}

function missing(items: readonly Json[], others: Json): string[] {
  const all: readonly Json[] = Array.isArray(others) ? (others as readonly Json[]) : [];
  return items.filter((item) => !all.includes(item)).map(shown);
}

/** Longer texts are for the plan itself. */
const LONGEST = 60;

function shown(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Whether the code sets a value. The provider computes an unknown value that the code does not set. */
function isWritten(written: Json, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined || typeof written === 'string') return true;
  if (Array.isArray(written)) return written.some((item: Json) => isWritten(item, [name, ...rest]));
  if (!isObject(written)) return false;
  const value = writtenField(written, name);
  return value !== undefined && isWritten(value, rest);
}

const article = (name: string): string => (/^[aeio]/i.test(name) ? 'an' : 'a');

function plain(object: KubernetesObject): JsonObject {
  return { ...object } as unknown as JsonObject;
}
