import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Fn } from 'cdktf';
import type { Construct } from 'constructs';

export interface KubernetesProviderOptions {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** Region of the cluster. */
  readonly region: string;
}

/**
 * The Kubernetes provider of a stack. It finds the cluster by name and signs in by `aws eks get-token` each time that it is
 * used: no token lies in a state, and none expires between plan and apply. It must not stand in the stack that makes the
 * cluster, whose endpoint is unknown while that stack is planned.
 */
export function useKubernetes(stack: Construct, options: KubernetesProviderOptions): KubernetesProvider {
  const cluster = new DataAwsEksCluster(stack, 'cluster', { name: options.cluster });
  return new KubernetesProvider(stack, 'kubernetes', {
    host: cluster.endpoint,
    clusterCaCertificate: Fn.base64decode(cluster.certificateAuthority.get(0).data),
    exec: [
      {
        apiVersion: 'client.authentication.k8s.io/v1beta1',
        command: 'aws',
        args: ['eks', 'get-token', '--cluster-name', options.cluster, '--region', options.region],
      },
    ],
  });
}
