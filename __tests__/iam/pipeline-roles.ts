import type { StackDocument } from '../stacks/synthesized-platform';
import { ACCOUNT, type NamedPolicy, type Principal } from './simulator';

type Resources = StackDocument['resource'];

/** A policy as IAM gets it, with the account and the partition. */
export function policyAsSent(text: unknown): unknown {
  return JSON.parse(
    String(text)
      .replace(/\$\{data\.aws_partition\.\w+\.partition\}/g, 'aws')
      .replace(/\$\{data\.aws_partition\.\w+\.dns_suffix\}/g, 'amazonaws.com')
      .replace(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, ACCOUNT),
  );
}

/** A role of the pipeline with all that its stack gives it. */
export function pipelineRole(role: 'plan' | 'apply', documents: Record<string, StackDocument>): Principal {
  const resource = resourcesOf(documents);
  const { name, permissions_boundary: boundary } = found(resource, 'aws_iam_role', `pipeline_${role}`);
  const isOfRole = (one: Record<string, unknown>): boolean =>
    one['role'] === `\${aws_iam_role.pipeline_${role}.name}`;
  const attached = Object.values(resource['aws_iam_role_policy_attachment'] ?? {}).filter(isOfRole);
  const inline = Object.entries(resource['aws_iam_role_policy'] ?? {}).filter(([, one]) => isOfRole(one));
  const policies = [
    ...attached.map(({ policy_arn }) => managedPolicy(resource, policy_arn)),
    ...inline.map(([key, { policy }]) => ({ name: key, policy: policyAsSent(policy) })),
  ];
  return {
    arn: `arn:aws:iam::${ACCOUNT}:role/${String(name)}`,
    policies,
    ...(boundary !== undefined && { boundary: managedPolicy(resource, boundary) }),
  };
}

/** A role of the platform's stacks that was given every right, within the boundary that the pipeline has to give it. */
export function boundedWorkload(documents: Record<string, StackDocument>): Principal {
  const resource = resourcesOf(documents);
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  return {
    arn: `arn:aws:iam::${ACCOUNT}:role/seed-dev-orders`,
    policies: [{ name: 'everything', policy: everything }],
    boundary: {
      name: 'role-boundary',
      policy: policyAsSent(found(resource, 'aws_iam_policy', 'pipeline_role_boundary')['policy']),
    },
  };
}

function resourcesOf({ pipeline }: Record<string, StackDocument>): Resources {
  if (!pipeline)
    throw new Error('the platform has no stack pipeline: set state.bucket and pipeline.repository');
  return pipeline.resource;
}

function managedPolicy(resource: Resources, arn: unknown): NamedPolicy {
  const name = /^\$\{aws_iam_policy\.(\w+)\.arn\}$/.exec(String(arn))?.[1] ?? '';
  return { name, policy: policyAsSent(found(resource, 'aws_iam_policy', name)['policy']) };
}

function found(resource: Resources, type: string, name: string): Record<string, unknown> {
  const one = resource[type]?.[name];
  if (!one) throw new Error(`the stack pipeline has no ${type}.${name}`);
  return one;
}
