import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association';
import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';

/** The access policies of EKS that people are given. */
export type AccessPolicy =
  | 'AmazonEKSClusterAdminPolicy'
  | 'AmazonEKSAdminPolicy'
  | 'AmazonEKSAdminViewPolicy'
  | 'AmazonEKSEditPolicy'
  | 'AmazonEKSViewPolicy';

export interface AccessEntryOptions {
  /** ARN of an IAM role or user. */
  readonly principal: string;
  readonly policy: AccessPolicy;
  /**
   * Namespaces in which the policy holds.
   * @default - the whole cluster
   */
  readonly namespaces?: readonly string[];
}

export interface AccessEntryProps extends AccessEntryOptions {
  readonly cluster: EksCluster;
}

/**
 * Lets an IAM principal into the cluster, with an access policy.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export class AccessEntry extends Construct {
  readonly resource: EksAccessEntry;

  constructor(scope: Construct, id: string, props: AccessEntryProps) {
    super(scope, id);
    this.resource = new EksAccessEntry(this, MAIN_CHILD, {
      clusterName: props.cluster.name,
      principalArn: props.principal,
      type: 'STANDARD',
    });
    new EksAccessPolicyAssociation(this, 'policy', {
      clusterName: props.cluster.name,
      principalArn: this.resource.principalArn,
      policyArn: `arn:aws:eks::aws:cluster-access-policy/${props.policy}`,
      accessScope: props.namespaces
        ? { type: 'namespace', namespaces: [...props.namespaces] }
        : { type: 'cluster' },
    });
  }
}
