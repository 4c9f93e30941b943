import { minorOf } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { appContext } from '../../terraform/app-context';
import type { Construct } from '../../terraform/construct';
import { AdmissionPolicy, type AdmissionPolicyOptions } from './admission-policy';

export interface MutatingAdmissionPolicyOptions extends AdmissionPolicyOptions {
  /** CEL expressions, each of a list of `JSONPatch{op: …, path: …, value: …}`. */
  readonly patches: readonly string[];
}

/** The first version of Kubernetes that has the kind without a feature gate. */
const SINCE = '1.36';

/** Whether the clusters of an app have mutating admission policies. */
export const hasMutatingPolicies = (construct: Construct): boolean =>
  minorOf(appContext(construct).kubernetes) >= minorOf(SINCE);

/**
 * A change that the API server itself makes of requests, before it validates them, and its binding. From Kubernetes 1.36 on.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
export class MutatingAdmissionPolicy extends AdmissionPolicy {
  constructor(scope: Construct, id: string, options: MutatingAdmissionPolicyOptions) {
    super(scope, id, options, 'MutatingAdmissionPolicy', {
      // Others may change the object after it.
      reinvocationPolicy: 'IfNeeded',
      mutations: options.patches.map((expression) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })),
    });
    const { kubernetes } = appContext(this);
    const error = `Kubernetes ${kubernetes} has no MutatingAdmissionPolicy; upgrade to ${SINCE} or later, or use a ValidatingAdmissionPolicy`;
    this.node.addValidation({ validate: () => (hasMutatingPolicies(this) ? [] : [error]) });
  }
}
