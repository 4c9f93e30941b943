import { Bucket, type BucketOptions } from '../../../../constructs/aws/storage/bucket';
import { EncryptionKey } from '../../../../constructs/aws/security/encryption-key';
import { inNamespace, type Synthesized } from '../../kubernetes/namespace-of';
import { allowedTo, granteeOf } from '../grantees';

const ARN = '${aws_s3_bucket.pictures.arn}';

const bucket = (options: BucketOptions = {}): Synthesized =>
  inNamespace((stack) => {
    new Bucket(stack, 'pictures', options)
      .grantRead(granteeOf(stack, 'web'))
      .grantReadWrite(granteeOf(stack, 'worker'));
  });

const setting = ({ document }: Synthesized, type: string, name: string) =>
  document.resource?.[`aws_s3_bucket_${type}`]?.[`pictures_${name}`];

it('a Bucket has the account number in its name, which is unique in the world', () => {
  const name = (options?: BucketOptions) =>
    bucket(options).document.resource?.['aws_s3_bucket']?.['pictures']?.['bucket'];
  expect(name()).toBe('seed-shop-pictures-${data.aws_caller_identity.account.account_id}');
  expect(name({ name: 'pictures' })).toBe('pictures-${data.aws_caller_identity.account.account_id}');
});

it('a Bucket is private, encrypted, accepts TLS only, and has no access lists', () => {
  const synthesized = bucket();
  expect(setting(synthesized, 'public_access_block', 'no_public_access')).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  expect(setting(synthesized, 'server_side_encryption_configuration', 'encryption')).toMatchObject({
    rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
  });
  expect(setting(synthesized, 'ownership_controls', 'ownership')).toMatchObject({
    rule: { object_ownership: 'BucketOwnerEnforced' },
  });
  expect(JSON.parse(setting(synthesized, 'policy', 'policy')?.['policy'] as string)).toMatchObject({
    Statement: [
      {
        Effect: 'Deny',
        Action: ['s3:*'],
        Resource: [ARN, `${ARN}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
});

it('a Bucket keeps old versions for 30 days or the given time, and deletes incomplete uploads', () => {
  expect(setting(bucket(), 'versioning', 'versioning')).toMatchObject({
    versioning_configuration: { status: 'Enabled' },
  });
  const rules = (options?: BucketOptions) =>
    setting(bucket(options), 'lifecycle_configuration', 'old_versions')?.['rule'];
  expect(rules()).toMatchObject([
    { status: 'Enabled', noncurrent_version_expiration: [{ noncurrent_days: 30 }] },
    {
      status: 'Enabled',
      expiration: [{ expired_object_delete_marker: true }],
      abort_incomplete_multipart_upload: [{ days_after_initiation: 7 }],
    },
  ]);
  expect(rules({ keepDays: 365 })).toMatchObject([
    { noncurrent_version_expiration: [{ noncurrent_days: 365 }] },
    {},
  ]);
});

it('a reader cannot write to a Bucket, and neither a reader nor a writer can change it', () => {
  const synthesized = bucket();
  const read = [
    { Effect: 'Allow', Action: ['s3:GetBucketLocation', 's3:ListBucket'], Resource: [ARN] },
    { Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${ARN}/*`] },
  ];
  expect(allowedTo(synthesized, 'web')).toEqual(read);
  expect(allowedTo(synthesized, 'worker')).toEqual([
    ...read,
    { Effect: 'Allow', Action: ['s3:ListBucketMultipartUploads'], Resource: [ARN] },
    {
      Effect: 'Allow',
      Action: ['s3:AbortMultipartUpload', 's3:DeleteObject', 's3:ListMultipartUploadParts', 's3:PutObject'],
      Resource: [`${ARN}/*`],
    },
  ]);
});

it('the grants of a Bucket with an own key include that key', () => {
  const synthesized = inNamespace((stack) => {
    const encryptionKey = new EncryptionKey(stack, 'key', { alias: 'seed-shop', description: 'Pictures' });
    new Bucket(stack, 'pictures', { encryptionKey })
      .grantRead(granteeOf(stack, 'web'))
      .grantReadWrite(granteeOf(stack, 'worker'));
  });
  expect(setting(synthesized, 'server_side_encryption_configuration', 'encryption')).toMatchObject({
    rule: [
      {
        apply_server_side_encryption_by_default: {
          sse_algorithm: 'aws:kms',
          kms_master_key_id: '${aws_kms_key.key.arn}',
        },
        bucket_key_enabled: true,
      },
    ],
  });
  const actions = (id: string) =>
    allowedTo(synthesized, id)
      .filter(({ Resource }) => Resource.includes('${aws_kms_key.key.arn}'))
      .flatMap(({ Action }) => Action);
  expect(actions('web')).toEqual(['kms:Decrypt']);
  expect(actions('worker')).toEqual(['kms:Decrypt', 'kms:GenerateDataKey']);
});

it('a Bucket reports all mistakes in one error: S3 allows 63 characters, with the account number', () => {
  const name = 'a'.repeat(51);
  expect(() => bucket({ name, keepDays: 0 })).toThrow(
    [
      'shop/pictures: keepDays: got 0; a whole number of days from 1 is allowed',
      `shop/pictures: name: the S3 bucket would be "${name}", of 51 characters; 3 to 50 lower-case letters, digits and "-", ` +
        'with none at an end (63 with the number of the account, which follows) are allowed. Set name, or give the construct a shorter ID',
    ].join('\n'),
  );
  expect(() => bucket({ name: 'a'.repeat(50) })).not.toThrow();
});
