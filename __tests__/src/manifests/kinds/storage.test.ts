import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { converted } from '../converted';

const metadata = { name: 'it', namespace: 'dev' };

it.each([
  [
    'kubernetes_persistent_volume_v1',
    {
      metadata: { name: 'it' },
      spec: [
        {
          capacity: { storage: '10Gi' },
          access_modes: ['ReadWriteOnce'],
          claim_ref: { name: 'data' },
          node_affinity: {
            required: {
              node_selector_term: [{ match_expressions: { key: 'zone', operator: 'In', values: ['a'] } }],
            },
          },
          persistent_volume_source: {
            csi: { driver: 'ebs.csi.aws.com', volume_handle: 'vol-1', fs_type: 'ext4' },
          },
        },
      ],
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'it' },
      spec: {
        capacity: { storage: '10Gi' },
        accessModes: ['ReadWriteOnce'],
        claimRef: { name: 'data', namespace: 'default' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
          },
        },
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1', fsType: 'ext4' },
      },
    },
  ],
  [
    'kubernetes_persistent_volume_claim_v1',
    { metadata, wait_until_bound: false, spec: { storage_class_name: '', volume_name: 'it', selector: {} } },
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: { volumeName: 'it', selector: {} } },
  ],
  [
    'kubernetes_storage_class_v1',
    {
      metadata: { name: 'gp3' },
      storage_provisioner: 'ebs.csi.aws.com',
      parameters: { encrypted: 'true', 'csi.storage.k8s.io/fstype': 'ext4' },
      allowed_topologies: { match_label_expressions: [{ key: 'zone', values: ['a', 'b'] }] },
    },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'gp3' },
      provisioner: 'ebs.csi.aws.com',
      parameters: { encrypted: 'true', 'csi.storage.k8s.io/fstype': 'ext4' },
      allowVolumeExpansion: true,
      allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] }],
    },
  ],
  [
    'kubernetes_csi_driver_v1',
    { metadata: { name: 'x' }, spec: { attach_required: false, volume_lifecycle_modes: ['Persistent'] } },
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'x' },
      spec: { attachRequired: false, volumeLifecycleModes: ['Persistent'] },
    },
  ],
] as [type: string, attributes: JsonObject, object: JsonObject][])(
  '%s and its arguments become the object of the API',
  (type, attributes, object) => {
    expect(converted(type, attributes)).toStrictEqual(object);
  },
);
