import { ExternalDns } from '../../../../constructs/aws/controllers/external-dns';
import { awsStack, type AwsStack } from '../aws-stack';
import { clusterOf } from '../cluster-of';
import { actionsOnEverything, rolePolicy, statementsOf, wideActions } from '../role-policy';

const dns = (zones: readonly string[]): AwsStack =>
  awsStack((scope) => {
    new ExternalDns(scope, 'dns', { cluster: clusterOf(scope, 'seed'), zones });
  });

const PARTITION = '${data.aws_partition.account_partition.partition}';

it('ExternalDns gives a role to the ServiceAccount of the chart', () => {
  const { resource } = dns(['Z1']);
  expect(resource['aws_eks_pod_identity_association']?.['dns_identity']).toMatchObject({
    namespace: 'external-dns',
    service_account: 'external-dns',
    role_arn: '${aws_iam_role.dns_identity_role.arn}',
  });
});

it('ExternalDns may change the records of the named zones, and only list the other zones', () => {
  const policy = rolePolicy(dns(['Z1', 'Z2']), 'dns_identity_role_policy');
  const [records, ...rest] = statementsOf(policy);
  expect(records?.Action).toContain('route53:ChangeResourceRecordSets');
  expect(records?.Resource).toEqual([
    `arn:${PARTITION}:route53:::hostedzone/Z1`,
    `arn:${PARTITION}:route53:::hostedzone/Z2`,
  ]);
  expect(rest.flatMap(({ Action }) => Action)).toEqual(['route53:ListHostedZones']);
  expect(actionsOnEverything(policy)).toEqual(['route53:ListHostedZones']);
  expect(wideActions(policy)).toEqual([]);
});

it.each([
  [[], 'zones: got none, so that no record could be written; name a hosted zone by its ID'],
  [
    ['example.com'],
    'zones: got "example.com"; expected the ID of a hosted zone, such as Z0123456789ABCDEFGHIJ',
  ],
  [['*'], 'zones: got "*"; expected the ID of a hosted zone, such as Z0123456789ABCDEFGHIJ'],
])('ExternalDns reports %j as zones', (zones, expected) => {
  expect(() => dns(zones)).toThrow(`cluster/dns: ${expected}`);
});
