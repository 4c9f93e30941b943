import { API_GROUPS, type NAMESPACED } from '../../../src/facts/api-resources';
import type { RoleV1Rule } from '@cdktf/provider-kubernetes/lib/role-v1';
import type { Labels } from '../internal/metadata';
import type { ConfigMap } from '../configuration/config-map';
import type { Secret } from '../configuration/secret';

/** What may be done with some resources of an API group. */
export interface PolicyRule {
  /** API groups; `''` is the core group. */
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /**
   * Names of the objects that the rule is for. `create` and `deletecollection` can't be held to names.
   * @default - all objects
   */
  readonly resourceNames?: readonly string[];
  /**
   * Why the rule has `*`, which also grants what a later version or a custom resource adds. It is an annotation of the role.
   * @default - `*` is an error
   */
  readonly wildcardReason?: string;
}

/** A resource of a namespace, as RBAC calls it: `configmaps`, `pods/log`. */
export type NamespacedResource = keyof typeof NAMESPACED;

/** A resource of the API, as RBAC calls it. */
export type ApiResource = keyof typeof API_GROUPS;

/** What RBAC lets somebody do, except for the verbs that hand out more rights than one has: those are written as a rule. */
export type Verb =
  'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'use';

const READ: readonly Verb[] = ['get', 'list', 'watch'];
const WRITE: readonly Verb[] = [...READ, 'create', 'update', 'patch', 'delete'];

/** Verbs whose requests name no object, so that no rule with names ever fits them. */
const NAMELESS = ['create', 'deletecollection'];

/** The rules of a Role or ClusterRole as they are collected. */
export class PolicyRules {
  private readonly rules: PolicyRule[];

  constructor(rules: readonly PolicyRule[]) {
    this.rules = [...rules];
  }

  /** Adds a rule as written. */
  add(...rules: readonly PolicyRule[]): void {
    this.rules.push(...rules);
  }

  /** Why there are rules with `*`. */
  get annotations(): Labels {
    const reasons = this.rules.flatMap(({ wildcardReason }) => wildcardReason ?? []);
    return reasons.length > 0 ? { 'platform/wildcard-reason': [...new Set(reasons)].join('; ') } : {};
  }

  /** Adds one rule an API group. */
  allow(verbs: readonly string[], resources: readonly ApiResource[]): void {
    const groups = [...new Set(resources.map((resource) => API_GROUPS[resource]))];
    this.add(
      ...groups.map((group) => ({
        apiGroups: [group],
        resources: resources.filter((resource) => API_GROUPS[resource] === group),
        verbs,
      })),
    );
  }

  /** Allows `get`, `list` and `watch`. */
  allowRead(resources: readonly ApiResource[]): void {
    this.allow(READ, resources);
  }

  /** Allows all verbs of objects. */
  allowReadWrite(resources: readonly ApiResource[]): void {
    this.allow(WRITE, resources);
  }

  /** Lets these objects be read, and no others of their kind. */
  allowReadOf(objects: readonly (ConfigMap | Secret)[]): void {
    this.add(
      ...objects.map(({ pluralName, name }) => ({
        apiGroups: [''],
        resources: [pluralName],
        resourceNames: [name],
        verbs: READ,
      })),
    );
  }

  get isEmpty(): boolean {
    return this.rules.length === 0;
  }

  /** What is wrong with the rules. */
  validate(): string[] {
    return this.rules.flatMap((rule) => {
      const { apiGroups, resources, verbs, resourceNames, wildcardReason } = rule;
      const text = JSON.stringify(rule);
      const errors: string[] = [];
      // `*/exec` is that of every resource.
      const isWild = [...apiGroups, ...resources, ...verbs].some((each) => /^\*($|\/)/.test(each));
      if (isWild && !wildcardReason?.trim()) {
        errors.push(
          `a rule with "*" grants more than is listed: ${text}; name each one, or say in wildcardReason why it has to be`,
        );
      }
      if (!isWild && wildcardReason !== undefined) {
        errors.push(`wildcardReason: the rule has no "*": ${text}; remove the reason`);
      }
      // The provider sends no empty list, and the rule would be for every object.
      if (resourceNames?.length === 0) {
        errors.push(`resourceNames: got none: ${text}; name them, or leave it out for every object`);
      }
      const nameless = verbs.filter((verb) => NAMELESS.includes(verb));
      if (resourceNames && nameless.length > 0) {
        errors.push(
          `a rule with resourceNames never matches ${nameless.join(', ')}, whose requests name no object: ${text}; ` +
            'make it a rule of its own, without resourceNames',
        );
      }
      return errors;
    });
  }

  /** @internal */
  toTerraform(): RoleV1Rule[] {
    return this.rules.map(({ apiGroups, resources, verbs, resourceNames }) => ({
      apiGroups: [...apiGroups],
      resources: [...resources],
      verbs: [...verbs],
      ...(resourceNames && { resourceNames: [...resourceNames] }),
    }));
  }
}
