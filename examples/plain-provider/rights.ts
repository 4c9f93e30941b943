import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { RoleBindingV1 } from '@cdktf/provider-kubernetes/lib/role-binding-v1';
import { RoleV1 } from '@cdktf/provider-kubernetes/lib/role-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { TerraformStack } from 'cdktf';

/** “Rights” of docs/reference/kubernetes.md, with the provider's own classes. */
export default function (stack: TerraformStack): void {
  const settings = new ConfigMapV1(stack, 'settings', {
    metadata: { name: 'settings-37c13a7d', namespace: 'shop' },
    data: { 'log-level': 'info' },
    immutable: true,
  });
  const operator = new ServiceAccountV1(stack, 'operator', {
    metadata: { name: 'operator', namespace: 'shop' },
    automountServiceAccountToken: true,
  });
  const read = ['get', 'list', 'watch'];
  new RoleV1(stack, 'operator-reader', {
    metadata: { name: 'operator-reader', namespace: 'shop' },
    rule: [
      { apiGroups: [''], resources: ['configmaps'], resourceNames: [settings.metadata.name], verbs: read },
    ],
  });
  new RoleBindingV1(stack, 'operator-reader-binding', {
    metadata: { name: 'operator-reader', namespace: 'shop' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'operator-reader' },
    subject: [{ kind: 'ServiceAccount', name: operator.metadata.name, namespace: 'shop' }],
  });
  new RoleV1(stack, 'support', {
    metadata: { name: 'support', namespace: 'shop' },
    rule: [
      { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: read },
      { apiGroups: ['apps'], resources: ['deployments'], verbs: read },
      { apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] },
    ],
  });
  new RoleBindingV1(stack, 'support-binding', {
    metadata: { name: 'support', namespace: 'shop' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'support' },
    subject: [{ kind: 'Group', name: 'support', namespace: '', apiGroup: 'rbac.authorization.k8s.io' }],
  });
}
