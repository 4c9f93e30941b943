import type { Construct } from 'constructs';
import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { Role } from '../../../../constructs/kubernetes/access/role';
import { RoleBinding } from '../../../../constructs/kubernetes/access/role-binding';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { Subject } from '../../../../constructs/kubernetes/access/subject';

export function defaults(scope: Construct): void {
  const role = new Role(scope, 'reader').allowRead('pods');
  new RoleBinding(scope, 'binding', { role, subjects: [new ServiceAccount(scope, 'account')] });
}

export function everything(scope: Construct): void {
  const account = new ServiceAccount(scope, 'account');
  const subjects = [account, Subject.user('ada'), Subject.group('shop'), Subject.serviceAccount(account)];
  const cluster = new ClusterRole(scope, 'cluster-role').allowRead('pods');
  new RoleBinding(scope, 'role', {
    role: new Role(scope, 'reader').allowRead('pods'),
    subjects,
    name: 'shop-binding',
  });
  new RoleBinding(scope, 'cluster', { role: cluster, subjects });
  new RoleBinding(scope, 'built-in', { role: ClusterRole.builtIn('view'), subjects });
}
