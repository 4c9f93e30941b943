import type { Construct } from 'constructs';
import { LimitRange, type LimitRangeOptions } from '../../../../constructs/kubernetes/namespaces/limit-range';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';

const required: LimitRangeOptions = {
  defaultRequest: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
  defaultMemoryLimit: Size.mebibytes(128),
};

export function defaults(scope: Construct): void {
  new LimitRange(scope, 'limits', required);
}

/** Wide enough for all the other samples: every one of their Pods gets a CPU limit by it. */
export function everything(scope: Construct): void {
  new LimitRange(scope, 'limits', {
    ...required,
    min: { cpu: Cpu.millis(10), memory: Size.mebibytes(16) },
    max: { cpu: Cpu.units(2), memory: Size.gibibytes(4) },
    podMax: { cpu: Cpu.units(8), memory: Size.gibibytes(16) },
    claim: { min: Size.gibibytes(1), max: Size.tebibytes(1) },
  });
}
