import { readFileSync } from 'node:fs';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Account } from '../../../../constructs/aws/account/account';
import { PipelineScope } from '../../../../constructs/aws/pipeline/pipeline-scope';
import {
  keepWithin,
  roleBoundaryStatements,
  type RoleBoundaryOptions,
} from '../../../../constructs/aws/pipeline/role-boundary';
import { policyDocument, type PolicyStatement } from '../../../../constructs/aws/identity/policy-document';
import { awsStack } from '../aws-stack';
import { asIamGetsIt } from '../role-policy';

function boundary(options?: RoleBoundaryOptions): PolicyStatement[] {
  const { output } = awsStack((stack) => {
    const scope = new PipelineScope(Account.of(stack), {
      platform: 'seed',
      region: 'eu-west-1',
      state: { bucket: 'seed-state', region: 'eu-west-1' },
    });
    stack.addOverride('output.found.value', JSON.stringify(roleBoundaryStatements(scope, options)));
  }) as unknown as { output: { found: { value: string } } };
  return JSON.parse(asIamGetsIt(output.found.value).replaceAll('aws-us-gov', 'aws')) as PolicyStatement[];
}

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(text);

/** The statements that let an action on a resource pass, whatever else they ask for. */
const letting = (action: string, resource: string, options?: RoleBoundaryOptions): PolicyStatement[] =>
  boundary(options).filter(
    ({ Effect, Action, Resource = [] }) =>
      Effect === 'Allow' &&
      Action.some((pattern) => matches(pattern, action)) &&
      Resource.some((pattern) => matches(pattern, resource)),
  );

const arn = (service: string, resource: string): string =>
  `arn:aws:${service}:eu-west-1:111122223333:${resource}`;

it('the boundary requires the region, an ARN in it or a tag of the platform, except for global services', () => {
  const anywhere = boundary().filter(
    ({ Effect, Resource = [], Condition = {} }) =>
      Effect === 'Allow' &&
      Resource.includes('*') &&
      Condition['StringEquals']?.['aws:RequestedRegion'] !== 'eu-west-1',
  );
  expect(anywhere.map(({ Sid }) => Sid)).toEqual(['Anywhere']);
  const services = new Set(anywhere.flatMap(({ Action }) => Action.map((action) => action.split(':')[0])));
  expect([...services]).toEqual(['ecr', 'ecr-public', 'iam', 'pricing', 'route53', 'shield', 'sts']);
  for (const action of anywhere.flatMap(({ Action }) => Action)) {
    expect(action).toMatch(/:(BatchCheck|BatchGet|Get|List|Describe)|^shield:\*Protection$/);
  }
});

it.each([
  ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:payroll-a1b2c3')],
  ['ssm:GetParameter', arn('ssm', 'parameter/payroll/key')],
  ['ssm:SendCommand', arn('ec2', 'instance/i-1')],
  ['s3:GetObject', 'arn:aws:s3:::payroll/2026.csv'],
  ['route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z0OTHERS'],
  ['eks:DeleteCluster', arn('eks', 'cluster/seed')],
  ['eks:DeleteCluster', arn('eks', 'cluster/other')],
  ['iam:PassRole', 'arn:aws:iam::111122223333:role/platform-admin'],
  ['iam:PassRole', 'arn:aws:iam::111122223333:role/seed-pipeline-apply'],
  ['iam:CreateRole', 'arn:aws:iam::111122223333:role/seed-dev-more'],
  ['sts:AssumeRole', 'arn:aws:iam::111122223333:role/platform-admin'],
  ['rds:DeleteDBInstance', arn('rds', 'db:seed-dev-shop')],
  ['sqs:ReceiveMessage', arn('sqs', 'payments')],
  ['dynamodb:DeleteTable', arn('dynamodb', 'table/payroll')],
])('the boundary never allows %s on %s', (action, resource) => {
  expect(letting(action, resource)).toEqual([]);
});

it.each([
  ['ec2:TerminateInstances', arn('ec2', 'instance/i-1')],
  ['ec2:AuthorizeSecurityGroupIngress', arn('ec2', 'security-group/sg-1')],
  ['ec2:DeleteVolume', arn('ec2', 'volume/vol-1')],
  ['ec2:DeleteTags', arn('ec2', 'volume/vol-1')],
  ['kms:Decrypt', arn('kms', 'key/1')],
  ['elasticloadbalancing:DeleteLoadBalancer', arn('elasticloadbalancing', 'loadbalancer/app/a/1')],
  ['elasticfilesystem:DeleteFileSystem', arn('elasticfilesystem', 'file-system/fs-1')],
  ['aps:RemoteWrite', arn('aps', 'workspace/ws-1')],
  ['autoscaling:SetDesiredCapacity', arn('autoscaling', 'autoScalingGroup:1:autoScalingGroupName/a')],
])('the boundary allows %s on %s by a tag only', (action, resource) => {
  const found = letting(action, resource);
  expect(found).not.toEqual([]);
  for (const { Condition = {} } of found) {
    expect(Object.keys(Condition['StringEquals'] ?? {})).toContainEqual(
      expect.stringContaining('aws:ResourceTag/'),
    );
  }
});

it('the boundary allows tags on new resources only', () => {
  for (const { Condition } of letting('ec2:CreateTags', arn('ec2', 'security-group/sg-1'))) {
    const asked = JSON.stringify(Condition);
    expect(asked).toMatch(/aws:ResourceTag\/|"Null":\{"ec2:CreateAction":"false"\}/);
  }
});

