import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';
import { type PolicyStatement, policyDocument } from './policy-document';

/** What each kind of role may be assumed by, and with which actions. */
const TRUST = {
  eks: { service: 'eks.amazonaws.com', actions: ['sts:AssumeRole', 'sts:TagSession'] },
  ec2: { service: 'ec2.amazonaws.com', actions: ['sts:AssumeRole'] },
  'pod-identity': { service: 'pods.eks.amazonaws.com', actions: ['sts:AssumeRole', 'sts:TagSession'] },
  'flow-logs': { service: 'vpc-flow-logs.amazonaws.com', actions: ['sts:AssumeRole'] },
} as const;

export interface ServiceRoleOptions {
  /** Name of the role, at most 64 characters. */
  readonly name: string;
  /** Who assumes it: the EKS control plane, EC2 nodes, Pods through Pod Identity, or VPC flow logs. */
  readonly trust: keyof typeof TRUST;
  /**
   * Names of AWS managed policies, such as `AmazonEKSClusterPolicy`, with the path where it has one (`service-role/…`).
   * @default []
   */
  readonly managedPolicies?: readonly string[];
  /**
   * Statements of the role's own policy.
   * @default []
   */
  readonly statements?: readonly PolicyStatement[];
}

/**
 * An IAM role that an AWS service assumes, with its policies. What needs the role should depend on the whole construct: a
 * role without its policies is of no use.
 */
export class ServiceRole extends Construct {
  readonly resource: IamRole;

  constructor(scope: Construct, id: string, options: ServiceRoleOptions) {
    super(scope, id);
    const { service, actions } = TRUST[options.trust];
    this.resource = new IamRole(this, MAIN_CHILD, {
      name: options.name,
      assumeRolePolicy: policyDocument({ Effect: 'Allow', Principal: { Service: service }, Action: actions }),
    });
    for (const policy of options.managedPolicies ?? []) {
      new IamRolePolicyAttachment(this, policy.replace(/^.*\//, ''), {
        role: this.resource.name,
        policyArn: `arn:aws:iam::aws:policy/${policy}`,
      });
    }
    if (options.statements?.length) {
      new IamRolePolicy(this, 'policy', {
        name: options.name,
        role: this.resource.name,
        policy: policyDocument(...options.statements),
      });
    }
  }

  get arn(): string {
    return this.resource.arn;
  }

  /** The role's policies, for `dependsOn`. */
  get policies(): (IamRolePolicy | IamRolePolicyAttachment)[] {
    return this.node.children.filter((child) => child !== this.resource) as (
      IamRolePolicy | IamRolePolicyAttachment
    )[];
  }
}
