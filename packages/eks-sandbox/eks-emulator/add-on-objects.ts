import type { Cluster } from '@aws-sdk/client-eks';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import { withoutUndefined } from '../aws-emulator/emulated-account';
import type { KubernetesApi, KubernetesObject } from '../control-plane/kubernetes-api';
import { addOnNamed, versionsFor, type AddOnOffer, type AddOnWorkload } from './add-on-catalog';
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

const TOLERATE_EVERYTHING = [{ operator: 'Exists' }];

/** An add-on of which nothing more is known runs as one Deployment of its name. */
function workloadsOf(offer: AddOnOffer): readonly AddOnWorkload[] {
  return (
    offer.workloads ?? [
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
  const { csiDriver: driver } = offer;
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
  workload: AddOnWorkload,
  { namespace }: AddOnOffer,
  version: string,
  region: string,
  labels: Readonly<Record<string, string>>,
  settings: PodSettings,
): KubernetesObject {
  const { kind, name, selector, serviceAccount, hostNetwork } = workload;
  const isDaemonSet = kind === 'DaemonSet';
  const env = Object.entries(settings.env ?? {}).map(([key, value]) => ({ name: key, value: String(value) }));
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
  const { nodeSelector, affinity, topologySpreadConstraints } = settings;
  const pod = {
    ...withoutUndefined({ serviceAccountName: serviceAccount, hostNetwork }),
    priorityClassName: isDaemonSet ? 'system-node-critical' : 'system-cluster-critical',
    tolerations: settings.tolerations ?? (isDaemonSet ? TOLERATE_EVERYTHING : criticalTolerations),
    ...withoutUndefined({ nodeSelector, affinity, topologySpreadConstraints }),
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
  const port = (name: string, port: number, protocol: string): object => ({
    ...{ name, port, protocol, targetPort: port },
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
