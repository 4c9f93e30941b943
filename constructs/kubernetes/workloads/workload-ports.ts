import type { Workload } from './workload';

/** The transport protocols that the provider takes for a port. */
export type Protocol = 'TCP' | 'UDP';

/** A container's port, as others reach it. */
export interface ReachablePort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** A port of a workload's containers by its name, or nothing. */
export function workloadPort(workload: Workload, name: string): ReachablePort | undefined {
  return workload.template.ports.find((port) => port.name === name);
}

/** What is wrong with names that are to be ports of a workload: those that are none. */
export function unknownPorts(workload: Workload, names: readonly string[]): string[] {
  return names
    .filter((name) => workloadPort(workload, name) === undefined)
    .map(
      (name) =>
        `port "${name}" is no port of ${workload.node.path}; its containers have: ${
          workload.template.portNames.join(', ') || 'none'
        }`,
    );
}
