import type { NetworkPolicyV1SpecIngressPorts } from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import type { Namespace } from '../namespaces/namespace';
import { NetworkPeer, NetworkPolicy, NetworkPort, type Peer } from './network-policy';
import { type PodSet, reachablePort, unknownPorts } from '../pods/pod-set';

/**
 * Address of the EKS Pod Identity agent on each node. The other, [fd00:ec2::23], is for Pods with an IPv6 address, which these
 * clusters have none of: EKS enforces policies of one family, and its agent before 1.1.5 fails at rules of the other
 * (aws-network-policy-agent#321).
 */
const POD_IDENTITY_AGENT = '169.254.170.23/32';

/** The Pods of a workload that say by themselves whom they connect to. */
export interface ConnectedPods extends PodSet {
  readonly connections: Connections;
}

/**
 * The connections of a workload that pass the namespace's default deny. Each has two NetworkPolicies: egress for the workload that
 * connects, and ingress for the one that answers. Each policy is in its workload's namespace, on the container ports of the
 * one that answers. Allowing a connection again adds its ports to the same policies.
 *
 * @example
 * api.connections.allowTo(database, 'sql');
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class Connections {
  private readonly workloadPorts = new Map<string, WorkloadPorts>();
  private readonly rangePorts = new Map<string, Map<string, NetworkPolicyV1SpecIngressPorts>>();

  constructor(private readonly workload: PodSet) {}

  /**
   * Lets the workload connect to another one, of any namespace.
   *
   * @param ports names of the peer's container ports; left out: all that have a name
   */
  allowTo(peer: PodSet, ...ports: readonly string[]): this {
    const { workload } = this;
    const id = `to-${nameBeside(workload, peer)}`;
    this.on(id, peer, ports, (allowed) => {
      const egress = new NetworkPolicy(workload, id, {
        podSelector: workload.selector,
        egress: () => [{ to: [peerFor(workload, peer)], ...allowed.toTerraform() }],
      });
      egress.node.addValidation({ validate: () => allowed.validate() });
      new NetworkPolicy(peer, `from-${nameBeside(peer, workload)}`, {
        podSelector: peer.selector,
        ingress: () => [{ from: [peerFor(peer, workload)], ...allowed.toTerraform() }],
      });
    });
    return this;
  }

  /**
   * Lets another workload, of any namespace, connect to this one.
   *
   * @param ports names of this workload's container ports; left out: all that have a name
   */
  allowFrom(peer: ConnectedPods, ...ports: readonly string[]): this {
    peer.connections.allowTo(this.workload, ...ports);
    return this;
  }

  /**
   * Lets every Pod of a namespace connect to the workload. Whether that namespace lets them out is said there.
   *
   * @param namespace a Namespace, or the name of one that is made elsewhere, such as `monitoring`
   * @param ports names of this workload's container ports; left out: all that have a name
   */
  allowFromNamespace(namespace: Namespace | string, ...ports: readonly string[]): this {
    const name = typeof namespace === 'string' ? namespace : namespace.literalName;
    return this.allowIn(`from-namespace-${name}`, NetworkPeer.namespace(name), ports);
  }

  /**
   * Lets addresses outside the cluster connect to the workload, such as those of a load balancer's subnets.
   *
   * @param cidr a range such as `10.0.0.0/16`
   * @param ports names of this workload's container ports; left out: all that have a name
   */
  allowFromCidr(cidr: string, ...ports: readonly string[]): this {
    return this.allowIn(`from-${idOf(cidr)}`, NetworkPeer.range(cidr), ports);
  }

  /**
   * Lets the workload connect to addresses outside the cluster.
   *
   * @param cidr a range such as `10.0.0.0/16`
   * @param ports at least one: the number of a TCP port, or a port made by `NetworkPort`
   */
  allowToCidr(cidr: string, ...ports: [RangePort, ...RangePort[]]): this {
    const { workload } = this;
    const id = `to-${idOf(cidr)}`;
    let allowed = this.rangePorts.get(id);
    if (!allowed) {
      const first = (allowed = new Map<string, NetworkPolicyV1SpecIngressPorts>());
      this.rangePorts.set(id, first);
      new NetworkPolicy(workload, id, {
        podSelector: workload.selector,
        egress: () => [{ to: [NetworkPeer.range(cidr)], ports: [...first.values()] }],
      });
    }
    for (const port of ports.map((each) => (typeof each === 'number' ? NetworkPort.tcp(each) : each))) {
      allowed.set(JSON.stringify(port), port);
    }
    return this;
  }

  /**
   * Allows the workload to connect to the APIs of AWS, by public addresses or the VPC's endpoints. It includes the Pod Identity agent
   * on the node. A workload with an IAM role has this connection by default.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html
   */
  allowToAws(): this {
    return this.allowToCidr(POD_IDENTITY_AGENT, 80).allowToCidr('0.0.0.0/0', 443);
  }

  private allowIn(id: string, from: Peer, ports: readonly string[]): this {
    const { workload } = this;
    this.on(id, workload, ports, (allowed) => {
      const ingress = new NetworkPolicy(workload, id, {
        podSelector: workload.selector,
        ingress: () => [{ from: [from], ...allowed.toTerraform() }],
      });
      ingress.node.addValidation({ validate: () => allowed.validate() });
    });
    return this;
  }

  /** Adds ports to the policies of an ID, which are made at their first use. */
  private on(
    id: string,
    owner: PodSet,
    ports: readonly string[],
    make: (ports: WorkloadPorts) => void,
  ): void {
    let allowed = this.workloadPorts.get(id);
    if (!allowed) {
      allowed = new WorkloadPorts(owner);
      this.workloadPorts.set(id, allowed);
      make(allowed);
    }
    allowed.add(ports);
  }
}

