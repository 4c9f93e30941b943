import { EVERYWHERE } from '@kubernetes-on-aws/eks-facts/cidr';
import { textOf, textsOf } from '../manifests/attributes';
import type { KubernetesObject } from '../manifests/objects';
import { objectAt } from './workload-pods';

const NLB_SCHEME = 'service.beta.kubernetes.io/aws-load-balancer-scheme';
const NLB_INTERNAL = 'service.beta.kubernetes.io/aws-load-balancer-internal';
const ALB_SCHEME = 'alb.ingress.kubernetes.io/scheme';
const ALB_RANGES = 'alb.ingress.kubernetes.io/inbound-cidrs';

/** On which side of the network a Service or Ingress is, and whom it lets in. */
export interface Front {
  readonly isPublic: boolean;
  readonly ranges: readonly string[];
}

/** The load balancer of a Service or an Ingress. @returns undefined when it gets none */
export function frontOf({
  kind,
  metadata: { annotations = {} },
  ...fields
}: KubernetesObject): Front | undefined {
  const spec = objectAt(fields, 'spec');
  if (kind === 'Ingress') {
    const ranges = textOf(annotations[ALB_RANGES])
      .split(/\s*,\s*/)
      .filter((range) => range !== '');
    return { isPublic: annotations[ALB_SCHEME] === 'internet-facing', ranges: orEverywhere(ranges) };
  }
  if (kind !== 'Service' || spec['type'] !== 'LoadBalancer') return undefined;
  const scheme = annotations[NLB_SCHEME];
  // Without a class, AWS's own controller makes one on the internet unless it is told not to.
  const isInternal =
    scheme === 'internal' ||
    annotations[NLB_INTERNAL] === 'true' ||
    (scheme === undefined && spec['loadBalancerClass'] !== undefined);
  return { isPublic: !isInternal, ranges: orEverywhere(textsOf(spec['loadBalancerSourceRanges'])) };
}

/** The annotation of Ingresses that share a load balancer. */
export const ALB_GROUP = 'alb.ingress.kubernetes.io/group.name';
const INGRESS_CLASS = 'kubernetes.io/ingress.class';

/** Whether a load balancer of AWS goes with a Service or an Ingress, and its DNS name with it. */
export function ownsLoadBalancer(object: KubernetesObject): boolean {
  const { kind, metadata, ...fields } = object;
  const { annotations = {} } = metadata;
  if (kind !== 'Ingress') return frontOf(object) !== undefined;
  // Without a class, an Ingress is of the default one.
  const name = objectAt(fields, 'spec')['ingressClassName'] ?? annotations[INGRESS_CLASS] ?? '';
  return ['', 'alb'].includes(textOf(name)) && annotations[ALB_GROUP] === undefined;
}

function orEverywhere(ranges: readonly string[]): readonly string[] {
  return ranges.length === 0 ? EVERYWHERE : ranges;
}
