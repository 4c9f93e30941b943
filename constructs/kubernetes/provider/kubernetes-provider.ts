import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { takingLiterally } from '../../terraform/construct';
import { connectToCluster, type ClusterConnectionOptions } from './cluster-connection';
import { unknownOverrides } from './unknown-arguments';

/**
 * The Kubernetes provider of a stack. It finds the cluster by name and signs in by `aws eks get-token`. In the stack that makes
 * the cluster it is an error; so is an argument that the provider lacks.
 */
export function useKubernetes(stack: Construct, options: ClusterConnectionOptions): KubernetesProvider {
  const connection = connectToCluster(stack, options, 'Kubernetes provider', 'Kubernetes objects');
  stack.node.addValidation({ validate: () => unknownOverrides(TerraformStack.of(stack)) });
  const { host, clusterCaCertificate, exec } = connection;
  return takingLiterally(
    new KubernetesProvider(stack, 'kubernetes', { host, clusterCaCertificate, exec: [exec] }),
  );
}
