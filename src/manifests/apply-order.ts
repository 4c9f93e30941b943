/** The kinds in the order in which they are applied; what a kind refers to stands above it. */
const ORDER = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
  'CSIDriver',
  'IngressClass',
  'ServiceAccount',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'Role',
  'ClusterRoleBinding',
  'RoleBinding',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionPolicyBinding',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
  'Service',
  'Endpoints',
  'EndpointSlice',
  'DaemonSet',
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'Pod',
  'Job',
  'CronJob',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
  'Ingress',
];

const RANKS = new Map(ORDER.map((kind, i) => [kind, i]));

/** Where a kind stands in the order of an apply; kinds that are not known here, such as custom ones, come last. */
export const applyRank = (kind: string): number => RANKS.get(kind) ?? ORDER.length;
