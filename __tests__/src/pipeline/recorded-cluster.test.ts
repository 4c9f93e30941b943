import { readFileSync } from 'node:fs';
import type { Stack } from '../../../src/manifests/stacks';
import { synthesizedStacks } from '../checks/synthesized-stacks';
import { recordedPlan, stopped } from './recorded-plan';

let documents: Stack[];

beforeAll(() => {
  documents = synthesizedStacks(readFileSync('platform.yaml', 'utf8'));
}, 120_000);

describe('a loss of data', () => {
  it('is reported for a node group, with the namespaces of any stack that use it', () => {
    expect(stopped('node-group-replaced', undefined, { documents })).toEqual({
      'data-loss cluster/aws_eks_node_group.eks_node_1':
        'replaces the node group node-1, on which Pods of dev, prod and stage run: its subnet_ids changes',
    });
  });

  it('is not reported for a node group that no Pod requires', () => {
    const others = documents.filter(({ name }) => name === 'qa' || name === 'network');
    expect(stopped('node-group-replaced', undefined, { documents: others })).toEqual({});
  });

  it('is reported for files and secrets', () => {
    expect(stopped('shop-of-qa-destroyed')).toEqual({
      'data-loss cluster/aws_efs_access_point.storefront_qa_media':
        'destroys the EFS access point seed/qa/storefront/media, by which Pods reach their shared files',
      'data-loss cluster/aws_secretsmanager_secret.storefront_qa_database':
        'destroys the secret of Secrets Manager seed/qa/storefront/database, with its value',
    });
  });
});

it('Terraform creates a node group as it is synthesized before it deletes the group that it replaces', () => {
  const { plan, document } = recordedPlan('node-group-replaced');
  const [change] = plan.resource_changes ?? [];
  expect(change?.change).toMatchObject({
    actions: ['create', 'delete'],
    // It had a fixed name, and nothing but the subnet replaces it.
    before: { node_group_name: 'node-1', node_group_name_prefix: '' },
    after: { node_group_name_prefix: 'node-1-' },
    after_unknown: { node_group_name: true },
    replace_paths: [['subnet_ids']],
  });
  const cluster = documents.find(({ name }) => name === 'cluster')?.document;
  const [recorded, synthesized] = [document, cluster].map((each) => {
    const group = each?.resource?.['aws_eks_node_group']?.['eks_node_1'];
    return ['lifecycle', 'node_group_name', 'node_group_name_prefix'].map((name) => group?.[name]);
  });
  expect(recorded).toEqual(synthesized);
});

describe('a rename', () => {
  it('is reported with the advice to move, if it stops as part of a loss', () => {
    expect(stopped('parameter-renamed')).toEqual({
      'data-loss cluster/aws_efs_access_point.storefront_qa_media':
        'destroys the EFS access point seed/qa/storefront/media, by which Pods reach their shared files; it looks like a rename to ' +
        'aws_efs_access_point.shop_qa_media: add a moved entry with npm run addresses -- --write, and it stays as it is',
      'rename cluster/aws_ssm_parameter.storefront_qa_media_id':
        'destroys it and creates aws_ssm_parameter.shop_qa_media_id with like values, which looks like a rename: ' +
        'add a moved entry with npm run addresses -- --write, and it stays as it is',
    });
  });

  it('by moved entries passes, and prevent_destroy counts as kept', () => {
    expect(stopped('parameter-moved')).toEqual({});
    expect(recordedPlan('key-moved').protectedBefore).toContain('aws_kms_key.shared_files_key');
    expect(stopped('key-moved')).toEqual({});
  });
});

describe('the opening of a cluster', () => {
  it('is reported', () => {
    expect(stopped('cluster-opened', 'exposure')).toEqual({
      'cluster/aws_eks_cluster.eks': "lets 0.0.0.0/0 reach the cluster's endpoint",
      'cluster/aws_security_group.shared_files_nfs': 'opens tcp port 2049 to 0.0.0.0/0, which was closed',
    });
  });

  it('is reported with the protections that it would lose', () => {
    expect(stopped('cluster-opened', 'protection')).toEqual({
      'cluster/aws_eks_cluster.eks':
        'removes audit, controllerManager, scheduler from enabled_cluster_log_types',
      'cluster/aws_kms_key.eks_secrets':
        'lowers deletion_window_in_days from 30 to 7; turns off enable_key_rotation',
      'cluster/aws_cloudwatch_log_group.eks_logs': 'lowers retention_in_days from 90 to 30',
      'cluster/aws_efs_backup_policy.shared_files_backup':
        'changes backup_policy.status, which decides what protects it, from ENABLED to DISABLED',
    });
  });
});

describe('new rights in AWS and in the cluster', () => {
  it('are reported, each with its principal and its rights', () => {
    expect(stopped('rights-widened')).toEqual({
      'rights cluster/aws_eks_access_entry.ops': 'lets arn:aws:iam::111122223333:role/ops enter the cluster',
      'rights cluster/aws_eks_access_policy_association.ops':
        'gives AmazonEKSClusterAdminPolicy to arn:aws:iam::111122223333:role/ops in the whole cluster',
      'rights cluster/aws_eks_pod_identity_association.eks_event_collector':
        'gives the ServiceAccount logging/event-collector the role arn:aws:iam::111122223333:role/seed-node',
      'rights cluster/aws_iam_role.eks_log_collector_role':
        'allows sts:AssumeRole, sts:TagSession to AWS:arn:aws:iam::444455556666:root; ' +
        'allows sts:AssumeRole, sts:TagSession to Service:pods.eks.amazonaws.com',
      'rights cluster/aws_iam_role_policy.eks_event_collector_role_policy': 'allows s3:* on *',
      'rights cluster/aws_iam_role_policy_attachment.eks_node_role_AdministratorAccess':
        'attaches the policy arn:aws:iam::aws:policy/AdministratorAccess to seed-node',
      'rights cluster/aws_efs_file_system_policy.shared_files_policy': expect.stringMatching(
        /^no longer denies \* to AWS:\* on arn:aws:elasticfilesystem:\S+ if Bool {"aws:SecureTransport":"false"}$/,
      ) as string,
    });
  });

  it('of a new workload pass if they are named, and not if they cover all', () => {
    expect(stopped('workload-roles-added')).toEqual({
      'rights cluster/aws_iam_role_policy.janitor': 'allows ec2:* on *; allows iam:PassRole on *',
    });
  });
});
