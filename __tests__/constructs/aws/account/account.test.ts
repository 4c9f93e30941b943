import { TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import { Account } from '../../../../constructs/aws/account/account';
import { awsStack } from '../aws-stack';

it('an Account is one for each stack, and Terraform looks it up when it runs', () => {
  const accounts: Account[] = [];
  const { data } = awsStack((stack) => {
    const below = new Construct(new Construct(stack, 'orders'), 'queue');
    accounts.push(Account.of(stack), Account.of(below));
  });
  expect(accounts[0]).toBe(accounts[1]);
  expect(Object.keys(data['aws_caller_identity'] ?? {})).toEqual(['account']);
  expect(Object.keys(data['aws_partition'] ?? {})).toEqual(['account_partition']);
});

it('an Account makes ARNs of its number and its partition, with a region and without', () => {
  const { output } = awsStack((stack) => {
    const account = Account.of(stack);
    new TerraformOutput(stack, 'key', { value: account.arn('kms', 'eu-west-1', 'key/*') });
    new TerraformOutput(stack, 'role', { value: account.arn('iam', '', 'role/seed-*') });
    new TerraformOutput(stack, 'principal', { value: account.principal });
  }) as unknown as { output: Record<string, unknown> };
  const [partition, id] = [
    '${data.aws_partition.account_partition.partition}',
    '${data.aws_caller_identity.account.account_id}',
  ];
  expect(output).toMatchObject({
    key: { value: `arn:${partition}:kms:eu-west-1:${id}:key/*` },
    role: { value: `arn:${partition}:iam::${id}:role/seed-*` },
    principal: { value: `arn:${partition}:iam::${id}:root` },
  });
});
