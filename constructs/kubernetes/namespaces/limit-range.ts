import { LimitRangeV1, type LimitRangeV1SpecLimit } from '@cdktf/provider-kubernetes/lib/limit-range-v1';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { Namespace } from './namespace';
import { objectName } from '../internal/names';
import type { Cpu, Size } from '../pods/quantity';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** Some CPU, some memory, or both. */
export interface ResourceAmounts {
  readonly cpu?: Cpu;
  readonly memory?: Size;
}

/** The defaults and the bounds of containers, Pods and claims in a namespace. */
export interface LimitRangeOptions extends ObjectOptions {
  /** What a container that says nothing asks for. */
  readonly defaultRequest: { readonly cpu: Cpu; readonly memory: Size };
  /** The memory limit of a container that says none. */
  readonly defaultMemoryLimit: Size;
  /** The least that a container may ask for. @default - no minimum */
  readonly min?: ResourceAmounts;
  /**
   * The most that a container may use. With a maximum of CPU, a container that says no limit of its own gets it as its limit.
   * @default - no maximum
   */
  readonly max?: ResourceAmounts;
  /** The most that all containers of a Pod together may use. @default - no maximum */
  readonly podMax?: ResourceAmounts;
  /** The least and the most that a PersistentVolumeClaim may ask for. @default - no bounds */
  readonly claim?: { readonly min?: Size; readonly max?: Size };
}

/**
 * What containers of a namespace get that say nothing of their resources; without it a quota would refuse them.
 *
 * Everything that the API server would fill in is said: what is left out differs for ever.
 *
 * @see https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export class LimitRange extends Construct {
  readonly resource: LimitRangeV1;

  constructor(scope: Construct, id: string, options: LimitRangeOptions) {
    super(scope, id);
    this.resource = new LimitRangeV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: objectName(this), namespace: Namespace.of(this).name }),
      spec: { limit: limits(options) },
    });
  }
}

function limits({ defaultRequest, defaultMemoryLimit, min, max, podMax, claim }: LimitRangeOptions) {
  const container: LimitRangeV1SpecLimit = {
    type: 'Container',
    defaultRequest: amounts(defaultRequest),
    // The API server takes the maximum for a default that is not said.
    default: { ...amounts(max), memory: defaultMemoryLimit.toString() },
    ...(isSaid(min) && { min: amounts(min) }),
    ...(isSaid(max) && { max: amounts(max) }),
  };
  return [
    container,
    ...(isSaid(podMax) ? [{ type: 'Pod', max: amounts(podMax) }] : []),
    ...(isSaid(claim)
      ? [
          {
            type: 'PersistentVolumeClaim',
            ...(claim.min && { min: { storage: claim.min.toString() } }),
            ...(claim.max && { max: { storage: claim.max.toString() } }),
          },
        ]
      : []),
  ];
}

function amounts({ cpu, memory }: ResourceAmounts = {}): Record<string, string> {
  return { ...(cpu && { cpu: cpu.toString() }), ...(memory && { memory: memory.toString() }) };
}

/** Whether there is anything in it: an empty map is another difference for ever. */
function isSaid<T extends object>(value: T | undefined): value is T {
  return value !== undefined && Object.values(value).some((amount) => amount !== undefined);
}
