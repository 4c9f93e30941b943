import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { goesWithOwner } from '../change/change-owner';

/** By Terraform type, what protects by being there, and what is lost without it. What its values protect is in the table of classes. */
const PROTECTING: Readonly<Record<string, string>> = {
  aws_efs_backup_policy: 'turns off the backups of the file system',
  aws_flow_log: 'no longer records the traffic of the VPC',
  aws_s3_account_public_access_block: 'lets buckets of the account be public',
  aws_s3_bucket_public_access_block: 'lets the bucket be public',
  aws_s3_bucket_server_side_encryption_configuration: 'no longer encrypts objects as it is set',
  aws_s3_bucket_versioning: 'turns off the versions of the objects: what is overwritten or deleted is gone',
};

/** Which protection of AWS a change takes away, in words. */
export function protectionInAws(change: GuardedChange, stack: GuardedStack): string[] {
  const lost =
    change.before !== undefined && change.after === undefined ? PROTECTING[change.type] : undefined;
  return lost === undefined || goesWithOwner(change, stack) ? [] : [lost];
}
