import { isObject } from '../../../manifests/field';
import { nodeGroupName } from '../../../manifests/node-group-name';
import { TAINTED, type Action } from '../../plan/planned-stack';
import { changeIdentity } from '../change/change-digest';
import { isLost, type GuardedChange } from '../change/guarded-change';
import { objectName } from '../change/kubernetes-change';
import { consequentLosses } from './consequent-losses';
import { listed } from './listed';
import { lossOf, type Loss } from './losses';
import { namespacesOn, usesOf } from './object-use';
import { moveAdvice, renames } from './likeness';
import { eachChange, type GuardedPlans, type Observation, type Rule } from '../guard-rule';

const VERBS: Readonly<Partial<Record<Action, string>>> = {
  delete: 'destroys',
  replace: 'replaces',
  forget: 'lets Terraform forget',
};

/**
 * Destroys, replaces or forgets what holds data, or what carries others: the table of losses says for each type what is lost
 * with it. A node group counts while Pods are kept to it by a label of its nodes. A StorageClass counts while claims name it or it
 * is the default, in the cluster or in what any stack declares. A type that the table does not know counts, too.
 * So does what Kubernetes deletes because of a change: claims, load balancers, values that a schema has no place for.
 */
export const DATA_LOSS: Rule = (plans) => [...takenAway(plans), ...CONSEQUENT(plans)];

const CONSEQUENT = eachChange((change) =>
  consequentLosses(change).map((message) => ({ message, identity: changeIdentity(change, message) })),
);

const takenAway: Rule = (plans) =>
  plans.stacks.flatMap((stack) => {
    const renamed = renames(stack);
    return stack.changes.filter(isLost).flatMap((change): Observation[] => {
      const loss = lossOf(change.type, change.objectBefore?.kind);
      const cost = loss && costOf(loss, change, plans);
      if (loss === undefined || cost === undefined) return [];
      const to = renamed.get(change.address);
      const message =
        `${VERBS[change.action] ?? ''} the ${loss.noun} ${nameOf(change)}, ${cost}${reason(change)}` +
        (to === undefined ? '' : `; it looks like a rename to ${to}: ${moveAdvice()}`);
      // What an exception was given for is the replacement with these values, and no other.
      const values = change.replacedBy.map((path) => [
        path,
        change.after?.[path.split('.')[0] ?? ''] ?? null,
      ]);
      const identity = changeIdentity(change, values);
      return [{ stack: stack.name, address: change.address, message, identity }];
    });
  });

/** Whether the loss of an object is stopped. */
export function isDataLoss(change: GuardedChange, plans: GuardedPlans): boolean {
  const loss = lossOf(change.type, change.objectBefore?.kind);
  return loss !== undefined && costOf(loss, change, plans) !== undefined;
}

/** Undefined for what is not in use. */
function costOf(
  loss: Loss,
  { before, objectBefore, tainted, hasSuccessor }: GuardedChange,
  plans: GuardedPlans,
): string | undefined {
  const objects = [...plans.declared, ...plans.existing].map(({ object }) => object);
  // Terraform deletes a deposed object after its successor works, and the replacement was judged when it was planned first.
  if ((tainted || hasSuccessor) && loss.carries) return undefined;
  if (loss.ifUsed === undefined) return loss.cost;
  if (loss.ifUsed === 'by Pods') {
    const labels = before?.['labels'];
    const namespaces = isObject(labels) ? namespacesOn(labels, objects) : [];
    return namespaces.length === 0 ? undefined : `on which Pods of ${listed(namespaces)} run`;
  }
  const uses = objectBefore ? usesOf(objectBefore, objects) : [];
  return uses.length === 0
    ? undefined
    : `by which ${listed(uses)} ${uses.length === 1 ? 'gets' : 'get'} volumes`;
}

/** Attributes that say what people call an object, the best first. */
const NAMES = ['addon_name', 'bucket', 'alias'];

function nameOf({ address, before = {}, objectBefore }: GuardedChange): string {
  if (objectBefore !== undefined) return objectName(objectBefore);
  const tags = before['tags'];
  const names = [
    ...[before['name'], nodeGroupName(before), ...NAMES.map((name) => before[name])],
    isObject(tags) ? tags['Name'] : undefined,
  ];
  const name = names.find((text) => typeof text === 'string' && text !== '');
  return typeof name === 'string' ? name : address.slice(address.indexOf('.') + 1);
}

function reason({ address, replacedBy, tainted }: GuardedChange): string {
  if (tainted) return `: it is ${TAINTED}. If it works, keep it with "terraform untaint ${address}"`;
  if (replacedBy.length === 0) return '';
  return `: its ${listed(replacedBy)} ${replacedBy.length === 1 ? 'changes' : 'change'}`;
}
