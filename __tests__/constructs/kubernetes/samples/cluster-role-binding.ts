import type { Construct } from 'constructs';
import { ClusterRole } from '../../../../constructs/kubernetes/access/cluster-role';
import { ClusterRoleBinding } from '../../../../constructs/kubernetes/access/cluster-role-binding';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { Subject } from '../../../../constructs/kubernetes/access/subject';

export function defaults(scope: Construct): void {
  const role = new ClusterRole(scope, 'reader').allowRead('nodes');
  new ClusterRoleBinding(scope, 'binding', { role, subjects: [new ServiceAccount(scope, 'account')] });
}

export function everything(scope: Construct): void {
  const account = new ServiceAccount(scope, 'account');
  const subjects = [account, Subject.user('ada'), Subject.group('shop'), Subject.serviceAccount(account)];
  const role = new ClusterRole(scope, 'role').allowRead('nodes');
  new ClusterRoleBinding(scope, 'binding', { role, subjects, name: 'shop-everything' });
  new ClusterRoleBinding(scope, 'built-in', { role: ClusterRole.builtIn('view'), subjects });
}
