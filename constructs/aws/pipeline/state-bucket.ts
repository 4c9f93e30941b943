import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../../terraform/address-name';
import { onlyThroughTls, policyDocument } from '../identity/policy-document';

export interface StateBucketOptions {
  /** Name of the bucket: no other in the world has it. */
  readonly name: string;
  /**
   * Days for which a version of a state is kept once a newer one has come.
   * @default 90
   */
  readonly keepDays?: number;
  /**
   * How many versions besides the current one are kept however old they are: a state that changes once a year can be had back
   * too.
   * @default 20
   */
  readonly keepNewest?: number;
}

/**
 * The S3 bucket of Terraform's state: every version is kept for a while, nobody outside of the account gets in, and Terraform
 * refuses to destroy it, whatever `protect` says: what it knows of everything else would be lost with it.
 *
 * It is encrypted with the keys of S3 (SSE-S3), not with a KMS key of ours. A state holds no secret here, since what is secret is
 * ephemeral or write-only, and who may read the bucket is decided by IAM in both cases. A key would add a price to every request, a
 * permission to every role, and a way to lose all states at once: that key.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export class StateBucket extends Construct {
  readonly resource: S3Bucket;

  constructor(scope: Construct, id: string, { name, keepDays = 90, keepNewest = 20 }: StateBucketOptions) {
    super(scope, id);
    this.resource = new S3Bucket(this, MAIN_CHILD, { bucket: name, lifecycle: { preventDestroy: true } });
    const bucket = this.resource.id;
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    const noPublicAccess = new S3BucketPublicAccessBlock(this, 'no-public-access', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    // No access lists: whoever writes an object, it is the bucket owner's.
    new S3BucketOwnershipControls(this, 'ownership', {
      bucket,
      rule: { objectOwnership: 'BucketOwnerEnforced' },
    });
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: policyDocument(onlyThroughTls('s3:*', this.resource.arn, `${this.resource.arn}/*`)),
      // S3 takes one change of a bucket's access at a time.
      dependsOn: [noPublicAccess],
    });
    new S3BucketLifecycleConfiguration(this, 'old-versions', {
      bucket,
      rule: [
        {
          id: 'old-versions',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          noncurrentVersionExpiration: [{ noncurrentDays: keepDays, newerNoncurrentVersions: keepNewest }],
        },
        {
          id: 'released-locks',
          status: 'Enabled',
          filter: [{ prefix: '' }],
          // A lock that was released leaves a mark that it is deleted; once its versions are gone, so may be the mark.
          expiration: [{ expiredObjectDeleteMarker: true }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
  }

  get arn(): string {
    return this.resource.arn;
  }
}
