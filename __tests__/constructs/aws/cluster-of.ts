import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import type { Construct } from 'constructs';
import { EksCluster } from '../../../constructs/aws/cluster/eks-cluster';

/** A cluster with one node group, whose name is as long as platform.yaml allows unless told. */
export function clusterOf(scope: Construct, name = 'a-platform-of-thirty-two-letters'): EksCluster {
  const cluster = new EksCluster(scope, 'eks', {
    name,
    version: DEFAULT_KUBERNETES_VERSION,
    subnetIds: ['subnet-1', 'subnet-2'],
    admins: ['arn:aws:iam::111122223333:role/admin'],
    serviceCidr: '172.20.0.0/16',
    logRetentionDays: 90,
  });
  cluster.addNodeGroup('node-1', {
    name: 'node-1',
    subnetIds: ['subnet-1'],
    instanceTypes: ['m7i.large'],
    scaling: { min: 1, max: 2, desired: 1 },
    diskGiB: 50,
  });
  return cluster;
}
