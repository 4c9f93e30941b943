import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { converted } from '../converted';

const metadata = { name: 'it', namespace: 'dev' };

it.each([
  [
    'kubernetes_role_v1',
    { metadata, rule: { api_groups: [''], resources: ['pods'], verbs: ['get'] } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata,
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    },
  ],
  [
    'kubernetes_cluster_role_v1',
    {
      metadata: { name: 'it' },
      rule: [{ non_resource_urls: ['/metrics'], verbs: ['get'] }],
      aggregation_rule: { cluster_role_selectors: { match_labels: { to: 'it' } } },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'it' },
      rules: [{ verbs: ['get'], nonResourceURLs: ['/metrics'] }],
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: 'it' } }] },
    },
  ],
  [
    'kubernetes_role_binding_v1',
    {
      metadata,
      role_ref: { api_group: 'rbac.authorization.k8s.io', kind: 'Role', name: 'it' },
      subject: [
        { kind: 'ServiceAccount', name: 'it' },
        { kind: 'Group', name: 'team', namespace: '', api_group: 'rbac.authorization.k8s.io' },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'it' },
      subjects: [
        { kind: 'ServiceAccount', name: 'it', namespace: 'default' },
        { kind: 'Group', name: 'team', apiGroup: 'rbac.authorization.k8s.io' },
      ],
    },
  ],
  [
    'kubernetes_cluster_role_binding_v1',
    {
      metadata: { name: 'it' },
      role_ref: { kind: 'ClusterRole', name: 'it' },
      subject: { kind: 'User', name: 'ann' },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'it' },
      roleRef: { kind: 'ClusterRole', name: 'it' },
      subjects: [{ kind: 'User', name: 'ann', namespace: 'default' }],
    },
  ],
] as [type: string, attributes: JsonObject, object: JsonObject][])(
  '%s and its arguments become the object of the API',
  (type, attributes, object) => {
    expect(converted(type, attributes)).toStrictEqual(object);
  },
);
