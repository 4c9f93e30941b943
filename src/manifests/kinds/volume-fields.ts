import {
  array,
  as,
  type Block,
  dropped,
  type Field,
  finished,
  flag,
  isObject,
  kept,
  number,
  object,
  octal,
  refused,
  text,
  textMap,
  texts,
} from '../field';
import type { Json } from '../terraform-document';
import { claimSpec } from './claim-fields';
import { fieldReference, resourceFieldReference } from './container-fields';
import { localReference, nameOnlyReference, namespacedReference, templateLabels } from './metadata-fields';

/** The sources that Pods and PersistentVolumes share, but for how far their references to Secrets reach. */
function sharedSources(secretReference: Block): Record<string, Field> {
  const secretRef = object(secretReference);
  return {
    aws_elastic_block_store: object({
      volume_id: as('volumeID', text),
      fs_type: text,
      partition: number,
      read_only: flag,
    }),
    azure_disk: object({
      disk_name: text,
      data_disk_uri: as('diskURI', text),
      caching_mode: text,
      fs_type: text,
      kind: text,
      read_only: flag,
    }),
    cinder: object({ volume_id: as('volumeID', text), fs_type: text, read_only: flag }),
    fc: object({ target_ww_ns: as('targetWWNs', texts), lun: kept(number), fs_type: text, read_only: flag }),
    flex_volume: object({
      driver: text,
      fs_type: text,
      options: textMap,
      read_only: flag,
      secret_ref: secretRef,
    }),
    flocker: object({ dataset_name: text, dataset_uuid: as('datasetUUID', text) }),
    gce_persistent_disk: as(
      'gcePersistentDisk',
      object({ pd_name: text, fs_type: text, partition: number, read_only: flag }),
    ),
    glusterfs: object({ endpoints_name: as('endpoints', text), path: text, read_only: flag }),
    host_path: object({ path: text, type: text }),
    iscsi: object({
      target_portal: text,
      iqn: text,
      lun: kept(number),
      iscsi_interface: text,
      fs_type: text,
      read_only: flag,
    }),
    nfs: object({ server: text, path: text, read_only: flag }),
    photon_persistent_disk: object({ pd_id: as('pdID', text), fs_type: text }),
    quobyte: object({ registry: text, volume: text, user: text, group: text, read_only: flag }),
    rbd: object({
      ceph_monitors: as('monitors', texts),
      rbd_image: as('image', text),
      rbd_pool: as('pool', text),
      rados_user: as('user', text),
      keyring: text,
      fs_type: text,
      read_only: flag,
      secret_ref: secretRef,
    }),
    vsphere_volume: object({ volume_path: text, fs_type: text }),
  };
}

const azureFile: Block = { secret_name: text, share_name: text, read_only: flag };

const NOT_SENT =
  'hashicorp/kubernetes 2.38 takes it and never sends it: the Pod would get an empty directory';

const items = array({ key: text, path: text, mode: octal });

const fieldItems = array({
  path: text,
  mode: octal,
  field_ref: fieldReference,
  resource_field_ref: resourceFieldReference,
});

/** The API takes one kind of source an element, where Terraform takes several. */
function oneKindEach(sources: Json): Json {
  return (sources as readonly Json[])
    .filter(isObject)
    .flatMap((source) =>
      Object.entries(source).flatMap(([kind, value]) =>
        (Array.isArray(value) ? (value as readonly Json[]) : [value]).map((one) => ({ [kind]: one })),
      ),
    );
}

const projected = object({
  default_mode: octal,
  sources: finished(
    oneKindEach,
    array({
      secret: array({ name: text, items, optional: flag }),
      config_map: array({ name: text, items, optional: flag }),
      downward_api: as('downwardAPI', object({ items: fieldItems })),
      service_account_token: object({ audience: text, expiration_seconds: number, path: text }),
    }),
  ),
});

/** A volume of a Pod. */
export const volume: Block = {
  name: text,
  config_map: object({ name: text, items, default_mode: octal, optional: flag }),
  secret: object({ secret_name: text, items, default_mode: octal, optional: flag }),
  projected,
  downward_api: as('downwardAPI', object({ items: fieldItems, default_mode: octal })),
  empty_dir: object({ medium: text, size_limit: text }),
  persistent_volume_claim: object({ claim_name: text, read_only: flag }),
  ephemeral: object({ volume_claim_template: object({ metadata: templateLabels, spec: claimSpec }) }),
  csi: object({
    driver: text,
    fs_type: text,
    read_only: flag,
    volume_attributes: textMap,
    node_publish_secret_ref: object(localReference),
  }),
  git_repo: object({ repository: text, revision: text, directory: text }),
  ...sharedSources(nameOnlyReference),
  azure_file: object({ ...azureFile, secret_namespace: dropped }),
  ceph_fs: refused(NOT_SENT),
  local: refused(NOT_SENT),
};

/** The sources of a PersistentVolume. */
export const persistentVolumeSource: Block = {
  csi: object({
    driver: text,
    volume_handle: text,
    fs_type: text,
    read_only: flag,
    volume_attributes: textMap,
    controller_publish_secret_ref: object(namespacedReference),
    controller_expand_secret_ref: object(namespacedReference),
    node_stage_secret_ref: object(namespacedReference),
    node_publish_secret_ref: object(namespacedReference),
  }),
  local: object({ path: text }),
  ...sharedSources(namespacedReference),
  azure_file: object({ ...azureFile, secret_namespace: text }),
  ceph_fs: as(
    'cephfs',
    object({
      monitors: texts,
      path: text,
      user: text,
      secret_file: text,
      secret_ref: object(namespacedReference),
      read_only: flag,
    }),
  ),
};
