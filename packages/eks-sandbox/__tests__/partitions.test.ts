import { amiParameter } from '../aws-emulator/ami-parameters';
import { createPrincipals } from '../aws-emulator/aws-emulator';
import type { AwsQuery } from '../aws-emulator/aws-query';
import { accessPolicyArn } from '../eks-emulator/access-policies';
import { eksArn } from '../eks-emulator/cluster-state';
import { FakeAccount } from './aws-emulator/fake-account';

it.each([
  ['eu-west-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
])('the names of the sandbox in %s are of the partition %s', (region, partition) => {
  const account = Object.assign(new FakeAccount(), { region });
  expect(eksArn(account, 'cluster/seed')).toBe(`arn:${partition}:eks:${region}:111122223333:cluster/seed`);
  expect(accessPolicyArn('AmazonEKSViewPolicy', region)).toBe(
    `arn:${partition}:eks::aws:cluster-access-policy/AmazonEKSViewPolicy`,
  );
  const image = '/aws/service/eks/optimized-ami/1.36/amazon-linux-2023/x86_64/standard/recommended/image_id';
  expect(amiParameter(image, region)?.ARN).toBe(`arn:${partition}:ssm:${region}::parameter${image}`);
});

it('people get policies and trusts of their own partition', async () => {
  const calls: Record<string, string>[] = [];
  const aws = {
    query: (_service: string, _action: string, parameters: Record<string, string>) => {
      calls.push(parameters);
      return Promise.resolve();
    },
  } as unknown as AwsQuery;
  const arn = 'arn:aws-cn:iam::111122223333:role/teams/admin';
  await createPrincipals(aws, { accountId: '111122223333', admins: [arn], people: [] });
  const [role, attached] = calls;
  expect(JSON.parse(role?.['AssumeRolePolicyDocument'] ?? '')).toMatchObject({
    Statement: [{ Principal: { AWS: 'arn:aws-cn:iam::111122223333:root' } }],
  });
  expect(attached).toEqual({
    RoleName: 'admin',
    PolicyArn: 'arn:aws-cn:iam::aws:policy/AdministratorAccess',
  });
});
