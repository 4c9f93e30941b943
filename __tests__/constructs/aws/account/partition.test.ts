import { App } from 'cdktf';
import { isServicePrincipal, partitionOf as partitionOfRegion } from '../../../../src/facts/partitions';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { partitionOf, serviceHost } from '../../../../constructs/aws/account/partition';
import { ServiceRole, type ServiceRoleOptions } from '../../../../constructs/aws/identity/service-role';
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
])('region %s is in partition %s, for the stacks as for platform.yaml', (region, partition) => {
  expect(partitionOf(stackIn(region))).toBe(partition);
  expect(partitionOfRegion(region)).toBe(partition);
});

it('Terraform asks AWS for the partition where no region is known beforehand', () => {
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

const trustPolicy = (stack: BaseStack, trust: ServiceRoleOptions['trust']): string => {
  new ServiceRole(stack, 'role', { name: 'seed-role', trust });
  const { resource } = stack.toTerraform() as {
    resource: { aws_iam_role: { role: { assume_role_policy: string } } };
  };
  return resource.aws_iam_role.role.assume_role_policy;
};

it.each([
  ['eu-west-1', 'ec2', 'ec2.amazonaws.com'],
  ['us-gov-west-1', 'ec2', 'ec2.amazonaws.com'],
  ['us-iso-east-1', 'ec2', 'ec2.amazonaws.com'],
  ['cn-north-1', 'ec2', 'ec2.amazonaws.com.cn'],
  ['cn-north-1', 'eks', 'eks.amazonaws.com'],
  ['cn-north-1', 'pod-identity', 'pods.eks.amazonaws.com'],
  ['cn-north-1', 'flow-logs', 'vpc-flow-logs.amazonaws.com'],
] as const)('in %s a role for %s trusts %s, which IAM knows there', (region, trust, principal) => {
  expect(trustPolicy(stackIn(region), trust)).toContain(`{"Service":"${principal}"}`);
  expect(isServicePrincipal(principal, partitionOfRegion(region))).toBe(true);
});

it('Terraform asks AWS for the service name of EC2 where no region is known beforehand', () => {
  expect(trustPolicy(new BaseStack(new App(), 'cluster'), 'ec2')).toContain(
    'partition == "aws-cn") ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com"}',
  );
});

it.each([
  ['ec2.amazonaws.com', 'aws-cn'],
  ['eks.amazonaws.com.cn', 'aws-cn'],
  ['ec2.amazonaws.com.cn', 'aws'],
  ['ec2.amazon.com', 'aws'],
  ['ec2', 'aws'],
] as const)('IAM does not know %s in %s', (principal, partition) => {
  expect(isServicePrincipal(principal, partition)).toBe(false);
});

it('the hostname of a service ends with the suffix of its partition', () => {
  expect(serviceHost('email-smtp', 'eu-west-1')).toBe('email-smtp.eu-west-1.amazonaws.com');
  expect(serviceHost('email-smtp', 'eusc-de-east-1')).toBe('email-smtp.eusc-de-east-1.amazonaws.eu');
});
