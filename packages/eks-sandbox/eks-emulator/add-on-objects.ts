import type { Cluster } from '@aws-sdk/client-eks';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import type { KubernetesApi, KubernetesObject } from '../control-plane/kubernetes-api';
import { addOnNamed, versionsFor, type AddOnOffer } from './add-on-catalog';
import type { Wire } from './wire';

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

const TOLERATE_EVERYTHING = [{ operator: 'Exists' }];

/** What each add-on runs, with the requests of its published manifests: they count in a node's capacity. */
const WORKLOADS: Readonly<Record<string, readonly Workload[]>> = {
  'vpc-cni': [
    {
      kind: 'DaemonSet',
      name: 'aws-node',
      selector: { 'k8s-app': 'aws-node' },
      containers: [
        ['aws-node', '25m'],
        ['aws-eks-nodeagent', '25m'],
      ],
      serviceAccount: 'aws-node',
      hostNetwork: true,
    },
  ],
  'kube-proxy': [
    {
      kind: 'DaemonSet',
      name: 'kube-proxy',
      selector: { 'k8s-app': 'kube-proxy' },
      containers: [['kube-proxy', '100m']],
      serviceAccount: 'kube-proxy',
      hostNetwork: true,
    },
  ],
  coredns: [
    {
      kind: 'Deployment',
      name: 'coredns',
      selector: { 'eks.amazonaws.com/component': 'coredns', 'k8s-app': 'kube-dns' },
      containers: [['coredns', '100m', '70Mi']],
      serviceAccount: 'coredns',
      replicas: 2,
    },
  ],
  'eks-pod-identity-agent': [
    {
      kind: 'DaemonSet',
      name: 'eks-pod-identity-agent',
      selector: { 'app.kubernetes.io/name': 'eks-pod-identity-agent' },
      containers: [['eks-pod-identity-agent']],
      hostNetwork: true,
    },
  ],
  'aws-ebs-csi-driver': [
    {
      kind: 'Deployment',
      name: 'ebs-csi-controller',
      selector: { app: 'ebs-csi-controller' },
      containers: [
        ['ebs-plugin', '10m', '40Mi'],
        ['csi-provisioner', '10m', '40Mi'],
        ['csi-attacher', '10m', '40Mi'],
        ['csi-snapshotter', '10m', '40Mi'],
        ['csi-resizer', '10m', '40Mi'],
        ['liveness-probe', '10m', '40Mi'],
      ],
      serviceAccount: 'ebs-csi-controller-sa',
      replicas: 2,
      settings: 'controller',
    },
    {
      kind: 'DaemonSet',
      name: 'ebs-csi-node',
      selector: { app: 'ebs-csi-node' },
      containers: [
        ['ebs-plugin', '10m', '40Mi'],
        ['node-driver-registrar', '10m', '40Mi'],
        ['liveness-probe', '10m', '40Mi'],
      ],
      serviceAccount: 'ebs-csi-node-sa',
      settings: 'node',
    },
  ],
  'metrics-server': [
    {
      kind: 'Deployment',
      name: 'metrics-server',
      selector: { 'app.kubernetes.io/name': 'metrics-server' },
      containers: [['metrics-server', '100m', '200Mi']],
      serviceAccount: 'metrics-server',
      replicas: 2,
    },
  ],
  'amazon-cloudwatch-observability': [
    {
      kind: 'Deployment',
      name: 'amazon-cloudwatch-observability-controller-manager',
      selector: { 'app.kubernetes.io/name': 'amazon-cloudwatch-observability' },
      containers: [['manager', '100m', '64Mi']],
    },
    {
      kind: 'DaemonSet',
      name: 'cloudwatch-agent',
      selector: { 'app.kubernetes.io/name': 'cloudwatch-agent' },
      containers: [['otc-container', '250m', '128Mi']],
      serviceAccount: 'cloudwatch-agent',
    },
    {
      kind: 'DaemonSet',
      name: 'fluent-bit',
      selector: { 'k8s-app': 'fluent-bit' },
      containers: [['fluent-bit', '50m', '25Mi']],
      serviceAccount: 'cloudwatch-agent',
    },
  ],
  'prometheus-node-exporter': [
    {
      kind: 'DaemonSet',
      name: 'prometheus-node-exporter',
      selector: { 'app.kubernetes.io/name': 'prometheus-node-exporter' },
      containers: [['node-exporter']],
      hostNetwork: true,
    },
  ],
  'eks-node-monitoring-agent': [
    {
      kind: 'DaemonSet',
      name: 'eks-node-monitoring-agent',
      selector: { 'app.kubernetes.io/name': 'eks-node-monitoring-agent' },
      containers: [['eks-node-monitoring-agent', '10m', '30Mi']],
      hostNetwork: true,
    },
  ],
  'aws-efs-csi-driver': [
    {
      kind: 'Deployment',
      name: 'efs-csi-controller',
      selector: { app: 'efs-csi-controller' },
      containers: [['efs-plugin'], ['csi-provisioner'], ['liveness-probe']],
      serviceAccount: 'efs-csi-controller-sa',
      replicas: 2,
      settings: 'controller',
    },
    {
      kind: 'DaemonSet',
      name: 'efs-csi-node',
      selector: { app: 'efs-csi-node' },
      containers: [['efs-plugin'], ['csi-driver-registrar'], ['liveness-probe']],
      hostNetwork: true,
      settings: 'node',
    },
  ],
};

