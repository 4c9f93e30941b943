import { ClusterRoleBindingV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-binding-v1';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import type { ClusterRole } from './cluster-role';
import { objectName } from './names';
import type { ServiceAccount } from './service-account';

export interface ClusterRoleBindingOptions {
  readonly role: ClusterRole;
  readonly subjects: readonly ServiceAccount[];
}

/** Gives ServiceAccounts the rights of a ClusterRole in every namespace. */
export class ClusterRoleBinding extends Construct {
  readonly resource: ClusterRoleBindingV1;

  constructor(scope: Construct, id: string, options: ClusterRoleBindingOptions) {
    super(scope, id);
    this.resource = new ClusterRoleBindingV1(this, MAIN_CHILD, {
      metadata: { name: objectName(this) },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: options.role.name },
      subject: options.subjects.map((account) => ({
        kind: 'ServiceAccount',
        name: account.name,
        namespace: account.namespace.name,
      })),
    });
  }
}
