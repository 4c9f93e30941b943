import { changeIdentity } from '../change/change-digest';
import { rightsInAws } from './rights-in-aws';
import { rightsInKubernetes } from './rights-in-kubernetes';
import { eachChange, type Rule } from '../guard-rule';

/**
 * Widens rights: more actions, resources, principals or rules, fewer conditions, another role for somebody who exists.
 *
 * What is plainly part of something new is not stopped, or every new workload would be. In AWS that is an IAM role that only a
 * service of AWS assumes, created in the same plan as its policies. They name actions and resources, and give no rights over IAM.
 * In Kubernetes it is a Role of a namespace, bound to ServiceAccounts of that namespace. It has no wildcards, does not read all
 * Secrets, and gives no means to get more rights. In a stack that does not exist yet, a ClusterRole that only reads, bound to
 * ServiceAccounts of that stack, is such a part too. What reaches beyond is stopped, in a new stack as in any other.
 */
export const RIGHTS: Rule = eachChange((change, stack) =>
  [...rightsInAws(change, stack), ...rightsInKubernetes(change, stack)].map((message) => ({
    message,
    identity: changeIdentity(change, message),
  })),
);
