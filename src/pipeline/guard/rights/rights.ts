import { changeIdentity } from '../change/change-digest';
import { rightsInAws } from './rights-in-aws';
import { rightsInKubernetes } from './rights-in-kubernetes';
import { eachChange, type Rule } from '../guard-rule';

/**
 * Widens rights: more actions, resources, principals or rules, fewer conditions, another role for somebody who exists.
 *
 * What is plainly part of something new is not stopped, or every new workload would be: an IAM role that only a service of AWS
 * assumes, made in the same plan as its policies, when these name actions and resources and give no rights over IAM; and in
 * Kubernetes a Role of a namespace without wildcards, without reading all Secrets and without means to get more rights, bound to
 * ServiceAccounts of that namespace. What holds in the whole cluster, policies of AWS that are attached, and access entries are
 * always stopped. A stack that does not exist yet widens nothing.
 */
export const RIGHTS: Rule = eachChange(
  (change, stack) =>
    [...rightsInAws(change, stack), ...rightsInKubernetes(change)].map((message) => ({
      message,
      identity: changeIdentity(change, message),
    })),
  { newStacks: false },
);
