import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { EksAccessPolicyAssociation } from '@cdktf/provider-aws/lib/eks-access-policy-association';
import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { partitionOf } from '../account/partition';
import { Construct, MAIN_CHILD } from '../../terraform/construct';

/** The access policies of EKS that people are given. */
export type AccessPolicy =
  | 'AmazonEKSClusterAdminPolicy'
  | 'AmazonEKSAdminPolicy'
  | 'AmazonEKSAdminViewPolicy'
  | 'AmazonEKSEditPolicy'
  | 'AmazonEKSViewPolicy';

/** What a team may do in a namespace: see it, change it, or give rights in it too. */
export type TeamRole = 'view' | 'edit' | 'admin';

/** Where an access policy holds: in the whole cluster, or in these namespaces. */
export type AccessScope = 'cluster' | readonly string[];

/** A principal, and what it may do in the cluster. */
export interface AccessEntryOptions {
  /** ARN of an IAM role or user. */
  readonly principal: string;
  /** What it may do, and where. */
  readonly grants: Readonly<Partial<Record<AccessPolicy, AccessScope>>>;
}

/** An access entry, and its cluster. */
export interface AccessEntryProps extends AccessEntryOptions {
  readonly cluster: EksCluster;
}

/** Who may enter a cluster, by what they may do in it. */
export interface ClusterAccess {
  /** ARNs of the IAM roles and users that administer the cluster. The caller of Terraform is not among them by itself. */
  readonly admins: readonly string[];
  /**
   * ARNs of the IAM roles that deploy what runs in the cluster. They have the rights of administrators. A role that creates
   * ClusterRoles, admission policies and privileged namespaces can give itself every right, so fewer rights would protect nothing.
   * @default []
   */
  readonly pipelines?: readonly string[];
  /** ARNs of the IAM roles and users that read everything, Secrets too. @default [] */
  readonly viewers?: readonly string[];
  /**
   * What IAM roles and users may do in single namespaces: by namespace, then by ARN. `edit` and `admin` read the namespace's
   * Secrets, `view` does not.
   * @default {}
   */
  readonly teams?: Readonly<Record<string, Readonly<Record<string, TeamRole>>>>;
}

const TEAM_POLICIES = {
  view: 'AmazonEKSViewPolicy',
  edit: 'AmazonEKSEditPolicy',
  admin: 'AmazonEKSAdminPolicy',
} as const satisfies Record<TeamRole, AccessPolicy>;

/**
 * Gives an IAM principal access to the cluster, with access policies. A principal has one entry for all its rights. The entry's ID
 * consists of the ARN alone, so a change of the rights keeps the entry.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
export class AccessEntry extends Construct {
  /** `access-111122223333:role:platform-admin`: with the account, since principals of other accounts are admitted too. */
  static idOf(principal: string): string {
    return `access-${principal.replace(/^arn:[^:]*:iam::/, '').replace(/\//g, ':')}`;
  }

  readonly resource: EksAccessEntry;

  constructor(scope: Construct, id: string, props: AccessEntryProps) {
    super(scope, id);
    const { principal, cluster, grants } = props;
    this.resource = new EksAccessEntry(this, MAIN_CHILD, {
      clusterName: cluster.name,
      principalArn: principal,
      type: 'STANDARD',
    });
    for (const [policy, scope] of Object.entries(grants)) {
      new EksAccessPolicyAssociation(this, policy, {
        clusterName: cluster.name,
        principalArn: this.resource.principalArn,
        policyArn: `arn:${partitionOf(this)}:eks::aws:cluster-access-policy/${policy}`,
        // In the order of the alphabet, so that the order of the file is no change.
        accessScope:
          scope === 'cluster' ? { type: 'cluster' } : { type: 'namespace', namespaces: [...scope].sort() },
      });
    }
  }
}

/** One entry for each principal that is named, in whatever places. */
export function accessEntries(access: ClusterAccess): AccessEntryOptions[] {
  const entries = new Map<string, Partial<Record<AccessPolicy, AccessScope>>>();
  const grantsOf = (principal: string): Partial<Record<AccessPolicy, AccessScope>> => {
    const grants = entries.get(principal) ?? {};
    entries.set(principal, grants);
    return grants;
  };
  for (const principal of [...access.admins, ...(access.pipelines ?? [])]) {
    grantsOf(principal).AmazonEKSClusterAdminPolicy = 'cluster';
  }
  for (const principal of access.viewers ?? []) grantsOf(principal).AmazonEKSAdminViewPolicy = 'cluster';
  for (const [namespace, team] of Object.entries(access.teams ?? {})) {
    for (const [principal, role] of Object.entries(team)) {
      const grants = grantsOf(principal);
      const policy = TEAM_POLICIES[role];
      const scope = grants[policy] ?? [];
      if (scope !== 'cluster') grants[policy] = [...scope, namespace];
    }
  }
  return [...entries].map(([principal, grants]) => ({ principal, grants }));
}
