import { App } from 'cdktf';
import { partitionOf as partitionOfRegion } from '../../../../src/facts/partitions';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { partitionOf } from '../../../../constructs/aws/account/partition';
import { ServiceRole } from '../../../../constructs/aws/identity/service-role';
import { BaseStack } from '../../../../constructs/terraform/base-stack';

const stackIn = (region: string): BaseStack => {
  const stack = new BaseStack(new App(), 'cluster');
  useAws(stack, { region, platform: 'seed' });
  return stack;
};

it.each([
  ['eu-west-1', 'aws'],
  ['us-east-1', 'aws'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['cn-north-1', 'aws-cn'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
])('%s is in %s, for the stacks as for platform.yaml', (region, partition) => {
  expect(partitionOf(stackIn(region))).toBe(partition);
  expect(partitionOfRegion(region)).toBe(partition);
});

it('is asked of AWS where no region is known beforehand', () => {
  expect(partitionOf(new BaseStack(new App(), 'cluster'))).toMatch(/TfToken/);
});

it.each([
  ['us-gov-west-1', 'arn:aws-us-gov:iam::aws:policy/AmazonEKSClusterPolicy'],
  ['cn-north-1', 'arn:aws-cn:iam::aws:policy/AmazonEKSClusterPolicy'],
  ['eu-west-1', 'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy'],
])('in %s a managed policy is %s', (region, arn) => {
  const stack = stackIn(region);
  new ServiceRole(stack, 'role', {
    name: 'seed-cluster',
    trust: 'eks',
    managedPolicies: ['AmazonEKSClusterPolicy'],
  });
  const { resource } = stack.toTerraform() as {
    resource: { aws_iam_role_policy_attachment: Record<string, { policy_arn: string }> };
  };
  expect(Object.values(resource.aws_iam_role_policy_attachment).map(({ policy_arn }) => policy_arn)).toEqual([
    arn,
  ]);
});
