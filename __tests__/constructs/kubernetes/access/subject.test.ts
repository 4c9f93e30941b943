import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { ClusterRoleBinding } from '../../../../constructs/kubernetes/access/cluster-role-binding';
import { Subject } from '../../../../constructs/kubernetes/access/subject';
import { inNamespace } from '../namespace-of';

const RBAC = 'rbac.authorization.k8s.io';

it('a ClusterRoleBinding states for users and groups too that they have no namespace', () => {
  const { document } = inNamespace((stack) => {
    new ClusterRoleBinding(stack, 'team', {
      role: ClusterRole.builtIn('view'),
      subjects: [Subject.user('jane'), Subject.group('devs')],
    });
  });
  expect(document.resource?.['kubernetes_cluster_role_binding_v1']?.['team']?.['subject']).toEqual([
    { kind: 'User', name: 'jane', namespace: '', api_group: RBAC },
    { kind: 'Group', name: 'devs', namespace: '', api_group: RBAC },
  ]);
});
