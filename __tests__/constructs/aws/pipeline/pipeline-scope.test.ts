import { Account } from '../../../../constructs/aws/account/account';
import { pipelineNames, PipelineScope } from '../../../../constructs/aws/pipeline/pipeline-scope';
import { awsStack } from '../aws-stack';

/** The ARNs that a scope names, with account and partition filled in. */
const arns = (pick: (scope: PipelineScope) => unknown): unknown => {
  let found: unknown;
  const { output } = awsStack((stack) => {
    const scope = new PipelineScope(Account.of(stack), {
      platform: 'seed',
      region: 'eu-west-1',
      state: { bucket: 'seed-state', region: 'eu-west-1' },
      rolePath: '/platform/',
    });
    found = pick(scope);
    stack.addOverride('output.found.value', found);
  }) as unknown as { output: { found: { value: unknown } } };
  expect(found).toBeDefined();
  return JSON.parse(
    JSON.stringify(output.found.value)
      .replace(/\$\{data\.aws_partition\.\w+\.partition\}/g, 'aws')
      .replace(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, '111122223333'),
  );
};

it('the scope names the resources of the platform by its name, in its region and account', () => {
  expect(arns((scope) => scope.in('secretsmanager', 'secret:seed/*'))).toEqual([
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:seed/*',
  ]);
  expect(arns((scope) => [scope.roles, scope.instanceProfiles])).toEqual([
    'arn:aws:iam::111122223333:role/platform/seed-*',
    'arn:aws:iam::111122223333:instance-profile/platform/seed-*',
  ]);
  expect(arns((scope) => scope.cluster('addon'))).toEqual([
    'arn:aws:eks:eu-west-1:111122223333:cluster/seed',
    'arn:aws:eks:eu-west-1:111122223333:addon/seed/*',
  ]);
  expect(arns((scope) => scope.ofAws('ec2', 'image/*'))).toBe('arn:aws:ec2:eu-west-1::image/*');
});

it('the scope includes buckets, queues and databases of workloads, and excludes the state bucket', () => {
  expect(arns((scope) => [scope.bucket, scope.buckets])).toEqual([
    'arn:aws:s3:::seed-state',
    'arn:aws:s3:::seed-*-111122223333',
  ]);
  expect(arns((scope) => scope.queues)).toEqual(['arn:aws:sqs:eu-west-1:111122223333:seed-*']);
  expect(arns((scope) => scope.databases)).toEqual(
    ['db', 'pg', 'subgrp', 'snapshot'].map((kind) => `arn:aws:rds:eu-west-1:111122223333:${kind}:seed-*`),
  );
});

it('the scope selects resources without a name of ours by tag, before and after creation', () => {
  expect(arns(({ owned, tagged, inRegion }) => [owned, tagged, inRegion])).toEqual([
    { StringEquals: { 'aws:ResourceTag/Platform': 'seed' } },
    { StringEquals: { 'aws:RequestTag/Platform': 'seed' } },
    { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  ]);
});

it('the names of the pipeline roles fit into the 64 characters of IAM', () => {
  for (const name of Object.values(pipelineNames('a-platform-of-thirty-two-letters'))) {
    expect(name.length).toBeLessThanOrEqual(64);
  }
});
