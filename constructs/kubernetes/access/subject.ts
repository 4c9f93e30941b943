import type { RoleBindingV1Subject } from '@cdktf/provider-kubernetes/lib/role-binding-v1';
import type { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import type { IConstruct } from 'constructs';
import type { Namespace } from '../namespaces/namespace';

/** A ServiceAccount, as those who give it rights know it. */
export interface Account extends IConstruct {
  readonly resource: ServiceAccountV1;
  readonly name: string;
  readonly namespace: Namespace;
}

/** Who gets the rights of a role: ServiceAccounts, and others. */
export type Subjects = readonly (Account | Subject)[];

const RBAC = 'rbac.authorization.k8s.io';

/**
 * Who gets rights. Users and groups are those that an access entry of EKS maps an IAM principal to.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects
 */
export class Subject {
  /** A user, by name. */
  static user(name: string): Subject {
    // The provider sends the namespace `default` unless told, which a user or group has none of.
    return new Subject({ kind: 'User', name, namespace: '', apiGroup: RBAC });
  }

  /** A group, by name. */
  static group(name: string): Subject {
    return new Subject({ kind: 'Group', name, namespace: '', apiGroup: RBAC });
  }

  /** A ServiceAccount. */
  static serviceAccount(account: Account): Subject {
    // Where a user had this place of the list, the provider keeps the group of the API even so, and `plan` refuses the update.
    return new Subject({
      kind: 'ServiceAccount',
      name: account.name,
      namespace: account.namespace.name,
      apiGroup: '',
    });
  }

  private constructor(private readonly subject: RoleBindingV1Subject) {}

  /** @internal */
  toTerraform(): RoleBindingV1Subject {
    return this.subject;
  }
}

/** The subjects of a binding. */
export function subjectsToTerraform(subjects: Subjects): RoleBindingV1Subject[] {
  return subjects.map((subject) =>
    (subject instanceof Subject ? subject : Subject.serviceAccount(subject)).toTerraform(),
  );
}

/** What is wrong with the subjects of a binding. */
export function validateSubjects(subjects: Subjects): string[] {
  return subjects.length === 0
    ? ['a binding without subjects grants its rights to no subject; name a ServiceAccount, or a Subject']
    : [];
}
