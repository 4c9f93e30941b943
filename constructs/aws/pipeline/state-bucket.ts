import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { Construct } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';
import { privateBucket } from '../storage/private-bucket';

/** The S3 bucket of the Terraform states, and how long it keeps old ones. */
export interface StateBucketOptions {
  /** Name of the bucket: no other in the world has it. */
  readonly name: string;
  /** Days for which a version of a state is kept once a newer one has come. @default 90 */
  readonly keepDays?: number;
  /**
   * How many versions besides the current one are kept however old they are: a state that changes once a year can be had back
   * too.
   * @default 20
   */
  readonly keepNewest?: number;
}

/**
 * The S3 bucket of Terraform's state. It keeps every version for a while, and no principal outside the account has access.
 * Terraform refuses to destroy it, with any value of `protect`: Terraform's record of all other objects would be lost with it.
 *
 * It is encrypted with the keys of S3 (SSE-S3), not with a KMS key of ours. A state holds no secret here: secrets are
 * ephemeral or write-only. In both cases, IAM controls who may read the bucket. A key would add a price to every request, a
 * permission to every role, and a way to lose all states at once: that key.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export class StateBucket extends ArnConstruct {
  readonly resource: S3Bucket;

  constructor(scope: Construct, id: string, { name, keepDays = 90, keepNewest = 20 }: StateBucketOptions) {
    super(scope, id);
    this.resource = privateBucket(this, {
      name,
      keepDays,
      keepNewest,
      preventDestroy: true,
      remainsRule: 'released-locks',
    });
  }
}
