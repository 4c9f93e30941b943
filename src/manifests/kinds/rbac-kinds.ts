import { array, as, type Block, byDefault, object, text, texts } from '../field';
import type { Kind } from './kind';
import { clusterMetadata, metadata, typedReference } from './metadata-fields';
import { labelSelectors } from './selector-fields';

const apiVersion = 'rbac.authorization.k8s.io/v1';

const rule: Block = { api_groups: texts, resources: texts, resource_names: texts, verbs: texts };

const role: Kind = { apiVersion, kind: 'Role', fields: { metadata, rule: as('rules', array(rule)) } };

const clusterRole: Kind = {
  apiVersion,
  kind: 'ClusterRole',
  fields: {
    metadata: clusterMetadata,
    rule: as('rules', array({ ...rule, non_resource_urls: as('nonResourceURLs', texts) })),
    aggregation_rule: object({ cluster_role_selectors: labelSelectors }),
  },
};

// The namespace is sent for users and groups too; the empty one is how it is left out.
const bound: Block = {
  role_ref: object(typedReference),
  subject: as(
    'subjects',
    array({ kind: text, name: text, namespace: byDefault('default', text), api_group: text }),
  ),
};

const roleBinding: Kind = { apiVersion, kind: 'RoleBinding', fields: { metadata, ...bound } };

const clusterRoleBinding: Kind = {
  apiVersion,
  kind: 'ClusterRoleBinding',
  fields: { metadata: clusterMetadata, ...bound },
};

export const ACCESS = {
  kubernetes_role_v1: role,
  kubernetes_cluster_role_v1: clusterRole,
  kubernetes_role_binding_v1: roleBinding,
  kubernetes_cluster_role_binding_v1: clusterRoleBinding,
} satisfies Record<string, Kind>;
