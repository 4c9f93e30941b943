/** The version of hashicorp/kubernetes that `@cdktf/provider-kubernetes` was made from. */
export const PROVIDER_VERSION = '2.38.0';

/** The newest version of hashicorp/kubernetes whose schema these tables were compared with. */
export const NEWEST_COMPARED = '3.2.1';

/** The first version of hashicorp/kubernetes whose init containers have a restart policy. */
export const NATIVE_SIDECARS_SINCE = '3.0.0';

/** Terraform types, and where each has a part: paths of Terraform names, without indexes. */
type Places = Readonly<Record<string, readonly string[]>>;

const POD_SPECS: Places = {
  kubernetes_deployment_v1: ['spec.template.spec'],
  kubernetes_stateful_set_v1: ['spec.template.spec'],
  kubernetes_daemon_set_v1: ['spec.template.spec'],
  kubernetes_pod_v1: ['spec'],
  kubernetes_job_v1: ['spec.template.spec'],
  kubernetes_cron_job_v1: ['spec.job_template.spec.template.spec'],
};

const TERMS = ['pod_affinity', 'pod_anti_affinity'].flatMap((affinity) => [
  `affinity.${affinity}.required_during_scheduling_ignored_during_execution`,
  `affinity.${affinity}.preferred_during_scheduling_ignored_during_execution.pod_affinity_term`,
]);

/** The parts of objects that the provider has only some fields of. */
const PARTS = {
  Pods: POD_SPECS,
  containers: below(POD_SPECS, ['container', 'init_container']),
  'terms of Pod affinity': below(POD_SPECS, TERMS),
  Jobs: {
    kubernetes_job_v1: ['spec'],
    kubernetes_cron_job_v1: ['spec.job_template.spec'],
  },
  claims: {
    kubernetes_persistent_volume_claim_v1: ['spec'],
    ...below(POD_SPECS, ['volume.ephemeral.volume_claim_template.spec']),
    kubernetes_stateful_set_v1: [
      'spec.volume_claim_template.spec',
      'spec.template.spec.volume.ephemeral.volume_claim_template.spec',
    ],
  },
  StatefulSet: { kubernetes_stateful_set_v1: [''] },
  Service: { kubernetes_service_v1: [''] },
  Endpoints: { kubernetes_endpoints_v1: [''] },
  EndpointSlice: { kubernetes_endpoint_slice_v1: [''] },
  PersistentVolume: { kubernetes_persistent_volume_v1: [''] },
  HorizontalPodAutoscaler: { kubernetes_horizontal_pod_autoscaler_v2: [''] },
  PodDisruptionBudget: { kubernetes_pod_disruption_budget_v1: [''] },
  CSIDriver: { kubernetes_csi_driver_v1: [''] },
  RuntimeClass: { kubernetes_runtime_class_v1: [''] },
} as const satisfies Readonly<Record<string, Places>>;

/** A part of an object: the object itself, or what several kinds have in common. */
export type Part = keyof typeof PARTS;

/** Something that the Kubernetes API has and provider 2.38.0 has not. */
export interface ProviderGap {
  /** What it is. */
  readonly what: string;
  readonly part: Part;
  /** Fields of the API below the part, each with the argument that would be its own by the provider's rule for names. */
  readonly fields: Readonly<Record<string, string>>;
  /**
   * The first version of the provider that has it.
   * @default - none up to `NEWEST_COMPARED`
   */
  readonly since?: string;
  /**
   * Whether the provider takes the argument, and never sends it.
   * @default false
   */
  readonly ignored?: boolean;
  /**
   * The way to have it now.
   * @default - for what belongs to Pods a ReplicaSet, otherwise the object as a `kubernetes_manifest`
   */
  readonly instead?: string;
}

/**
 * Every field that can be set by a user and that provider 2.38.0 lacks in the kinds that it has.
 *
 * @see https://github.com/hashicorp/terraform-provider-kubernetes/blob/main/CHANGELOG.md
 */
