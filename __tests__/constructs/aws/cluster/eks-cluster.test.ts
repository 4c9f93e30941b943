import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { awsStack } from '../aws-stack';
import { clusterOf } from '../cluster-of';

const { resource } = awsStack((stack) => {
  clusterOf(stack, 'seed');
});
const cluster = resource['aws_eks_cluster']?.['eks'];

it('a cluster encrypts Secrets, keeps all five logs, and has a private endpoint only by default', () => {
  expect(cluster).toMatchObject({
    name: 'seed',
    version: DEFAULT_KUBERNETES_VERSION,
    encryption_config: {
      resources: ['secrets'],
      provider: { key_arn: '${aws_kms_key.eks_secrets.arn}' },
    },
    enabled_cluster_log_types: expect.arrayContaining([
      'api',
      'audit',
      'authenticator',
      'controllerManager',
      'scheduler',
    ]) as unknown,
    vpc_config: { endpoint_private_access: true, endpoint_public_access: false },
    upgrade_policy: { support_type: 'STANDARD' },
    bootstrap_self_managed_addons: false,
  });
  expect(resource['aws_cloudwatch_log_group']?.['eks_logs']).toMatchObject({
    name: '/aws/eks/seed/cluster',
    retention_in_days: 90,
  });
});

it('a cluster uses access entries only, and gives its creator no rights', () => {
  expect(cluster).toMatchObject({
    access_config: { authentication_mode: 'API', bootstrap_cluster_creator_admin_permissions: false },
  });
  expect(Object.keys(resource['aws_eks_access_entry'] ?? {})).toEqual(['eks_access_111122223333_role_admin']);
});

it('a cluster waits for its log group and for the policies of its role', () => {
  expect(cluster?.['depends_on']).toEqual(
    expect.arrayContaining([
      'aws_cloudwatch_log_group.eks_logs',
      'aws_iam_role_policy.eks_role_policy',
      'aws_iam_role_policy_attachment.eks_role_AmazonEKSClusterPolicy',
    ]),
  );
});
