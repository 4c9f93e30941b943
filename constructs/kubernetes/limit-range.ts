import { LimitRangeV1 } from '@cdktf/provider-kubernetes/lib/limit-range-v1';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import { Namespace } from './namespace';
import { objectName } from './names';
import type { Cpu, Size } from './quantity';

export interface LimitRangeOptions {
  /** What a container that says nothing asks for. */
  readonly defaultRequest: { readonly cpu: Cpu; readonly memory: Size };
  /** The memory limit of a container that says none. */
  readonly defaultMemoryLimit: Size;
}

/**
 * What containers of a namespace get that say nothing of their resources; without it a quota would refuse them.
 *
 * @see https://kubernetes.io/docs/concepts/policy/limit-range/
 */
export class LimitRange extends Construct {
  readonly resource: LimitRangeV1;

  constructor(scope: Construct, id: string, options: LimitRangeOptions) {
    super(scope, id);
    const { cpu, memory } = options.defaultRequest;
    this.resource = new LimitRangeV1(this, MAIN_CHILD, {
      metadata: { name: objectName(this), namespace: Namespace.of(this).name },
      spec: {
        limit: [
          {
            type: 'Container',
            defaultRequest: { cpu: cpu.toString(), memory: memory.toString() },
            default: { memory: options.defaultMemoryLimit.toString() },
          },
        ],
      },
    });
  }
}
