import { ServiceRole, type ServiceRoleOptions } from '../../../../constructs/aws/identity/service-role';
import { awsStack, type AwsStack } from '../aws-stack';
import { rolePolicy, statementsOf } from '../role-policy';

const role = (options: Partial<ServiceRoleOptions>, more?: (role: ServiceRole) => void): AwsStack =>
  awsStack((stack) => {
    const made = new ServiceRole(stack, 'role', { name: 'seed-role', trust: 'eks', ...options });
    more?.(made);
  });

const trustOf = ({ resource }: AwsStack) =>
  statementsOf(resource['aws_iam_role']?.['role']?.['assume_role_policy'] as string)[0];

it.each([
  ['eks', 'eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']],
  ['ec2', 'ec2.amazonaws.com', ['sts:AssumeRole']],
  ['pod-identity', 'pods.eks.amazonaws.com', ['sts:AssumeRole', 'sts:TagSession']],
  ['flow-logs', 'vpc-flow-logs.amazonaws.com', ['sts:AssumeRole']],
] as const)('a role for %s trusts %s', (trust, Service, Action) => {
  expect(trustOf(role({ trust }))).toMatchObject({ Effect: 'Allow', Principal: { Service }, Action });
});

it('a role of Pods is for those of one cluster, and of one namespace where it is named', () => {
  const pods = { cluster: 'seed', serviceAccount: 'web' };
  const tags = {
    'aws:RequestTag/eks-cluster-name': 'seed',
    'aws:RequestTag/kubernetes-service-account': 'web',
  };
  expect(trustOf(role({ trust: 'pod-identity', pods }))?.Condition).toEqual({ StringEquals: tags });
  expect(trustOf(role({ trust: 'pod-identity', pods: { ...pods, namespace: 'dev' } }))?.Condition).toEqual({
    StringEquals: { ...tags, 'aws:RequestTag/kubernetes-namespace': 'dev' },
  });
});

it('a role has managed policies of the partition of its region, and an own policy only where it allows something', () => {
  const { resource } = role({ managedPolicies: ['service-role/AmazonEKSRole'] });
  expect(resource['aws_iam_role_policy_attachment']?.['role_AmazonEKSRole']).toMatchObject({
    role: '${aws_iam_role.role.name}',
    policy_arn: 'arn:aws:iam::aws:policy/service-role/AmazonEKSRole',
  });
  expect(resource).not.toHaveProperty('aws_iam_role_policy');
});

it('a role adds later statements to its policy, and repeats none', () => {
  const read = { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::a/*'] } as const;
  const write = { ...read, Action: ['s3:PutObject'] };
  const later = role({ statements: [read] }, (made) => {
    made.allow(write, read);
  });
  expect(statementsOf(rolePolicy(later, 'role_policy'))).toEqual([read, write]);
  const first = role({}, (made) => {
    made.allow(write);
  });
  expect(statementsOf(rolePolicy(first, 'role_policy'))).toEqual([write]);
});

it('two roles of one name are an error', () => {
  expect(() =>
    awsStack((stack) => {
      new ServiceRole(stack, 'first', { name: 'seed-web', trust: 'ec2' });
      new ServiceRole(stack, 'second', { name: 'seed-web', trust: 'ec2' });
    }),
  ).toThrow(
    'cluster/second: name: "seed-web" is the IAM role of cluster/first already; give one of them another name',
  );
});
