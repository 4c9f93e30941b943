import { ClusterRoleBindingV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-binding-v1';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import type { BuiltInClusterRole, ClusterRole } from './cluster-role';
import { clusterObjectName } from '../internal/names';
import { type Subjects, subjectsToTerraform, validateSubjects } from './subject';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** A ClusterRole, and the subjects that get its rights. */
export interface ClusterRoleBindingOptions extends ObjectOptions {
  readonly role: ClusterRole | BuiltInClusterRole;
  /** Who gets the rights: ServiceAccounts, users and groups. */
  readonly subjects: Subjects;
}

/**
 * Gives the rights of a ClusterRole in every namespace.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding
 */
export class ClusterRoleBinding extends Construct {
  readonly resource: ClusterRoleBindingV1;

  constructor(scope: Construct, id: string, options: ClusterRoleBindingOptions) {
    super(scope, id);
    const { role, subjects } = options;
    this.node.addValidation({ validate: () => validateSubjects(subjects) });
    this.resource = new ClusterRoleBindingV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: clusterObjectName(this) }),
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'nameFor' in role ? role.nameFor(this) : role.name,
      },
      subject: subjectsToTerraform(subjects),
    });
  }
}
