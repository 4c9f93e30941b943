import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import { objectName } from './names';

export interface ValidatingAdmissionPolicyOptions {
  /** What is judged, such as the creation of Pods. */
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly apiVersions: readonly string[];
    readonly operations: readonly ('CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT')[];
    readonly resources: readonly string[];
  }[];
  /** Names of the namespaces in which it holds. */
  readonly namespaces: readonly string[];
  /** CEL expressions by name, for use as `variables.<name>`. A later one may use an earlier one. */
  readonly variables?: Readonly<Record<string, string>>;
  /** CEL expressions that have to be true, each with the CEL expression of the message for when it is not. */
  readonly validations: readonly { readonly expression: string; readonly messageExpression: string }[];
}

/**
 * A rule that the API server itself enforces, and its binding: what breaks it is refused with the message.
 *
 * Both are `kubernetes_manifest` resources, because the provider has no typed ones in 2.38.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class ValidatingAdmissionPolicy extends Construct {
  readonly resource: Manifest;

  constructor(scope: Construct, id: string, options: ValidatingAdmissionPolicyOptions) {
    super(scope, id);
    const name = objectName(this);
    this.resource = new Manifest(this, MAIN_CHILD, {
      manifest: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name },
        spec: {
          failurePolicy: 'Fail',
          matchConstraints: {
            namespaceSelector: {
              matchExpressions: [
                { key: 'kubernetes.io/metadata.name', operator: 'In', values: [...options.namespaces] },
              ],
            },
            resourceRules: options.rules.map((rule) => ({ ...rule })),
          },
          variables: Object.entries(options.variables ?? {}).map(([variable, expression]) => ({
            name: variable,
            expression,
          })),
          validations: options.validations.map((validation) => ({ ...validation })),
        },
      },
    });
    new Manifest(this, 'binding', {
      manifest: {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name },
        spec: { policyName: name, validationActions: ['Deny'] },
      },
      dependsOn: [this.resource],
    });
  }
}
