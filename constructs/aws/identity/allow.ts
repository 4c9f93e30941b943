import { Token } from 'cdktf';
import type { PolicyCondition } from './policy-document';
import { type AccountOfPods, WorkloadIdentity } from './workload-identity';

/** What has Pods with a ServiceAccount: a Deployment, a StatefulSet, a CronJob. */
export interface Grantee {
  readonly serviceAccount: AccountOfPods;
}

/** The condition of a grant, and the reason of a wide one. */
export interface AllowOptions {
  /**
   * What must hold besides, by operator and key, such as `{ StringEquals: { 'ses:FromAddress': 'shop@example.com' } }`.
   * @default - nothing
   */
  readonly condition?: PolicyCondition;
  /**
   * Why actions with a wildcard, or every resource, are meant: they are an error without a reason. It stays in the code, for
   * those who review it.
   * @default - none
   */
  readonly reason?: string;
}

/**
 * Lets the Pods of a workload do something in AWS. Every ServiceAccount has one IAM role, `<platform>-<namespace>-<service
 * account>`, which all that is allowed to its workloads adds to.
 *
 * ```ts
 * const topic = new SnsTopic(scope, 'news', { name: 'news' });   // any class of @cdktf/provider-aws
 * allow(web, ['sns:Publish'], topic.arn);
 * ```
 *
 * @param actions with the service's prefix, such as `sns:Publish`
 * @param resources ARNs of what the actions are allowed on, or the patterns of many
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function allow(
  workload: Grantee,
  actions: readonly string[],
  resources: string | readonly string[],
  { condition, reason }: AllowOptions = {},
): void {
  const account = (workload as Partial<Grantee> | undefined)?.serviceAccount;
  if (!account) {
    const got = typeof workload === 'object' ? 'an object without a ServiceAccount' : typeof workload;
    throw new TypeError(
      `a grant: got ${got}; expected what has Pods, such as a Deployment. Check the import, and that the workload returns it`,
    );
  }
  const arns = typeof resources === 'string' ? [resources] : resources;
  const identity = WorkloadIdentity.of(account);
  identity.allow({
    Effect: 'Allow',
    Action: actions,
    Resource: arns,
    ...(condition && { Condition: condition }),
  });
  const errors = [...actionErrors(actions, reason), ...resourceErrors(arns, reason)];
  identity.node.addValidation({ validate: () => errors.map((error) => `allow: ${error}`) });
}

function actionErrors(actions: readonly string[], reason: string | undefined): string[] {
  if (actions.length === 0) return ['actions: got none; name at least one, such as s3:GetObject'];
  return actions.flatMap((action) => {
    if (action !== '*' && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      return [`actions: got "${action}"; expected a service and an action of it, such as s3:GetObject`];
    }
    return /[*?]/.test(action) && !reason
      ? [`actions: got "${action}", a wildcard; name each action, or set a reason`]
      : [];
  });
}

function resourceErrors(arns: readonly string[], reason: string | undefined): string[] {
  if (arns.length === 0) return ['resources: got none; name at least one ARN'];
  return arns.flatMap((arn) => {
    if (arn === '*') {
      return reason
        ? []
        : ['resources: got "*", which is everything in the account; name ARNs, or give a reason'];
    }
    return Token.isUnresolved(arn) || arn.startsWith('arn:')
      ? []
      : [`resources: got "${arn}"; expected an ARN, such as arn:aws:s3:::orders/*`];
  });
}
