import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { Construct } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';
import { Account } from '../account/account';
import { type NameRule, resourceName } from '../account/resource-name';
import { allow, type Grantee } from '../identity/allow';
import { privateBucket } from './private-bucket';

/** The account's number and a hyphen follow. Source: Amazon S3 User Guide, "General purpose bucket naming rules". */
const NAME: NameRule = {
  kind: 'S3 bucket',
  pattern: /^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$/,
  allowed:
    '3 to 50 lower-case letters, digits and "-", with none at an end (63 with the number of the account, which follows)',
};

/** An S3 bucket: its name, its retention and its key. */
export interface BucketOptions {
  /**
   * Name of the bucket, which `-<number of the account>` follows: no other in the world has it.
   * @default - `<platform>-<stack>-<ids down to the construct>`
   */
  readonly name?: string;
  /** Days for which an object is kept once it is overwritten or deleted, at least 1. @default 30 */
  readonly keepDays?: number;
  /**
   * The KMS key that encrypts the objects, such as an `EncryptionKey`. The grants allow its use too.
   * @default - the keys of S3 (SSE-S3)
   */
  readonly encryptionKey?: { readonly arn: string };
}

/**
 * An S3 bucket for a workload: private, encrypted, through TLS only, with versions.
 *
 * AWS destroys it only when it is empty, and with `protect` Terraform refuses to destroy it at all.
 *
 * ```ts
 * new Bucket(scope, 'pictures').grantReadWrite(web);
 * ```
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export class Bucket extends ArnConstruct {
  readonly resource: S3Bucket;
  private readonly key: string | undefined;

  constructor(scope: Construct, id: string, options: BucketOptions = {}) {
    super(scope, id);
    const { name, keepDays = 30, encryptionKey } = options;
    this.node.addValidation({
      validate: () =>
        Number.isInteger(keepDays) && keepDays >= 1
          ? []
          : [`keepDays: got ${keepDays}; a whole number of days from 1 is allowed`],
    });
    this.key = encryptionKey?.arn;
    this.resource = privateBucket(this, {
      name: `${resourceName(this, NAME, { name })}-${Account.of(this).id}`,
      keepDays,
      remainsRule: 'remains',
      ...(encryptionKey && { encryptionKey }),
    });
  }

  /** Name of the bucket, known when Terraform runs. */
  get name(): string {
    return this.resource.bucket;
  }

  /** Lets the Pods of a workload list the bucket and read its objects. */
  grantRead(workload: Grantee): this {
    allow(workload, ['s3:GetBucketLocation', 's3:ListBucket'], this.arn);
    allow(workload, ['s3:GetObject'], `${this.arn}/*`);
    if (this.key !== undefined) allow(workload, ['kms:Decrypt'], this.key);
    return this;
  }

  /** Lets the Pods of a workload list the bucket, and read, write and delete its objects. Deleted ones can be had back. */
  grantReadWrite(workload: Grantee): this {
    this.grantRead(workload);
    allow(workload, ['s3:ListBucketMultipartUploads'], this.arn);
    allow(
      workload,
      ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      `${this.arn}/*`,
    );
    if (this.key !== undefined) allow(workload, ['kms:GenerateDataKey'], this.key);
    return this;
  }
}
