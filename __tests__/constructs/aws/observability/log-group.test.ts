import { TerraformOutput } from 'cdktf';
import { LogGroup } from '../../../../constructs/aws/observability/log-group';
import { awsStack } from '../aws-stack';

it('a log group keeps its events for the given time', () => {
  const stack = awsStack((scope) => {
    const logs = new LogGroup(scope, 'logs', { name: '/seed/pods/dev', retentionDays: 30 });
    new TerraformOutput(scope, 'arn', { value: logs.arn });
  });
  expect(stack.resource['aws_cloudwatch_log_group']?.['logs']).toMatchObject({
    name: '/seed/pods/dev',
    retention_in_days: 30,
  });
  expect(stack).toMatchObject({ output: { arn: { value: '${aws_cloudwatch_log_group.logs.arn}' } } });
});
