import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';
import { Account } from '../account/account';
import { partitionOf, servicePrincipal } from '../account/partition';
import { claimName } from '../account/resource-name';
import { type PolicyCondition, type PolicyStatement, policyDocument } from './policy-document';

/** What each kind of role may be assumed by, and with which actions. */
const TRUST = {
  eks: { service: 'eks', actions: ['sts:AssumeRole', 'sts:TagSession'] },
  ec2: { service: 'ec2', actions: ['sts:AssumeRole'] },
  'pod-identity': { service: 'pods.eks', actions: ['sts:AssumeRole', 'sts:TagSession'] },
  'flow-logs': { service: 'vpc-flow-logs', actions: ['sts:AssumeRole'] },
} as const;

/** AWS managed policies of nodes: to join the cluster and to pull images; and to be entered by Session Manager. */
export function nodePolicies(sessionManager: boolean): readonly string[] {
  return [
    'AmazonEKSWorkerNodePolicy',
    'AmazonEC2ContainerRegistryPullOnly',
    ...(sessionManager ? ['AmazonSSMManagedInstanceCore'] : []),
  ];
}

/** The Pods that get a role by Pod Identity. */
export interface TrustedPods {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** Name of the ServiceAccount. */
  readonly serviceAccount: string;
  /** Kubernetes namespace of the ServiceAccount. @default - any */
  readonly namespace?: string;
}

/** An IAM role: its name, who assumes it, and what it allows. */
export interface ServiceRoleOptions {
  /** Name of the role, at most 64 characters. */
  readonly name: string;
  /** Who assumes it: the EKS control plane, EC2 nodes, Pods through Pod Identity, or VPC flow logs. */
  readonly trust: keyof typeof TRUST;
  /**
   * With the trust `pod-identity`: whose Pods. A role says so itself, so that an association which somebody makes elsewhere
   * hands it to no other Pod.
   * @default - the Pods of every association in the account that names the role
   */
  readonly pods?: TrustedPods;
  /**
   * Names of AWS managed policies, such as `AmazonEKSClusterPolicy`, with the path where it has one (`service-role/…`).
   * @default []
   */
  readonly managedPolicies?: readonly string[];
  /** Statements of the role's own policy. @default [] */
  readonly statements?: readonly PolicyStatement[];
}

/**
 * An IAM role that an AWS service assumes, with its policies. What needs the role should depend on the whole construct: a
 * role without its policies is of no use.
 */
export class ServiceRole extends ArnConstruct {
  readonly resource: IamRole;
  private readonly statements = new Map<string, PolicyStatement>();
  private ownPolicy: IamRolePolicy | undefined;

  constructor(scope: Construct, id: string, options: ServiceRoleOptions) {
    super(scope, id);
    const { service, actions } = TRUST[options.trust];
    const condition = this.trustCondition(options);
    this.resource = new IamRole(this, MAIN_CHILD, {
      name: options.name,
      assumeRolePolicy: policyDocument({
        Effect: 'Allow',
        Principal: { Service: servicePrincipal(this, service) },
        Action: actions,
        ...(condition && { Condition: condition }),
      }),
    });
    for (const policy of options.managedPolicies ?? []) {
      new IamRolePolicyAttachment(this, policy.replace(/^.*\//, ''), {
        role: this.resource.name,
        policyArn: `arn:${partitionOf(this)}:iam::aws:policy/${policy}`,
      });
    }
    claimName(this, 'IAM role', options.name);
    this.allow(...(options.statements ?? []));
  }

  /** Adds statements to the role's own policy; one that it has already is no other. */
  allow(...statements: readonly PolicyStatement[]): void {
    for (const statement of statements) this.statements.set(JSON.stringify(statement), statement);
    if (this.statements.size === 0) return;
    const policy = policyDocument(...this.statements.values());
    if (this.ownPolicy) this.ownPolicy.policy = policy;
    else {
      const { name, nameInput = '' } = this.resource;
      this.ownPolicy = new IamRolePolicy(this, 'policy', { name: nameInput, role: name, policy });
    }
  }

  /**
   * What else must hold when the service assumes the role, as far as AWS documents that the service says so. None is documented
   * for the control plane and for instances.
   *
   * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
   */
  private trustCondition({ trust, pods }: ServiceRoleOptions): PolicyCondition | undefined {
    if (trust === 'flow-logs') {
      const account = Account.of(this).id;
      return {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:*:ec2:*:${account}:vpc-flow-log/*` },
      };
    }
    if (trust !== 'pod-identity' || !pods) return undefined;
    // Pod Identity says these as tags of the session that it asks for. By the cluster's name and not by its ARN, for which the
    // role would have to wait.
    return {
      StringEquals: {
        'aws:RequestTag/eks-cluster-name': pods.cluster,
        ...(pods.namespace !== undefined && { 'aws:RequestTag/kubernetes-namespace': pods.namespace }),
        'aws:RequestTag/kubernetes-service-account': pods.serviceAccount,
      },
    };
  }

  /** The role's policies, for `dependsOn`. */
  get policies(): (IamRolePolicy | IamRolePolicyAttachment)[] {
    return this.node.children.filter((child) => child !== this.resource) as (
      IamRolePolicy | IamRolePolicyAttachment
    )[];
  }
}
