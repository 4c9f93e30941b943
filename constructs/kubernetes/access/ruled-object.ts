import { NamedObject } from '../internal/names';
import type { ApiResource, PolicyRules, Verb } from './policy-rule';
import type { ClusterRoleV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-v1';
import type { RoleV1 } from '@cdktf/provider-kubernetes/lib/role-v1';

/** A Role or ClusterRole, as its rights are collected. */
export abstract class RuledObject<
  Right extends ApiResource,
  Resource extends RoleV1 | ClusterRoleV1,
> extends NamedObject<Resource> {
  protected abstract readonly rules: PolicyRules;

  /** Allows some verbs on some resources. */
  allow(verbs: readonly Verb[], ...resources: readonly Right[]): this {
    this.rules.allow(verbs, resources);
    return this;
  }

  /** Allows get, list and watch. */
  allowRead(...resources: readonly Right[]): this {
    this.rules.allowRead(resources);
    return this;
  }

  /** Allows get, list, watch, create, update, patch and delete. */
  allowReadWrite(...resources: readonly Right[]): this {
    this.rules.allowReadWrite(resources);
    return this;
  }
}
