import type { Construct } from '../../terraform/construct';
import { AdmissionPolicy, type AdmissionPolicyOptions } from './admission-policy';

export interface ValidatingAdmissionPolicyOptions extends AdmissionPolicyOptions {
  /** CEL expressions that have to be true, each with the CEL expression of the message for when it is not. */
  readonly validations: readonly { readonly expression: string; readonly messageExpression: string }[];
  /**
   * How the API server handles a request that fails a validation: refuse it, send a warning, or add an entry to the audit log.
   * @default ['Deny']
   */
  readonly actions?: readonly ('Deny' | 'Warn' | 'Audit')[];
}

/**
 * A rule that the API server itself enforces, and its binding: what breaks it is refused with the message.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class ValidatingAdmissionPolicy extends AdmissionPolicy {
  constructor(scope: Construct, id: string, options: ValidatingAdmissionPolicyOptions) {
    const { validations, actions = ['Deny'] } = options;
    const spec = { validations: validations.map((validation) => ({ ...validation })) };
    super(scope, id, options, 'ValidatingAdmissionPolicy', spec, { validationActions: [...actions] });
  }
}
