import {
  WorkloadIdentity,
  type WorkloadIdentityOptions,
} from '../../../../constructs/aws/identity/workload-identity';
import { allow } from '../../../../constructs/aws/identity/allow';
import { Construct } from 'constructs';
import { NetworkPolicy } from '../../../../constructs/kubernetes/network/network-policy';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { inNamespace } from '../../kubernetes/namespace-of';

const statements: WorkloadIdentityOptions['statements'] = [
  { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['arn:aws:s3:::seed-shop/*'] },
];

const identity = (options: Partial<WorkloadIdentityOptions> = {}) =>
  inNamespace((stack) => {
    const serviceAccount = new ServiceAccount(stack, 'web');
    new WorkloadIdentity(stack, 'identity', { cluster: 'seed', serviceAccount, statements, ...options });
  }).document.resource;

it('a ServiceAccount gets an IAM role of its own in one call', () => {
  const resource = identity();
  expect(resource?.['aws_eks_pod_identity_association']?.['identity']).toMatchObject({
    cluster_name: 'seed',
    namespace: 'shop',
    service_account: 'web',
    role_arn: '${aws_iam_role.identity_role.arn}',
    depends_on: ['aws_iam_role_policy.identity_role_policy'],
  });
  const role = resource?.['aws_iam_role']?.['identity_role'];
  expect(role).toMatchObject({ name: 'seed-shop-web' });
  expect(JSON.parse(role?.['assume_role_policy'] as string)).toMatchObject({
    Statement: [
      {
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
      },
    ],
  });
});

it('the ServiceAccount and its Pods wait for the association, without which they would have no role', () => {
  const resource = identity();
  expect(resource?.['kubernetes_service_account_v1']?.['web']).toMatchObject({
    depends_on: ['aws_eks_pod_identity_association.identity'],
  });
  expect(JSON.stringify(resource?.['aws_eks_pod_identity_association'])).not.toContain('kubernetes_');
});

it('a WorkloadIdentity reports a name that IAM refuses, and a role that allows nothing', () => {
  const cluster = 'a-cluster-whose-name-is-as-long-as-a-sentence-of-some-length';
  expect(() => identity({ cluster, statements: [] })).toThrow(
    [
      `shop/identity: the name of the role is "${cluster}-shop-web", of 69 characters; IAM allows 64, of letters, digits and +=,.@_-. Give the ServiceAccount a shorter name, or declare its WorkloadIdentity with a roleName`,
      'shop/identity: statements: got none; add at least one, or the role allows nothing',
    ].join('\n'),
  );
});

describe('the credentials agent and the APIs of AWS', () => {
  const agent = '169.254.170.23/32';
  /** The ranges that Pods of each name may send to, by the namespace's policies. */
  const opened = (build: (stack: Construct) => void) =>
    inNamespace(build)
      .objects('NetworkPolicy')
      .map(
        ({ spec }) => spec as { podSelector: unknown; egress?: { to?: { ipBlock?: { cidr: string } }[] }[] },
      )
      .flatMap(({ podSelector, egress = [] }) =>
        egress.flatMap(({ to = [] }) =>
          to.flatMap(({ ipBlock }) => (ipBlock ? [[podSelector, ipBlock.cidr]] : [])),
        ),
      );
  const web = { matchLabels: { 'app.kubernetes.io/name': 'web' } };
  const both = [
    [web, '0.0.0.0/0'],
    [web, agent],
  ];

  it.each([
    ['denied first', ['deny', 'make', 'allow']],
    ['denied last', ['make', 'allow', 'deny']],
    ['allowed before the Pods are made', ['allow account', 'deny', 'make']],
    ['denied by what the workload itself connects to', ['make', 'allow', 'connect']],
  ])('are open only to Pods with a role, in a namespace that denies egress: %s', (_, steps) => {
    const found = opened((stack) => {
      const account = new ServiceAccount(stack, 'account', { name: 'web' });
      new Deployment(stack, 'other', { image: 'other:1' });
      let made: Deployment | undefined;
      for (const step of steps) {
        if (step === 'deny') NetworkPolicy.denyAll(stack, 'deny');
        else if (step === 'make')
          made = new Deployment(stack, 'web', { image: 'web:1', serviceAccount: account });
        else if (step === 'connect') made?.connections.allowToCidr('10.1.0.0/16', 5432);
        else
          new WorkloadIdentity(stack, 'identity', { cluster: 'seed', serviceAccount: account, statements });
      }
    });
    expect(found).toEqual(expect.arrayContaining(both));
    expect(found.filter(([pods]) => JSON.stringify(pods) !== JSON.stringify(web))).toEqual([]);
  });

  it('need no policy without a denial of egress, because a policy would close the rest', () => {
    const found = opened((stack) => {
      const serviceAccount = new ServiceAccount(stack, 'account', { name: 'web' });
      new Deployment(stack, 'web', { image: 'web:1', serviceAccount });
      new WorkloadIdentity(stack, 'identity', { cluster: 'seed', serviceAccount, statements });
    });
    expect(found).toEqual([]);
  });
});

