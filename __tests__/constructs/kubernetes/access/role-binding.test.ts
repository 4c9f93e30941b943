import { Construct } from 'constructs';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Role } from '../../../../constructs/kubernetes/access/role';
import { RoleBinding } from '../../../../constructs/kubernetes/access/role-binding';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { Subject } from '../../../../constructs/kubernetes/access/subject';
import { inNamespace } from '../namespace-of';

const RBAC = 'rbac.authorization.k8s.io';

it('a RoleBinding names its role and every kind of subject, none of them with the namespace "default"', () => {
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
      api_group: '',
      kind: 'ServiceAccount',
      name: '${kubernetes_service_account_v1.web.metadata[0].name}',
      namespace: '${kubernetes_namespace_v1.namespace.metadata[0].name}',
    },
    { kind: 'User', name: 'jane', namespace: '', api_group: RBAC },
    { kind: 'Group', name: 'devs', namespace: '', api_group: RBAC },
  ]);
});

it('two calls bind one Role twice', () => {
  const shop = inNamespace((stack) => {
    new Role(stack, 'reader').allowRead('pods').bindTo(Subject.user('jane')).bindTo(Subject.group('devs'));
  });
  expect(shop.object('RoleBinding')).toMatchObject({
    metadata: { name: 'reader' },
    roleRef: { kind: 'Role', name: 'reader' },
    subjects: [{ name: 'jane' }, { name: 'devs' }],
  });
});

it('a Role of another namespace cannot be bound', () => {
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
