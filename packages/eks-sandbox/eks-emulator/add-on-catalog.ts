import { ADD_ONS, isAddOnName, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { KUBERNETES_VERSIONS } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import listed from './add-ons.json';

/** One container: its image's last part and the CPU and memory that it requests. */
type Container = readonly [name: string, cpu?: string, memory?: string];

/** What an add-on runs, with the requests of its published manifests: they count in a node's capacity. */
export interface AddOnWorkload {
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

/** An add-on as EKS offers it. */
export interface AddOnOffer {
  readonly name: string;
  readonly type: string;
  readonly publisher: 'eks' | 'aws' | 'community';
  /** Versions by Kubernetes minor version, the default first, besides the pinned one; `*` is every other one. */
  readonly versions: Readonly<Record<string, readonly string[]>>;
  /** Namespace of its objects. */
  readonly namespace: string;
  /** Service account that calls AWS, when one does. */
  readonly serviceAccount?: string;
  /** Top-level keys of its configuration; a configuration with other keys is refused. Left out: any. */
  readonly configuration?: readonly string[];
  /** @default - one Deployment of its name: nothing more is known */
  readonly workloads?: readonly AddOnWorkload[];
  /** The CSI driver that it brings: while its CSIDriver is there, claims of its classes get volumes. */
  readonly csiDriver?: { readonly name: string; readonly spec: object };
}

/**
 * The add-ons that the sandbox knows, and what EKS says of them. Of those in the shared table, the ServiceAccounts and the pinned
 * versions stand there. Versions of kube-proxy for 1.37 have the form that EKS gives them; none is confirmed.
 */
export const ADD_ON_OFFERS: readonly AddOnOffer[] = Object.entries(
  listed as unknown as Readonly<Record<string, Omit<AddOnOffer, 'name'>>>,
).map(([name, offer]) => ({ name, ...offer, ...(isAddOnName(name) ? ADD_ONS[name].identity : {}) }));

/** @returns undefined for an add-on that the sandbox does not know */
export function addOnNamed(name: string): AddOnOffer | undefined {
  return ADD_ON_OFFERS.find((offer) => offer.name === name);
}

/** The add-on's versions for a Kubernetes version, the default first. */
export function versionsFor({ name, versions }: AddOnOffer, kubernetesVersion: string): readonly string[] {
  const [first, ...others] = versions[kubernetesVersion] ?? versions['*'] ?? [];
  const pinned = isAddOnName(name) ? pinnedVersion(name, kubernetesVersion) : undefined;
  return [...new Set([first, pinned, ...others])].filter((version) => version !== undefined);
}

/** Kubernetes versions that a version of the add-on goes with. */
export function kubernetesVersionsFor(offer: AddOnOffer, version: string): string[] {
  return Object.keys(KUBERNETES_VERSIONS).filter((kubernetes) =>
    versionsFor(offer, kubernetes).includes(version),
  );
}
