import { Token } from 'cdktf';
import { isIP } from 'node:net';
import { isIn } from './ip-range';
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

/** Ranges that no endpoint is of, with what they are. */
const REFUSED: Readonly<Record<string, string>> = {
  '0.0.0.0/32': 'unspecified',
  '::/128': 'unspecified',
  '127.0.0.0/8': 'a loopback address',
  '::1/128': 'a loopback address',
  '169.254.0.0/16': 'a link-local address',
  'fe80::/10': 'a link-local address',
  '224.0.0.0/24': 'a link-local multicast address',
  'ff02::/16': 'a link-local multicast address',
  '::ffff:0:0/96': 'an IPv4 address written as IPv6',
};

/** 4 or 6; 0 for what is no address, or is known only to Terraform. */
export function family(address: string): number {
  return Token.isUnresolved(address) || address.includes('%') ? 0 : isIP(address);
}

/**
 * What is wrong with the addresses of endpoints, by the rules of the API server.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
 */
export function addressErrors(addresses: readonly string[]): string[] {
  const known = addresses.filter((address) => !Token.isUnresolved(address));
  return [
    ...(addresses.length === 0 ? ['it has no address; name the machines that answer'] : []),
    ...known.flatMap((address) => {
      const reason = refusal(address);
      return reason === undefined
        ? []
        : [`address "${address}" is ${reason}; a unicast IP address is allowed`];
    }),
    ...[...new Set(known.filter((address, index) => known.indexOf(address) !== index))].map(
      (address) => `address "${address}" is named twice; leave one out`,
    ),
  ];
}

/** Mistakes of the target ports of a Service: names that it has not, numbers that are no port. */
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

/** Why the API server refuses an address, or nothing. */
function refusal(address: string): string | undefined {
  if (family(address) === 0) return 'no IP address';
  return Object.entries(REFUSED).find(([range]) => isIn(address, range))?.[1];
}
