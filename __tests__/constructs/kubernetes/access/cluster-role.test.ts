import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { inNamespace } from '../namespace-of';

it('a ClusterRole allows cluster-scoped resources, and paths that are no resources', () => {
  const shop = inNamespace((stack) => {
    new ClusterRole(stack, 'metrics', { name: 'metrics-reader', nonResourceUrls: ['/metrics', '/healthz/*'] })
      .allowRead('nodes', 'storageclasses')
      .allow(['use'], 'namespaces')
      .allowReadWrite('leases');
  });
  expect(shop.object('ClusterRole')).toMatchObject({
    metadata: { name: 'metrics-reader' },
    rules: [
      { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['storage.k8s.io'], resources: ['storageclasses'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: ['use'] },
      { apiGroups: ['coordination.k8s.io'], resources: ['leases'] },
      { nonResourceURLs: ['/metrics', '/healthz/*'], verbs: ['get'] },
    ],
  });
});
