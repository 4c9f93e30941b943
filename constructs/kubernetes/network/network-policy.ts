import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
  type NetworkPolicyV1SpecIngressFrom,
  type NetworkPolicyV1SpecIngressPorts,
} from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { atSynthesis } from '../../terraform/at-synthesis';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { Namespace } from '../namespaces/namespace';
import { objectName } from '../internal/names';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** One peer of a rule, for `from` and for `to`. */
export type Peer = NetworkPolicyV1SpecIngressFrom;

/** Who a rule lets in or lets out to. */
export class NetworkPeer {
  /**
   * Pods with all of the labels: those of the policy's own namespace, or those of another one.
   *
   * @param labels none: every Pod
   * @param namespace a name, by which the API server labels every namespace
   */
  static pods(labels: Readonly<Record<string, string>>, namespace?: string): Peer {
    const podSelector = Object.keys(labels).length > 0 ? { matchLabels: { ...labels } } : {};
    return { podSelector, ...(namespace !== undefined && NetworkPeer.namespace(namespace)) };
  }

  /** Every Pod of a namespace. */
  static namespace(name: string): Peer {
    return { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } };
  }

  /** Every Pod of the cluster. */
  static anyPod(): Peer {
    return { namespaceSelector: {} };
  }

  /**
   * Addresses outside the cluster.
   *
   * @param cidr a range such as `10.0.0.0/16`
   * @param options.except ranges within it that are left out
   */
  static range(cidr: string, options: { readonly except?: readonly string[] } = {}): Peer {
    return { ipBlock: { cidr, ...(options.except && { except: [...options.except] }) } };
  }
}

/** Ports of the Pods that a rule is for: those that the traffic arrives at, for `egress` too. */
export class NetworkPort {
  /**
   * A TCP port.
   *
   * @param port a number, or the name that a container gives its port
   */
  static tcp(port: number | string): NetworkPolicyV1SpecIngressPorts {
    return { port: String(port), protocol: 'TCP' };
  }

  /**
   * A UDP port.
   *
   * @param port a number, or the name that a container gives its port
   */
  static udp(port: number | string): NetworkPolicyV1SpecIngressPorts {
    return { port: String(port), protocol: 'UDP' };
  }

  /** The ports from the first to the last, both included. */
  static tcpRange(first: number, last: number): NetworkPolicyV1SpecIngressPorts {
    return { port: String(first), endPort: last, protocol: 'TCP' };
  }
}

/** Rules, or a function that gives them at synthesis, when every construct has all that is added to it. */
export type Rules<Rule> = readonly Rule[] | (() => readonly Rule[]);

/** The Pods of a NetworkPolicy, and what may connect to them and from them. */
export interface NetworkPolicyOptions extends ObjectOptions {
  /** Labels of the Pods that the policy is for. @default - every Pod of the namespace */
  readonly podSelector?: Readonly<Record<string, string>>;
  /**
   * Traffic that may come in. Left out: the policy says nothing of it. Empty: none may. A rule without `from` is for every
   * peer, one without `ports` for every port.
   * @default - nothing is said
   */
  readonly ingress?: Rules<NetworkPolicyV1SpecIngress>;
  /**
   * Traffic that may go out. Left out: the policy says nothing of it. Empty: none may. A rule without `to` is for every peer,
   * one without `ports` for every port.
   * @default - nothing is said
   */
  readonly egress?: Rules<NetworkPolicyV1SpecEgress>;
}

/**
 * A NetworkPolicy. On EKS the VPC CNI add-on enforces it, with `enableNetworkPolicy`.
 *
 * Traffic between workloads is said shorter, and for both of them at once, by their `connections`.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
export class NetworkPolicy extends Construct {
  /** Denies all traffic of the namespace, both ways: what is to pass is allowed by further policies. */
  static denyAll(scope: Construct, id: string): NetworkPolicy {
    return new NetworkPolicy(scope, id, { ingress: [], egress: [] });
  }

  /** Lets every Pod of the namespace ask the cluster's DNS, over UDP and, for long answers, TCP. */
  static allowDns(scope: Construct, id: string): NetworkPolicy {
    return new NetworkPolicy(scope, id, {
      egress: [
        {
          to: [NetworkPeer.pods({ 'k8s-app': 'kube-dns' }, 'kube-system')],
          ports: [NetworkPort.udp(53), NetworkPort.tcp(53)],
        },
      ],
    });
  }

  readonly resource: NetworkPolicyV1;

  constructor(scope: Construct, id: string, options: NetworkPolicyOptions) {
    super(scope, id);
    const { podSelector, ingress, egress } = options;
    this.node.addValidation({ validate: () => errors(options) });
    this.resource = new NetworkPolicyV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: objectName(this), namespace: Namespace.of(this).name }),
      spec: {
        podSelector: podSelector ? { matchLabels: { ...podSelector } } : {},
        policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])],
        ...(ingress && { ingress: [] }),
        ...(egress && { egress: [] }),
      },
    });
    if (egress) Namespace.of(this).denyEgress(podSelector ?? {});
    atSynthesis(this.resource, () => {
      if (ingress) this.resource.spec.putIngress([...rulesOf(ingress)]);
      if (egress) this.resource.spec.putEgress([...rulesOf(egress)]);
    });
  }
}

function rulesOf<Rule>(rules: Rules<Rule>): readonly Rule[] {
  return typeof rules === 'function' ? rules() : rules;
}

function errors({ ingress, egress }: NetworkPolicyOptions): string[] {
  if (!ingress && !egress) {
    return [
      'the policy has neither ingress nor egress; an empty list of either denies, a rule in it allows what it names',
    ];
  }
  return [
    ...rulesOf(ingress ?? []).flatMap((rule, i) =>
      ruleErrors(`ingress[${i}]`, 'from', rule.from, rule.ports),
    ),
    ...rulesOf(egress ?? []).flatMap((rule, i) => ruleErrors(`egress[${i}]`, 'to', rule.to, rule.ports)),
  ];
}

/** Mistakes of a rule. An empty list means "all" to Kubernetes, which a list that was computed hardly ever means. */
function ruleErrors(rule: string, side: 'from' | 'to', peers: unknown, ports: unknown): string[] {
  const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0;
  const spellings = (Array.isArray(peers) ? (peers as readonly Peer[]) : []).flatMap(({ ipBlock }, i) => {
    const cidr = Cidr.parse(ipBlock?.cidr ?? '');
    // The API server refuses an IPv4 address in IPv6.
    return cidr === undefined || cidr.text === cidr.canonical || cidr.canonical.startsWith('::ffff:')
      ? []
      : [
          `${rule}.${side}[${i}].ipBlock.cidr: got ${cidr.text}; write ${cidr.canonical}, the spelling of this range by RFC 4632 and RFC 5952`,
        ];
  });
  return [
    ...spellings,
    ...(isEmpty(peers)
      ? [`${rule}.${side} is empty, which allows every peer; name some, or leave it out for every one`]
      : []),
    ...(isEmpty(ports)
      ? [`${rule}.ports is empty, which allows every port; name some, or leave it out for every one`]
      : []),
  ];
}
