import { synthesizeStack } from 'kubernetes-on-aws/testing';
import { ExampleStack } from './example-stack';

it('the stack has its topic', () => {
  expect(synthesizeStack(ExampleStack)).toHaveResource('aws_sns_topic', { name: 'test-example' });
});
