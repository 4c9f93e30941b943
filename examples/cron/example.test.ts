import { synthesizeWorkload } from 'kubernetes-on-aws/testing';
import { exampleWorkload } from '.';

it('the cron job runs each night', () => {
  const made = synthesizeWorkload(exampleWorkload, { version: '1.0.0' });
  expect(made).toHaveObject('CronJob', 'example-nightly', { spec: { schedule: '0 3 * * *' } });
  expect(made).toHaveResource('aws_s3_bucket');
});
