import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import type { KubernetesObject } from '../manifests/objects';
import { selects } from '../rules/label-selector';
import { frontOf } from '../rules/load-balancer-front';
import { addressesOf, ALL_PORTS, portNumber, type Endpoint } from '../rules/network-policies';
import { intersection, union, type Ranges } from '../rules/number-ranges';
import { ALL_PROTOCOLS, openings, type Opening } from '../rules/security-group';
import { listAt, namespaceOf, objectAt, shown } from '../rules/workload-pods';
import { blocksOf, referredTo, textsOf } from './aws-resources';
import { resourcesIn, type ClusterFacts, type Found } from './cluster-facts';

/** The ports on which something outside the cluster has a way to Pods, before NetworkPolicies. */
export type WaysIn = (from: 'internet' | 'vpc', to: Endpoint) => Ranges;

/**
 * The ways of the internet and of the VPC to Pods: load balancers, and what the security groups of the nodes let in. Traffic between
 * the nodes is let in by the security group of the cluster.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
 */
export function waysIn(facts: ClusterFacts, endpoints: readonly Endpoint[], vpc: Ranges): WaysIn {
  const services = facts.objects.filter(({ object }) => object.kind === 'Service');
  const opened = openedByGroups(facts, vpc);
  const toPods = (chosen: readonly Found[], isOpen: (port: object) => boolean = () => true) => {
    const found = new Map<Endpoint, Ranges>();
    for (const service of chosen) {
      const ports = listAt(service.object, 'spec.ports').filter(isOpen);
      for (const each of selected(service, endpoints))
        found.set(each, union([found.get(each) ?? [], ...ports.map((port) => targetOf(port, each))]));
    }
    return found;
  };
  const fronts = (isMeant: (front: { isPublic: boolean }) => boolean) =>
    toPods(behind(facts.objects, services, isMeant));
  const ways = {
    internet: [fronts(({ isPublic }) => isPublic)],
    vpc: [
      fronts(() => true),
      toPods(
        services.filter(({ object }) =>
          ['NodePort', 'LoadBalancer'].includes(shown(objectAt(object, 'spec')['type'])),
        ),
        ({ protocol, nodePort }: { protocol?: unknown; nodePort?: unknown }) =>
          intersection(opened, [nodePortRange(protocol, nodePort)]).length > 0,
      ),
    ],
  };
  return (from, to) =>
    union([...ways[from].map((each) => each.get(to) ?? []), ...(from === 'vpc' ? [opened] : [])]);
}

/** Ports of nodes that Services get. Source: Kubernetes, Service, type: NodePort. */
const NODE_PORTS = [30_000, 32_767] as const;

const nodePortRange = (protocol: unknown, given: unknown): readonly [number, number] => {
  const [first, last] = typeof given === 'number' ? [given, given] : NODE_PORTS;
  return [portNumber(protocol, first), portNumber(protocol, last)];
};

/** The Services to which load balancers lead, by the Service itself or by an Ingress. */
function behind(
  objects: readonly Found[],
  services: readonly Found[],
  isMeant: (front: { isPublic: boolean }) => boolean,
): Found[] {
  return objects
    .filter(({ object }) => {
      const front = frontOf(object);
      return front && isMeant(front) && front.ranges.some((range) => addressesOf(range).length > 0);
    })
    .flatMap((front) =>
      front.object.kind === 'Service'
        ? [front]
        : services.filter(
            (each) =>
              namespaceOf(each) === namespaceOf(front) &&
              servicesOf(front.object).includes(each.object.metadata.name ?? ''),
          ),
    );
}

/** The names of the Services behind an Ingress. */
const servicesOf = (ingress: KubernetesObject): unknown[] =>
  [
    objectAt(ingress, 'spec.defaultBackend'),
    ...listAt(ingress, 'spec.rules').flatMap((rule) =>
      listAt(rule, 'http.paths').map((path) => objectAt(path, 'backend')),
    ),
  ].map((backend) => objectAt(backend, 'service')['name']);

/** The Pods of a Service. One without a selector leads to addresses, and to no Pod that is known. */
function selected(service: Found, endpoints: readonly Endpoint[]): Endpoint[] {
  const labels = objectAt(service.object, 'spec.selector');
  if (Object.keys(labels).length === 0) return [];
  return endpoints.filter(
    ({ pods }) =>
      pods?.namespace === namespaceOf(service) && selects({ matchLabels: labels }, pods.labels, true),
  );
}

function targetOf(written: object, { pods }: Endpoint): Ranges {
  const { protocol = 'TCP', port, targetPort = port } = written as Readonly<Record<string, unknown>>;
  const named = pods?.named.get(`${shown(protocol)} ${shown(targetPort)}`);
  const open = named ?? portNumber(protocol, Number(targetPort));
  return Number.isNaN(open) ? [] : [[open, open]];
}

const GROUPS = ['aws_security_group', 'aws_default_security_group'];
const RULES = ['aws_security_group_rule', 'aws_vpc_security_group_ingress_rule'];

/** What the security groups of nodes let in from elsewhere in the VPC; every port where a group is not in the stacks. */
function openedByGroups({ stacks, objects }: ClusterFacts, vpc: Ranges): Ranges {
  // A node has the groups of its launch template, or that of the cluster.
  const groups = resourcesIn(stacks, 'aws_launch_template').flatMap(({ stack, attributes }) =>
    [
      ...textsOf(attributes['vpc_security_group_ids']),
      ...blocksOf(attributes['network_interfaces']).flatMap((each) => textsOf(each['security_groups'])),
    ]
      .filter((id) => !id.includes('.cluster_security_group_id'))
      .map((id) => ({ stack, address: referredTo(id) })),
  );
  const isElsewhere =
    groups.some(({ address }) => address === undefined) ||
    resourcesIn(stacks, 'aws_eks_cluster').length === 0 ||
    objects.some(({ object }) => object.kind === 'SecurityGroupPolicy');
  if (isElsewhere) return ALL_PORTS;
  const isOfNodes = (stack: string, address: string): boolean =>
    groups.some((group) => group.stack === stack && group.address === address);
  const own = resourcesIn(stacks, ...GROUPS).filter(({ stack, address }) => isOfNodes(stack, address));
  // A rule of a group that is not in its stack may be for the nodes.
  const rules = resourcesIn(stacks, ...RULES).filter(({ stack, attributes }) => {
    const group = referredTo(attributes['security_group_id']);
    return group === undefined || isOfNodes(stack, group);
  });
  return union(
    [...own, ...rules]
      .flatMap(({ address, attributes }) => openings(address.split('.')[0] ?? '', attributes))
      .filter(({ source, isRange }) => (isRange ? mayBeIn(vpc, source) : source !== 'itself'))
      .map(portsOf),
  );
}

/** A prefix list, and what only a deployment can tell, may have any address. */
const mayBeIn = (vpc: Ranges, source: string): boolean =>
  Cidr.parse(source) === undefined || intersection(addressesOf(source), vpc).length > 0;

/** Protocols by what Terraform takes: names, and numbers of IANA. Others have no ports. */
const PROTOCOLS: Readonly<Record<string, string>> = {
  ...{ tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' },
  ...{ '6': 'TCP', '17': 'UDP', '132': 'SCTP' },
};

function portsOf({ protocol, from, to }: Opening): Ranges {
  if (protocol === ALL_PROTOCOLS || protocol.includes('${')) return ALL_PORTS;
  const name = PROTOCOLS[protocol];
  return name === undefined ? [] : [[portNumber(name, Math.max(from, 1)), portNumber(name, to)]];
}
