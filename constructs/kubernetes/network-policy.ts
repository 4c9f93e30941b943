import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
} from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import { Namespace } from './namespace';
import { objectName } from './names';

export interface NetworkPolicyOptions {
  /**
   * Labels of the Pods that the policy is for.
   * @default - every Pod of the namespace
   */
  readonly podSelector?: Readonly<Record<string, string>>;
  /**
   * Traffic that may come in. Left out: the policy says nothing of it. Empty: none may.
   * @default - nothing is said
   */
  readonly ingress?: readonly NetworkPolicyV1SpecIngress[];
  /**
   * Traffic that may go out. Left out: the policy says nothing of it. Empty: none may.
   * @default - nothing is said
   */
  readonly egress?: readonly NetworkPolicyV1SpecEgress[];
}

/**
 * A NetworkPolicy. On EKS it is enforced by the VPC CNI add-on with `enableNetworkPolicy`.
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
          to: [
            {
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
              podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
            },
          ],
          ports: ['UDP', 'TCP'].map((protocol) => ({ protocol, port: '53' })),
        },
      ],
    });
  }

  readonly resource: NetworkPolicyV1;

  constructor(scope: Construct, id: string, options: NetworkPolicyOptions) {
    super(scope, id);
    const { podSelector, ingress, egress } = options;
    this.resource = new NetworkPolicyV1(this, MAIN_CHILD, {
      metadata: { name: objectName(this), namespace: Namespace.of(this).name },
      spec: {
        podSelector: podSelector ? { matchLabels: { ...podSelector } } : {},
        policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])],
        ...(ingress && { ingress: [...ingress] }),
        ...(egress && { egress: [...egress] }),
      },
    });
  }
}
