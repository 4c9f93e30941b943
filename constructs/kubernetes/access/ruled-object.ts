import { NamedObject } from '../internal/names';
import type { ApiResource, PolicyRules, Verb } from './policy-rule';

/** A Role or ClusterRole, as its rights are collected. */
export abstract class RuledObject<Resource extends ApiResource> extends NamedObject {
  protected abstract readonly rules: PolicyRules;

  /** Allows some verbs on some resources. */
  allow(verbs: readonly Verb[], ...resources: readonly Resource[]): this {
    this.rules.allow(verbs, resources);
    return this;
  }

  /** Allows get, list and watch. */
  allowRead(...resources: readonly Resource[]): this {
    this.rules.allowRead(resources);
    return this;
  }

  /** Allows get, list, watch, create, update, patch and delete. */
  allowReadWrite(...resources: readonly Resource[]): this {
    this.rules.allowReadWrite(resources);
    return this;
  }
}
