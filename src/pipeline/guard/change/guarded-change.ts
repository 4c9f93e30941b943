import { isObject } from '../../../manifests/field';
import type { KubernetesObject } from '../../../manifests/objects';
import type { Json, JsonObject } from '../../../manifests/terraform-document';
import {
  changesOf,
  existingResources,
  isTainted,
  type Action,
  type Change,
  type PlannedStack,
} from '../../plan/planned-stack';
import { byGroup, kubernetesObject } from './kubernetes-change';
import { legible } from './legible-values';

/** A change as the rules look at it: what is sensitive or not known yet is replaced by a word that says so. */
export interface GuardedChange {
  readonly stack: string;
  /** Terraform address. */
  readonly address: string;
  readonly type: string;
  readonly action: Action;
  /** Undefined for what does not exist yet. */
  readonly before?: JsonObject;
  /** Undefined for what will not exist any more. */
  readonly after?: JsonObject;
  /** The object of Kubernetes that it is, if it is one. The kind of a custom one has its group: `Cluster.postgresql.cnpg.io`. */
  readonly objectBefore?: KubernetesObject;
  readonly objectAfter?: KubernetesObject;
  /** The arguments that make it a replacement. */
  readonly replacedBy: readonly string[];
  /** An earlier apply did not finish its creation. @default false */
  readonly tainted?: boolean;
  readonly movedFrom?: string;
  /** Set for an object that a failed apply has left beside its successor. */
  readonly deposed?: string;
  /** Whether the plan keeps or creates what a deposed object was replaced by. @default false */
  readonly hasSuccessor?: boolean;
}

/** A planned stack as the rules look at it. */
export interface GuardedStack extends PlannedStack {
  /** Nothing of it exists yet: it opens and widens nothing that was closed. */
  readonly isNew: boolean;
  readonly changes: readonly GuardedChange[];
}

/** @param takenOver objects that a stack forgets because another one has them: `<stack>/<address>` */
export function guardedStack(stack: PlannedStack, takenOver: ReadonlySet<string> = new Set()): GuardedStack {
  const isTakenOver = ({ action, address }: Change): boolean =>
    action === 'forget' && takenOver.has(`${stack.name}/${address}`);
  const kept = changesOf(stack).filter((change) => !isTakenOver(change));
  const continued = new Set(
    (stack.plan.resource_changes ?? []).flatMap(({ address, deposed, change }) =>
      deposed === undefined && isObject(change.after) ? [address] : [],
    ),
  );
  const changes = kept.map((resource): GuardedChange => {
    const { address, type, action, change, previous_address, deposed } = resource;
    const before = objectOf(legible(change.before, change.before_sensitive));
    const isGone = action === 'delete' || action === 'forget';
    const after = isGone
      ? undefined
      : objectOf(legible(change.after, change.after_sensitive, change.after_unknown));
    const objectBefore = before && guardedObject(type, before);
    const objectAfter = after && guardedObject(type, after);
    const replacedBy = new Set((change.replace_paths ?? []).map((path) => pathName(path)));
    return {
      stack: stack.name,
      address,
      type,
      action,
      ...(before && { before }),
      ...(after && { after }),
      ...(objectBefore && { objectBefore }),
      ...(objectAfter && { objectAfter }),
      replacedBy: [...replacedBy],
      ...(isTainted(resource) && { tainted: true }),
      ...(previous_address !== undefined && { movedFrom: previous_address }),
      ...(deposed !== undefined && { deposed, hasSuccessor: continued.has(address) }),
    };
  });
  return { ...stack, isNew: existingResources(stack).length === 0, changes };
}

/** The Kubernetes object that a resource declares, by its kind and group. */
export function guardedObject(type: string, values: JsonObject): KubernetesObject | undefined {
  const object = kubernetesObject(type, values);
  return object && byGroup(object);
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** `vpc_config.subnet_ids` of `["vpc_config", 0, "subnet_ids"]`. */
function pathName(path: readonly (string | number)[]): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

/** Whether an object that exists is taken away, for good or to be made again. */
export function isLost({ action }: GuardedChange): boolean {
  return action === 'delete' || action === 'replace' || action === 'forget';
}
