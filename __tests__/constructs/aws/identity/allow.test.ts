import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { allow, type Grantee } from '../../../../constructs/aws/identity/allow';
import { WorkloadIdentity } from '../../../../constructs/aws/identity/workload-identity';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import type { BaseStack } from '../../../../constructs/terraform/base-stack';
import { inNamespace } from '../../kubernetes/namespace-of';
import { statementsOf } from '../role-policy';

const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/orders';

/** The resources of a stack with a workload that has the ServiceAccount `web`. */
const resourcesOf = (build: (web: { serviceAccount: ServiceAccount }, stack: BaseStack) => void) =>
  inNamespace((stack) => {
    build({ serviceAccount: new ServiceAccount(stack, 'web') }, stack);
  }).document.resource;

const policyOf = (resource: ReturnType<typeof resourcesOf>, name = 'web_identity_role_policy') =>
  statementsOf(resource?.['aws_iam_role_policy']?.[name]?.['policy'] as string);

it('allow() gives the Pods of a workload a role with the given actions, and no others', () => {
  const resource = resourcesOf((web, stack) => {
    const topic = new SnsTopic(stack, 'news', { name: 'seed-shop-news' });
    allow(web, ['sns:Publish'], topic.arn, {
      condition: { Bool: { 'aws:SecureTransport': 'true' } },
    });
  });
  expect(policyOf(resource)).toEqual([
    {
      Effect: 'Allow',
      Action: ['sns:Publish'],
      Resource: ['${aws_sns_topic.news.arn}'],
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    },
  ]);
  expect(resource?.['aws_iam_role']?.['web_identity_role']).toMatchObject({ name: 'seed-shop-web' });
  expect(resource?.['aws_eks_pod_identity_association']?.['web_identity']).toMatchObject({
    cluster_name: 'seed',
    namespace: 'shop',
    service_account: 'web',
    role_arn: '${aws_iam_role.web_identity_role.arn}',
    depends_on: ['aws_iam_role_policy.web_identity_role_policy'],
  });
  expect(resource?.['kubernetes_service_account_v1']?.['web']).toMatchObject({
    depends_on: ['aws_eks_pod_identity_association.web_identity'],
  });
});

it('a ServiceAccount has one role and one association, for all that its workloads are allowed', () => {
  const resource = resourcesOf((web) => {
    allow(web, ['dynamodb:GetItem'], TABLE);
    allow({ serviceAccount: web.serviceAccount }, ['dynamodb:PutItem'], [TABLE]);
    allow(web, ['dynamodb:GetItem'], TABLE);
  });
  expect(policyOf(resource).map(({ Action }) => Action)).toEqual([
    ['dynamodb:GetItem'],
    ['dynamodb:PutItem'],
  ]);
  expect(Object.keys(resource?.['aws_iam_role'] ?? {})).toEqual(['web_identity_role']);
  expect(Object.keys(resource?.['aws_eks_pod_identity_association'] ?? {})).toEqual(['web_identity']);
});

it('another ServiceAccount has a role of its own', () => {
  const resource = resourcesOf((web, stack) => {
    allow(web, ['dynamodb:GetItem'], TABLE);
    allow({ serviceAccount: new ServiceAccount(stack, 'jobs') }, ['dynamodb:PutItem'], TABLE);
  });
  expect(policyOf(resource)).toMatchObject([{ Action: ['dynamodb:GetItem'] }]);
  expect(policyOf(resource, 'jobs_identity_role_policy')).toMatchObject([{ Action: ['dynamodb:PutItem'] }]);
});

it('allow() adds to the role that was declared, with the name that was given', () => {
  const resource = resourcesOf((web, stack) => {
    new WorkloadIdentity(stack, 'identity', {
      serviceAccount: web.serviceAccount,
      statements: [{ Effect: 'Allow', Action: ['dynamodb:GetItem'], Resource: [TABLE] }],
      roleName: 'shop',
    });
    allow(web, ['dynamodb:PutItem'], TABLE);
  });
  expect(policyOf(resource, 'identity_role_policy').map(({ Action }) => Action)).toEqual([
    ['dynamodb:GetItem'],
    ['dynamodb:PutItem'],
  ]);
  expect(Object.values(resource?.['aws_iam_role'] ?? {})).toMatchObject([{ name: 'shop' }]);
});

it('allow() reports all mistakes in one error', () => {
  expect(() =>
    resourcesOf((web) => {
      allow(web, ['s3:*', 'GetObject'], ['*', 'orders']);
      allow(web, ['*'], []);
      allow(web, [], TABLE);
    }),
  ).toThrow(
    [
      'actions: got "s3:*", a wildcard; name each action, or set a reason',
      'actions: got "GetObject"; expected a service and an action of it, such as s3:GetObject',
      'resources: got "*", which is everything in the account; name ARNs, or give a reason',
      'resources: got "orders"; expected an ARN, such as arn:aws:s3:::orders/*',
      'actions: got "*", a wildcard; name each action, or set a reason',
      'resources: got none; name at least one ARN',
      'actions: got none; name at least one, such as s3:GetObject',
    ]
      .map((error) => `shop/web/Resource/identity: allow: ${error}`)
      .join('\n'),
  );
});

it('a grant to a construct without Pods is an error', () => {
  const to = (grantee: unknown) => () =>
    resourcesOf(() => {
      allow(grantee as Grantee, ['s3:GetObject'], TABLE);
    });
  expect(to(undefined)).toThrow('a grant: got undefined; expected what has Pods, such as a Deployment');
  expect(to({ image: 'web' })).toThrow('a grant: got an object without a ServiceAccount');
});

it('allow() requires a reason for wide rights', () => {
  const resource = resourcesOf((web) => {
    allow(web, ['cloudwatch:PutMetricData'], '*', { reason: 'AWS knows no narrower resource' });
    allow(web, ['ec2:Describe*'], '*', { reason: 'the inventory shows all of EC2' });
  });
  expect(policyOf(resource).map(({ Action }) => Action)).toEqual([
    ['cloudwatch:PutMetricData'],
    ['ec2:Describe*'],
  ]);
});
