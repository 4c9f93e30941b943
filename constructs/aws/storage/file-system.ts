import { DataAwsEfsFileSystem } from '@cdktf/provider-aws/lib/data-aws-efs-file-system';
import { EfsBackupPolicy } from '@cdktf/provider-aws/lib/efs-backup-policy';
import { EfsFileSystem } from '@cdktf/provider-aws/lib/efs-file-system';
import { EfsFileSystemPolicy } from '@cdktf/provider-aws/lib/efs-file-system-policy';
import { EfsMountTarget } from '@cdktf/provider-aws/lib/efs-mount-target';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { type Construct, MAIN_CHILD, takingLiterally } from '../../terraform/construct';
import { ArnConstruct } from '../account/arn-construct';
import { EncryptionKey } from '../security/encryption-key';
import { onlyThroughTls, policyDocument } from '../identity/policy-document';
import type { ZoneLetter } from '../network/subnet-layout';

const NFS_PORT = 2049;

/** Who reaches a file system by NFS; at least one is needed. */
export interface NfsClients {
  /** IPv4 ranges, such as `10.0.0.0/16`. @default [] */
  readonly cidrs?: readonly string[];
  /** IDs of security groups, such as the one that EKS gives to the nodes of a cluster. @default [] */
  readonly securityGroupIds?: readonly string[];
}

/** An EFS file system: its subnets, its clients and its key. */
export interface FileSystemOptions {
  /** Creation token and `Name` tag, such as `seed-shared`, at most 64 characters: what `FileSystem.lookup` finds it by. */
  readonly name: string;
  /** ID of the VPC that the subnets are in. */
  readonly vpcId: string;
  /** ID of a subnet in each zone, for the zone's mount target: nodes mount through that of their own zone. */
  readonly subnetIds: Readonly<Partial<Record<ZoneLetter, string>>>;
  readonly clients: NfsClients;
  /** The KMS key that encrypts the files. @default - a key of its own, with the alias `<name>` */
  readonly encryptionKey?: { readonly arn: string };
}

/** Name of the file system that the workloads of a platform share. */
export function sharedFilesName(platform: string): string {
  return `${platform}-shared`;
}

/**
 * An EFS file system for volumes that many nodes share: encrypted, with elastic throughput and daily backups. A file that
 * no client has read for 30 days goes to infrequent access. NFS is let in from the clients only, and only through TLS, which is
 * what the EFS CSI driver mounts with.
 *
 * With the file system its files are gone. The backups stay in the vault of AWS Backup, for 35 days.
 *
 * @see https://docs.aws.amazon.com/efs/latest/ug/whatisefs.html
 */
export class FileSystem extends ArnConstruct {
  /** A file system that another stack has made, found by its name: `.id` is for a StorageClass, `.arn` for a policy. */
  static lookup(scope: Construct, id: string, name: string): DataAwsEfsFileSystem {
    return takingLiterally(new DataAwsEfsFileSystem(scope, id, { creationToken: name }));
  }

  readonly resource: EfsFileSystem;

  constructor(scope: Construct, id: string, options: FileSystemOptions) {
    super(scope, id);
    const { name, vpcId, clients } = options;
    const subnets = Object.entries(options.subnetIds);
    this.node.addValidation({ validate: () => findings(options) });

    const key =
      options.encryptionKey ??
      new EncryptionKey(this, 'key', { alias: name, description: `Files of the EFS file system ${name}` });
    this.resource = new EfsFileSystem(this, MAIN_CHILD, {
      creationToken: name,
      encrypted: true,
      kmsKeyId: key.arn,
      throughputMode: 'elastic',
      lifecyclePolicy: [{ transitionToIa: 'AFTER_30_DAYS' }],
      tags: { Name: name },
    });
    new EfsBackupPolicy(this, 'backup', {
      fileSystemId: this.resource.id,
      backupPolicy: { status: 'ENABLED' },
    });
    this.refuseUnencryptedTransport();

    const group = new SecurityGroup(this, 'nfs', {
      name: `${name}-nfs`,
      description: `NFS to the EFS file system ${name}`,
      vpcId,
      // Within the group and not as rules of their own, so that a rule that was added by hand is seen and taken away.
      ingress: [
        {
          description: 'NFS',
          protocol: 'tcp',
          fromPort: NFS_PORT,
          toPort: NFS_PORT,
          ...(clients.cidrs?.length && { cidrBlocks: [...clients.cidrs] }),
          ...(clients.securityGroupIds?.length && { securityGroups: [...clients.securityGroupIds] }),
        },
      ],
      tags: { Name: `${name}-nfs` },
    });
    for (const [zone, subnetId] of subnets) {
      new EfsMountTarget(this, zone, {
        fileSystemId: this.resource.id,
        subnetId,
        securityGroups: [group.id],
      });
    }
  }

  get id(): string {
    return this.resource.id;
  }

  /**
   * Without a policy, every client that reaches a mount target may do everything. With one it may do what the policy says:
   * the same, over TLS.
   *
   * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
   */
  private refuseUnencryptedTransport(): void {
    new EfsFileSystemPolicy(this, 'policy', {
      fileSystemId: this.resource.id,
      policy: policyDocument(
        {
          Sid: 'Clients',
          Effect: 'Allow',
          Principal: { AWS: '*' },
          Action: [
            'elasticfilesystem:ClientMount',
            'elasticfilesystem:ClientRootAccess',
            'elasticfilesystem:ClientWrite',
          ],
          // AWS fills in a resource that is left out, which would differ for ever.
          Resource: [this.resource.arn],
          // To everybody, but not publicly: a mount target is in the VPC.
          Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
        },
        onlyThroughTls('*', this.resource.arn),
      ),
    });
  }
}

function findings({ name, subnetIds, clients }: FileSystemOptions): string[] {
  return [
    ...(/^[\w.-]{1,64}$/.test(name)
      ? []
      : [
          `name: got "${name}", of ${name.length} characters; 1 to 64 letters, digits, "_", "." and "-" are allowed`,
        ]),
    ...(Object.keys(subnetIds).length > 0
      ? []
      : ['subnetIds: got none, so that no node could mount it; name a subnet for each zone that has nodes']),
    ...(clients.cidrs?.length || clients.securityGroupIds?.length
      ? []
      : ['clients: got none, so that no client could mount it; give cidrs or securityGroupIds']),
  ];
}
