import { Token } from 'cdktf';
import { isIP } from 'node:net';
import type { ServiceReference } from './service-reference';

/** Machines outside the cluster that answer for a Service. */
export interface BackendOptions {
  /** A Service without a workload. */
  readonly service: ServiceReference;
  /** IP addresses. The API server refuses those of the machine itself and of its own link. */
  readonly addresses: readonly string[];
  /**
   * Ports of these machines by the name of the Service's port.
   * @default - the same number as the Service's
   */
  readonly targetPorts?: Readonly<Record<string, number>>;
}

/** 4 or 6; 0 for what is no address, or is known only to Terraform. */
export function family(address: string): number {
  return Token.isUnresolved(address) || address.includes('%') ? 0 : isIP(address);
}

/** An EndpointSlice without an endpoint is valid, and its Service answers nothing. */
export function addressErrors(addresses: readonly string[]): string[] {
  return addresses.length === 0 ? ['it has no address; name the machines that answer'] : [];
}

/** Mistakes of the target ports of a Service: names that it has not, and numbers, which the API server does not check here. */
export function targetPortErrors(
  service: ServiceReference,
  ports: Readonly<Record<string, number>>,
): string[] {
  return Object.entries(ports).flatMap(([name, port]) => {
    const unknown = service.unknownPort(name);
    if (unknown !== undefined) return [unknown];
    return Number.isInteger(port) && port >= 1 && port <= 65535
      ? []
      : [`port "${name}": got ${port}; a whole number from 1 to 65535 is allowed`];
  });
}
