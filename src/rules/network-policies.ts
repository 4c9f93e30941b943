import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import { isObject } from '../manifests/field';
import type { KubernetesObject } from '../manifests/objects';
import { STAND_IN } from '../manifests/scalar';
import type { JsonObject } from '../manifests/terraform-document';
import { selects } from './label-selector';
import { difference, intersection, union, type Ranges } from './number-ranges';
import { listAt, objectAt, shown, valueAt } from './workload-pods';

/** Direction of traffic, by the name that a NetworkPolicy has for its rules. */
export const DIRECTIONS = { Ingress: 'ingress', Egress: 'egress' } as const;
export type Direction = keyof typeof DIRECTIONS;
const PEERS = { Ingress: 'from', Egress: 'to' } as const;
const BOTH = Object.keys(DIRECTIONS) as readonly Direction[];

/** A rule of a NetworkPolicy. Without peers it is for everyone, without ports for all of them. */
export interface PolicyRule {
  readonly peers: readonly JsonObject[];
  readonly ports: readonly JsonObject[];
}

/** The directions in which a policy isolates: those that it states, otherwise ingress, and egress where there are rules for it. */
export function directionsOf({ spec }: KubernetesObject): Direction[] {
  const said = valueAt(spec, 'policyTypes');
  const types: readonly unknown[] = Array.isArray(said) && said.length > 0 ? said : ['Ingress'];
  const implied = types !== said && listAt(spec, 'egress').length > 0;
  return BOTH.filter((way) => types.includes(way) || (way === 'Egress' && implied));
}

/** The rules of a policy in a direction; none where it does not isolate. */
export function rulesOf(policy: KubernetesObject, way: Direction): PolicyRule[] {
  if (!directionsOf(policy).includes(way)) return [];
  return listAt(policy['spec'], DIRECTIONS[way]).map((rule) => ({
    peers: listAt(rule, PEERS[way]),
    ports: listAt(rule, 'ports'),
  }));
}

/** Who sends or receives: Pods that are alike, or addresses outside the cluster. */
export interface Endpoint {
  readonly addresses: Ranges;
  /** Left out: no Pods. */
  readonly pods?: {
    readonly namespace: string;
    readonly namespaceLabels: object;
    readonly labels: object;
    /** Numbers of ports, as {@link portNumber} counts them, by protocol and name: `TCP http`. */
    readonly named: ReadonlyMap<string, number>;
    /** Whether policies apply to them. */
    readonly isolable: boolean;
  };
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];
const MOST = 65_535;
/** Pods as the API has them, of a namespace with these labels. */
export function podEndpoint(
  { metadata, spec }: { readonly metadata: JsonObject; readonly spec: JsonObject },
  namespaceLabels: object,
  addresses: Ranges = [],
): Endpoint {
  const containers = [...listAt(spec, 'initContainers'), ...listAt(spec, 'containers')];
  const ports = containers.flatMap((container) => listAt(container, 'ports'));
  const named = ports.flatMap(({ name, protocol = 'TCP', containerPort }): [string, number][] =>
    typeof name === 'string'
      ? [[`${shown(protocol)} ${name}`, portNumber(protocol, Number(containerPort))]]
      : [],
  );
  const namespace = shown(metadata['namespace'] ?? 'default');
  return {
    addresses,
    pods: {
      ...{ namespace, namespaceLabels: { ...namespaceLabels, 'kubernetes.io/metadata.name': namespace } },
      ...{ labels: objectAt(metadata, 'labels'), named: new Map(named) },
      isolable: spec['hostNetwork'] !== true,
    },
  };
}

/** Every port of every protocol. The ports of a protocol follow those of the one before. */
export const ALL_PORTS: Ranges = PROTOCOLS.map((_, i) => [i * (MOST + 1) + 1, i * (MOST + 1) + MOST]);

/** The number of a port among those of all protocols. */
export const portNumber = (protocol: unknown, port: number): number =>
  PROTOCOLS.indexOf(typeof protocol === 'string' ? protocol : 'TCP') * (MOST + 1) + port;

/** `TCP 80,8000-8080 UDP 53`; `all` for every port. */
export function shownPorts(ports: Ranges): string {
  if (difference(ALL_PORTS, ports).length === 0) return 'all';
  return PROTOCOLS.flatMap((protocol, i) => {
    const own = intersection(ports, [ALL_PORTS[i] ?? [0, 0]]);
    const numbers = own.map((range) => [...new Set(range.map((port) => port - i * (MOST + 1)))].join('-'));
    if (numbers.length === 0) return [];
    return numbers[0] === `1-${MOST}` ? protocol : `${protocol} ${numbers.join(',')}`;
  }).join(' ');
}

