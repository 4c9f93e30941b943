import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Fn, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { missingArguments } from './missing-arguments';

export interface KubernetesProviderOptions {
  /** Name of the EKS cluster. */
  readonly cluster: string;
  /** Region of the cluster. */
  readonly region: string;
}

/**
 * The Kubernetes provider of a stack. It finds the cluster by name and signs in by `aws eks get-token` each time that it is
 * used: no token lies in a state, and none expires between plan and apply. In the stack that makes the cluster, whose
 * endpoint is unknown while that stack is planned, it is an error; so is an argument that the provider lacks.
 */
export function useKubernetes(stack: Construct, options: KubernetesProviderOptions): KubernetesProvider {
  stack.node.addValidation({
    validate: () =>
      stack.node
        .findAll()
        .filter((construct) => construct instanceof EksCluster)
        .map(
          ({ node }) =>
            `has the Kubernetes provider beside ${node.path}, whose endpoint is unknown while the stack is planned; make the Kubernetes objects in a stack of their own`,
        ),
  });
  stack.node.addValidation({ validate: () => missingArguments(TerraformStack.of(stack)) });
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
