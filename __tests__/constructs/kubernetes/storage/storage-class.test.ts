import {
  Provisioner,
  StorageClass,
  type StorageClassOptions,
} from '../../../../constructs/kubernetes/storage/storage-class';
import { inNamespace } from '../namespace-of';

const shop = (options: StorageClassOptions = {}) =>
  inNamespace((stack) => {
    new StorageClass(stack, 'fast', options);
  });

const name = (options: StorageClassOptions = {}): string | undefined =>
  shop(options).object('StorageClass').metadata.name;

it('a StorageClass makes encrypted gp3 volumes in the zone of the Pod, which can grow, by default', () => {
  const { document, object } = shop();
  expect(object('StorageClass')).toMatchObject({
    metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'false' } },
    provisioner: 'ebs.csi.aws.com',
    parameters: { type: 'gp3', encrypted: 'true' },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  });
  expect(document.resource?.['kubernetes_storage_class_v1']?.['fast']).toMatchObject({
    allow_volume_expansion: true,
    lifecycle: { create_before_destroy: true },
  });
});

it('every option of a StorageClass of EBS can be set', () => {
  expect(
    shop({
      name: 'fast',
      default: true,
      reclaimPolicy: 'Retain',
      allowVolumeExpansion: false,
      mountOptions: ['noatime'],
      provisioner: Provisioner.ebs({
        iops: 6000,
        throughput: 250,
        kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1',
        fsType: 'xfs',
        zones: ['eu-west-1a', 'eu-west-1b'],
      }),
    }).object('StorageClass'),
  ).toMatchObject({
    metadata: {
      name: 'fast',
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
    },
    parameters: {
      type: 'gp3',
      encrypted: 'true',
      iops: '6000',
      throughput: '250',
      kmsKeyId: 'arn:aws:kms:eu-west-1:111122223333:key/1',
      'csi.storage.k8s.io/fstype': 'xfs',
    },
    reclaimPolicy: 'Retain',
    allowVolumeExpansion: false,
    mountOptions: ['noatime'],
    allowedTopologies: [
      {
        matchLabelExpressions: [
          { key: 'topology.ebs.csi.aws.com/zone', values: ['eu-west-1a', 'eu-west-1b'] },
        ],
      },
    ],
  });
});

it('a StorageClass of EFS makes access points, and states that its volumes do not grow', () => {
  const { document, object } = shop({
    provisioner: Provisioner.efs({
      fileSystemId: 'fs-1',
      basePath: '/shop',
      gidRange: { first: 1000, last: 2000 },
    }),
  });
  expect(object('StorageClass')).toMatchObject({
    provisioner: 'efs.csi.aws.com',
    parameters: {
      provisioningMode: 'efs-ap',
      fileSystemId: 'fs-1',
      directoryPerms: '700',
      basePath: '/shop',
      gidRangeStart: '1000',
      gidRangeEnd: '2000',
    },
    volumeBindingMode: 'Immediate',
  });
  // The provider sends true for what is left out.
  expect(document.resource?.['kubernetes_storage_class_v1']?.['fast']).toMatchObject({
    allow_volume_expansion: false,
  });
});

it.each<[string, StorageClassOptions]>([
  ['reclaimPolicy', { reclaimPolicy: 'Retain' }],
  ['parameters', { provisioner: Provisioner.ebs({ iops: 4000 }) }],
  ['provisioner', { provisioner: Provisioner.efs({ fileSystemId: 'fs-1' }) }],
  ['zones', { provisioner: Provisioner.ebs({ zones: ['eu-west-1a'] }) }],
  ['mountOptions', { mountOptions: ['noatime'] }],
])('another %s makes another StorageClass, because Terraform cannot edit one', (_what, options) => {
  expect(name()).toMatch(/^shop-fast-[0-9a-f]{8}$/);
  expect(name(options)).toMatch(/^shop-fast-[0-9a-f]{8}$/);
  expect(name(options)).not.toBe(name());
});

it.each<[string, StorageClassOptions]>([
  ['default', { default: true }],
  ['allowVolumeExpansion', { allowVolumeExpansion: false }],
])('a change of %s is in place', (_what, options) => {
  expect(name(options)).toBe(name());
});

it('a StorageClass keeps a given name', () => {
  const { document } = shop({ name: 'gp3' });
  const resource = document.resource?.['kubernetes_storage_class_v1']?.['fast'];
  expect(resource).toMatchObject({ metadata: { name: 'gp3' }, lifecycle: { create_before_destroy: true } });
});
