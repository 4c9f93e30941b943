import { RoleV1 } from '@cdktf/provider-kubernetes/lib/role-v1';
import { atSynthesis } from '../../terraform/at-synthesis';
import { objectName } from '../internal/names';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { RuledObject } from './ruled-object';
import type { ConfigMap } from '../configuration/config-map';
import { Namespace } from '../namespaces/namespace';
import { type NamespacedResource, type PolicyRule, PolicyRules } from './policy-rule';
import { RoleBinding } from './role-binding';
import type { Secret } from '../configuration/secret';
import type { Subjects } from './subject';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** The rules of a Role. */
export interface RoleOptions extends ObjectOptions {
  /** Rights to begin with; `allow…` adds more. @default [] */
  readonly rules?: readonly PolicyRule[];
}

/**
 * Rights in a namespace: on listed resources only, and on `*` only with a reason.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export class Role extends RuledObject<NamespacedResource, RoleV1> {
  readonly kind = 'Role';
  readonly namespace: Namespace;
  protected readonly rules: PolicyRules;
  private binding: RoleBinding | undefined;

  constructor(scope: Construct, id: string, options: RoleOptions = {}) {
    super(scope, id);
    this.namespace = Namespace.of(this);
    this.rules = new PolicyRules(options.rules ?? []);
    this.node.addValidation({
      validate: () =>
        this.rules.isEmpty
          ? ['a Role without rules grants nothing, and the provider refuses it; call allowRead()']
          : this.rules.validate(),
    });
    const own = { name: objectName(this), namespace: this.namespace.name };
    this.resource = new RoleV1(this, MAIN_CHILD, {
      metadata: metadata(options, own),
      rule: [],
      lifecycle: OUTLIVES_USE,
    });
    atSynthesis(this.resource, () => {
      this.resource.putMetadata(metadata(options, { ...own, annotations: this.rules.annotations }));
      this.resource.putRule(this.rules.toTerraform());
    });
  }

  /** Allows get, list and watch of these ConfigMaps and Secrets, and of no others. Lists need the field selector `metadata.name`. */
  allowReadOf(...objects: readonly (ConfigMap | Secret)[]): this {
    this.rules.allowReadOf(objects);
    return this;
  }

  /** Gives the rights to some subjects, by a RoleBinding of the same name; called again, it adds to them. */
  bindTo(...subjects: Subjects): this {
    const name = this.literalName;
    this.binding ??= new RoleBinding(this, 'binding', { role: this, subjects: [], name });
    this.binding.addSubjects(...subjects);
    return this;
  }
}
