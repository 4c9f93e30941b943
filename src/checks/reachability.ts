import { PRIVATE_RANGES, SHARED_RANGE } from '@kubernetes-on-aws/eks-facts/cidr';
import type { Expectation } from '../manifests/platform-record';
import type { JsonObject } from '../manifests/terraform-document';
import {
  addressesOf,
  EVERYWHERE,
  NetworkPolicies,
  podEndpoint,
  shownPorts,
  type Endpoint,
} from '../rules/network-policies';
import { difference, intersection, union, type Ranges } from '../rules/number-ranges';
import { objectAt, valueAt } from '../rules/workload-pods';
import { blocksOf, textOf, textsOf } from './aws-resources';
import { foundInAws, parsed, resourcesIn, type ClusterFacts, type Found } from './cluster-facts';
import { findingOf, type Finding } from './finding';
import { waysIn } from './ways-in';

/** Who reaches whom. */
export interface Reachability {
  /** The rows and columns, in their order: `internet`, `vpc`, `api-server`, `dns`, then `namespace/name`. */
  readonly names: readonly string[];
  /** By who connects and what it connects to, the ports: `TCP 8080`. A pair that is left out does not connect. */
  readonly matrix: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly findings: readonly Finding[];
}

/** What is neither a namespace nor a workload, by its name in an expectation. */
export const OUTSIDE = ['internet', 'vpc', 'api-server', 'dns'] as const;

/** An endpoint with a name. */
interface Named extends Endpoint {
  readonly name: string;
  readonly of?: Found;
}

/**
 * Addresses that are not on the internet: private networks, this host, the link, and those that stand for many.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
 */
const NOT_INTERNET = union(
  [...PRIVATE_RANGES, SHARED_RANGE]
    .map(({ text }) => text)
    .concat('0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3')
    .map(addressesOf),
);

/** Who may connect to whom by the NetworkPolicies as the VPC CNI enforces them, held against what is expected. */
export function reachabilityOf(facts: ClusterFacts): Reachability {
  const { objects, platform } = facts;
  const policies = objects.filter(({ object }) => object.kind === 'NetworkPolicy');
  const endpoints = endpointsOf(facts);
  const unenforced = policies.length === 0 ? [] : enforcementFindings(facts);
  const enforced = unenforced.length === 0 ? policies.map(({ object }) => object) : [];
  const network = new NetworkPolicies(enforced, endpoints);
  const matrix: Record<string, Record<string, string>> = {};
  const broken = (platform.reachability ?? []).map((expectation) => ({
    expectation,
    ...{ holds: asked(expectation, endpoints), found: new Map<Named, string[]>() },
  }));
  const [internet, vpc] = endpoints;
  const ways = waysIn(facts, endpoints, vpc?.addresses ?? []);
  const allowed = (from: Named, to: Named): Ranges => {
    if (from !== internet && from !== vpc) return network.allowed(from, to);
    // A load balancer passes the address of a client on, or has one of the VPC itself.
    const sources = from === internet ? [internet, vpc] : [vpc];
    return intersection(
      ways(from === internet ? 'internet' : 'vpc', to),
      union(sources.map((each) => (each ? network.allowed(each, to) : []))),
    );
  };
  const texts = new Map<Ranges, string>();
  for (const from of endpoints) {
    const row: Record<string, string> = (matrix[from.name] ??= {});
    for (const to of endpoints) {
      if (from === to || !(from.pods ?? to.pods)) continue;
      const open = allowed(from, to);
      if (open.length === 0) continue;
      const ports = texts.get(open) ?? shownPorts(open);
      texts.set(open, ports);
      row[to.name] = ports;
      for (const { holds, found } of broken) {
        if (!holds(from, to)) found.set(to, [...(found.get(to) ?? []), `${from.name} (${ports})`]);
      }
    }
  }
  const byObject = new Map(policies.map((each) => [each.object, each]));
  const first = objects.find(({ object }) => object.kind === 'Namespace') ?? policies[0];
  const nothing = (platform.reachability ?? []).flatMap((expectation) =>
    namesOf(expectation)
      .filter((name) => !endpoints.some((each) => isNamed(each, name)))
      .flatMap((name) =>
        first === undefined
          ? []
          : findingOf(
              'NET-003',
              first,
              `checks.reachability of platform.yaml names "${name}", and there is no namespace and no workload of that name`,
              `name one of: ${[...OUTSIDE, ...Object.keys(platform.namespaces)].join(', ')}, or a workload as npm run check reachability prints it`,
            ),
      ),
  );
  return {
    ...{ names: [...new Set(endpoints.map(({ name }) => name))], matrix },
    findings: [
      ...unenforced,
      ...nothing,
      ...broken.flatMap(({ expectation, found }) =>
        [...found].flatMap(([to, froms]) => {
          const of = to.of ?? endpoints.find(({ name }) => froms[0]?.startsWith(`${name} (`))?.of;
          const { onlyFrom, neverFrom } = expectation;
          return of === undefined
            ? []
            : findingOf(
                'NET-002',
                of,
                `${to.name} can be reached from ${some(froms)}; platform.yaml expects of ${expectation.to}: ${onlyFrom ? `only from ${onlyFrom.join(', ') || '(none)'}` : `never from ${(neverFrom ?? []).join(', ')}`}`,
                'remove what allows the connection from a NetworkPolicy, or change the expectation under checks.reachability in platform.yaml',
              );
        }),
      ),
      ...network.shutRules().flatMap(({ policy, way, peers }) => {
        const of = byObject.get(policy);
        const names = some(peers.map((peer) => (peer as Named).name));
        return of === undefined
          ? []
          : findingOf(
              'NET-004',
              of,
              way === 'Egress'
                ? `allows connections to ${names}, and no NetworkPolicy there lets them in on these ports`
                : `allows connections from ${names}, and no NetworkPolicy there lets them out on these ports`,
              'allow the connection on both sides, as connections.allowTo() does, or remove the rule',
            );
      }),
    ],
  };
}

