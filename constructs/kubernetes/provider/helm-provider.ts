import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import type { Construct } from 'constructs';
import { takingLiterally } from '../../terraform/construct';
import {
  connectToCluster,
  type ClusterConnection,
  type ClusterConnectionOptions,
} from './cluster-connection';

/**
 * The Helm provider of a stack, for charts. It finds the cluster by name and signs in by `aws eks get-token`, as the Kubernetes
 * provider does. In the stack that makes the cluster it is an error.
 *
 * @returns the cluster that it found
 */
export function useHelm(stack: Construct, options: ClusterConnectionOptions): ClusterConnection['cluster'] {
  const connection = connectToCluster(stack, options, 'Helm provider', 'releases of charts');
  const { cluster, host, clusterCaCertificate, exec } = connection;
  takingLiterally(new HelmProvider(stack, 'helm', { kubernetes: { host, clusterCaCertificate, exec } }));
  return cluster;
}
