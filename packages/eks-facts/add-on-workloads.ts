import listed from './add-on-workloads.json';

/** An add-on, as far as its Pods show it. */
export interface RunningAddOn {
  readonly name: string;
  readonly namespace: string;
  /** ServiceAccount that calls AWS, when one does. */
  readonly serviceAccount?: string;
}

/** Settings of a configuration that show in the Pods. */
interface PodSettings {
  readonly replicaCount?: number;
  readonly replicas?: number;
  readonly tolerations?: readonly unknown[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: unknown;
  readonly resources?: unknown;
  readonly topologySpreadConstraints?: readonly unknown[];
  readonly podLabels?: Readonly<Record<string, string>>;
  /** YAML may have numbers and booleans here. */
  readonly env?: Readonly<Record<string, unknown>>;
}

/** A configuration as it was parsed from the add-on's configurationValues. */
export type AddOnConfiguration = PodSettings & Readonly<Record<string, unknown>>;

/** One container: its image's last part and the CPU and memory that it requests. */
type Container = readonly [name: string, cpu?: string, memory?: string];

/** What an add-on runs, with the requests of its published manifests: they count in a node's capacity. */
interface Workload {
  readonly kind: 'Deployment' | 'DaemonSet';
  readonly name: string;
  /** Label `k8s-app` or the like by which its Pods are found. */
  readonly selector: Readonly<Record<string, string>>;
  readonly containers: readonly Container[];
  readonly serviceAccount?: string;
  readonly replicas?: number;
  readonly hostNetwork?: boolean;
  /** Key of the configuration under which this workload's settings are, when not at the top. */
  readonly settings?: string;
}

const WORKLOADS = listed as unknown as Readonly<Record<string, readonly Workload[]>>;
const TOLERATE_EVERYTHING = [{ operator: 'Exists' }];

/** An add-on of which nothing more is known runs as one Deployment of its name. */
function workloadsOf(offer: RunningAddOn): readonly Workload[] {
  return (
    WORKLOADS[offer.name] ?? [
      {
        kind: 'Deployment',
        name: offer.name,
        selector: { 'app.kubernetes.io/name': offer.name },
        containers: [[offer.name, '10m', '32Mi']],
        ...(offer.serviceAccount ? { serviceAccount: offer.serviceAccount } : {}),
      },
    ]
  );
}

/** The objects of the API that run the Pods of an add-on, and the ServiceAccounts that they need. */
export function addOnWorkloads(
  addOn: RunningAddOn,
  version: string,
  region: string,
  configuration: AddOnConfiguration,
): { readonly workloads: AddOnWorkload[]; readonly accounts: readonly string[] } {
  const labels = addOnLabels(addOn.name);
  const workloads = workloadsOf(addOn);
  return {
    workloads: workloads.map((workload) => {
      const settings = (workload.settings ? configuration[workload.settings] : configuration) as
        PodSettings | undefined;
      return workloadObject(workload, addOn, version, region, labels, settings ?? {});
    }),
    accounts: [...new Set(workloads.flatMap(({ serviceAccount }) => serviceAccount ?? []))],
  };
}

/** Labels of every object of an add-on. */
export const addOnLabels = (name: string): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/managed-by': 'EKS',
  'app.kubernetes.io/name': name,
});

/** A Deployment or DaemonSet of an add-on. */
export interface AddOnWorkload {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly [field: string]: unknown;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

function workloadObject(
  workload: Workload,
  { namespace }: RunningAddOn,
  version: string,
  region: string,
  labels: Readonly<Record<string, string>>,
  settings: PodSettings,
): AddOnWorkload {
  const { kind, name, selector, serviceAccount, hostNetwork } = workload;
  const isDaemonSet = kind === 'DaemonSet';
  const env = Object.entries(settings.env ?? {}).map(([variable, value]) => ({
    name: variable,
    value: String(value),
  }));
  const containers = workload.containers.map(([container, cpu, memory], index) => {
    const requests = { ...(cpu ? { cpu } : {}), ...(memory ? { memory } : {}) };
    return {
      name: container,
      image: `602401143452.dkr.ecr.${region}.amazonaws.com/eks/${container}:${version}`,
      resources: index === 0 && settings.resources ? settings.resources : { requests },
      ...(index === 0 && env.length > 0 ? { env } : {}),
    };
  });
  const criticalTolerations = [
    { key: 'CriticalAddonsOnly', operator: 'Exists' },
    { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
  ];
  const pod = {
    ...(serviceAccount ? { serviceAccountName: serviceAccount } : {}),
    ...(hostNetwork ? { hostNetwork: true } : {}),
    priorityClassName: isDaemonSet ? 'system-node-critical' : 'system-cluster-critical',
    tolerations: settings.tolerations ?? (isDaemonSet ? TOLERATE_EVERYTHING : criticalTolerations),
    ...(settings.nodeSelector ? { nodeSelector: settings.nodeSelector } : {}),
    ...(settings.affinity ? { affinity: settings.affinity } : {}),
    ...(settings.topologySpreadConstraints
      ? { topologySpreadConstraints: settings.topologySpreadConstraints }
      : {}),
    containers,
  };
  const replicas = settings.replicaCount ?? settings.replicas ?? workload.replicas ?? 1;
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels: { ...labels, ...selector } },
    spec: {
      ...(isDaemonSet
        ? { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '10%' } } }
        : { replicas }),
      selector: { matchLabels: selector },
      template: { metadata: { labels: { ...labels, ...selector, ...settings.podLabels } }, spec: pod },
    },
  };
}
