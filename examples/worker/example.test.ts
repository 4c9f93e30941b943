import { synthesizeWorkload } from 'kubernetes-on-aws/testing';
import { exampleWorkload } from '.';

it('the worker receives messages from its queue', () => {
  const made = synthesizeWorkload(exampleWorkload, { version: '1.0.0' });
  expect(made).toHaveObject('Deployment', 'example-worker', { spec: { replicas: 1 } });
  expect(made).toHaveResource('aws_sqs_queue', { name: 'test-dev-example-queue' });
  expect(made).toHaveResource('aws_iam_role_policy', {
    policy: expect.stringContaining('sqs:ReceiveMessage') as string,
  });
});
