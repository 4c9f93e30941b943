import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { ClusterRoleBinding } from '../../../../constructs/kubernetes/access/cluster-role-binding';
import { RoleBinding } from '../../../../constructs/kubernetes/access/role-binding';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { Subject } from '../../../../constructs/kubernetes/access/subject';
import { inNamespace } from '../namespace-of';

it('a ClusterRole is bound in a namespace or in the whole cluster, a built-in one too', () => {
  const shop = inNamespace((stack) => {
    const role = new ClusterRole(stack, 'nodes').allowRead('nodes');
    new RoleBinding(stack, 'local', { role, subjects: [Subject.group('devs')], name: 'devs-nodes' });
    new ClusterRoleBinding(stack, 'global', { role, subjects: [Subject.user('jane')], name: 'jane-nodes' });
    new ClusterRoleBinding(stack, 'viewers', {
      role: ClusterRole.builtIn('view'),
      subjects: [new ServiceAccount(stack, 'web')],
    });
  });
  expect(shop.object('RoleBinding')).toMatchObject({
    metadata: { name: 'devs-nodes' },
    roleRef: { kind: 'ClusterRole', name: 'shop-nodes' },
  });
  expect(shop.object('ClusterRoleBinding', 'jane-nodes')).toMatchObject({
    roleRef: { kind: 'ClusterRole', name: 'shop-nodes' },
    subjects: [{ kind: 'User', name: 'jane' }],
  });
  expect(shop.object('ClusterRoleBinding', 'shop-viewers')).toMatchObject({
    roleRef: { kind: 'ClusterRole', name: 'view' },
    subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
  });
});
