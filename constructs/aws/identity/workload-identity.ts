import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { dependable, type TerraformResource } from 'cdktf';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../../terraform/address-name';
import type { PolicyStatement } from './policy-document';
import { ServiceRole } from './service-role';

/** A resource of the Kubernetes provider, as far as its name is concerned. */
type Named = TerraformResource & { readonly metadata: { readonly nameInput?: string | undefined } };

export interface WorkloadIdentityOptions {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** The ServiceAccount whose Pods get the role. */
  readonly serviceAccount: { readonly resource: Named; readonly namespace: { readonly resource: Named } };
  /** What the Pods may do in AWS. */
  readonly statements: readonly PolicyStatement[];
  /**
   * Name of the IAM role, at most 64 characters.
   * @default - `<cluster>-<namespace>-<service account>`
   */
  readonly roleName?: string;
}

/**
 * An IAM role for the Pods of a ServiceAccount, declared beside them: `PodIdentity` is the same for accounts that are not made
 * in this stack.
 *
 * The Pod Identity agent hands the role to Pods that are made after the association. So the ServiceAccount waits for it, and
 * with the account every Pod that uses it.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export class WorkloadIdentity extends Construct {
  readonly resource: EksPodIdentityAssociation;
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, options: WorkloadIdentityOptions) {
    super(scope, id);
    const account = options.serviceAccount.resource;
    const serviceAccount = account.metadata.nameInput ?? '';
    const namespace = options.serviceAccount.namespace.resource.metadata.nameInput ?? '';
    const roleName = options.roleName ?? `${options.cluster}-${namespace}-${serviceAccount}`;
    this.node.addValidation({
      validate: () => [
        ...(/^[\w+=,.@-]{1,64}$/.test(roleName)
          ? []
          : [
              `the name of the role is "${roleName}", of ${roleName.length} characters; IAM allows 64, of letters, digits and ` +
                '+=,.@_-: give roleName',
            ]),
        ...(options.statements.length === 0
          ? ['statements: got none, so that the role allows nothing; name what the Pods may do']
          : []),
      ],
    });
    this.role = new ServiceRole(this, 'role', {
      name: roleName,
      trust: 'pod-identity',
      pods: { cluster: options.cluster, namespace, serviceAccount },
      statements: options.statements,
    });
    this.resource = new EksPodIdentityAssociation(this, MAIN_CHILD, {
      clusterName: options.cluster,
      // By their bare names, because account and namespace wait for this, and not the other way round.
      namespace,
      serviceAccount,
      roleArn: this.role.arn,
      dependsOn: this.role.policies,
    });
    account.dependsOn = [...(account.dependsOn ?? []), dependable(this.resource)];
  }
}
