import { ClusterRoleV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-v1';
import { clusterObjectName } from '../internal/names';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { RuledObject } from './ruled-object';
import { type ApiResource, type PolicyRule, PolicyRules } from './policy-rule';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** A ClusterRole that every cluster has: made for people, in a namespace. */
export interface BuiltInClusterRole {
  readonly kind: 'ClusterRole';
  readonly name: 'view' | 'edit' | 'admin';
}

export interface ClusterRoleOptions extends ObjectOptions {
  /** Rights to begin with; `allow…` adds more. @default [] */
  readonly rules?: readonly PolicyRule[];
  /** Paths of the API server that may be read and are no resources, such as `/metrics`. @default [] */
  readonly nonResourceUrls?: readonly string[];
}

/**
 * Rights in the whole cluster: on listed resources only, never on `*`.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export class ClusterRole extends RuledObject<ApiResource, ClusterRoleV1> {
  /**
   * A ClusterRole that every cluster has.
   *
   * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles
   */
  static builtIn(name: BuiltInClusterRole['name']): BuiltInClusterRole {
    return { kind: 'ClusterRole', name };
  }

  readonly kind = 'ClusterRole';
  protected readonly rules: PolicyRules;

  constructor(scope: Construct, id: string, options: ClusterRoleOptions = {}) {
    super(scope, id);
    const { nonResourceUrls = [] } = options;
    const paths =
      nonResourceUrls.length > 0 ? [{ nonResourceUrls: [...nonResourceUrls], verbs: ['get'] }] : [];
    this.rules = new PolicyRules(options.rules ?? [], () => {
      this.resource.putRule([...this.rules.toTerraform(), ...paths]);
    });
    this.node.addValidation({
      validate: () => [
        ...this.rules.validate(),
        ...(this.rules.isEmpty && paths.length === 0
          ? ['a ClusterRole without rules grants nothing; call allowRead()']
          : []),
        ...nonResourceUrls
          .filter((path) => !path.startsWith('/') || path === '/*')
          .map((path) => `nonResourceUrls: got "${path}"; a path such as /metrics or /healthz/* is allowed`),
      ],
    });
    this.resource = new ClusterRoleV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: clusterObjectName(this) }),
      rule: [...this.rules.toTerraform(), ...paths],
      lifecycle: OUTLIVES_USE,
    });
  }
}
