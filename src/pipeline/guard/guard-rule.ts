import type { ArgumentClasses } from '../../facts/argument-classes';
import type { AddressedObject } from '../../manifests/objects';
import type { Json } from '../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from './change/guarded-change';

/** What the guard looks for, by the names that its findings have. */
export type RuleName =
  | 'data-loss'
  | 'exposure'
  | 'rights'
  | 'identity'
  | 'code'
  | 'protection'
  | 'secret'
  | 'rename'
  | 'rollout'
  | 'unknown'
  | 'missing'
  | 'too-many-changes';

/** A workload that is not ready, or a cluster that cannot be asked. */
export interface Unready {
  /** `Deployment dev/web`; none where the cluster cannot be asked. */
  readonly workload?: string;
  /** `Deployment dev/web is not ready`. */
  readonly reason: string;
}

/** All that the rules may look at. */
export interface GuardedPlans {
  readonly stacks: readonly GuardedStack[];
  /** The Kubernetes objects that all stacks declare, planned or not. */
  readonly declared: readonly (AddressedObject & { readonly stack: string })[];
  /** The Kubernetes objects that exist in the planned stacks. */
  readonly existing: readonly AddressedObject[];
  readonly maxChanges: number;
  /** What is not ready, by the names of stacks. */
  readonly unready: ReadonlyMap<string, readonly Unready[]>;
  readonly classes: ArgumentClasses;
}

/** What a rule has to say of a change. */
export interface Observation {
  readonly stack: string;
  /** Terraform address; none when it is about the stack. */
  readonly address?: string;
  /** What would happen and why it is stopped, in one sentence without a full stop. */
  readonly message: string;
  /** What makes it this very change and no other: never a sensitive value. */
  readonly identity: Json;
}

export type Rule = (plans: GuardedPlans) => Observation[];

/** Looks at each change on its own. */
export function eachChange(look: (change: GuardedChange, stack: GuardedStack) => readonly Remark[]): Rule {
  return ({ stacks }) =>
    stacks.flatMap((stack) =>
      stack.changes.flatMap((change) =>
        look(change, stack).map((remark) => ({ stack: stack.name, address: change.address, ...remark })),
      ),
    );
}

/** What a rule has to say of the change that it looks at. */
export type Remark = Pick<Observation, 'message' | 'identity'>;
