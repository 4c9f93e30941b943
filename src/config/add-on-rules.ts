import { defaultTaints } from '@kubernetes-on-aws/eks-facts/accelerators';
import { ADD_ON_VERSION } from '@kubernetes-on-aws/eks-facts/add-ons';
import { VERSION_SKEW } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { entriesOf } from './config-rule';
import type { Rule } from './config-rule';

/** CoreDNS and the controllers of the other add-ons tolerate no taint, and EKS waits for them until it times out. */
const addOnsFindANode: Rule = ({ nodes }, { report }) => {
  const taintsOf = entriesOf(nodes).map(
    ([name, { instanceTypes = [], taints = defaultTaints(instanceTypes.map((type) => type ?? '')) }]) =>
      [name, taints] as const,
  );
  // An invalid taint may be meant as one that keeps no Pod away.
  if (taintsOf.some(([, taints]) => taints.some((taint) => taint?.effect === undefined))) return;
  const tainted = taintsOf.filter(([, taints]) => taints.some((taint) => keepsAway(taint?.effect)));
  const [first] = tainted;
  if (first === undefined || tainted.length < taintsOf.length) return;
  const message =
    'every node has taints. CoreDNS and other add-ons of EKS tolerate none, and would find no node to run on. ' +
    'Add a node without taints, or remove them from one';
  report(['nodes', first[0], 'taints'], message);
};

const kubeProxyFitsTheCluster: Rule = ({ cluster }, { report }) => {
  const version = cluster?.addOns?.['kube-proxy']?.version;
  const kubernetes = /^1\.(\d+)$/.exec(cluster?.version ?? '')?.[1];
  const [, major, minor] = ADD_ON_VERSION.exec(version ?? '') ?? [];
  if (version === undefined || kubernetes === undefined || minor === undefined) return;
  const behind = Number(kubernetes) - Number(minor);
  if (major === '1' && behind >= 0 && behind <= VERSION_SKEW) return;
  const message =
    `"${version}" does not go with Kubernetes 1.${kubernetes}; allowed: v1.${Number(kubernetes) - VERSION_SKEW} to ` +
    `v1.${kubernetes}; leave it out for the one that fits`;
  report(['cluster', 'addOns', 'kube-proxy', 'version'], message);
};

/** What the add-ons must be to the Kubernetes version and to the nodes. */
export const ADD_ON_RULES: readonly Rule[] = [addOnsFindANode, kubeProxyFitsTheCluster];

/** Whether a taint of this effect keeps Pods without tolerations away. */
function keepsAway(effect: string | undefined): boolean {
  return effect !== undefined && effect !== 'PreferNoSchedule';
}