export const PROVIDER_GAPS: readonly ProviderGap[] = [
  {
    what: 'native sidecars',
    part: 'Pods',
    fields: { 'initContainers[].restartPolicy': 'init_container.restart_policy' },
    since: NATIVE_SIDECARS_SINCE,
    instead: 'make it a ReplicaSet, whose addSidecar() makes one, or the object a kubernetes_manifest',
  },
  {
    what: 'a restart policy of one container, which 3.x takes as Always only',
    part: 'Pods',
    fields: { 'containers[].restartPolicy': 'container.restart_policy' },
    since: NATIVE_SIDECARS_SINCE,
  },
  {
    what: 'restart rules by exit code',
    part: 'containers',
    fields: { 'restartPolicyRules[]': 'restart_policy_rules' },
  },
  { what: 'scheduling gates', part: 'Pods', fields: { 'schedulingGates[]': 'scheduling_gate' } },
  {
    what: 'dynamic resource claims',
    part: 'Pods',
    fields: {
      'resourceClaims[]': 'resource_claim',
      'containers[].resources.claims[]': 'container.resources.claims',
      'initContainers[].resources.claims[]': 'init_container.resources.claims',
    },
  },
  { what: 'resources of the whole Pod', part: 'Pods', fields: { resources: 'resources' } },
  { what: 'user namespaces', part: 'Pods', fields: { hostUsers: 'host_users' } },
  {
    what: 'host names beyond `hostname`',
    part: 'Pods',
    fields: { hostnameOverride: 'hostname_override', setHostnameAsFQDN: 'set_hostname_as_fqdn' },
  },
  {
    what: 'AppArmor',
    part: 'Pods',
    fields: {
      'securityContext.appArmorProfile': 'security_context.app_armor_profile',
      'containers[].securityContext.appArmorProfile': 'container.security_context.app_armor_profile',
      'initContainers[].securityContext.appArmorProfile': 'init_container.security_context.app_armor_profile',
    },
  },
  {
    what: 'supplemental groups policies',
    part: 'Pods',
    fields: { 'securityContext.supplementalGroupsPolicy': 'security_context.supplemental_groups_policy' },
  },
  {
    what: 'SELinux change policies',
    part: 'Pods',
    fields: { 'securityContext.seLinuxChangePolicy': 'security_context.se_linux_change_policy' },
  },
  {
    what: 'proc mounts',
    part: 'containers',
    fields: { 'securityContext.procMount': 'security_context.proc_mount' },
  },
  {
    what: 'Windows options of one container',
    part: 'containers',
    fields: { 'securityContext.windowsOptions': 'security_context.windows_options' },
  },
  { what: 'resizing in place', part: 'containers', fields: { 'resizePolicy[]': 'resize_policy' } },
  {
    what: 'sleep handlers',
    part: 'containers',
    fields: {
      'lifecycle.postStart.sleep': 'lifecycle.post_start.sleep',
      'lifecycle.preStop.sleep': 'lifecycle.pre_stop.sleep',
    },
  },
  {
    what: 'stop signals',
    part: 'containers',
    fields: { 'lifecycle.stopSignal': 'lifecycle.stop_signal' },
  },
  {
    what: 'a grace period of a probe',
    part: 'containers',
    fields: {
      'livenessProbe.terminationGracePeriodSeconds': 'liveness_probe.termination_grace_period_seconds',
      'startupProbe.terminationGracePeriodSeconds': 'startup_probe.termination_grace_period_seconds',
    },
  },
  {
    what: 'a host of TCP probes',
    part: 'containers',
    fields: {
      'livenessProbe.tcpSocket.host': 'liveness_probe.tcp_socket.host',
      'readinessProbe.tcpSocket.host': 'readiness_probe.tcp_socket.host',
      'startupProbe.tcpSocket.host': 'startup_probe.tcp_socket.host',
    },
  },
  {
    what: 'variables from files',
    part: 'containers',
    fields: { 'env[].valueFrom.fileKeyRef': 'env.value_from.file_key_ref' },
  },
  {
    what: 'read-only mounts below a mount',
    part: 'containers',
    fields: { 'volumeMounts[].recursiveReadOnly': 'volume_mount.recursive_read_only' },
  },
  { what: 'image volumes', part: 'Pods', fields: { 'volumes[].image': 'volume.image' } },
  {
    what: 'trust bundles as files',
    part: 'Pods',
    fields: {
      'volumes[].projected.sources[].clusterTrustBundle': 'volume.projected.sources.cluster_trust_bundle',
    },
  },
  {
    what: 'Pod certificates',
    part: 'Pods',
    fields: { 'volumes[].projected.sources[].podCertificate': 'volume.projected.sources.pod_certificate' },
  },
  {
    what: 'label keys',
    part: 'terms of Pod affinity',
    fields: { 'matchLabelKeys[]': 'match_label_keys', 'mismatchLabelKeys[]': 'mismatch_label_keys' },
  },
  { what: 'suspending a Job', part: 'Jobs', fields: { suspend: 'suspend' } },
  { what: 'success policies', part: 'Jobs', fields: { successPolicy: 'success_policy' } },
  {
    what: 'Pod replacement policies',
    part: 'Jobs',
    fields: { podReplacementPolicy: 'pod_replacement_policy' },
  },
  { what: 'Jobs of other controllers', part: 'Jobs', fields: { managedBy: 'managed_by' } },
  {
    what: 'volumes from snapshots and other claims',
    part: 'claims',
    fields: { dataSource: 'data_source', dataSourceRef: 'data_source_ref' },
  },
  {
    what: 'volume attributes classes',
    part: 'claims',
    fields: { volumeAttributesClassName: 'volume_attributes_class_name' },
  },
  {
    what: 'volume attributes classes',
    part: 'PersistentVolume',
    fields: { 'spec.volumeAttributesClassName': 'spec.volume_attributes_class_name' },
  },
  {
    what: 'secrets for growing on the node',
    part: 'PersistentVolume',
    fields: {
      'spec.csi.nodeExpandSecretRef': 'spec.persistent_volume_source.csi.node_expand_secret_ref',
    },
  },
  { what: 'ordinals from another number', part: 'StatefulSet', fields: { 'spec.ordinals': 'spec.ordinals' } },
  {
    what: 'several Pods replaced at a time',
    part: 'StatefulSet',
    fields: {
      'spec.updateStrategy.rollingUpdate.maxUnavailable':
        'spec.update_strategy.rolling_update.max_unavailable',
    },
  },
  {
    what: 'traffic kept in its zone',
    part: 'Service',
    fields: { 'spec.trafficDistribution': 'spec.traffic_distribution' },
    instead: 'the nearest to it is the annotation service.kubernetes.io/topology-mode: Auto',
  },
  {
    what: 'application protocols',
    part: 'Endpoints',
    fields: { 'subsets[].ports[].appProtocol': 'subset.port.app_protocol' },
    instead: 'make it an EndpointSlice',
  },
  {
    what: 'objects behind an address',
    part: 'Endpoints',
    fields: {
      'subsets[].addresses[].targetRef': 'subset.address.target_ref',
      'subsets[].notReadyAddresses[].targetRef': 'subset.not_ready_address.target_ref',
    },
    instead: 'make it an EndpointSlice',
  },
  {
    what: 'ports other than TCP',
    part: 'EndpointSlice',
    fields: { 'ports[].protocol': 'port.protocol' },
    ignored: true,
    instead: 'make it Endpoints',
  },
  { what: 'topology hints', part: 'EndpointSlice', fields: { 'endpoints[].hints': 'endpoint.hints' } },
  {
    what: 'tolerances',
    part: 'HorizontalPodAutoscaler',
    fields: {
      'spec.behavior.scaleDown.tolerance': 'spec.behavior.scale_down.tolerance',
      'spec.behavior.scaleUp.tolerance': 'spec.behavior.scale_up.tolerance',
    },
  },
  {
    what: 'eviction of Pods that are not ready',
    part: 'PodDisruptionBudget',
    fields: { 'spec.unhealthyPodEvictionPolicy': 'spec.unhealthy_pod_eviction_policy' },
  },
  {
    what: 'ownership of files',
    part: 'CSIDriver',
    fields: { 'spec.fsGroupPolicy': 'spec.fs_group_policy' },
  },
  {
    what: 'account tokens for the driver',
    part: 'CSIDriver',
    fields: {
      'spec.tokenRequests[]': 'spec.token_requests',
      'spec.requiresRepublish': 'spec.requires_republish',
    },
  },
  { what: 'SELinux mounts', part: 'CSIDriver', fields: { 'spec.seLinuxMount': 'spec.se_linux_mount' } },
  {
    what: 'tracking of capacity',
    part: 'CSIDriver',
    fields: {
      'spec.storageCapacity': 'spec.storage_capacity',
      'spec.nodeAllocatableUpdatePeriodSeconds': 'spec.node_allocatable_update_period_seconds',
    },
  },
  { what: 'overhead of Pods', part: 'RuntimeClass', fields: { overhead: 'overhead' } },
  { what: 'nodes of a runtime', part: 'RuntimeClass', fields: { scheduling: 'scheduling' } },
];

