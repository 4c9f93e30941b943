import type { DeploymentV1SpecTemplateSpecContainerResources } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { Cpu, Size } from './quantity';

/** What a container requests, and its limits. */
export interface ContainerResources {
  /** What the scheduler sets aside. */
  readonly cpu: Cpu;
  /** What the scheduler sets aside, and, unless `memoryLimit` says more, the limit. */
  readonly memory: Size;
  /** The most that the container gets, even though the node is idle. @default - no limit */
  readonly cpuLimit?: Cpu;
  /** A container that takes more is ended. @default - as much as is set aside */
  readonly memoryLimit?: Size;
  /**
   * Room on the node's disk for the container's files, logs and `emptyDir` volumes; a Pod that takes more is evicted.
   * @default - nothing is set aside, and there is no limit
   */
  readonly ephemeralStorage?: Size;
  /**
   * Devices and other extended resources by name, such as `{ 'nvidia.com/gpu': 1 }` or `{ 'aws.amazon.com/neuron': 1 }`: whole
   * numbers, which no other Pod gets. EKS lets a Pod that asks for one tolerate the taint of that name.
   * @default {}
   * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources
   */
  readonly extended?: Readonly<Record<string, number>>;
}

/** What a container asks for that says nothing of it. */
export const DEFAULT_RESOURCES: ContainerResources = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };

/**
 * Requests and limits as the provider takes them.
 *
 * @param fullLimits says a CPU limit too where none is given: what the container asks for
 */
export function requirements(
  resources: ContainerResources,
  fullLimits: boolean,
): DeploymentV1SpecTemplateSpecContainerResources {
  const { cpu, memory, memoryLimit, ephemeralStorage, extended = {} } = resources;
  const cpuLimit = resources.cpuLimit ?? (fullLimits ? cpu : undefined);
  // Request and limit are the same: Kubernetes allows no other for extended resources.
  const same = {
    ...(ephemeralStorage && { 'ephemeral-storage': ephemeralStorage.toString() }),
    ...Object.fromEntries(Object.entries(extended).map(([name, count]) => [name, String(count)])),
  };
  return {
    requests: { cpu: cpu.toString(), memory: memory.toString(), ...same },
    limits: {
      ...(cpuLimit && { cpu: cpuLimit.toString() }),
      memory: (memoryLimit ?? memory).toString(),
      ...same,
    },
  };
}
