import { PipelineRoles } from '../../../../constructs/aws/pipeline/pipeline-roles';
import { awsStack } from '../aws-stack';

const roles = (permissionsBoundary?: string) =>
  awsStack((stack) => {
    new PipelineRoles(stack, 'pipeline', {
      platform: 'seed',
      region: 'eu-west-1',
      state: { bucket: 'seed-state', region: 'eu-west-1' },
      repository: 'acme/platform',
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
    });
  }).resource;

const attachedTo = (role: string, resource = roles()): string[] =>
  Object.values(resource['aws_iam_role_policy_attachment'] ?? {})
    .filter((attachment) => attachment['role'] === `\${aws_iam_role.pipeline_${role}.name}`)
    .map(({ policy_arn }) => String(policy_arn).replace(/^\$\{aws_iam_policy\.pipeline_(.*)\.arn\}$/, '$1'))
    .sort();

it('who plans has the policies that read, and who applies those that write besides', () => {
  expect(attachedTo('plan')).toEqual(['read', 'read_data']);
  expect(attachedTo('apply')).toEqual(['data', 'metrics', 'network', 'read', 'read_data', 'services']);
  // IAM allows ten for a role, unless the account asks for more.
  expect(attachedTo('apply').length).toBeLessThanOrEqual(10);
});

it('who applies has a boundary of its own, or that of an organization', () => {
  expect(roles()['aws_iam_role']?.['pipeline_apply']).toMatchObject({
    name: 'seed-pipeline-apply',
    permissions_boundary: '${aws_iam_policy.pipeline_guard.arn}',
  });
  const boundary = 'arn:aws:iam::111122223333:policy/boundary';
  const bounded = roles(boundary);
  expect(bounded['aws_iam_role']?.['pipeline_apply']).toMatchObject({ permissions_boundary: boundary });
  expect(Object.keys(bounded['aws_iam_policy'] ?? {})).not.toContain('pipeline_guard');
  expect(Object.keys(bounded['aws_iam_role_policy'] ?? {})).toContain('pipeline_apply_guard');
});
