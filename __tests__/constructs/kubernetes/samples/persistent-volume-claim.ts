import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import { PersistentVolume } from '../../../../constructs/kubernetes/storage/persistent-volume';
import { PersistentVolumeClaim } from '../../../../constructs/kubernetes/storage/persistent-volume-claim';
import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Provisioner, StorageClass } from '../../../../constructs/kubernetes/storage/storage-class';
import { Volume } from '../../../../constructs/kubernetes/storage/volume';
import { plain } from '../workload-options';

/** Of the cluster's default class, if there is one. */
export function defaults(scope: Construct): void {
  new PersistentVolumeClaim(scope, 'claim', { size: Size.gibibytes(1) });
}

/** One of a class of EFS, and one of a file system that Pods share. */
export function everything(scope: Construct): void {
  const storageClass = new StorageClass(scope, 'class', {
    provisioner: Provisioner.efs({ fileSystemId: 'fs-0123456789abcdef0' }),
  });
  new PersistentVolumeClaim(scope, 'dynamic', {
    size: Size.gibibytes(2),
    accessMode: 'ReadWriteMany',
    storageClass,
    name: 'shop-files',
    labels: { team: 'shop' },
  });
  const volume = PersistentVolume.fromEfs(scope, 'efs', {
    fileSystemId: 'fs-0123456789abcdef0',
    size: Size.gibibytes(10),
  });
  const claim = new PersistentVolumeClaim(scope, 'static', { volume, size: Size.gibibytes(5) });
  new Deployment(scope, 'web', {}).addContainer('web', plain).mount('/files', Volume.fromClaim(claim));
}
