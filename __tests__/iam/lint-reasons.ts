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
    issue: 'RESOURCE_MISMATCH',
    place: BOUNDARY,
    reason:
      'A boundary names services by their resources. What has another resource is denied by that, and is meant to be.',
  },
  {
    issue: 'RESOURCE_POLICY_PRIVILEGE_ESCALATION',
    detail: /s3:/,
    reason:
      'The pipeline sets up the buckets of workloads and touches no object. Who sets the policy of a bucket could open it; the guard of the plan and its review stand before that.',
  },
  {
    issue: 'UNKNOWN_CONDITION_FOR_ACTION',
    detail: /elasticloadbalancing:CreateAction|iam:PermissionsBoundary for action iam:UpdateAssumeRolePolicy/,
    reason: 'Newer than the data of parliament: the Service Authorization Reference of 2026 has it.',
  },
  {
    issue: 'UNKNOWN_ACTION',
    detail: /aps:DescribeWorkspaceConfiguration|elasticloadbalancing:ModifyIpPools/,
    reason: 'Newer than the data of parliament: the Service Authorization Reference of 2026 has it.',
  },
  {
    issue: 'RESOURCE_MISMATCH',
    detail: /^ecr:BatchImportUpstreamImage$/,
    reason:
      'The Service Authorization Reference of 2026 names the repository; the data of parliament is older.',
  },
  {
    issue: 'RESOURCE_MISMATCH',
    place: /pipeline_services/,
    detail: /^eks:CreateCluster$/,
    reason:
      'The reference names no resource type, but EKS authorizes by the ARN of the cluster, as its denials say.',
  },
  {
    issue: 'RESOURCE_MISMATCH',
    place: /karpenter|load_balancer_controller|pipeline_(network|services|metrics|data)/,
    reason:
      'The action wants several kinds of resources. Another statement allows it on the kinds that are missing here, on other conditions.',
  },
];
