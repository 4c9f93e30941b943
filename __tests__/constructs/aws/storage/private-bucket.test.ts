import { Construct } from 'constructs';
import { privateBucket, type PrivateBucketOptions } from '../../../../constructs/aws/storage/private-bucket';
import { awsStack } from '../aws-stack';

const bucket = (options: Partial<PrivateBucketOptions> = {}) =>
  awsStack((stack) => {
    privateBucket(new Construct(stack, 'files'), {
      name: 'files',
      keepDays: 7,
      remainsRule: 'remains',
      ...options,
    });
  }).resource;

it('a PrivateBucket has all its resources below the construct that creates it', () => {
  const made = Object.entries(bucket()).flatMap(([type, named]) =>
    Object.entries(named).map(([name, attributes]) => [`${type}.${name}`, attributes['bucket']]),
  );
  expect(made.sort()).toEqual([
    ['aws_s3_bucket.files', 'files'],
    ...[
      'lifecycle_configuration.files_old_versions',
      'ownership_controls.files_ownership',
      'policy.files_policy',
      'public_access_block.files_no_public_access',
      'server_side_encryption_configuration.files_encryption',
      'versioning.files_versioning',
    ].map((name) => [`aws_s3_bucket_${name}`, '${aws_s3_bucket.files.id}']),
  ]);
});

it('Terraform may destroy a PrivateBucket by default', () => {
  expect(bucket()['aws_s3_bucket']?.['files']).not.toHaveProperty('lifecycle');
  expect(bucket({ preventDestroy: true })['aws_s3_bucket']?.['files']).toMatchObject({
    lifecycle: { prevent_destroy: true },
  });
});

it('the bucket policy comes after the block of public access, and the lifecycle rules after versioning', () => {
  const resource = bucket({ keepNewest: 5 });
  expect(resource['aws_s3_bucket_policy']?.['files_policy']).toMatchObject({
    depends_on: ['aws_s3_bucket_public_access_block.files_no_public_access'],
  });
  expect(resource['aws_s3_bucket_lifecycle_configuration']?.['files_old_versions']).toMatchObject({
    depends_on: ['aws_s3_bucket_versioning.files_versioning'],
    rule: [
      {
        id: 'old-versions',
        noncurrent_version_expiration: [{ noncurrent_days: 7, newer_noncurrent_versions: 5 }],
      },
      { id: 'remains' },
    ],
  });
});