/** The CSI driver that an add-on brings: while its CSIDriver is there, claims of its classes get volumes. */
const CSI_DRIVERS: Readonly<Record<string, { readonly name: string; readonly spec: object }>> = {
  'aws-ebs-csi-driver': {
    name: 'ebs.csi.aws.com',
    spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: 'ReadWriteOnceWithFSType' },
  },
  'aws-efs-csi-driver': { name: 'efs.csi.aws.com', spec: { attachRequired: false } },
};

/** An add-on of which nothing more is known runs as one Deployment of its name. */
function workloadsOf(offer: AddOnOffer): readonly Workload[] {
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

/** What the add-on is made of in the cluster, in the order of creation. */
export function addOnObjects(
  offer: AddOnOffer,
  version: string,
  cluster: Wire<Cluster>,
  configuration: AddOnConfiguration,
): KubernetesObject[] {
  const { namespace } = offer;
  const serviceCidr = cluster.kubernetesNetworkConfig?.serviceIpv4Cidr ?? '';
  const region = cluster.arn?.split(':')[3] ?? '';
  const labels = { 'app.kubernetes.io/managed-by': 'EKS', 'app.kubernetes.io/name': offer.name };
  const workloads = workloadsOf(offer);
  const objects: KubernetesObject[] = [];
  if (namespace !== 'kube-system') {
    objects.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
  }
  const accounts = new Set(workloads.flatMap(({ serviceAccount }) => serviceAccount ?? []));
  for (const name of accounts) {
    objects.push({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, labels } });
  }
  if (offer.name === 'coredns') objects.push(...dnsObjects(serviceCidr, labels));
  const driver = CSI_DRIVERS[offer.name];
  if (driver) {
    objects.push({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: driver.name, labels },
      spec: driver.spec,
    });
  }
  for (const workload of workloads) {
    const settings = (workload.settings ? configuration[workload.settings] : configuration) as
      PodSettings | undefined;
    objects.push(workloadObject(workload, offer, version, region, labels, settings ?? {}));
  }
  return objects;
}

function workloadObject(
  workload: Workload,
  { namespace }: AddOnOffer,
  version: string,
  region: string,
  labels: Readonly<Record<string, string>>,
  settings: PodSettings,
): KubernetesObject {
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

function dnsObjects(serviceCidr: string, labels: Readonly<Record<string, string>>): KubernetesObject[] {
  const port = (name: string, number: number, protocol: string): object => ({
    name,
    port: number,
    protocol,
    targetPort: number,
  });
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: 'kube-system', labels: { ...labels, 'k8s-app': 'kube-dns' } },
      spec: {
        // Nodes tell their Pods this address: the tenth of the service range.
        clusterIP: new Cidr(serviceCidr).at(10),
        selector: { 'k8s-app': 'kube-dns' },
        ports: [port('dns', 53, 'UDP'), port('dns-tcp', 53, 'TCP'), port('metrics', 9153, 'TCP')],
      },
    },
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'coredns', namespace: 'kube-system', labels },
      spec: { maxUnavailable: 1, selector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
    },
  ];
}

/** The add-ons that EKS puts into a new cluster unless it is told not to; EKS does not manage them afterward. */
export async function bootstrapAddOns(api: KubernetesApi, cluster: Wire<Cluster>): Promise<void> {
  for (const name of ['vpc-cni', 'kube-proxy', 'coredns']) {
    const offer = addOnNamed(name);
    if (!offer) continue;
    const version = versionsFor(offer, cluster.version ?? '')[0] ?? '';
    for (const object of addOnObjects(offer, version, cluster, {}))
      await api.apply(object, 'eks-bootstrap', true);
  }
}
