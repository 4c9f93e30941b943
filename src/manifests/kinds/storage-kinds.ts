import { array, as, byDefault, dropped, flag, kept, merged, object, text, textMap, texts } from '../field';
import { claimSpec } from './claim-fields';
import type { Kind } from './kind';
import { clusterMetadata, clusterMetadataWithName, metadata } from './metadata-fields';
import { nodeSelector } from './selector-fields';
import { persistentVolumeSource } from './volume-fields';

const persistentVolume: Kind = {
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  fields: {
    metadata: clusterMetadataWithName,
    spec: object({
      capacity: textMap,
      access_modes: texts,
      storage_class_name: text,
      persistent_volume_reclaim_policy: text,
      volume_mode: text,
      mount_options: texts,
      claim_ref: object({ name: text, namespace: byDefault('default', text) }),
      node_affinity: object({ required: nodeSelector }),
      persistent_volume_source: merged(persistentVolumeSource),
    }),
  },
};

const persistentVolumeClaim: Kind = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  fields: { metadata, spec: claimSpec, wait_until_bound: dropped },
};

const storageClass: Kind = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  fields: {
    metadata: clusterMetadata,
    storage_provisioner: as('provisioner', text),
    parameters: textMap,
    reclaim_policy: text,
    volume_binding_mode: text,
    allow_volume_expansion: byDefault(true, flag),
    mount_options: texts,
    // Terraform takes one term only, the API a list of them.
    allowed_topologies: array({ match_label_expressions: array({ key: text, values: texts }) }),
  },
};

const csiDriver: Kind = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSIDriver',
  fields: {
    metadata: clusterMetadata,
    spec: object({ attach_required: kept(flag), pod_info_on_mount: flag, volume_lifecycle_modes: texts }),
  },
};

export const STORAGE = {
  kubernetes_persistent_volume_v1: persistentVolume,
  kubernetes_persistent_volume_claim_v1: persistentVolumeClaim,
  kubernetes_storage_class_v1: storageClass,
  kubernetes_csi_driver_v1: csiDriver,
} satisfies Record<string, Kind>;