/** A kind of which provider 2.38.0 has no resource. */
export interface MissingKind {
  readonly kind: string;
  readonly apiVersion: string;
  /** The Terraform type that a later version has, and the first such version. @default - none up to `NEWEST_COMPARED` */
  readonly later?: { readonly type: string; readonly since: string };
  /**
   * The construct that makes it here.
   * @default - none: the object as a `kubernetes_manifest`
   */
  readonly construct?: string;
}

/** Kinds that the provider makes by `kubernetes_manifest` only; those of a CustomResourceDefinition once that is in the cluster. */
export const MISSING_KINDS: readonly MissingKind[] = [
  { kind: 'ReplicaSet', apiVersion: 'apps/v1', construct: 'ReplicaSet' },
  {
    kind: 'ValidatingAdmissionPolicy',
    apiVersion: 'admissionregistration.k8s.io/v1',
    later: { type: 'kubernetes_validating_admission_policy_v1', since: '3.0.0' },
    construct: 'ValidatingAdmissionPolicy',
  },
  {
    kind: 'ValidatingAdmissionPolicyBinding',
    apiVersion: 'admissionregistration.k8s.io/v1',
    construct: 'ValidatingAdmissionPolicy',
  },
  { kind: 'CustomResourceDefinition', apiVersion: 'apiextensions.k8s.io/v1' },
  { kind: 'ResourceClaimTemplate', apiVersion: 'resource.k8s.io/v1' },
  { kind: 'VolumeAttributesClass', apiVersion: 'storage.k8s.io/v1' },
  { kind: 'VolumeSnapshot', apiVersion: 'snapshot.storage.k8s.io/v1' },
  { kind: 'Gateway', apiVersion: 'gateway.networking.k8s.io/v1' },
  { kind: 'HTTPRoute', apiVersion: 'gateway.networking.k8s.io/v1' },
];

