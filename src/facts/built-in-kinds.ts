const GROUPS = [
  'admissionregistration',
  'apiextensions',
  'apiregistration',
  'certificates',
  'coordination',
  'discovery',
  'events',
  'flowcontrol.apiserver',
  'networking',
  'node',
  'rbac.authorization',
  'resource',
  'scheduling',
  'storage',
  'storagemigration',
].map((group) => `${group}.k8s.io`);

const BUILT_IN = new Set(['', 'apps', 'autoscaling', 'batch', 'policy', ...GROUPS]);

/** The API group of a version: `apps` of `apps/v1`, and none of `v1`. */
export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';

/** Whether Kubernetes itself has the kinds of a version: other kinds come from a CustomResourceDefinition. */
export const isBuiltIn = (apiVersion: string): boolean => BUILT_IN.has(groupOf(apiVersion));

/** A kind as kubectl names it: `Deployment`, and with its group where that is not built in: `Rollout.argoproj.io`. */
export const qualifiedKind = ({ apiVersion, kind }: { apiVersion: string; kind: string }): string =>
  isBuiltIn(apiVersion) ? kind : `${kind}.${groupOf(apiVersion)}`;

/** Built-in kinds that are in no namespace, beside those that the Terraform provider has a resource for. */
export const CLUSTER_WIDE: readonly string[] = [
  'APIService',
  'CertificateSigningRequest',
  'CustomResourceDefinition',
  'DeviceClass',
  'FlowSchema',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'MutatingWebhookConfiguration',
  'Node',
  'PriorityLevelConfiguration',
  'ResourceSlice',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration',
  'VolumeAttributesClass',
];
