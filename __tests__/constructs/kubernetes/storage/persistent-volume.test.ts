import { Namespace } from '../../../../constructs/kubernetes/namespaces/namespace';
import {
  PersistentVolume,
  type EbsVolumeOptions,
  type EfsVolumeOptions,
} from '../../../../constructs/kubernetes/storage/persistent-volume';
import { PersistentVolumeClaim } from '../../../../constructs/kubernetes/storage/persistent-volume-claim';
import { Size } from '../../../../constructs/kubernetes/pods/quantity';
import { Provisioner, StorageClass } from '../../../../constructs/kubernetes/storage/storage-class';
import { inNamespace } from '../namespace-of';

const disk: EbsVolumeOptions = { volumeId: 'vol-1', zone: 'eu-west-1a', size: Size.gibibytes(20) };
const files: EfsVolumeOptions = { fileSystemId: 'fs-1' };

describe('a PersistentVolume', () => {
  it('of EBS stays when its claim is deleted, and keeps its Pods in its zone', () => {
    const shop = inNamespace((stack) => {
      PersistentVolume.fromEbs(stack, 'disk', disk);
    });
    expect(shop.object('PersistentVolume')).toMatchObject({
      metadata: { name: 'shop-disk' },
      spec: {
        capacity: { storage: '20Gi' },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'static',
        persistentVolumeReclaimPolicy: 'Retain',
        volumeMode: 'Filesystem',
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'topology.kubernetes.io/zone', operator: 'In', values: ['eu-west-1a'] },
                ],
              },
            ],
          },
        },
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1', fsType: 'ext4' },
      },
    });
    expect(shop.object('PersistentVolume')['spec']).not.toHaveProperty('claimRef');
  });

  it('of EFS serves many nodes of any zone', () => {
    const spec = inNamespace((stack) => {
      PersistentVolume.fromEfs(stack, 'files', files);
    }).object('PersistentVolume')['spec'];
    expect(spec).toMatchObject({
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteMany'],
      csi: {
        driver: 'efs.csi.aws.com',
        volumeHandle: 'fs-1',
        volumeAttributes: { encryptInTransit: 'true' },
      },
    });
    expect(spec).not.toHaveProperty('nodeAffinity');
  });

  it('can have every option', () => {
    const shop = inNamespace((stack) => {
      const storageClass = new StorageClass(stack, 'efs', {
        name: 'efs',
        provisioner: Provisioner.efs({ fileSystemId: 'fs-1' }),
      });
      PersistentVolume.fromEfs(stack, 'files', {
        ...files,
        name: 'seed-files',
        accessPointId: 'fsap-1',
        size: Size.gibibytes(5),
        accessMode: 'ReadOnlyMany',
        storageClass,
        reclaimPolicy: 'Delete',
        mountOptions: ['noatime'],
        claim: { namespace: Namespace.of(stack), name: 'data-db-0' },
      });
    });
    expect(shop.object('PersistentVolume')).toMatchObject({
      metadata: { name: 'seed-files' },
      spec: {
        capacity: { storage: '5Gi' },
        accessModes: ['ReadOnlyMany'],
        storageClassName: 'efs',
        persistentVolumeReclaimPolicy: 'Delete',
        mountOptions: ['noatime'],
        claimRef: { namespace: 'shop', name: 'data-db-0' },
        csi: { volumeHandle: 'fs-1::fsap-1' },
      },
    });
  });

  it('has no edge to the namespace of its claim, which would block its deletion', () => {
    const { document } = inNamespace((stack) => {
      PersistentVolume.fromEbs(stack, 'one', {
        ...disk,
        claim: { namespace: Namespace.of(stack), name: 'data-db-0' },
      });
      new PersistentVolumeClaim(stack, 'data', {
        volume: PersistentVolume.fromEbs(stack, 'two', disk),
      });
    });
    const volumes = JSON.stringify(document.resource?.['kubernetes_persistent_volume_v1']);
    expect(volumes).toContain('"namespace":"shop"');
    expect(volumes).not.toContain('${');
  });

  it('serves one claim', () => {
    expect(() =>
      inNamespace((stack) => {
        const volume = PersistentVolume.fromEbs(stack, 'disk', disk);
        new PersistentVolumeClaim(stack, 'a', { volume });
        new PersistentVolumeClaim(stack, 'b', { volume });
      }),
    ).toThrow(
      'shop/disk: claimed by shop/a and shop/b; a volume is bound to one claim: make a volume for each',
    );
  });
});
