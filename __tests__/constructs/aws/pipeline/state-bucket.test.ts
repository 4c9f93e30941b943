import { protectFromLoss } from '../../../../constructs/aws/account/protection';
import { StateBucket } from '../../../../constructs/aws/pipeline/state-bucket';
import { awsStack } from '../aws-stack';

const { resource } = awsStack((stack) => {
  new StateBucket(stack, 'state', { name: 'seed-state' });
});

it('the state bucket is a bucket that Terraform never destroys, with or without other protection', () => {
  expect(resource['aws_s3_bucket']?.['state']).toMatchObject({
    bucket: 'seed-state',
    lifecycle: { prevent_destroy: true },
  });
  const guarded = awsStack((stack) => {
    protectFromLoss(stack);
    new StateBucket(stack, 'state', { name: 'seed-state' });
  });
  expect(guarded.resource['aws_s3_bucket']).toEqual(resource['aws_s3_bucket']);
});

it('the state bucket keeps every version: old ones for 90 days, and the newest 20 forever', () => {
  expect(resource['aws_s3_bucket_versioning']?.['state_versioning']).toMatchObject({
    versioning_configuration: { status: 'Enabled' },
  });
  expect(resource['aws_s3_bucket_lifecycle_configuration']?.['state_old_versions']).toMatchObject({
    rule: [
      {
        status: 'Enabled',
        noncurrent_version_expiration: [{ noncurrent_days: 90, newer_noncurrent_versions: 20 }],
      },
      { status: 'Enabled', expiration: [{ expired_object_delete_marker: true }] },
    ],
    depends_on: ['aws_s3_bucket_versioning.state_versioning'],
  });
});

it('the state bucket encrypts with S3 keys, blocks public access and access lists, and requires TLS', () => {
  expect(resource['aws_s3_bucket_server_side_encryption_configuration']?.['state_encryption']).toMatchObject({
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
  });
  expect(resource['aws_s3_bucket_public_access_block']?.['state_no_public_access']).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(resource['aws_s3_bucket_ownership_controls']?.['state_ownership']).toMatchObject({
    rule: { object_ownership: 'BucketOwnerEnforced' },
  });
  const policy = resource['aws_s3_bucket_policy']?.['state_policy']?.['policy'] as string;
  expect(JSON.parse(policy)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OnlyThroughTls',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['s3:*'],
        Resource: ['${aws_s3_bucket.state.arn}', '${aws_s3_bucket.state.arn}/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
});
