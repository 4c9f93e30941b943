import { ServiceAccount } from '../../../constructs/kubernetes/access/service-account';
import type { BaseStack } from '../../../constructs/terraform/base-stack';
import type { Synthesized } from '../kubernetes/namespace-of';
import { type Statement, statementsOf } from './role-policy';

/** A workload, as far as it can be granted anything: it has a ServiceAccount of its own. */
export function granteeOf(stack: BaseStack, id: string): { serviceAccount: ServiceAccount } {
  return { serviceAccount: new ServiceAccount(stack, id) };
}

/** What the Pods of a workload may do in AWS. */
export function allowedTo({ document }: Synthesized, id: string): readonly Statement[] {
  const policy = document.resource?.['aws_iam_role_policy']?.[`${id}_identity_role_policy`]?.['policy'];
  if (typeof policy !== 'string') throw new Error(`${id} is allowed nothing`);
  return statementsOf(policy);
}