const some = (names: readonly string[]): string =>
  `${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`;

const namesOf = ({ to, onlyFrom = [], neverFrom = [] }: Expectation): string[] => [
  ...new Set([to, ...onlyFrom, ...neverFrom]),
];

/** Whether a name is for an endpoint: its own, its namespace, or that of a workload in each namespace. */
const isNamed = ({ name, pods }: Named, wanted: string): boolean =>
  wanted === name || (pods !== undefined && (wanted === pods.namespace || name.endsWith(`/${wanted}`)));

/** Whether a connection is as it is expected. Two workloads that are named without a namespace are those of one. */
function asked(
  { to, onlyFrom, neverFrom }: Expectation,
  endpoints: readonly Named[],
): (from: Named, to: Named) => boolean {
  const everywhere = (name: string): boolean =>
    !name.includes('/') && !endpoints.some((each) => each.name === name || each.pods?.namespace === name);
  const targets = new Set(endpoints.filter((each) => isNamed(each, to)));
  return (from, target) => {
    if (!targets.has(target)) return true;
    const among = (names: readonly string[]): boolean =>
      names.some(
        (name) =>
          isNamed(from, name) &&
          !(everywhere(name) && everywhere(to) && from.pods?.namespace !== target.pods?.namespace),
      );
    return (onlyFrom === undefined || among(onlyFrom)) && !among(neverFrom ?? []);
  };
}

function endpointsOf({ pods, objects, stacks }: ClusterFacts): Named[] {
  const ranges = (type: string): Ranges =>
    union(resourcesIn(stacks, type).map(({ attributes }) => addressesOf(attributes['cidr_block'])));
  const known = union([ranges('aws_vpc'), ranges('aws_vpc_ipv4_cidr_block_association')]);
  // Of a network that is made elsewhere the range is not known: any private one.
  const vpc =
    known.length > 0 ? known : union([...PRIVATE_RANGES, SHARED_RANGE].map(({ text }) => addressesOf(text)));
  const [cluster] = resourcesIn(stacks, 'aws_eks_cluster');
  const [network = {}] = blocksOf(cluster?.attributes['kubernetes_network_config']);
  const [services] = addressesOf(textOf(network['service_ipv4_cidr']) || undefined);
  const labels = new Map<string, JsonObject>(
    objects
      .filter(({ object }) => object.kind === 'Namespace')
      .map(({ object }) => [object.metadata.name ?? '', objectAt(object, 'metadata.labels')]),
  );
  return [
    { name: 'internet', addresses: difference(EVERYWHERE, NOT_INTERNET) },
    { name: 'vpc', addresses: vpc },
    // Pods connect to the first address of the Services, behind which are interfaces in the VPC.
    {
      name: 'api-server',
      addresses: union([vpc, ...(services ? [[[services[0] + 1, services[0] + 1]] as const] : [])]),
    },
    ...pods
      .filter(({ ofAddOn, workload }) => !(ofAddOn && workload.pod['hostNetwork'] === true))
      .map(({ workload, of, pod, ofAddOn }): Named => {
        const endpoint = podEndpoint(
          pod as { metadata: JsonObject; spec: JsonObject },
          labels.get(workload.namespace) ?? {},
          vpc,
        );
        const isDns = ofAddOn && valueAt(workload.labels, 'k8s-app') === 'kube-dns';
        const name = isDns ? 'dns' : `${workload.namespace}/${of.object.metadata.name ?? ''}`;
        // The VPC CNI finds no policy for a Pod without an owner.
        const isolable = endpoint.pods?.isolable === true && of.object.kind !== 'Pod';
        return { ...endpoint, ...(endpoint.pods && { pods: { ...endpoint.pods, isolable } }), name, of };
      })
      .sort((a, b) => Number(b.name === 'dns') - Number(a.name === 'dns')),
  ];
}

/** NetworkPolicies that the cluster's network does not enforce. */
function enforcementFindings({ stacks }: ClusterFacts): Finding[] {
  return resourcesIn(stacks, 'aws_eks_cluster').flatMap((cluster) => {
    const cni = resourcesIn(stacks, 'aws_eks_addon').find(
      ({ attributes }) => attributes['addon_name'] === 'vpc-cni',
    );
    const settings = parsed(cni?.attributes['configuration_values']);
    if (textsOf(settings['enableNetworkPolicy']).includes('true') || settings['enableNetworkPolicy'] === true)
      return [];
    return findingOf(
      'NET-001',
      foundInAws(stacks, cni ?? cluster, 'EKS add-on', 'vpc-cni'),
      'no NetworkPolicy is enforced: every Pod reaches every other one',
      'set enableNetworkPolicy: "true" in the configuration of the add-on vpc-cni',
    );
  });
}
