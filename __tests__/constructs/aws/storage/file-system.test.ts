import { TerraformOutput } from 'cdktf';
import { EncryptionKey } from '../../../../constructs/aws/security/encryption-key';
import { FileSystem, type FileSystemOptions } from '../../../../constructs/aws/storage/file-system';
import { awsStack, type AwsStack } from '../aws-stack';

const OPTIONS: FileSystemOptions = {
  name: 'seed-shared',
  vpcId: 'vpc-1',
  subnetIds: { a: 'subnet-1', c: 'subnet-3' },
  clients: { securityGroupIds: ['sg-nodes'] },
};

const fileSystem = (options: Partial<FileSystemOptions> = {}): AwsStack['resource'] =>
  awsStack((stack) => {
    new FileSystem(stack, 'shared', { ...OPTIONS, ...options });
  }).resource;

it('a FileSystem is encrypted with its own key, elastic, and found by its creation token', () => {
  const resource = fileSystem();
  expect(resource['aws_efs_file_system']?.['shared']).toMatchObject({
    creation_token: 'seed-shared',
    encrypted: true,
    kms_key_id: '${aws_kms_key.shared_key.arn}',
    throughput_mode: 'elastic',
    lifecycle_policy: [{ transition_to_ia: 'AFTER_30_DAYS' }],
    tags: { Name: 'seed-shared' },
  });
  expect(resource['aws_kms_alias']?.['shared_key_alias']).toMatchObject({ name: 'alias/seed-shared' });
  expect(resource['aws_efs_backup_policy']?.['shared_backup']).toMatchObject({
    file_system_id: '${aws_efs_file_system.shared.id}',
    backup_policy: { status: 'ENABLED' },
  });
});

it('a FileSystem is encrypted with the given key', () => {
  const { resource } = awsStack((stack) => {
    const encryptionKey = new EncryptionKey(stack, 'files', { alias: 'files', description: 'Files' });
    new FileSystem(stack, 'shared', { ...OPTIONS, encryptionKey });
  });
  expect(resource['aws_efs_file_system']?.['shared']).toMatchObject({
    kms_key_id: '${aws_kms_key.files.arn}',
  });
  expect(Object.keys(resource['aws_kms_key'] ?? {})).toEqual(['files']);
});

it('a FileSystem has a mount target in each zone, whose security group allows NFS from the clients only', () => {
  const resource = fileSystem({ clients: { cidrs: ['10.0.0.0/16'], securityGroupIds: ['sg-nodes'] } });
  expect(resource['aws_efs_mount_target']).toMatchObject({
    shared_a: { subnet_id: 'subnet-1', security_groups: ['${aws_security_group.shared_nfs.id}'] },
    shared_c: { subnet_id: 'subnet-3', security_groups: ['${aws_security_group.shared_nfs.id}'] },
  });
  expect(Object.keys(resource['aws_efs_mount_target'] ?? {})).toEqual(['shared_a', 'shared_c']);
  const group = resource['aws_security_group']?.['shared_nfs'];
  expect(group).toMatchObject({
    vpc_id: 'vpc-1',
    ingress: [
      {
        protocol: 'tcp',
        from_port: 2049,
        to_port: 2049,
        cidr_blocks: ['10.0.0.0/16'],
        security_groups: ['sg-nodes'],
      },
    ],
  });
  expect(group).not.toHaveProperty('egress');
  expect(JSON.stringify(resource)).not.toContain('0.0.0.0/0');
});

it('a FileSystem gives clients all rights over TLS, and none without', () => {
  const policy = fileSystem()['aws_efs_file_system_policy']?.['shared_policy']?.['policy'] as string;
  const { Statement: statements } = JSON.parse(policy) as { Statement: Record<string, unknown>[] };
  expect(statements).toMatchObject([
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'elasticfilesystem:ClientMount',
        'elasticfilesystem:ClientRootAccess',
        'elasticfilesystem:ClientWrite',
      ],
      Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
    },
    {
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['*'],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
  for (const statement of statements) {
    expect(statement['Resource']).toEqual(['${aws_efs_file_system.shared.arn}']);
  }
});

it('another stack finds a FileSystem by its name in AWS, without another state', () => {
  const { data, resource } = awsStack((stack) => {
    const found = FileSystem.lookup(stack, 'shared', 'seed-shared');
    new TerraformOutput(stack, 'id', { value: found.id });
  });
  expect(data['aws_efs_file_system']?.['shared']).toMatchObject({ creation_token: 'seed-shared' });
  expect(resource).toEqual({});
  expect(Object.keys(data)).toEqual(['aws_efs_file_system']);
});

it('a file system without clients, without subnets and with an invalid name reports all three mistakes', () => {
  const name = 'x'.repeat(65);
  expect(() => fileSystem({ name, subnetIds: {}, clients: { cidrs: [] } })).toThrow(
    [
      `cluster/shared: name: got "${name}", of 65 characters; 1 to 64 letters, digits, "_", "." and "-" are allowed`,
      'cluster/shared: subnetIds: got none, so that no node could mount it; name a subnet for each zone that has nodes',
      'cluster/shared: clients: got none, so that no client could mount it; give cidrs or securityGroupIds',
    ].join('\n'),
  );
});
