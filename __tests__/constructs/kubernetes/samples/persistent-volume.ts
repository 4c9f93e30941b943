import type { Construct } from 'constructs';
import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import { PersistentVolume } from '../../../../constructs/kubernetes/storage/persistent-volume';
import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import { StorageClass } from '../../../../constructs/kubernetes/storage/storage-class';
import { plain } from '../workload-options';

export function defaults(scope: Construct): void {
  PersistentVolume.fromEbs(scope, 'ebs', {
    volumeId: 'vol-0123456789abcdef0',
    zone: 'eu-west-1a',
    size: Size.gibibytes(10),
  });
  PersistentVolume.fromEfs(scope, 'efs', { fileSystemId: 'fs-0123456789abcdef0' });
}

/** The disk is for the first Pod of a StatefulSet, which leaves its claim when it goes. */
export function everything(scope: Construct): void {
  const storageClass = new StorageClass(scope, 'class');
  const set = new StatefulSet(scope, 'store', { replicas: 1 });
  set
    .addContainer('store', plain)
    .mount('/data', set.addClaim('data', { size: Size.gibibytes(10), storageClass }));
  PersistentVolume.fromEbs(scope, 'ebs', {
    name: 'shop-disk',
    volumeId: 'vol-0123456789abcdef0',
    zone: 'eu-west-1a',
    size: Size.gibibytes(10),
    fsType: 'xfs',
    accessMode: 'ReadWriteOnce',
    storageClass,
    reclaimPolicy: 'Retain',
    claim: { namespace: Namespace.of(scope), name: `data-${set.name}-0` },
    mountOptions: ['noatime'],
  });
  PersistentVolume.fromEfs(scope, 'efs', {
    fileSystemId: 'fs-0123456789abcdef0',
    accessPointId: 'fsap-0123456789abcdef0',
    size: Size.tebibytes(1),
    accessMode: 'ReadOnlyMany',
    reclaimPolicy: 'Delete',
    mountOptions: ['tls', 'noresvport'],
  });
}
