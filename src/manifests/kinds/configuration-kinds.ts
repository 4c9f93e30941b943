import { array, as, base64Map, byDefault, dropped, flag, needs, text, textMap } from '../field';
import type { Kind } from './kind';
import { clusterMetadata, defaultAccountMetadata, localReference, metadata } from './metadata-fields';

const namespace: Kind = {
  apiVersion: 'v1',
  kind: 'Namespace',
  fields: { metadata: clusterMetadata, wait_for_default_service_account: dropped },
};

const account = {
  automount_service_account_token: byDefault(true, flag),
  image_pull_secret: as('imagePullSecrets', array(localReference)),
  secret: as('secrets', array(localReference)),
  default_secret_name: dropped,
};

const serviceAccount: Kind = { apiVersion: 'v1', kind: 'ServiceAccount', fields: { metadata, ...account } };

/** The account that Kubernetes makes in every namespace; Terraform takes it over. */
const defaultServiceAccount: Kind = {
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  fields: { metadata: defaultAccountMetadata, ...account },
};

const configMap: Kind = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  fields: { metadata, immutable: flag, data: textMap, binary_data: textMap },
};

const secret: Kind = {
  apiVersion: 'v1',
  kind: 'Secret',
  fields: {
    metadata,
    type: text,
    immutable: flag,
    // Binary data is in base64 already. Where both have a key, the API server takes the plain one.
    binary_data: as('data', textMap),
    binary_data_wo: needs('binary_data_wo_revision', as('data', textMap)),
    data: base64Map,
    data_wo: needs('data_wo_revision', as('data', base64Map)),
    binary_data_wo_revision: dropped,
    data_wo_revision: dropped,
    wait_for_service_account_token: dropped,
  },
};

export const CONFIGURATION = {
  kubernetes_namespace_v1: namespace,
  kubernetes_service_account_v1: serviceAccount,
  kubernetes_default_service_account_v1: defaultServiceAccount,
  kubernetes_config_map_v1: configMap,
  kubernetes_secret_v1: secret,
} satisfies Record<string, Kind>;