/** That the provider lacks something, and since when it does not. */
export function lacks(what: 'argument' | 'resource', since: string | undefined): string {
  return `hashicorp/kubernetes ${PROVIDER_VERSION} has no such ${what}, ${
    since === undefined ? `nor has any version up to ${NEWEST_COMPARED}` : `${since} has`
  }`;
}

/** Parts that a ReplicaSet has too, which is no typed resource. */
const OF_EVERY_POD: readonly Part[] = ['Pods', 'containers', 'terms of Pod affinity'];

/** The way to have it now, as a command. */
export function remedyFor({ instead, part }: ProviderGap): string {
  if (instead !== undefined) return instead;
  return OF_EVERY_POD.includes(part)
    ? 'make it a ReplicaSet, whose customize() takes every field of the API, or the object a kubernetes_manifest'
    : 'make the object a kubernetes_manifest';
}

/** An argument that the provider would have. */
export interface MissingArgument {
  /** Its path in the resource: Terraform names, without indexes. */
  readonly path: string;
  /** Name of the field in the API. */
  readonly field: string;
}

/** The arguments of a gap in a Terraform type; none in one that has no such part. */
export function argumentsOf({ part, fields }: ProviderGap, type: string): MissingArgument[] {
  const places: Places = PARTS[part];
  return (places[type] ?? []).flatMap((place) =>
    Object.entries(fields).map(([field, argument]) => ({
      path: place === '' ? argument : `${place}.${argument}`,
      field: (field.split('.').at(-1) ?? field).replace('[]', ''),
    })),
  );
}

function below(places: Places, paths: readonly string[]): Places {
  return Object.fromEntries(
    Object.entries(places).map(([type, roots]) => [
      type,
      roots.flatMap((root) => paths.map((path) => `${root}.${path}`)),
    ]),
  );
}
