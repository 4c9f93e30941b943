import { ADD_ONS, isAddOnName, pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { KUBERNETES_VERSIONS } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import listed from './add-ons.json';

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
