import type { JsonObject } from '../../../../src/manifests/terraform-document';
import { converted } from '../converted';

const metadata = { name: 'it', namespace: 'dev' };

it.each([
  [
    'kubernetes_namespace_v1',
    {
      metadata: { name: 'dev', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      timeouts: { delete: '15m' },
    },
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'dev', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
    },
  ],
  [
    'kubernetes_default_service_account_v1',
    { metadata: { namespace: 'dev' }, automount_service_account_token: false },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'dev' },
      automountServiceAccountToken: false,
    },
  ],
  [
    'kubernetes_service_account_v1',
    { metadata, image_pull_secret: [{ name: 'registry' }], secret: { name: 'token' } },
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata,
      automountServiceAccountToken: true,
      imagePullSecrets: [{ name: 'registry' }],
      secrets: [{ name: 'token' }],
    },
  ],
  [
    'kubernetes_config_map_v1',
    { metadata, immutable: true, data: { 'app.yaml': 'a: 1\n', port: 80 }, binary_data: { blob: 'AAE=' } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      immutable: true,
      data: { 'app.yaml': 'a: 1\n', port: '80' },
      binaryData: { blob: 'AAE=' },
    },
  ],
  [
    'kubernetes_secret_v1',
    {
      metadata,
      type: 'Opaque',
      data: { word: 'pässword' },
      binary_data: { key: 'AAE=' },
      wait_for_service_account_token: false,
    },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      type: 'Opaque',
      data: { key: 'AAE=', word: 'cMOkc3N3b3Jk' },
    },
  ],
  [
    'kubernetes_secret_v1',
    { metadata, data_wo: { word: 'hidden' }, data_wo_revision: 1 },
    { apiVersion: 'v1', kind: 'Secret', metadata, data: { word: 'aGlkZGVu' } },
  ],
  [
    'kubernetes_manifest',
    {
      computed_fields: ['metadata.labels'],
      wait: { fields: { 'status.readyReplicas': '2' } },
      manifest: {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata,
        spec: { replicas: 2, some_key: { a_b: [] } },
      },
    },
    { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata, spec: { replicas: 2, some_key: { a_b: [] } } },
  ],
] as [type: string, attributes: JsonObject, object: JsonObject][])(
  '%s and its arguments become the object of the API',
  (type, attributes, object) => {
    expect(converted(type, attributes)).toStrictEqual(object);
  },
);
