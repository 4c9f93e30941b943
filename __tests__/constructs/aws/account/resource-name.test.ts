import { App } from 'cdktf';
import { Construct } from 'constructs';
import { useAws } from '../../../../constructs/aws/account/aws-provider';
import { type NameRule, resourceName } from '../../../../constructs/aws/account/resource-name';
import { BaseStack } from '../../../../constructs/terraform/base-stack';

const RULE: NameRule = { kind: 'queue', pattern: /^[a-z-]{1,20}$/, allowed: '1 to 20 letters and "-"' };

const stackOf = (app: App, name: string): BaseStack => {
  const stack = new BaseStack(app, name);
  useAws(stack, { region: 'eu-west-1', platform: 'seed' });
  return stack;
};

const errorsIn = (app: App): string[] =>
  app.node
    .findAll()
    .flatMap((construct) => construct.node.validate().map((error) => `${construct.node.path}: ${error}`));

it('a resource name is made of the platform, the stack and the path, unless the options set it', () => {
  const orders = new Construct(stackOf(new App(), 'dev'), 'orders');
  expect(resourceName(new Construct(orders, 'jobs'), RULE)).toBe('seed-dev-orders-jobs');
  expect(resourceName(new Construct(orders, 'a'), RULE, { suffix: '-dead' })).toBe('seed-dev-orders-a-dead');
  expect(resourceName(new Construct(orders, 'mails'), RULE, { name: 'mails' })).toBe('mails');
});

it('a name that AWS refuses is an error that says what is allowed', () => {
  const app = new App();
  resourceName(new Construct(stackOf(app, 'dev'), 'order-confirmations'), RULE);
  expect(errorsIn(app)).toEqual([
    'dev/order-confirmations: name: the queue would be "seed-dev-order-confirmations", of 28 characters; ' +
      '1 to 20 letters and "-" are allowed. Set name, or give the construct a shorter ID',
  ]);
});

it('two resources of a kind with one name are an error, in any stacks; two kinds may share a name', () => {
  const app = new App();
  resourceName(new Construct(stackOf(app, 'dev'), 'eu-jobs'), RULE);
  const other = new Construct(stackOf(app, 'dev-eu'), 'jobs');
  resourceName(other, { ...RULE, kind: 'bucket' });
  expect(errorsIn(app)).toEqual([]);
  resourceName(other, RULE);
  expect(errorsIn(app)).toEqual([
    'dev-eu/jobs: name: "seed-dev-eu-jobs" is the queue of dev/eu-jobs already; give one of them another name',
  ]);
});
