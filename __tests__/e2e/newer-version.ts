import { pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { DEFAULT_KUBERNETES_VERSION, nextVersion } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { addOnNamed, versionsFor } from '@kubernetes-on-aws/eks-sandbox/eks-emulator/add-on-catalog';
import type { Document } from 'yaml';

/** What a platform that begins with the default goes up to. */
export const NEWER_VERSION = nextVersion(DEFAULT_KUBERNETES_VERSION) ?? '';

/** As platform.yaml has to name them where none is pinned for the newer version. */
export const ADD_ONS_OF_NEWER = (['kube-proxy', 'coredns'] as const).map((name) => {
  const offer = addOnNamed(name);
  return [
    name,
    pinnedVersion(name, NEWER_VERSION) ?? (offer && versionsFor(offer, NEWER_VERSION)[0]),
  ] as const;
});

/** Sets the newer version in platform.yaml. */
export function goUp(file: Document): void {
  file.setIn(['cluster', 'version'], NEWER_VERSION);
  for (const [name, version] of ADD_ONS_OF_NEWER) file.setIn(['cluster', 'addOns', name], { version });
}
