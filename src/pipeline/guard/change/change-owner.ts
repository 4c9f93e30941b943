import type { GuardedChange, GuardedStack } from './guarded-change';

/** What a setting of its own belongs to, by Terraform type, and the argument that names it. */
const OWNERS: Readonly<Record<string, { readonly argument: string; readonly type: string }>> = {
  aws_efs_backup_policy: { argument: 'file_system_id', type: 'aws_efs_file_system' },
  aws_efs_file_system_policy: { argument: 'file_system_id', type: 'aws_efs_file_system' },
  aws_flow_log: { argument: 'vpc_id', type: 'aws_vpc' },
  aws_s3_bucket_policy: { argument: 'bucket', type: 'aws_s3_bucket' },
  aws_s3_bucket_public_access_block: { argument: 'bucket', type: 'aws_s3_bucket' },
  aws_s3_bucket_server_side_encryption_configuration: { argument: 'bucket', type: 'aws_s3_bucket' },
  aws_s3_bucket_versioning: { argument: 'bucket', type: 'aws_s3_bucket' },
  aws_secretsmanager_secret_policy: { argument: 'secret_arn', type: 'aws_secretsmanager_secret' },
  aws_sqs_queue_policy: { argument: 'queue_url', type: 'aws_sqs_queue' },
};

/** Whether a setting is destroyed together with what it belongs to: then nothing is left that it could protect. */
export function goesWithOwner(
  { type, action, before }: GuardedChange,
  { changes }: Pick<GuardedStack, 'changes'>,
): boolean {
  const owner = OWNERS[type];
  if (owner === undefined || action !== 'delete') return false;
  return changes.some(
    (change) =>
      change.type === owner.type &&
      change.action === 'delete' &&
      change.before?.['id'] === before?.[owner.argument],
  );
}
