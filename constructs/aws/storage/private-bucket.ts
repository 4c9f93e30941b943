import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { Construct } from 'constructs';
import { MAIN_CHILD } from '../../terraform/construct';
import { onlyThroughTls, policyDocument } from '../identity/policy-document';

export interface PrivateBucketOptions {
  /** Name of the bucket: no other in the world has it. */
  readonly name: string;
  /** Whether Terraform refuses to destroy it, whatever `protect` says. @default false */
  readonly preventDestroy?: boolean;
  /** The KMS key that encrypts the objects. @default - the keys of S3 (SSE-S3) */
  readonly encryptionKey?: { readonly arn: string };
  /** Days for which a version of an object is kept once a newer one has come, or once it was deleted. */
  readonly keepDays: number;
  /** How many versions besides the current one are kept however old they are. @default 0 */
  readonly keepNewest?: number;
  /** ID of the lifecycle rule that takes away what is left of deleted objects and of uploads that were given up. */
  readonly remainsRule: string;
}

/**
 * Puts into a construct an S3 bucket that no principal outside the account gets into: encrypted, through TLS only, without access
 * lists. What is overwritten or deleted is kept for a while.
 */
export function privateBucket(scope: Construct, options: PrivateBucketOptions): S3Bucket {
  const { name, preventDestroy = false, encryptionKey } = options;
  const resource = new S3Bucket(scope, MAIN_CHILD, {
    bucket: name,
    ...(preventDestroy && { lifecycle: { preventDestroy } }),
  });
  const bucket = resource.id;
  const versioning = new S3BucketVersioningA(scope, 'versioning', {
    bucket,
    versioningConfiguration: { status: 'Enabled' },
  });
  new S3BucketServerSideEncryptionConfigurationA(scope, 'encryption', {
    bucket,
    rule: [
      encryptionKey
        ? {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: 'aws:kms',
              kmsMasterKeyId: encryptionKey.arn,
            },
            // One key of the bucket's for many objects, so that KMS is asked, and paid, less often.
            bucketKeyEnabled: true,
          }
        : { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
    ],
  });
  const noPublicAccess = new S3BucketPublicAccessBlock(scope, 'no-public-access', {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  // No access lists: the bucket's owner owns every object.
  new S3BucketOwnershipControls(scope, 'ownership', {
    bucket,
    rule: { objectOwnership: 'BucketOwnerEnforced' },
  });
  new S3BucketPolicy(scope, 'policy', {
    bucket,
    policy: policyDocument(onlyThroughTls('s3:*', resource.arn, `${resource.arn}/*`)),
    // S3 takes one change of a bucket's access at a time.
    dependsOn: [noPublicAccess],
  });
  const filter = [{ prefix: '' }];
  new S3BucketLifecycleConfiguration(scope, 'old-versions', {
    bucket,
    rule: [
      {
        id: 'old-versions',
        status: 'Enabled',
        filter,
        noncurrentVersionExpiration: [
          {
            noncurrentDays: options.keepDays,
            ...(options.keepNewest !== undefined && { newerNoncurrentVersions: options.keepNewest }),
          },
        ],
      },
      {
        id: options.remainsRule,
        status: 'Enabled',
        filter,
        // What was deleted leaves a mark that it is; once its versions are gone, so may be the mark.
        expiration: [{ expiredObjectDeleteMarker: true }],
        abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
      },
    ],
    dependsOn: [versioning],
  });
  return resource;
}