it.each([
  ['s3:PutObject', 'arn:aws:s3:::seed-dev-media-111122223333/one.png'],
  ['sqs:SendMessage', arn('sqs', 'seed-dev-orders')],
  ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:seed/dev/orders-a1b2c3')],
  ['rds-db:connect', arn('rds-db', 'dbuser:db-A/orders')],
  ['logs:PutLogEvents', arn('logs', 'log-group:/seed/pods/dev:log-stream:a')],
  ['logs:PutLogEvents', arn('logs', 'log-group:/aws/vpc/seed/flow-logs:log-stream:a')],
  ['ecr:BatchGetImage', 'arn:aws:ecr:us-east-1:602401143452:repository/eks/pause'],
  ['ec2:AttachVolume', arn('ec2', 'volume/vol-static')],
  ['ec2:AssignPrivateIpAddresses', arn('ec2', 'network-interface/eni-1')],
  ['eks-auth:AssumeRoleForPodIdentity', arn('eks', 'cluster/seed')],
  ['iam:PassRole', 'arn:aws:iam::111122223333:role/seed-karpenter-node'],
  ['ssm:GetParameter', 'arn:aws:ssm:eu-west-1::parameter/aws/service/eks/x'],
])('the boundary allows %s on %s', (action, resource) => {
  expect(letting(action, resource)).not.toEqual([]);
});

it('the boundary allows what the file adds: zones of external-dns, actions and resources', () => {
  const zones = ['Z0123456789ABC'];
  const allow = [
    { actions: ['bedrock:InvokeModel'] },
    { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::shared/*'] },
  ];
  const record = ['route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z0123456789ABC'] as const;
  expect(letting(...record)).toEqual([]);
  expect(letting(...record, { zones })).toHaveLength(1);
  expect(letting('bedrock:InvokeModel', 'arn:aws:bedrock:eu-west-1::foundation-model/a')).toEqual([]);
  expect(
    letting('bedrock:InvokeModel', 'arn:aws:bedrock:eu-west-1::foundation-model/a', { allow }),
  ).toHaveLength(1);
  expect(letting('s3:GetObject', 'arn:aws:s3:::shared/a', { allow })).toHaveLength(1);
});

it('the boundary denies the states, and EC2 and KMS resources of another platform, regardless of the file', () => {
  const allow = [{ actions: ['s3:*', 'ec2:*', 'kms:*'] }];
  expect(boundary({ allow }).filter(({ Effect }) => Effect === 'Deny')).toEqual([
    {
      Sid: 'NotTheStates',
      Effect: 'Deny',
      Action: ['s3:*'],
      Resource: ['arn:aws:s3:::seed-state', 'arn:aws:s3:::seed-state/*'],
    },
    {
      Sid: 'NoOtherPlatform',
      Effect: 'Deny',
      Action: ['ec2:*', 'kms:*'],
      Resource: ['*'],
      Condition: {
        StringNotEquals: { 'aws:ResourceTag/Platform': 'seed' },
        Null: { 'aws:ResourceTag/Platform': 'false' },
      },
    },
  ]);
});

describe('a policy of a role', () => {
  /** What is said of a role that may do something, in a stack whose roles have the boundary. */
  const findings = (actions: string[], resources: string[]): string => {
    try {
      awsStack((stack) => {
        keepWithin(stack, boundary());
        new IamRolePolicy(stack, 'policy', {
          role: 'seed-dev-web',
          policy: policyDocument({ Effect: 'Allow', Action: actions, Resource: resources }),
        });
      });
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : '';
    }
  };

  it('is an error where the boundary denies what it allows, with a remedy', () => {
    expect(findings(['sqs:SendMessage', 'kinesis:PutRecord'], ['*'])).toContain(
      "cluster/policy: allows kinesis:PutRecord on *, which the boundary of the platform's roles keeps from them; add it to " +
        'iam.boundary.allow, or take it out',
    );
  });

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::shared/*'],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:payroll-*'],
    ['sqs:SendMessage', 'arn:aws:sqs:us-east-1:111122223333:seed-dev-orders'],
    ['sts:AssumeRole', 'arn:aws:iam::444455556666:role/reports'],
  ])('is reported by synthesis if it allows %s on %s', (action, resource) => {
    expect(findings([action], [resource])).toContain(`allows ${action} on ${resource}, which the boundary`);
  });

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::seed-*/public/*'],
    ['sqs:*', '${aws_sqs_queue.orders.arn}'],
    ['kms:Decrypt', '*'],
    ['SQS:sendmessage', 'arn:aws:sqs:eu-west-1:111122223333:seed-dev-orders'],
  ])('may allow %s on %s', (action, resource) => {
    expect(findings([action], [resource])).toBe('');
  });
});

it('the boundary includes each action of the AWS policies that clusters, nodes and add-ons get', () => {
  const policies = JSON.parse(readFileSync(`${__dirname}/managed-policy-actions.json`, 'utf8')) as {
    readonly actions: Readonly<Record<string, string>>;
  };
  const allowed = boundary()
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action);
  const missing = Object.entries(policies.actions).flatMap(([service, names]) =>
    names
      .split(' ')
      .map((name) => `${service}:${name}`)
      .filter((action) => !allowed.some((pattern) => matches(pattern, action))),
  );
  expect(missing).toEqual([]);
});
