import type { Construct } from 'constructs';
import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';

export function defaults(scope: Construct): void {
  new ClusterRole(scope, 'reader').allowRead('nodes');
}

export function everything(scope: Construct): void {
  new ClusterRole(scope, 'role', {
    name: 'shop-everything',
    rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'], resourceNames: ['node-1'] }],
    nonResourceUrls: ['/metrics', '/healthz/*'],
  })
    .allow(['use', 'patch'], 'storageclasses')
    .allowRead('nodes', 'persistentvolumes', 'customresourcedefinitions')
    .allowReadWrite('namespaces', 'validatingadmissionpolicies');
}