/** The number of a TCP port, or a port made by `NetworkPort`. */
export type RangePort = number | NetworkPolicyV1SpecIngressPorts;

/** Container ports of a workload that are open to someone: some by name, or all that have one. */
class WorkloadPorts {
  private readonly names = new Set<string>();
  private all = false;

  constructor(private readonly workload: PodSet) {}

  add(names: readonly string[]): void {
    if (names.length === 0) this.all = true;
    for (const name of names) this.names.add(name);
  }

  validate(): string[] {
    const { template, node } = this.workload;
    return this.all && template.portNames.length === 0
      ? [`${node.path} has no port with a name; give a container one, such as ports: { http: 8080 }`]
      : unknownPorts(this.workload, [...this.names]);
  }

  /** The ports by number, which every enforcer of policies understands in both directions. */
  toTerraform(): { ports?: NetworkPolicyV1SpecIngressPorts[] } {
    const names = this.all ? this.workload.template.portNames : [...this.names];
    const ports = names
      .map((name) => reachablePort(this.workload, name))
      .filter((port) => port !== undefined);
    // Without a port there is a finding of validate(), and nothing is written.
    if (ports.length === 0) return {};
    return {
      ports: ports
        .sort((a, b) => a.port - b.port)
        .map(({ port, protocol }) => (protocol === 'UDP' ? NetworkPort.udp(port) : NetworkPort.tcp(port))),
    };
  }
}

/** A workload as a peer in a policy of another one. */
function peerFor(one: PodSet, other: PodSet): Peer {
  return NetworkPeer.pods(
    other.selector,
    one.namespace === other.namespace ? undefined : other.namespace.literalName,
  );
}

/** A workload's name as one beside it, or in another namespace, says it. */
function nameBeside(one: PodSet, other: PodSet): string {
  return one.namespace === other.namespace ? other.name : `${other.name}-in-${other.namespace.literalName}`;
}

/** A range as a part of a construct's id, and so of an object's name. */
function idOf(cidr: string): string {
  return cidr.replace(/[^a-zA-Z0-9.]/g, '-');
}
