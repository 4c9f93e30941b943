import { ClusterRoleV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-v1';
import { atSynthesis } from '../../terraform/at-synthesis';
import { clusterObjectName } from '../internal/names';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { RuledObject } from './ruled-object';
import { type ApiResource, type PolicyRule, PolicyRules } from './policy-rule';
import { type Labels, metadata, type ObjectOptions } from '../internal/metadata';

/** A ClusterRole that every cluster has: made for people, in a namespace. */
export interface BuiltInClusterRole {
  readonly kind: 'ClusterRole';
  readonly name: 'view' | 'edit' | 'admin';
}

/** The rules of a ClusterRole, or the ClusterRoles that it combines. */
export interface ClusterRoleOptions extends ObjectOptions {
  /** Rights to begin with; `allow…` adds more. @default [] */
  readonly rules?: readonly PolicyRule[];
  /**
   * Takes in the rules of every ClusterRole that has all labels of one of these; it then has none of its own.
   * @default []
   * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles
   */
  readonly aggregates?: readonly Labels[];
  /** Paths of the API server that may be read and are no resources, such as `/metrics`. @default [] */
  readonly nonResourceUrls?: readonly string[];
}

/**
 * Rights in the whole cluster: on listed resources only, and on `*` only with a reason.
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
    const { nonResourceUrls = [], aggregates = [] } = options;
    const paths =
      nonResourceUrls.length > 0 ? [{ nonResourceUrls: [...nonResourceUrls], verbs: ['get'] }] : [];
    this.rules = new PolicyRules(options.rules ?? []);
    this.node.addValidation({
      validate: () => [
        ...this.rules.validate(),
        ...(this.rules.isEmpty && paths.length === 0 && aggregates.length === 0
          ? ['a ClusterRole without rules grants nothing; call allowRead()']
          : []),
        ...((!this.rules.isEmpty || paths.length > 0) && aggregates.length > 0
          ? ['aggregates: got rules too, which the control plane replaces; make them another ClusterRole']
          : []),
        ...nonResourceUrls
          .filter((path) => !path.startsWith('/') || path === '/*')
          .map((path) => `nonResourceUrls: got "${path}"; a path such as /metrics or /healthz/* is allowed`),
      ],
    });
    const own = { name: clusterObjectName(this) };
    this.resource = new ClusterRoleV1(this, MAIN_CHILD, {
      metadata: metadata(options, own),
      ...(aggregates.length > 0 && {
        aggregationRule: { clusterRoleSelectors: aggregates.map((matchLabels) => ({ matchLabels })) },
      }),
      // The control plane writes the rules of one that aggregates.
      lifecycle: { ...OUTLIVES_USE, ...(aggregates.length > 0 && { ignoreChanges: ['rule'] }) },
    });
    atSynthesis(this.resource, () => {
      this.resource.putMetadata(metadata(options, { ...own, annotations: this.rules.annotations }));
      this.resource.putRule([...this.rules.toTerraform(), ...paths]);
    });
  }
}
