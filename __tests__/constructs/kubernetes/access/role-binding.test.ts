import { Construct } from 'constructs';
import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { ClusterRoleBinding } from '../../../../constructs/kubernetes/access/cluster-role-binding';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Role } from '../../../../constructs/kubernetes/access/role';
import { RoleBinding } from '../../../../constructs/kubernetes/access/role-binding';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { Subject } from '../../../../constructs/kubernetes/access/subject';
import { inNamespace } from '../namespace-of';

const RBAC = 'rbac.authorization.k8s.io';

it('a RoleBinding names its role and every sort of subject, none of them with the namespace "default"', () => {
  const shop = inNamespace((stack) => {
    new RoleBinding(stack, 'team', {
      role: new Role(stack, 'reader').allowRead('pods'),
      subjects: [new ServiceAccount(stack, 'web'), Subject.user('jane'), Subject.group('devs')],
    });
  });
  expect(shop.object('RoleBinding')).toMatchObject({
    metadata: { name: 'team', namespace: 'shop' },
    roleRef: { apiGroup: RBAC, kind: 'Role', name: 'reader' },
    subjects: [
      { kind: 'ServiceAccount', name: 'web', namespace: 'shop' },
      { kind: 'User', name: 'jane', apiGroup: RBAC },
      { kind: 'Group', name: 'devs', apiGroup: RBAC },
    ],
  });
  // Left out, the namespace would be sent as "default".
  expect(shop.document.resource?.['kubernetes_role_binding_v1']?.['team']?.['subject']).toEqual([
    {
      kind: 'ServiceAccount',
      name: '${kubernetes_service_account_v1.web.metadata[0].name}',
      namespace: '${kubernetes_namespace_v1.namespace.metadata[0].name}',
    },
    { kind: 'User', name: 'jane', namespace: '', api_group: RBAC },
    { kind: 'Group', name: 'devs', namespace: '', api_group: RBAC },
  ]);
});

it('a Role is bound in one call, and again in another', () => {
  const shop = inNamespace((stack) => {
    new Role(stack, 'reader').allowRead('pods').bindTo(Subject.user('jane')).bindTo(Subject.group('devs'));
  });
  expect(shop.object('RoleBinding')).toMatchObject({
    metadata: { name: 'reader' },
    roleRef: { kind: 'Role', name: 'reader' },
    subjects: [{ name: 'jane' }, { name: 'devs' }],
  });
});

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

it('a ClusterRoleBinding says of users and groups too that they have no namespace', () => {
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

it('a Role of another namespace can’t be bound', () => {
  expect(() =>
    inNamespace((stack) => {
      const other = new Construct(stack, 'other');
      new Namespace(other, 'namespace', { name: 'other' });
      new RoleBinding(stack, 'team', {
        role: new Role(other, 'reader').allowRead('pods'),
        subjects: [Subject.user('jane')],
      });
    }),
  ).toThrow(
    'shop/team: shop/other/reader is a Role of another namespace, shop/other/namespace; make the Role in this one, or use a ClusterRole',
  );
});