/** The addresses of a range of IPv4. A range that only a deployment can tell may be any. An IPv4 cluster ignores IPv6. */
export function addressesOf(text: unknown): Ranges {
  if (typeof text !== 'string' || text.includes(STAND_IN)) return EVERYWHERE;
  const cidr = Cidr.parse(text);
  if (cidr === undefined || text.includes(':')) return [];
  const first = cidr.network.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return [[first, first + Number(cidr.size) - 1]];
}

/** Every IPv4 address. */
export const EVERYWHERE: Ranges = [[0, 2 ** 32 - 1]];

/**
 * What the VPC CNI does that the specification leaves open, or has otherwise.
 *
 * @see https://github.com/aws/amazon-network-policy-controller-k8s/blob/v1.1.7/pkg/resolvers/endpoints.go
 */
export const VPC_CNI = {
  /** A Pod has an address of the VPC, and an `ipBlock` that holds it is for the Pod too. */
  rangesHoldPods: true,
  /** A name of a port stands for its numbers in all Pods that an ingress policy selects. */
  namesOfAllSelected: true,
  /** An egress rule looks up a name of a port in Pods that it selects; without a selector, it has none. */
  namesNeedSelector: true,
};

/** A policy's rules as numbers, for the Pods that it selects. */
interface Opening {
  readonly policy: KubernetesObject;
  readonly way: Direction;
  readonly reaches: (peer: Endpoint) => 'selector' | 'address' | undefined;
  readonly ports: (to: Endpoint, by: 'selector' | 'address') => Ranges;
}

/** The policies of an endpoint in one direction. */
interface Side {
  isolated: boolean;
  readonly openings: Opening[];
}

/** A rule that names Pods, while none of them lets it through. */
export interface ShutRule {
  readonly policy: KubernetesObject;
  readonly way: Direction;
  /** The Pods that it names. */
  readonly peers: readonly Endpoint[];
}

/** What a set of NetworkPolicies lets through. */
export class NetworkPolicies {
  private readonly sides = { Ingress: new Map<Endpoint, Side>(), Egress: new Map<Endpoint, Side>() };
  private readonly selected = new Map<Opening, readonly Endpoint[]>();
  private readonly chosen = new Map<string, Set<Endpoint>>();
  private readonly alike = new Map<string, Ranges>([[ALL_PORTS.join(), ALL_PORTS]]);
  private readonly shared = new Map<Ranges, Map<Ranges, Ranges>>();
  private readonly byNamespace = new Map<string, Endpoint[]>();

  /** @param endpoints all that are asked for */
  constructor(
    policies: readonly KubernetesObject[],
    private readonly endpoints: readonly Endpoint[],
    private readonly ways: typeof VPC_CNI = VPC_CNI,
  ) {
    for (const endpoint of endpoints) {
      const namespace = endpoint.pods?.namespace ?? '';
      const beside = this.byNamespace.get(namespace) ?? [];
      this.byNamespace.set(namespace, beside);
      beside.push(endpoint);
    }
    for (const policy of policies) {
      const selector = objectAt(policy['spec'], 'podSelector');
      const own = this.inNamespaceOf(policy).filter(
        ({ pods }) => pods?.isolable === true && selects(selector, pods.labels, true),
      );
      for (const way of directionsOf(policy)) {
        const openings = this.openingsOf(policy, way);
        for (const opening of openings) this.selected.set(opening, own);
        for (const endpoint of own) {
          const side = this.sides[way].get(endpoint) ?? { isolated: false, openings: [] };
          this.sides[way].set(endpoint, side);
          side.openings.push(...openings);
          // What may be selected gets the openings of the policy, and is not isolated by it.
          side.isolated ||= selects(selector, endpoint.pods?.labels ?? {});
        }
      }
    }
  }

  /** The ports on which one may connect to another. */
  allowed(from: Endpoint, to: Endpoint): Ranges {
    const out = this.side(from, to, 'Egress');
    if (out.length === 0) return out;
    const into = this.side(to, from, 'Ingress');
    const known = this.shared.get(out) ?? new Map<Ranges, Ranges>();
    this.shared.set(out, known);
    const both = known.get(into) ?? this.one(intersection(out, into));
    known.set(into, both);
    return both;
  }

  /** The rules that let nothing through, since no Pod that they name has a rule for the other direction. */
  shutRules(): ShutRule[] {
    return [...this.selected].flatMap(([{ policy, way, reaches, ports }, own]) => {
      const peers = this.endpoints.filter((peer) => peer.pods && reaches(peer) === 'selector');
      const passes = own.some((endpoint) =>
        peers.some((peer) => {
          const [from, to] = way === 'Egress' ? [endpoint, peer] : [peer, endpoint];
          return intersection(ports(to, 'selector'), this.allowed(from, to)).length > 0;
        }),
      );
      return passes || own.length === 0 || peers.length === 0 ? [] : [{ policy, way, peers }];
    });
  }

