import { App, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { awsOf, useAws } from '../../../../constructs/aws/account/aws-provider';
import { awsStack } from '../aws-stack';

it('the AWS provider tags every resource with the platform, and works in its region', () => {
  expect(awsStack(() => undefined).provider['aws']).toMatchObject([
    { region: 'eu-west-1', default_tags: [{ tags: { Platform: 'seed', ManagedBy: 'terraform' } }] },
  ]);
});

it('a construct finds the AWS provider from every place below its stack', () => {
  const settings = { region: 'eu-west-1', platform: 'seed' };
  const stack = new TerraformStack(new App(), 'dev');
  const below = new Construct(new Construct(stack, 'orders'), 'queue');
  useAws(stack, settings);
  expect(awsOf(below)).toEqual(settings);
  expect(awsOf(stack)).toEqual(settings);
});

it('a stack without an AWS provider is an error with place and remedy', () => {
  const app = new App();
  useAws(new TerraformStack(app, 'dev'), { region: 'eu-west-1', platform: 'seed' });
  const orders = new Construct(new TerraformStack(app, 'other'), 'orders');
  expect(() => awsOf(orders)).toThrow(
    'other/orders: the stack "other" has no AWS provider, which names the platform and its region. ' +
      'Call useAws(stack, { region, platform }) first, or build it in a stack that has one',
  );
});
