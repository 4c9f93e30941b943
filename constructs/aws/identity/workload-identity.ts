import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { dependable, type TerraformResource, TerraformStack } from 'cdktf';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { awsOf } from '../account/aws-provider';
import type { PolicyStatement } from './policy-document';
import { ServiceRole } from './service-role';

/** A ServiceAccount, as far as its Pods' rights in AWS are concerned. */
export interface AccountOfPods extends Construct {
  readonly literalName: string;
  /** Makes the account; undefined where the account exists already. */
  readonly ownResource: TerraformResource | undefined;
  readonly namespace: { readonly literalName: string };
  /** Gets its role. @default - nothing is done about it */
  onAwsRole?(): void;
}

/** A ServiceAccount, and the name and the statements of its IAM role. */
export interface WorkloadIdentityOptions {
  /** Name of the EKS cluster. @default - that of the platform */
  readonly cluster?: string;
  /** The ServiceAccount whose Pods get the role. */
  readonly serviceAccount: AccountOfPods;
  /** What the Pods may do in AWS; `allow` adds to it. */
  readonly statements: readonly PolicyStatement[];
  /** Name of the IAM role, at most 64 characters. @default - `<cluster>-<namespace>-<service account>` */
  readonly roleName?: string;
}

/** The identities of each stack by the account, which may exist already and be named by several constructs. */
const identities = new WeakMap<TerraformStack, Map<string, WorkloadIdentity>>();

function identitiesBeside(account: AccountOfPods): Map<string, WorkloadIdentity> {
  const stack = TerraformStack.of(account);
  const known = identities.get(stack) ?? new Map<string, WorkloadIdentity>();
  identities.set(stack, known);
  return known;
}

const nameOf = ({ namespace, literalName }: AccountOfPods): string =>
  `${namespace.literalName}/${literalName}`;

/**
 * An IAM role for the Pods of a ServiceAccount, declared beside them: `PodIdentity` is the same for accounts that are not made
 * in this stack. EKS takes one role for a ServiceAccount; `WorkloadIdentity.of` gives it.
 *
 * In a namespace that denies egress, the workloads of a ServiceAccount of this package may connect to AWS, as by
 * `connections.allowToAws()`.
 *
 * The Pod Identity agent hands the role to Pods that are made after the association. So the ServiceAccount waits for it, and
 * with the account every Pod that uses it. For an account that exists already, restart Pods that run.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export class WorkloadIdentity extends Construct {
  /** The identity of a ServiceAccount: the one that it has, or a new one that is allowed nothing yet. */
  static of(serviceAccount: AccountOfPods): WorkloadIdentity {
    const known = identitiesBeside(serviceAccount).get(nameOf(serviceAccount));
    if (known) serviceAccount.onAwsRole?.();
    return (
      known ??
      new WorkloadIdentity(serviceAccount.ownResource ?? serviceAccount, 'identity', {
        serviceAccount,
        statements: [],
      })
    );
  }

  readonly resource: EksPodIdentityAssociation;
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, options: WorkloadIdentityOptions) {
    super(scope, id);
    const account = options.serviceAccount;
    const cluster = options.cluster ?? awsOf(this).platform;
    const serviceAccount = account.literalName;
    const namespace = account.namespace.literalName;
    const roleName = options.roleName ?? `${cluster}-${namespace}-${serviceAccount}`;
    const known = identitiesBeside(account);
    const other = known.get(nameOf(account));
    this.node.addValidation({
      validate: () => [
        ...(/^[\w+=,.@-]{1,64}$/.test(roleName)
          ? []
          : [
              `the name of the role is "${roleName}", of ${roleName.length} characters; IAM allows 64, of letters, digits and ` +
                '+=,.@_-. Give the ServiceAccount a shorter name, or declare its WorkloadIdentity with a roleName',
            ]),
        ...(this.role.policies.length === 0
          ? ['statements: got none; add at least one, or the role allows nothing']
          : []),
        ...(other
          ? [
              `${account.node.path} has the identity ${other.node.path} already, and EKS takes one for a ServiceAccount; ` +
                'add to that one with allow()',
            ]
          : []),
      ],
    });
    if (!other) known.set(nameOf(account), this);
    this.role = new ServiceRole(this, 'role', {
      name: roleName,
      trust: 'pod-identity',
      pods: { cluster, namespace, serviceAccount },
    });
    this.resource = new EksPodIdentityAssociation(this, MAIN_CHILD, {
      clusterName: cluster,
      // By their bare names, because account and namespace wait for this, and not the other way round.
      namespace,
      serviceAccount,
      roleArn: this.role.arn,
    });
    this.allow(...options.statements);
    account.onAwsRole?.();
    const { ownResource: made } = account;
    if (!made) return;
    // The role would be created before the old one of its name is deleted, too.
    made.lifecycle = {};
    made.dependsOn = [...(made.dependsOn ?? []), dependable(this.resource)];
  }

  /** Adds to what the Pods may do in AWS. */
  allow(...statements: readonly PolicyStatement[]): void {
    this.role.allow(...statements);
    this.resource.dependsOn = this.role.policies.map(dependable);
  }
}