  private side(of: Endpoint, peer: Endpoint, way: Direction): Ranges {
    const { isolated, openings } = this.sides[way].get(of) ?? { isolated: false, openings: [] };
    if (!isolated) return ALL_PORTS;
    const to = way === 'Egress' ? peer : of;
    const found: Ranges[] = [];
    for (const { reaches, ports } of openings) {
      const by = reaches(peer);
      if (by !== undefined) found.push(ports(to, by));
    }
    return found.length === 1 ? (found[0] ?? []) : this.one(union(found));
  }

  /** Equal ports as one value, so that what follows from them is looked for once: pairs are many, and ports few. */
  private one(ports: Ranges): Ranges {
    const key = ports.join();
    const known = this.alike.get(key) ?? ports;
    this.alike.set(key, known);
    return known;
  }

  private openingsOf(policy: KubernetesObject, way: Direction): Opening[] {
    const namespace = policy.metadata.namespace ?? 'default';
    const { rangesHoldPods, namesNeedSelector } = this.ways;
    return rulesOf(policy, way).map((rule) => {
      const blocks = rule.peers.filter((peer) => isObject(peer['ipBlock']));
      const addresses = union([
        ...(rule.peers.length === 0 ? [EVERYWHERE] : []),
        ...blocks.map((peer) => {
          const { cidr, except } = objectAt(peer, 'ipBlock');
          const left = Array.isArray(except) ? except.filter((each) => !String(each).includes(STAND_IN)) : [];
          return difference(addressesOf(cidr), union(left.map(addressesOf)));
        }),
      ]);
      const sets = rule.peers
        .filter((peer) => !isObject(peer['ipBlock']))
        .map((peer) => this.choose(peer, namespace));
      const everyone = rule.peers.length === 0;
      const names = this.namesOf(policy, way);
      const ports = (to: Endpoint, by: 'selector' | 'address'): Ranges =>
        rule.ports.length === 0
          ? ALL_PORTS
          : union(
              rule.ports.map(({ protocol = 'TCP', port, endPort }): Ranges => {
                if (port === undefined) return [[portNumber(protocol, 1), portNumber(protocol, MOST)]];
                const number = Number(port);
                if (!Number.isInteger(number)) {
                  if (way === 'Egress' && by === 'address' && namesNeedSelector) return [];
                  return union(
                    names(to).map((named) => numberOf(named, `${shown(protocol)} ${shown(port)}`)),
                  );
                }
                if (String(number) === STAND_IN)
                  return [[portNumber(protocol, 1), portNumber(protocol, MOST)]];
                return [[portNumber(protocol, number), portNumber(protocol, Number(endPort ?? number))]];
              }),
            );
      const meets = new Map<Ranges, boolean>();
      const reaches = (peer: Endpoint): 'selector' | 'address' | undefined => {
        if (sets.some((set) => set.has(peer))) return 'selector';
        if (everyone) return 'address';
        if (blocks.length === 0 || (peer.pods && !rangesHoldPods)) return undefined;
        const known = meets.get(peer.addresses) ?? intersection(addresses, peer.addresses).length > 0;
        meets.set(peer.addresses, known);
        return known ? 'address' : undefined;
      };
      // The rest of the answer is the same for every Pod without names of ports.
      const fixed = rule.ports.every(({ port }) => Number.isInteger(Number(port ?? 0)))
        ? this.one(ports({ addresses: [] }, 'address'))
        : undefined;
      return { policy, way, reaches, ports: fixed ? () => fixed : ports };
    });
  }

  /** Where a name of a port is looked up. */
  private namesOf(policy: KubernetesObject, way: Direction): (to: Endpoint) => readonly Endpoint[] {
    if (way === 'Egress' || !this.ways.namesOfAllSelected) return (to) => [to];
    const selector = objectAt(policy['spec'], 'podSelector');
    let all: readonly Endpoint[] | undefined;
    return () =>
      (all ??= this.inNamespaceOf(policy).filter(({ pods }) => selects(selector, pods?.labels ?? {}, true)));
  }

  private inNamespaceOf({ metadata }: KubernetesObject): readonly Endpoint[] {
    return this.byNamespace.get(metadata.namespace ?? 'default') ?? [];
  }

  /** The Pods that a peer selects. */
  private choose({ namespaceSelector, podSelector }: JsonObject, namespace: string): Set<Endpoint> {
    const own = isObject(namespaceSelector) ? undefined : namespace;
    const key = JSON.stringify([own, namespaceSelector, podSelector]);
    const known = this.chosen.get(key);
    if (known) return known;
    const found = new Set(
      this.endpoints.filter(
        ({ pods }) =>
          pods &&
          (own === undefined
            ? selects(namespaceSelector, pods.namespaceLabels, true)
            : pods.namespace === own) &&
          selects(podSelector ?? {}, pods.labels, true),
      ),
    );
    this.chosen.set(key, found);
    return found;
  }
}

const numberOf = ({ pods }: Endpoint, name: string): Ranges => {
  const number = pods?.named.get(name);
  return number === undefined ? [] : [[number, number]];
};
