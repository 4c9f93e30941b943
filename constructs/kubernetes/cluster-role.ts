import { ClusterRoleV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-v1';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import { objectName } from './names';

/** What may be done with some resources of an API group. */
export interface PolicyRule {
  /** API groups; `''` is the core group. */
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

export interface ClusterRoleOptions {
  readonly rules: readonly PolicyRule[];
}

/** Rights in the whole cluster. @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/ */
export class ClusterRole extends Construct {
  readonly resource: ClusterRoleV1;

  constructor(scope: Construct, id: string, options: ClusterRoleOptions) {
    super(scope, id);
    this.node.addValidation({
      validate: () =>
        options.rules
          .filter(({ apiGroups, resources, verbs }) => [...apiGroups, ...resources, ...verbs].includes('*'))
          .map(
            (rule) => `a rule with "*" grants what nobody has listed: ${JSON.stringify(rule)}; name each one`,
          ),
    });
    this.resource = new ClusterRoleV1(this, MAIN_CHILD, {
      metadata: { name: objectName(this) },
      rule: options.rules.map(({ apiGroups, resources, verbs }) => ({
        apiGroups: [...apiGroups],
        resources: [...resources],
        verbs: [...verbs],
      })),
    });
  }

  get name(): string {
    return this.resource.metadata.name;
  }
}
