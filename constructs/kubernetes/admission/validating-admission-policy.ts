import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { TAKES_BACK } from '../internal/manifest-errors';
import { clusterObjectName } from '../internal/names';
import { metadata, type ObjectOptions } from '../internal/metadata';

export interface ValidatingAdmissionPolicyOptions extends ObjectOptions {
  /** What is judged, such as the creation of Pods. */
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT')[];
    readonly resources: readonly string[];
  }[];
  /** Names of the namespaces in which it holds. */
  readonly namespaces: readonly string[];
  /**
   * CEL expressions by name that all have to be true for a request to be judged at all.
   * @default - every request of the rules is judged
   */
  readonly matchConditions?: Readonly<Record<string, string>>;
  /**
   * CEL expressions by name, for use as `variables.<name>`. A later one may use an earlier one.
   * @default {}
   */
  readonly variables?: Readonly<Record<string, string>>;
  /** CEL expressions that have to be true, each with the CEL expression of the message for when it is not. */
  readonly validations: readonly { readonly expression: string; readonly messageExpression: string }[];
  /**
   * How the API server handles a request that fails a validation: refuse it, send a warning, or add an entry to the audit log.
   * @default ['Deny']
   */
  readonly actions?: readonly ('Deny' | 'Warn' | 'Audit')[];
  /** What becomes of a request that can't be judged, because an expression fails. @default Fail */
  readonly failurePolicy?: 'Fail' | 'Ignore';
}

/**
 * A rule that the API server itself enforces, and its binding: what breaks it is refused with the message.
 *
 * Both are `kubernetes_manifest` resources, because the provider has no typed ones in 2.38. What would be an empty list is
 * left out: the provider ends with "inconsistent result" over one.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class ValidatingAdmissionPolicy extends Construct {
  readonly resource: Manifest;
  readonly binding: Manifest;

  constructor(scope: Construct, id: string, options: ValidatingAdmissionPolicyOptions) {
    super(scope, id);
    const { rules, namespaces, validations, actions = ['Deny'] } = options;
    const own = metadata(options, { name: clusterObjectName(this) });
    const matchConditions = named(options.matchConditions);
    const variables = named(options.variables);
    this.resource = new Manifest(this, MAIN_CHILD, {
      ...TAKES_BACK,
      manifest: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
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
          validations: validations.map((validation) => ({ ...validation })),
        },
      },
    });
    this.binding = new Manifest(this, 'binding', {
      ...TAKES_BACK,
      manifest: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: own,
        spec: { policyName: own.name, validationActions: [...actions] },
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
