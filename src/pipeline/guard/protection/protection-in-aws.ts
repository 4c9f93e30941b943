import { blocksOf, textOf, textsOf } from '../../../manifests/attributes';
import type { JsonObject } from '../../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { goesWithOwner } from '../change/change-owner';

/** What a change of the values of an object takes away, in words. */
type Weakening = (before: JsonObject, after: JsonObject) => string[];

/** By Terraform type, the settings that protect. */
const WEAKENINGS: Readonly<Record<string, Weakening>> = {
  aws_db_instance: (before, after) => [
    ...turnedOff(before, after, 'deletion_protection', 'the deletion protection of the database'),
    ...turnedOff(before, after, 'storage_encrypted', 'the encryption of the database'),
    ...shortened(before, after, 'backup_retention_period', 'days that backups of the database go back'),
    ...(before['skip_final_snapshot'] === false && after['skip_final_snapshot'] === true
      ? ['leaves no snapshot of the database when it is destroyed']
      : []),
  ],
  aws_kms_key: (before, after) => [
    ...turnedOff(before, after, 'enable_key_rotation', 'the yearly rotation of the key'),
    ...turnedOff(before, after, 'is_enabled', 'the key itself: nothing that it has encrypted can be read'),
    ...shortened(before, after, 'deletion_window_in_days', 'days before a key is deleted'),
  ],
  aws_eks_cluster: (before, after) => {
    const [is = {}] = blocksOf(after['encryption_config']);
    const [was = {}] = blocksOf(before['encryption_config']);
    const logs = gone(
      textsOf(before['enabled_cluster_log_types']),
      textsOf(after['enabled_cluster_log_types']),
    );
    return [
      ...(logs.length === 0 ? [] : [`logs ${logs.join(', ')} of the control plane no longer`]),
      ...(gone(textsOf(was['resources']), textsOf(is['resources'])).length === 0
        ? []
        : ['encrypts Kubernetes Secrets with a KMS key no longer']),
      ...turnedOff(before, after, 'deletion_protection', 'the deletion protection of the cluster'),
    ];
  },
  aws_cloudwatch_log_group: (before, after) => [
    ...(keptFor(after) < keptFor(before)
      ? [
          `keeps logs for ${keptFor(after)} days, not ${keptFor(before) === Infinity ? 'for ever' : keptFor(before)}`,
        ]
      : []),
    ...emptied(before, after, 'kms_key_id', 'encrypts the logs with a key of the account no longer'),
  ],
  aws_secretsmanager_secret: (before, after) => [
    ...shortened(before, after, 'recovery_window_in_days', 'days in which a deleted secret can be had back'),
    ...emptied(before, after, 'kms_key_id', 'encrypts the secret with a key of the account no longer'),
  ],
  aws_efs_file_system: (before, after) =>
    turnedOff(before, after, 'encrypted', 'the encryption of the file system'),
  aws_efs_backup_policy: (before, after) =>
    statusOf(before, 'backup_policy') === 'ENABLED' && statusOf(after, 'backup_policy') !== 'ENABLED'
      ? ['turns off the backups of the file system']
      : [],
  aws_s3_bucket_versioning: (before, after) =>
    statusOf(before, 'versioning_configuration') === 'Enabled' &&
    statusOf(after, 'versioning_configuration') !== 'Enabled'
      ? ['turns off the versions of the objects: what is overwritten or deleted is gone']
      : [],
  aws_s3_bucket_server_side_encryption_configuration: (before, after) =>
    gone(algorithmsOf(before), algorithmsOf(after)).includes('aws:kms')
      ? ['encrypts objects with a KMS key no longer']
      : [],
};

/** By Terraform type, what protects by being there, and what is lost without it. */
const PROTECTING: Readonly<Record<string, string>> = {
  aws_efs_backup_policy: 'turns off the backups of the file system',
  aws_flow_log: 'records the traffic of the VPC no longer',
  aws_s3_bucket_versioning: 'turns off the versions of the objects: what is overwritten or deleted is gone',
  aws_s3_bucket_server_side_encryption_configuration: 'encrypts objects as it is set no longer',
};

/** Which protection of AWS a change takes away, in words. */
export function protectionInAws(change: GuardedChange, stack: GuardedStack): string[] {
  const { type, before, after } = change;
  if (before === undefined) return [];
  if (after !== undefined) return WEAKENINGS[type]?.(before, after) ?? [];
  const lost = PROTECTING[type];
  return lost === undefined || goesWithOwner(change, stack) ? [] : [lost];
}

function turnedOff(before: JsonObject, after: JsonObject, name: string, what: string): string[] {
  return before[name] === true && after[name] === false ? [`turns off ${what}`] : [];
}

function shortened(before: JsonObject, after: JsonObject, name: string, what: string): string[] {
  const [was, is] = [before[name], after[name]];
  return typeof was === 'number' && typeof is === 'number' && is < was
    ? [`leaves ${is} ${what}, not ${was}`]
    : [];
}

function emptied(before: JsonObject, after: JsonObject, name: string, message: string): string[] {
  return textOf(before[name]) !== '' && (after[name] === null || after[name] === '') ? [message] : [];
}

function gone(before: readonly string[], after: readonly string[]): string[] {
  return before.filter((text) => !after.includes(text));
}

/** Days; 0 in Terraform is for ever. */
function keptFor({ retention_in_days: days }: JsonObject): number {
  return typeof days === 'number' && days > 0 ? days : Infinity;
}

function statusOf(values: JsonObject, block: string): string {
  return textOf(blocksOf(values[block])[0]?.['status']);
}

function algorithmsOf(values: JsonObject): string[] {
  return blocksOf(values['rule'])
    .flatMap((rule) => blocksOf(rule['apply_server_side_encryption_by_default']))
    .map((by) => textOf(by['sse_algorithm']));
}
