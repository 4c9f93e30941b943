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

describe('a PersistentVolumeClaim', () => {
  it('uses the default class for a volume of one node, and is not waited for', () => {
    const shop = inNamespace((stack) => {
      new PersistentVolumeClaim(stack, 'data', { size: Size.gibibytes(1) });
    });
    expect(shop.object('PersistentVolumeClaim')).toMatchObject({
      metadata: { name: 'data', namespace: 'shop' },
      spec: {
        accessModes: ['ReadWriteOnce'],
        volumeMode: 'Filesystem',
        resources: { requests: { storage: '1Gi' } },
      },
    });
    expect(shop.object('PersistentVolumeClaim')['spec']).not.toHaveProperty('storageClassName');
    // With the default, true, a claim that waits for its first Pod would end in a timeout and be tainted.
    expect(shop.document.resource?.['kubernetes_persistent_volume_claim_v1']?.['data']).toMatchObject({
      wait_until_bound: false,
    });
  });

  it('is deleted last, and keeps its first request if its volume is set', () => {
    const shop = inNamespace((stack) => {
      new PersistentVolumeClaim(stack, 'data', { size: Size.gibibytes(1) });
      new PersistentVolumeClaim(stack, 'files', { volume: PersistentVolume.fromEfs(stack, 'efs', files) });
    });
    expect(shop.document.resource?.['kubernetes_persistent_volume_claim_v1']).toMatchObject({
      data: { lifecycle: { create_before_destroy: true } },
      files: { lifecycle: { create_before_destroy: true, ignore_changes: ['spec[0].resources'] } },
    });
  });

  it('can have every option', () => {
    const shop = inNamespace((stack) => {
      new PersistentVolumeClaim(stack, 'data', {
        name: 'uploads',
        size: Size.gibibytes(3),
        accessMode: 'ReadWriteMany',
        storageClass: new StorageClass(stack, 'efs', {
          name: 'efs',
          provisioner: Provisioner.efs({ fileSystemId: 'fs-1' }),
        }),
      });
    });
    expect(shop.object('PersistentVolumeClaim')).toMatchObject({
      metadata: { name: 'uploads' },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: 'efs',
        resources: { requests: { storage: '3Gi' } },
      },
    });
  });

  it('of a volume states the class of the volume, its name and its size', () => {
    const shop = inNamespace((stack) => {
      new PersistentVolumeClaim(stack, 'data', { volume: PersistentVolume.fromEfs(stack, 'files', files) });
    });
    expect(shop.object('PersistentVolumeClaim')['spec']).toMatchObject({
      accessModes: ['ReadWriteMany'],
      // An empty class is not sent, and the default class would be taken.
      storageClassName: 'static',
      volumeName: 'shop-files',
      resources: { requests: { storage: '1Gi' } },
    });
    expect(shop.object('PersistentVolume')['spec']).toMatchObject({
      storageClassName: 'static',
      claimRef: { namespace: 'shop', name: 'data' },
    });
    expect(shop.document.resource?.['kubernetes_persistent_volume_claim_v1']?.['data']).toMatchObject({
      spec: { volume_name: '${kubernetes_persistent_volume_v1.files.metadata[0].name}' },
    });
  });

  it('of a volume with a class has that class', () => {
    const shop = inNamespace((stack) => {
      const storageClass = new StorageClass(stack, 'gp3', { name: 'gp3' });
      new PersistentVolumeClaim(stack, 'data', {
        volume: PersistentVolume.fromEbs(stack, 'disk', { ...disk, storageClass }),
      });
    });
    expect(shop.object('PersistentVolumeClaim')['spec']).toMatchObject({ storageClassName: 'gp3' });
    expect(shop.object('PersistentVolume')['spec']).toMatchObject({ storageClassName: 'gp3' });
  });

  it('reports all mistakes that would leave it unbound', () => {
    expect(() =>
      inNamespace((stack) => {
        const gp3 = new StorageClass(stack, 'gp3', { name: 'gp3' });
        new PersistentVolumeClaim(stack, 'shared', {
          size: Size.gibibytes(1),
          accessMode: 'ReadWriteMany',
          storageClass: gp3,
        });
        new PersistentVolumeClaim(stack, 'other', {
          volume: PersistentVolume.fromEbs(stack, 'disk', disk),
          size: Size.gibibytes(30),
          accessMode: 'ReadWriteOncePod',
          storageClass: gp3,
        });
      }),
    ).toThrow(
      [
        'shop/shared: accessMode: got ReadWriteMany, but shop/gp3 makes volumes for ReadWriteOnce, ReadWriteOncePod; for many nodes at once use a class of EFS',
        'shop/other: size: got 30Gi, but shop/disk has 20Gi; ask for no more',
        "shop/other: accessMode: got ReadWriteOncePod, but shop/disk has ReadWriteOnce; leave it out to take over the volume's",
        "shop/other: storageClass: got shop/gp3, but shop/disk has none; leave it out to take over the volume's",
      ].join('\n'),
    );
  });
});
