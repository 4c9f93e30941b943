/** The resources of a namespace, each with its API group. */
export const NAMESPACED = {
  configmaps: '',
  endpoints: '',
  events: '',
  limitranges: '',
  persistentvolumeclaims: '',
  pods: '',
  'pods/eviction': '',
  'pods/exec': '',
  'pods/log': '',
  'pods/portforward': '',
  replicationcontrollers: '',
  resourcequotas: '',
  secrets: '',
  serviceaccounts: '',
  'serviceaccounts/token': '',
  services: '',
  daemonsets: 'apps',
  deployments: 'apps',
  'deployments/scale': 'apps',
  replicasets: 'apps',
  statefulsets: 'apps',
  'statefulsets/scale': 'apps',
  cronjobs: 'batch',
  jobs: 'batch',
  horizontalpodautoscalers: 'autoscaling',
  leases: 'coordination.k8s.io',
  endpointslices: 'discovery.k8s.io',
  ingresses: 'networking.k8s.io',
  networkpolicies: 'networking.k8s.io',
  poddisruptionbudgets: 'policy',
  rolebindings: 'rbac.authorization.k8s.io',
  roles: 'rbac.authorization.k8s.io',
} as const;

/** The resources that stand beside the namespaces, each with its API group. */
const CLUSTER_WIDE = {
  namespaces: '',
  nodes: '',
  persistentvolumes: '',
  ingressclasses: 'networking.k8s.io',
  priorityclasses: 'scheduling.k8s.io',
  csidrivers: 'storage.k8s.io',
  storageclasses: 'storage.k8s.io',
  mutatingadmissionpolicies: 'admissionregistration.k8s.io',
  mutatingadmissionpolicybindings: 'admissionregistration.k8s.io',
  validatingadmissionpolicies: 'admissionregistration.k8s.io',
  validatingadmissionpolicybindings: 'admissionregistration.k8s.io',
  customresourcedefinitions: 'apiextensions.k8s.io',
} as const;

/** The API group of each resource that RBAC is asked for by name. */
export const API_GROUPS = { ...NAMESPACED, ...CLUSTER_WIDE };
