import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import type { KubernetesObject } from '../manifests/objects';
import { selects } from '../rules/label-selector';
import { frontOf } from '../rules/load-balancer-front';
import { addressesOf, ALL_PORTS, portNumber, type Endpoint } from '../rules/network-policies';
import { intersection, union, type Ranges } from '../rules/number-ranges';
import { ALL_PROTOCOLS, openings, type Opening } from '../rules/security-group';
import { listAt, namespaceOf, objectAt, shown } from '../rules/workload-pods';
import type { JsonObject } from '../manifests/terraform-document';
import { blocksOf, referredTo, textOf, textsOf } from './aws-resources';
import { resourcesIn, type ClusterFacts, type Found } from './cluster-facts';

/** An endpoint, and the object that makes its Pods. */
type Placed = Endpoint & { readonly of?: Found };

/** The ports on which something outside the cluster has a way to Pods, before NetworkPolicies. */
export type WaysIn = (from: 'internet' | 'vpc', to: Placed) => Ranges;

/**
 * The ways of the internet and of the VPC to Pods: load balancers, and what the security groups of the nodes let in. Traffic between
 * the nodes is let in by the security group of the cluster.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html
 */
export function waysIn(facts: ClusterFacts, endpoints: readonly Placed[], vpc: Ranges): WaysIn {
  const services = facts.objects.filter(({ object }) => object.kind === 'Service');
  const opened = openedByGroups(facts, vpc);
  const toPods = (chosen: readonly Found[], isOpen: (port: object) => boolean = () => true) => {
    const found = new Map<Placed, Ranges>();
    for (const service of chosen) {
      const ports = listAt(service.object, 'spec.ports').filter(isOpen);
      for (const each of selected(service, endpoints))
        found.set(each, union([found.get(each) ?? [], ...ports.map((port) => targetOf(port, each))]));
    }
    return found;
  };
  const fronts = (isMeant: (front: { isPublic: boolean }) => boolean) =>
    toPods(behind(facts.objects, services, isMeant));
  // A port of the node leads to that of the container.
  const onNodes = new Map<Placed, Ranges>(
    endpoints.map((endpoint) => [
      endpoint,
      union(facts.pods.filter(({ of }) => of === endpoint.of).map(({ pod }) => hostPortsOf(pod, opened))),
    ]),
  );
  const ways = {
    internet: [fronts(({ isPublic }) => isPublic)],
    vpc: [
      onNodes,
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

/** Of a Pod's ports on its node, those in a range, as the ports of its containers. */
function hostPortsOf(pod: object, opened: Ranges): Ranges {
  return listAt(pod, 'spec.containers')
    .flatMap((container) => listAt(container, 'ports'))
    .flatMap(({ protocol, hostPort, containerPort }) => {
      if (typeof hostPort !== 'number') return [];
      const [there, here] = [hostPort, Number(containerPort)].map((port) => portNumber(protocol, port));
      if (there === undefined || here === undefined) return [];
      return intersection(opened, [[there, there]]).length > 0 ? [[here, here] as const] : [];
    });
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
      // Of the load balancer behind a binding nothing is known.
      if (object.kind === 'TargetGroupBinding') return true;
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

/** The names of the Services behind an Ingress or a TargetGroupBinding. */
const servicesOf = (ingress: KubernetesObject): unknown[] =>
  [
    objectAt(ingress, 'spec.defaultBackend'),
    { service: objectAt(ingress, 'spec.serviceRef') },
    ...listAt(ingress, 'spec.rules').flatMap((rule) =>
      listAt(rule, 'http.paths').map((path) => objectAt(path, 'backend')),
    ),
  ].map((backend) => objectAt(backend, 'service')['name']);

/** The Pods of a Service. One without a selector leads to addresses, and to no Pod that is known. */
function selected(service: Found, endpoints: readonly Placed[]): Placed[] {
  const labels = objectAt(service.object, 'spec.selector');
  if (Object.keys(labels).length === 0) return [];
  return endpoints.filter(
    ({ pods }) =>
      pods?.namespace === namespaceOf(service) && selects({ matchLabels: labels }, pods.labels, true),
  );
}

function targetOf(written: object, { pods }: Placed): Ranges {
  const { protocol = 'TCP', port, targetPort = port } = written as Readonly<Record<string, unknown>>;
  const named = pods?.named.get(`${shown(protocol)} ${shown(targetPort)}`);
  const open = named ?? portNumber(protocol, Number(targetPort));
  return Number.isNaN(open) ? [] : [[open, open]];
}

const GROUPS = ['aws_security_group', 'aws_default_security_group'];
const RULES = ['aws_security_group_rule', 'aws_vpc_security_group_ingress_rule'];

/** What gives nodes or Pods groups in another way than a launch template. */
const OTHER_WAYS = ['aws_launch_configuration', 'aws_network_interface_sg_attachment'];
const OF_CLUSTER = /^\$\{(data\.)?aws_eks_cluster\.\w+\.vpc_config(\[0\]|\.0)\.cluster_security_group_id\}$/;

/** What the security groups of nodes let in from elsewhere in the VPC; every port where a group is not in the stacks. */
function openedByGroups({ stacks, objects }: ClusterFacts, vpc: Ranges): Ranges {
  const declared = resourcesIn(stacks, ...GROUPS);
  const groupOf = (stack: string, id: unknown) =>
    declared.find((each) => each.stack === stack && each.address === referredTo(id));
  const templates = resourcesIn(stacks, 'aws_launch_template');
  const nodeGroups = resourcesIn(stacks, 'aws_eks_node_group');
  const isOpaque = (attributes: JsonObject, name: string): boolean =>
    'dynamic' in attributes || (typeof attributes[name] === 'string' && attributes[name].includes('${'));
  // A node has the groups of its launch template, or that of the cluster.
  const named = templates.flatMap(({ stack, attributes }) =>
    [
      ...textsOf(attributes['vpc_security_group_ids']),
      ...blocksOf(attributes['network_interfaces']).flatMap((each) => textsOf(each['security_groups'])),
    ]
      .filter((id) => !OF_CLUSTER.test(id))
      .map((id) => groupOf(stack, id)),
  );
  const isElsewhere =
    named.includes(undefined) ||
    templates.some(({ attributes }) => isOpaque(attributes, 'vpc_security_group_ids')) ||
    nodeGroups.some(({ stack, attributes }) =>
      blocksOf(attributes['launch_template']).some(({ id, name }) =>
        templates.every(
          (each) => each.stack !== stack || ![id, name].some((text) => referredTo(text) === each.address),
        ),
      ),
    ) ||
    resourcesIn(stacks, ...OTHER_WAYS).length > 0 ||
    resourcesIn(stacks, 'aws_eks_cluster').length === 0 ||
    objects.some(({ object }) => object.kind === 'SecurityGroupPolicy');
  if (isElsewhere) return ALL_PORTS;
  // A rule of a group that is not in its stack may be for the nodes.
  const rules = resourcesIn(stacks, ...RULES)
    .filter(({ stack, attributes: { security_group_id: id } }) => {
      const group = groupOf(stack, id);
      return group === undefined || named.includes(group);
    })
    .map(({ address, attributes }) => ({
      address,
      // Of a type that only Terraform knows, it may be the one that lets in.
      attributes: { ...attributes, ...(textOf(attributes['type']).includes('${') && { type: 'ingress' }) },
    }));
  const own = declared.filter((group) => named.includes(group));
  if (own.some(({ attributes }) => isOpaque(attributes, 'ingress'))) return ALL_PORTS;
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
