import type { Construct } from 'constructs';
import { Provisioner, StorageClass } from '../../../../constructs/kubernetes/storage/storage-class';

export function defaults(scope: Construct): void {
  new StorageClass(scope, 'ebs');
  new StorageClass(scope, 'efs', { provisioner: Provisioner.efs({ fileSystemId: 'fs-0123456789abcdef0' }) });
}

/** The cluster's default class is among them. */
export function everything(scope: Construct): void {
  new StorageClass(scope, 'ebs', {
    name: 'ebs-everything',
    provisioner: Provisioner.ebs({
      iops: 4000,
      throughput: 250,
      kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/one',
      fsType: 'xfs',
      zones: ['eu-west-1a', 'eu-west-1b'],
    }),
    default: true,
    reclaimPolicy: 'Retain',
    allowVolumeExpansion: false,
    mountOptions: ['noatime', 'nodiratime'],
  });
  new StorageClass(scope, 'efs', {
    provisioner: Provisioner.efs({
      fileSystemId: 'fs-0123456789abcdef0',
      directoryPerms: '0750',
      basePath: '/volumes',
      gidRange: { first: 1000, last: 2000 },
    }),
    mountOptions: ['tls'],
  });
  new StorageClass(scope, 'lustre', {
    provisioner: Provisioner.other('fsx.csi.aws.com', {
      parameters: { subnetId: 'subnet-0123456789abcdef0' },
      bindingMode: 'Immediate',
      expandable: true,
    }),
  });
}