it('a WorkloadIdentity names its role as the options say', () => {
  expect(identity({ roleName: 'shop' })?.['aws_iam_role']?.['identity_role']).toMatchObject({ name: 'shop' });
});

it('a second identity of a ServiceAccount is refused, as EKS would', () => {
  expect(() =>
    inNamespace((stack) => {
      const serviceAccount = new ServiceAccount(stack, 'web');
      new WorkloadIdentity(stack, 'first', { serviceAccount, statements });
      new WorkloadIdentity(stack, 'second', { serviceAccount, statements, roleName: 'second' });
    }),
  ).toThrow(
    'shop/second: shop/web has the identity shop/first already, and EKS takes one for a ServiceAccount; ' +
      'add to that one with allow()',
  );
});

it('a WorkloadIdentity is in the cluster of the platform unless the options name another', () => {
  const { resource } = inNamespace((stack) => {
    new WorkloadIdentity(stack, 'identity', { serviceAccount: new ServiceAccount(stack, 'web'), statements });
  }).document;
  expect(resource?.['aws_eks_pod_identity_association']?.['identity']).toMatchObject({
    cluster_name: 'seed',
  });
});

it('an existing ServiceAccount gets a role from the grants of its workloads', () => {
  const { document } = inNamespace((stack) => {
    const serviceAccount = ServiceAccount.fromName(stack, 'account', 'agent');
    const web = new Deployment(stack, 'web', { image: 'shop/web:1', serviceAccount });
    allow(web, ['s3:GetObject'], 'arn:aws:s3:::seed-shop/*');
    allow(web, ['s3:PutObject'], 'arn:aws:s3:::seed-shop/*');
  });
  expect(document.resource?.['aws_eks_pod_identity_association']).toEqual({
    account_identity: expect.objectContaining({ namespace: 'shop', service_account: 'agent' }) as object,
  });
  expect(document.resource).not.toHaveProperty('kubernetes_service_account_v1');
});

it('two workloads with the same existing account share its role, since EKS takes one', () => {
  const { document, objects } = inNamespace((stack) => {
    NetworkPolicy.denyAll(stack, 'deny');
    for (const [name, action] of [
      ['web', 's3:GetObject'],
      ['worker', 's3:PutObject'],
    ] as const) {
      const scope = new Construct(stack, name);
      const serviceAccount = ServiceAccount.fromName(scope, 'account', 'agent');
      serviceAccount.grantRead(new ConfigMap(scope, 'settings', { data: { a: 'b' } }));
      allow(
        new Deployment(scope, 'app', { image: 'shop/web:1', serviceAccount }),
        [action],
        'arn:aws:s3:::shop/*',
      );
    }
  });
  expect(Object.keys(document.resource?.['aws_eks_pod_identity_association'] ?? {})).toEqual([
    'web_account_identity',
  ]);
  expect(Object.keys(document.resource?.['aws_iam_role'] ?? {})).toHaveLength(1);
  const policies = JSON.stringify(document.resource?.['aws_iam_role_policy']);
  expect(['s3:GetObject', 's3:PutObject'].filter((action) => !policies.includes(action))).toEqual([]);
  // Each has a Role for what it reads, and both reach AWS.
  expect(objects('Role').map(({ metadata }) => metadata.name)).toEqual([
    'web-account-reader',
    'worker-account-reader',
  ]);
  expect(objects('NetworkPolicy').map(({ metadata }) => metadata.name)).toEqual(
    expect.arrayContaining(['web-app-to-0.0.0.0-0', 'worker-app-to-0.0.0.0-0']),
  );
});
