import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import * as z from 'zod/mini';
import { addOns } from './add-ons-schema';
import { range } from './address-range-schema';
import { controllers } from './controllers-schema';
import { described, listOf, mapping, oneOf, text } from './form';
import { principal } from './principal-schema';
import { zone } from './region-schema';

/** Days that CloudWatch Logs can keep a log group's events. Source: CloudWatch Logs API, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** `cluster`: the EKS control plane. */
export const cluster = mapping({
  version: described(
    text(
      `a Kubernetes minor version in quotes, such as "${DEFAULT_KUBERNETES_VERSION}"`,
      /^\d+\.\d+$/,
      (got) => {
        const minor = /^v?(\d+\.\d+)(?:\.\d+)?$/.exec(got)?.[1];
        return minor === undefined ? undefined : `write "${minor}"`;
      },
    ),
    'Kubernetes minor version in EKS standard support; in quotes, since 1.30 without them is the number 1.3.',
  ),
  admins: described(
    listOf(principal(), 1, 'a list of at least one ARN of an IAM role or user'),
    "ARNs of the IAM roles and users that administer the cluster, in the region's partition; no session, root user or group.",
  ),
  viewers: z._default(
    described(
      listOf(principal(), 0, 'a list of ARNs of IAM roles or users'),
      'ARNs of the IAM roles and users that read everything in the cluster, Secrets too; none of them in cluster.admins.',
    ),
    [],
  ),
  pipelines: z._default(
    described(
      listOf(principal(), 0, 'a list of ARNs of IAM roles or users'),
      'ARNs of the IAM roles that deploy the Kubernetes stacks, with all rights in the cluster. None is in cluster.admins.',
    ),
    [],
  ),
  publicAccess: z._default(
    described(
      listOf(range(), 0, 'a list of IPv4 ranges, such as [203.0.113.0/24]'),
      'Public IPv4 ranges, apart from each other, that reach the public endpoint; when empty, the endpoint is private.',
    ),
    [],
  ),
  serviceCidr: z.exactOptional(
    described(
      range(),
      "IPv4 range of the Services' addresses: RFC 1918, between a /12 and a /24, apart from the VPC. Left out: 172.20.0.0/16, or 10.100.0.0/16 beside a VPC there.",
    ),
  ),
  logRetentionDays: z._default(
    described(
      z.literal(
        RETENTION_DAYS,
        `expected one of the days that CloudWatch knows: ${RETENTION_DAYS.join(', ')}`,
      ),
      "Days that CloudWatch keeps the control plane's logs.",
    ),
    90,
  ),
  zones: z.exactOptional(
    described(
      listOf(zone(), 2, 'a list of at least two zone letters, such as [a, b, c]: EKS needs two zones'),
      "Zones of the control plane's network interfaces, which stay as they were when the cluster was made. Left out: network.zones.",
    ),
  ),
  zonalShift: z._default(
    described(
      z.boolean('expected true or false'),
      'Whether Application Recovery Controller may turn traffic away from an impaired zone.',
    ),
    true,
  ),
  addOns: z._default(
    described(
      addOns,
      'Add-ons of EKS besides those that every cluster has, and other versions than the pinned ones.',
    ),
    {},
  ),
  controllers: z.prefault(
    described(controllers, 'Controllers in the cluster, and the AWS side of those that you install.'),
    {},
  ),
  sessionManager: z._default(
    described(
      z.boolean('expected true or false'),
      'Whether nodes can be entered by Session Manager of AWS Systems Manager: those of node groups, and those of Karpenter.',
    ),
    false,
  ),
  metrics: z._default(
    described(
      oneOf(['none', 'managed-prometheus']),
      'What collects metrics: none, or Amazon Managed Service for Prometheus.',
    ),
    'none',
  ),
});
