/** A finding of parliament that stands, and why. */
export interface Reason {
  readonly issue: string;
  /** Of which documents. @default - all */
  readonly place?: RegExp;
  /** What the finding says. @default - anything */
  readonly detail?: RegExp;
  readonly reason: string;
}

const BOUNDARY = /aws_iam_policy\.pipeline_(guard|role_boundary)/;

export const REASONS: readonly Reason[] = [
  {
    issue: 'MALFORMED',
    place: /\.assume_role_policy$/,
    detail: /neither Resource nor NotResource/,
    reason: 'A trust has no Resource. parliament reads it as the policy of an identity.',
  },
  {
    issue: 'UNKNOWN_FEDERATION_SOURCE',
    place: /pipeline.*\.assume_role_policy$/,
    detail: /token\.actions\.githubusercontent\.com/,
    reason: 'parliament knows SAML providers and those of social networks, and not GitHub.',
  },
  {
    issue: 'INVALID_ARN',
    detail: /\$\{aws_\w+\.\w+\.(arn|id)\}/,
    reason: 'The ARN is known only once the resource is made.',
  },
  {
    issue: 'MISMATCHED_TYPE',
    place: /karpenter_interruptions_policy/,
    detail: /aws:SourceArn/,
    reason: 'The ARNs are known only once the rules are made.',
  },
  {
    issue: 'MISMATCHED_TYPE_BUT_USABLE',
    detail: /given Arn/,
    reason: 'An ARN without a wildcard, compared as a whole.',
  },
  {
    issue: 'RESOURCE_STAR',
    place: /aws_kms_key/,
    reason: 'In the policy of a key, * is that key.',
  },
  {
    issue: 'RESOURCE_STAR',
    place: BOUNDARY,
    reason: 'A boundary allows nothing by itself: it names what policies may allow.',
  },
  {
    issue: 'RESOURCE_STAR',
    detail: /^\["ec2:DescribeVpcAttribute"\]$/,
    reason:
      'EC2 knows the VPC as a resource of it. A plan reads all of them, as it does all else of the network.',
  },
  {
    issue: 'RESOURCE_STAR',
    place: /pipeline_metrics/,
    detail: /^\["aps:CreateScraper"\]$/,
    reason: 'The scraper that is made has no name yet.',
  },
  {
    issue: 'RESOURCE_POLICY_PRIVILEGE_ESCALATION',
    place: BOUNDARY,
    reason:
      'Said of what a boundary does not deny. The policies of the role allow it on the buckets of the platform.',
  },
  {
    issue: 'UNKNOWN_CONDITION_FOR_ACTION',
    detail: /elasticloadbalancing:CreateAction/,
    reason: 'Newer than the data of parliament.',
  },
  {
    issue: 'UNKNOWN_ACTION',
    detail: /aps:DescribeWorkspaceConfiguration|elasticloadbalancing:ModifyIpPools/,
    reason: 'Newer than the data of parliament.',
  },
  {
    issue: 'RESOURCE_MISMATCH',
    place: /pipeline/,
    detail: /^\[\{"action":"eks:CreateCluster","required_format":"\*"\}\]$/,
    reason:
      'The reference names no resource type, but EKS authorizes by the ARN of the cluster, as its denials say.',
  },
  {
    issue: 'RESOURCE_MISMATCH',
    place: /karpenter|load_balancer_controller|pipeline_(network|services|metrics|data)/,
    reason:
      'The action wants several kinds of resources. Another statement of the document allows it on the kinds that are missing here, on other conditions.',
  },
];
