import { synthesizeStack, synthesizeWorkload } from '../../../src/testing';
import { ExampleStack } from '../../../examples/stack/example-stack';
import { exampleWorkload } from '../../../examples/web';

const web = synthesizeWorkload(exampleWorkload, { version: '1.0.0' });
const stack = synthesizeStack(ExampleStack);

it('toHaveObject() fails for a wrong field, a wrong name and an object that should be missing', () => {
  expect(web).toHaveObject('Deployment', 'example-web');
  expect(web).not.toHaveObject('Deployment', 'example-api');
  expect(() => {
    expect(web).toHaveObject('Deployment', 'example-web', { spec: { replicas: 3 } });
  }).toThrow(
    /^expected Deployment example-web with \{"spec": \{"replicas": 3\}\}; there is: .*"replicas": 2/,
  );
  expect(() => {
    expect(web).toHaveObject('Deployment', 'example-api');
  }).toThrow(/there is: [\s\S]*Deployment example-web\n/);
  expect(() => {
    expect(web).not.toHaveObject('Deployment', 'example-web');
  }).toThrow('expected no Deployment example-web');
});

it('toHaveResource() accepts a type or an address', () => {
  expect(stack).toHaveResource('aws_sns_topic', { name: 'test-example' });
  expect(stack).toHaveResource('aws_sns_topic.topic');
  expect(stack).not.toHaveResource('aws_sns_topic.other');
  expect(() => {
    expect(stack).toHaveResource('aws_sns_topic.topic', { name: 'other' });
  }).toThrow(/^expected aws_sns_topic.topic with \{"name": "other"\}; there is: .*"name": "test-example"/);
  expect(() => {
    expect(stack).toHaveResource('aws_sqs_queue');
  }).toThrow('there is: aws_sns_topic.topic');
});
