import type { Construct } from 'constructs';
import type { Namespace } from '../namespaces/namespace';
import type { Placement } from './placement';
import type { PodTemplate } from './pod-template';

/** The Pods of a workload, as those know them that find them, connect to them and place others beside them. */
export interface PodSet extends Construct {
  readonly namespace: Namespace;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The labels by which the Pods are found. */
  readonly selector: Readonly<Record<string, string>>;
  readonly template: PodTemplate;
  readonly placement: Placement;
}

/** The transport protocols that the provider takes for a port. */
export type Protocol = 'TCP' | 'UDP';

/** A container's port, as others reach it. */
export interface ReachablePort {
  readonly port: number;
  readonly protocol: Protocol;
}

/** A port of the containers by its name, or nothing. */
export function reachablePort(pods: PodSet, name: string): ReachablePort | undefined {
  return pods.template.ports.find((port) => port.name === name);
}

/** What is wrong with names that are to be ports of the containers: those that are none. */
export function unknownPorts(pods: PodSet, names: readonly string[]): string[] {
  return names
    .filter((name) => reachablePort(pods, name) === undefined)
    .map(
      (name) =>
        `port "${name}" is no port of ${pods.node.path}; its containers have: ${
          pods.template.portNames.join(', ') || 'none'
        }`,
    );
}
