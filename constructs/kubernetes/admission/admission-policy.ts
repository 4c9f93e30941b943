import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { TAKES_BACK } from '../internal/manifest-errors';
import { clusterObjectName } from '../internal/names';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** Which requests an admission policy is for. */
export interface AdmissionPolicyOptions extends ObjectOptions {
  /** What is judged or changed, such as the creation of Pods. */
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT')[];
    readonly resources: readonly string[];
  }[];
  /** Names of the namespaces in which it holds. */
  readonly namespaces: readonly string[];
  /**
   * CEL expressions by name that all have to be true for a request to be looked at.
   * @default - every request of the rules
   */
  readonly matchConditions?: Readonly<Record<string, string>>;
  /**
   * CEL expressions by name, for use as `variables.<name>`. A later one may use an earlier one.
   * @default {}
   */
  readonly variables?: Readonly<Record<string, string>>;
  /** What becomes of a request for which an expression fails. @default Fail */
  readonly failurePolicy?: 'Fail' | 'Ignore';
}

/**
 * An admission policy of either kind, and its binding.
 *
 * Both are `kubernetes_manifest` resources, because the provider has no typed ones in 2.38. What would be an empty list is
 * left out: the provider ends with "inconsistent result" over one.
 */
export abstract class AdmissionPolicy extends Construct {
  readonly resource: Manifest;
  readonly binding: Manifest;

  protected constructor(
    scope: Construct,
    id: string,
    options: AdmissionPolicyOptions,
    kind: 'MutatingAdmissionPolicy' | 'ValidatingAdmissionPolicy',
    /** What its spec has beyond the requests. */
    spec: object,
    /** What the spec of its binding has beyond the policy's name. */
    binding: object = {},
  ) {
    super(scope, id);
    const { rules, namespaces } = options;
    const own = metadata(options, { name: clusterObjectName(this) });
    const matchConditions = named(options.matchConditions);
    const variables = named(options.variables);
    const apiVersion = 'admissionregistration.k8s.io/v1';
    this.resource = new Manifest(this, MAIN_CHILD, {
      ...TAKES_BACK,
      manifest: {
        ...{ apiVersion, kind },
        metadata: own,
        spec: {
          failurePolicy: options.failurePolicy ?? 'Fail',
          matchConstraints: {
            namespaceSelector: {
              matchExpressions: [
                { key: 'kubernetes.io/metadata.name', operator: 'In', values: [...namespaces] },
              ],
            },
            resourceRules: rules.map((rule) => ({ ...rule })),
          },
          ...(matchConditions.length > 0 && { matchConditions }),
          ...(variables.length > 0 && { variables }),
          ...spec,
        },
      },
    });
    this.binding = new Manifest(this, 'binding', {
      ...TAKES_BACK,
      manifest: {
        ...{ apiVersion, kind: `${kind}Binding` },
        metadata: own,
        spec: { policyName: own.name, ...binding },
      },
      dependsOn: [this.resource],
    });
  }
}

function named(
  expressions: Readonly<Record<string, string>> = {},
): { readonly name: string; readonly expression: string }[] {
  return Object.entries(expressions).map(([name, expression]) => ({ name, expression }));
}
