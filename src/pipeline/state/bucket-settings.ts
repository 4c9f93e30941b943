import { AwsCli } from '../aws-cli';
import { signedInTo } from '../signed-in-account';

/** The bucket of a platform's state, as `platform.yaml` names it. */
export interface StateBucketSettings {
  /** Name of the platform. */
  readonly platform: string;
  /** Twelve digits. */
  readonly accountId: string;
  readonly bucket: string;
  readonly region: string;
}

/** How a bucket is found. */
export interface FoundBucket {
  readonly exists: boolean;
  /** Why it can't be the bucket of the state, in sentences with the remedy; empty when it can, or is not there. */
  readonly findings: readonly string[];
}

/**
 * Looks whether a bucket can hold the state: it is free to be made, or it is the platform's.
 *
 * @param environment signs in to AWS
 */
export async function findStateBucket(
  { platform, accountId, bucket, region }: StateBucketSettings,
  environment: NodeJS.ProcessEnv,
): Promise<FoundBucket> {
  const cli = new AwsCli({ region, environment });
  const caller = await signedInTo(cli, accountId);
  if (!caller.ok) return refused(caller.reason);
  const s3 = <T>(operation: string, ...args: readonly string[]) =>
    cli.ask<T>('s3api', operation, ['--bucket', bucket, ...args]);
  const head = await s3('head-bucket', '--expected-bucket-owner', accountId);
  if (!head.ok) {
    if (/\(404\)|Not Found|NoSuchBucket/.test(head.reason)) return { exists: false, findings: [] };
    if (/\(403\)|Forbidden|AccessDenied/.test(head.reason)) {
      return refused(
        `the bucket ${bucket} is not one of the account ${accountId}, or ${caller.value} may not look at it; ` +
          'name another one in state.bucket',
      );
    }
    if (/\(30[17]\)|Moved|PermanentRedirect/.test(head.reason)) {
      return refused(
        `the bucket ${bucket} is not in ${region}; name its region in state.region, or another bucket in state.bucket`,
      );
    }
    return refused(`the bucket ${bucket} can't be looked at: ${head.reason}`);
  }
  const findings: string[] = [];
  const location = await s3<{ LocationConstraint?: string | null }>('get-bucket-location');
  const found = location.ok ? (location.value.LocationConstraint ?? 'us-east-1') : undefined;
  if (found === undefined)
    findings.push(`the region of the bucket ${bucket} can't be read: ${reason(location)}`);
  else if (found !== region)
    findings.push(
      `the bucket ${bucket} is in ${found}, not in ${region}; write region: ${found} under state`,
    );
  const tagging = await s3<{ TagSet: readonly { Key: string; Value: string }[] }>('get-bucket-tagging');
  const owner = tagging.ok ? tagging.value.TagSet.find(({ Key }) => Key === 'Platform')?.Value : undefined;
  if (owner !== undefined && owner !== platform) {
    findings.push(`the bucket ${bucket} is that of the platform ${owner}; each platform has one of its own`);
  }
  const versioning = await s3<{ Status?: string }>('get-bucket-versioning');
  if (!versioning.ok) {
    findings.push(`whether the bucket ${bucket} keeps versions can't be read: ${versioning.reason}`);
  } else if (versioning.value.Status !== 'Enabled') {
    // An empty one may have been left by a run that was ended as it made it.
    const objects = await s3<{ Contents?: readonly unknown[] }>('list-objects-v2', '--max-items', '1');
    if (!objects.ok || (objects.value.Contents ?? []).length > 0) {
      findings.push(
        `the bucket ${bucket} holds objects and keeps no versions of them: it has another purpose. Name another ` +
          `one in state.bucket, or, to use it anyway: aws s3api put-bucket-versioning --bucket ${bucket} ` +
          '--versioning-configuration Status=Enabled',
      );
    }
  }
  return { exists: true, findings };
}

function refused(finding: string): FoundBucket {
  return { exists: false, findings: [finding] };
}

function reason(answer: { readonly ok: boolean; readonly reason?: string }): string {
  return answer.reason ?? '';
}
