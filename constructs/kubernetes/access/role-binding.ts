import { RoleBindingV1 } from '@cdktf/provider-kubernetes/lib/role-binding-v1';
import type { IConstruct } from 'constructs';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import type { BuiltInClusterRole, ClusterRole } from './cluster-role';
import { Namespace } from '../namespaces/namespace';
import { objectName } from '../internal/names';
import { type Subjects, subjectsToTerraform, validateSubjects } from './subject';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** A Role, as what binds it knows it. */
export interface NamespacedRole extends IConstruct {
  readonly kind: 'Role';
  readonly namespace: Namespace;
  /** @internal */
  nameFor(user: Construct): string;
}

/** A role, and the subjects that get its rights in the namespace. */
export interface RoleBindingOptions extends ObjectOptions {
  /** The rights: a Role of the namespace, or a ClusterRole, whose rights then hold in the namespace only. */
  readonly role: NamespacedRole | ClusterRole | BuiltInClusterRole;
  /** Who gets them: ServiceAccounts of any namespace, users and groups. */
  readonly subjects: Subjects;
}

/**
 * Gives the rights of a role in a namespace.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#rolebinding-and-clusterrolebinding
 */
export class RoleBinding extends Construct {
  readonly resource: RoleBindingV1;
  private subjects: Subjects;

  constructor(scope: Construct, id: string, options: RoleBindingOptions) {
    super(scope, id);
    const { role } = options;
    this.subjects = options.subjects;
    const namespace = Namespace.of(this);
    this.node.addValidation({
      validate: () => [
        ...validateSubjects(this.subjects),
        ...(role.kind === 'Role' && role.namespace !== namespace
          ? [
              `${role.node.path} is a Role of another namespace, ${role.namespace.node.path}; ` +
                'make the Role in this one, or use a ClusterRole',
            ]
          : []),
      ],
    });
    this.resource = new RoleBindingV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: objectName(this), namespace: namespace.name }),
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: role.kind,
        name: 'nameFor' in role ? role.nameFor(this) : role.name,
      },
      subject: subjectsToTerraform(this.subjects),
    });
  }

  /** Gives the rights to further subjects. */
  addSubjects(...subjects: Subjects): void {
    this.subjects = [...this.subjects, ...subjects];
    this.resource.putSubject(subjectsToTerraform(this.subjects));
  }
}
