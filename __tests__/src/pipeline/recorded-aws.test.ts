import { guarded, recordedPlan, stopped } from './recorded-plan';
import { writtenPlan } from './written-plan';

describe('a loss of data', () => {
  it('is reported with what else is lost, and with the cause of the replacement', () => {
    expect(stopped('vpc-replaced', 'data-loss')).toEqual({
      'network/aws_vpc.vpc': 'replaces the VPC seed, with all that is in it: its cidr_block changes',
      'network/aws_subnet.vpc_private_a':
        'replaces the subnet seed-private-a, with all that has an address in it: its vpc_id changes',
      'network/aws_nat_gateway.vpc_nat_a':
        'replaces the NAT gateway seed-a, through which private subnets reach the internet: its subnet_id changes',
      'network/aws_route_table.vpc_public':
        'replaces the route table seed-public, by which a subnet reaches what is outside it: its vpc_id changes',
    });
    expect(stopped('archive-destroyed')).toEqual({
      'data-loss archive/aws_s3_bucket.archive':
        'destroys the S3 bucket seed-archive, with all objects in it',
      'data-loss archive/aws_prometheus_workspace.metrics':
        'destroys the Prometheus workspace seed, with all metrics in it',
    });
  });

  it('is reported if Terraform only forgets it, with the protection that is removed meanwhile', () => {
    expect(stopped('bucket-forgotten')).toEqual({
      'data-loss archive/aws_s3_bucket.archive':
        'lets Terraform forget the S3 bucket seed-archive, with all objects in it',
      'protection archive/aws_s3_bucket_public_access_block.archive': 'lets the bucket be public',
      'rights archive/aws_s3_bucket_policy.archive':
        'no longer denies s3:* to AWS:* on arn:aws:s3:::seed-archive/* if Bool {"aws:SecureTransport":"false"}',
      'protection archive/aws_s3_bucket_server_side_encryption_configuration.archive':
        'no longer encrypts objects as it is set',
      'protection archive/aws_s3_bucket_versioning.archive':
        'turns off the versions of the objects: what is overwritten or deleted is gone',
    });
  });

  it('passes only by the line that the guard prints for it', () => {
    const found = guarded(['archive-destroyed']).stopped;
    const exceptions = found.map(({ address, change }) => ({
      address,
      change,
      reason: 'moved',
      until: '2026-12-01',
    }));
    expect(guarded(['archive-destroyed'], { exceptions })).toMatchObject({ stopped: [], spent: [] });
    // Another plan of the same stack.
    expect(guarded(['bucket-forgotten'], { exceptions }).spent).toEqual(exceptions);
  });
});

describe('the opening of a network', () => {
  it('is reported with its new sources, and those of a new group are private', () => {
    expect(stopped('web-opened')).toEqual({
      'exposure archive/aws_vpc_security_group_ingress_rule.everyone':
        'opens tcp port 443 to 0.0.0.0/0, which was closed',
      'exposure archive/aws_vpc_security_group_ingress_rule.web':
        'opens tcp port 443 to ::/0, which was closed',
    });
  });

  it('is not reported if its sources become fewer', () => {
    expect(stopped('sources-narrowed')).toEqual({});
  });

  it('includes buckets', () => {
    expect(stopped('bucket-opened', 'exposure')).toEqual({
      'archive/aws_s3_bucket_policy.archive':
        'makes a bucket public: its policy allows everyone, without a condition',
      'archive/aws_s3_bucket_public_access_block.archive':
        'turns off block_public_policy; turns off restrict_public_buckets',
    });
  });
});

describe('the removal of a protection', () => {
  it('is reported for versions, keys, waiting times', () => {
    expect(stopped('bucket-opened', 'protection')).toEqual({
      'archive/aws_s3_bucket_server_side_encryption_configuration.archive':
        'changes rule.apply_server_side_encryption_by_default.sse_algorithm, which decides what protects it, from aws:kms to AES256',
      'archive/aws_s3_bucket_versioning.archive':
        'changes versioning_configuration.status, which decides what protects it, from Enabled to Suspended',
      'archive/aws_secretsmanager_secret.login': 'lowers recovery_window_in_days from 30 to 7',
    });
  });

  it('is reported for logs', () => {
    expect(stopped('flow-log-destroyed')).toEqual({
      'protection network/aws_cloudwatch_log_group.vpc_flow_logs': 'lowers retention_in_days from 30 to 7',
      'protection network/aws_flow_log.vpc_flow_log': 'no longer records the traffic of the VPC',
    });
  });

  it('is reported for the boundary of a role, the keys of logs and secrets, and the users of a key', () => {
    expect(stopped('boundary-removed')).toEqual({
      'protection archive/aws_cloudwatch_log_group.audit': expect.stringMatching(
        /^removes kms_key_id, which decides what protects it: it was arn:aws:kms:/,
      ) as string,
      'protection archive/aws_secretsmanager_secret.login': expect.stringMatching(
        /^removes kms_key_id, which decides what protects it: it was arn:aws:kms:/,
      ) as string,
      'rights archive/aws_iam_role.worker':
        'takes away the permissions boundary arn:aws:iam::111122223333:policy/seed-boundary',
      'unknown archive/aws_kms_grant.worker':
        'creates an aws_kms_grant, which no table of the guard knows: give it a class below pipeline.classes of platform.yaml',
    });
  });

  it('is reported for prevent_destroy, whether the object changes or not', () => {
    const message = 'takes away its prevent_destroy: Terraform would no longer refuse to destroy it';
    expect(stopped('vpc-replaced', 'protection')).toEqual({ 'network/aws_vpc.vpc': message });
    const { document } = recordedPlan('vpc-replaced');
    const unchanged = { ...writtenPlan('network', {}, document), protectedBefore: ['aws_vpc.vpc'] };
    expect(guarded([], { stacks: [unchanged] }).stopped).toMatchObject([
      { rule: 'protection', address: 'network/aws_vpc.vpc', message },
    ]);
  });
});

describe('the exposure of a secret', () => {
  it('is reported for a value and an output that were sensitive', () => {
    expect(stopped('values-unmasked')).toEqual({
      'secret archive/terraform_data.login': 'shows input, which was sensitive, in plans and logs',
      'secret archive/output.login': 'shows an output that was sensitive in plans and logs',
    });
    expect(JSON.stringify(guarded(['values-unmasked']))).not.toContain('fixture-only');
  });
});

describe('a plan with more changes than a person can review', () => {
  it('is reported with the number of changes, those of each stack, without creations', () => {
    expect(stopped('vpc-replaced', 'too-many-changes', { maxChanges: 4 })).toEqual({
      network: 'changes, replaces or destroys 5 objects, more than the 4 of pipeline.maxChanges: network 5',
    });
    expect(stopped('vpc-replaced', 'too-many-changes', { maxChanges: 5 })).toEqual({});
    expect(stopped('workload-roles-added', 'too-many-changes', { maxChanges: 1 })).toEqual({});
  });
});
