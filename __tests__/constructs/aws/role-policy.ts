import type { AwsStack } from './aws-stack';

/** A statement of a role's policy, as far as the tests look into it. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** The characters of all policies within a role that IAM allows. Source: IAM User Guide, IAM and AWS STS quotas. */
export const ROLE_POLICY_LIMIT = 10_240;

/** The policy within a role, by the name of its resource. */
export function rolePolicy({ resource }: AwsStack, name: string): string {
  const policy = resource['aws_iam_role_policy']?.[name]?.['policy'];
  if (typeof policy !== 'string') throw new Error(`no aws_iam_role_policy.${name}`);
  return policy;
}

/** A policy as long as IAM gets it: with what Terraform puts in for references, at its longest. */
export function asIamGetsIt(policy: string): string {
  return policy
    .replace(/\$\{data\.aws_partition\.\w+\.partition\}/g, 'aws-us-gov')
    .replace(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, '111122223333')
    .replace(/\$\{aws_eks_cluster\.\w+\.vpc_config\[0\]\.vpc_id\}/g, 'vpc-0123456789abcdef0')
    .replace(
      /\$\{aws_eks_cluster\.\w+\.vpc_config\[0\]\.cluster_security_group_id\}/g,
      'sg-0123456789abcdef0',
    );
}

export function statementsOf(policy: string): readonly Statement[] {
  return (JSON.parse(policy) as { Statement: Statement[] }).Statement;
}

/** The actions that a policy allows for all resources, sorted. */
export function actionsOnEverything(policy: string): string[] {
  return statementsOf(policy)
    .filter(({ Resource }) => Resource.includes('*'))
    .flatMap(({ Action }) => Action)
    .sort();
}

/** The actions of a policy that hold a wildcard, and so are more than they say. */
export function wideActions(policy: string): string[] {
  return statementsOf(policy)
    .flatMap(({ Action }) => Action)
    .filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action));
}
