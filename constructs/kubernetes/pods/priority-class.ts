import { PriorityClassV1 } from '@cdktf/provider-kubernetes/lib/priority-class-v1';
import { clusterObjectName, NamedObject } from '../internal/names';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** The classes that every cluster has, for what a node or the cluster cannot do without. */
export type SystemPriorityClass = 'system-cluster-critical' | 'system-node-critical';

/** The value of a priority, and whether its Pods preempt others. */
export interface PriorityClassOptions extends ObjectOptions {
  /** Pods of a higher value are scheduled first; up to 1000000000. Another value makes another class, and rolls the Pods that name it. */
  readonly value: number;
  /**
   * Name of the class. What cannot change in a class must change together with its name.
   * @default - from the stack and the path of the construct, with the value
   */
  readonly name?: string;
  /** What the class is for. @default - nothing is said */
  readonly description?: string;
  /** Whether Pods that name no class get this one. A cluster has one such class. @default false */
  readonly default?: boolean;
  /** Whether Pods of a lower value are evicted to make room. @default true */
  readonly preempts?: boolean;
}

/**
 * How important Pods are when there is not room for all of them.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
 */
export class PriorityClass extends NamedObject<PriorityClassV1> {
  constructor(scope: Construct, id: string, options: PriorityClassOptions) {
    super(scope, id);
    const { value, preempts = true } = options;
    const suffix = preempts ? `${value}` : `${value}-never`;
    this.resource = new PriorityClassV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: `${clusterObjectName(this)}-${suffix}` }),
      value,
      globalDefault: options.default ?? false,
      preemptionPolicy: preempts ? 'PreemptLowerPriority' : 'Never',
      // A cluster refuses a second default class.
      ...(!options.default && { lifecycle: OUTLIVES_USE }),
      ...(options.description !== undefined && { description: options.description }),
    });
  }
}
