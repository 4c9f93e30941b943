import type { Cluster } from '@aws-sdk/client-eks';
import {
  addOnLabels,
  addOnWorkloads,
  type AddOnConfiguration,
} from '@kubernetes-on-aws/eks-facts/add-on-workloads';
import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import type { KubernetesApi, KubernetesObject } from '../control-plane/kubernetes-api';
import { addOnNamed, versionsFor, type AddOnOffer } from './add-on-catalog';
import type { Wire } from './wire';

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
  const labels = addOnLabels(offer.name);
  const { workloads, accounts } = addOnWorkloads(offer, version, region, configuration);
  const objects: KubernetesObject[] = [];
  if (namespace !== 'kube-system') {
    objects.push({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } });
  }
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
  objects.push(...workloads);
  return objects;
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
