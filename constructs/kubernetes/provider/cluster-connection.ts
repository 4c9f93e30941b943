import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { takingLiterally } from '../../terraform/construct';

/** The cluster that a provider signs in to, and its region. */
export interface ClusterConnectionOptions {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** Region of the cluster. */
  readonly region: string;
}

/** How a provider reaches a cluster, and signs in to it. */
export interface ClusterConnection {
  /** The cluster, found by its name. */
  readonly cluster: DataAwsEksCluster;
  readonly host: string;
  readonly clusterCaCertificate: string;
  readonly exec: { readonly apiVersion: string; readonly command: string; readonly args: string[] };
}

/**
 * Finds a cluster by its name. Sign-in is by `aws eks get-token` each time that a provider is used: no token is in a state, and
 * none expires between plan and apply. In the stack that makes the cluster, whose endpoint is unknown while that stack is planned,
 * it is an error.
 *
 * @param provider what connects, for that error: `Kubernetes provider`
 * @param objects what the provider makes: `Kubernetes objects`
 */
export function connectToCluster(
  stack: Construct,
  { cluster: name, region }: ClusterConnectionOptions,
  provider: string,
  objects: string,
): ClusterConnection {
  stack.node.addValidation({
    validate: () =>
      stack.node
        .findAll()
        .filter((construct) => construct instanceof EksCluster)
        .map(
          ({ node }) =>
            `has the ${provider} beside ${node.path}, whose endpoint is unknown while the stack is planned; make the ${objects} in a stack of their own`,
        ),
  });
  // A stack may have both providers.
  const known = stack.node.tryFindChild('cluster');
  const cluster =
    known instanceof DataAwsEksCluster && known.nameInput === name
      ? known
      : takingLiterally(new DataAwsEksCluster(stack, 'cluster', { name }));
  return {
    cluster,
    host: cluster.endpoint,
    clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority.get(0).data),
    exec: {
      apiVersion: 'client.authentication.k8s.io/v1beta1',
      command: 'aws',
      args: ['eks', 'get-token', '--cluster-name', name, '--region', region],
    },
  };
}
