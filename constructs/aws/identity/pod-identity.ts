import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { EksPodIdentityAssociation } from '@cdktf/provider-aws/lib/eks-pod-identity-association';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import type { PolicyStatement } from './policy-document';
import { ServiceRole } from './service-role';

/** A ServiceAccount, and what its IAM role allows. */
export interface PodIdentityOptions {
  /** Kubernetes namespace of the ServiceAccount. */
  readonly namespace: string;
  /** Name of the ServiceAccount; it need not exist yet. */
  readonly serviceAccount: string;
  /** What its Pods may do in AWS. */
  readonly statements: readonly PolicyStatement[];
}

/** A Pod Identity association, and its cluster. */
export interface PodIdentityProps extends PodIdentityOptions {
  readonly cluster: EksCluster;
}

/**
 * An IAM role for the Pods of one ServiceAccount, handed to them by the Pod Identity agent.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
 */
export class PodIdentity extends Construct {
  readonly resource: EksPodIdentityAssociation;

  constructor(scope: Construct, id: string, props: PodIdentityProps) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', {
      name: `${props.cluster.nameInput}-${props.serviceAccount}`,
      trust: 'pod-identity',
      pods: {
        // Its name and not a reference to it: the role does not wait for the cluster.
        cluster: props.cluster.nameInput ?? '',
        namespace: props.namespace,
        serviceAccount: props.serviceAccount,
      },
      statements: props.statements,
    });
    this.resource = new EksPodIdentityAssociation(this, MAIN_CHILD, {
      clusterName: props.cluster.name,
      namespace: props.namespace,
      serviceAccount: props.serviceAccount,
      roleArn: role.arn,
      dependsOn: role.policies,
    });
  }
}
