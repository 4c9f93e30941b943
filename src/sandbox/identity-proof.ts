import { textOf } from '../manifests/attributes';
import type { KubernetesObject } from '../manifests/objects';
import type { Stack } from '../manifests/stacks';
import { selects } from '../rules/label-selector';
import {
  addressesOf,
  directionsOf,
  NetworkPolicies,
  podEndpoint,
  portNumber,
} from '../rules/network-policies';
import { intersection, type Ranges } from '../rules/number-ranges';
import { objectAt } from '../rules/workload-pods';

/** Address and port of the Pod Identity agent on each node. Source: EKS User Guide, how EKS Pod Identity works. */
const [AGENT_ADDRESS, AGENT_PORT] = ['169.254.170.23', 80];
const AGENT = { addresses: addressesOf(`${AGENT_ADDRESS}/32`) };
const AGENT_PORTS: Ranges = [[portNumber('TCP', AGENT_PORT), portNumber('TCP', AGENT_PORT)]];

interface Labelled {
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A Pod, as far as it asks the agent for credentials. */
export interface PodOfAccount {
  readonly metadata: Labelled;
  readonly spec: { readonly serviceAccountName?: string; readonly hostNetwork?: boolean };
}

/** The ServiceAccounts that have an IAM role by Pod Identity, as `namespace/name`. */
export function accountsWithRole(stacks: readonly Stack[]): ReadonlySet<string> {
  return new Set(
    stacks.flatMap(({ document }) =>
      Object.values(document.resource?.['aws_eks_pod_identity_association'] ?? {}).map(
        ({ namespace, service_account: account }) => `${textOf(namespace)}/${textOf(account)}`,
      ),
    ),
  );
}

/** The Pods that have an IAM role, and whose NetworkPolicies keep them from the agent that hands out its credentials. */
export function keptFromTheAgent(
  pods: readonly PodOfAccount[],
  policies: readonly KubernetesObject[],
  accounts: ReadonlySet<string>,
): string[] {
  return pods.flatMap(({ metadata, spec }) => {
    const { namespace, name } = metadata;
    const account = spec.serviceAccountName ?? 'default';
    if (!accounts.has(`${namespace}/${account}`) || spec.hostNetwork === true) return [];
    const own = policies.filter(
      (policy) =>
        policy.metadata.namespace === namespace &&
        directionsOf(policy).includes('Egress') &&
        selects(objectAt(policy['spec'], 'podSelector'), metadata.labels ?? {}),
    );
    const pod = podEndpoint({ metadata: { ...metadata }, spec: {} }, {});
    if (intersection(new NetworkPolicies(own, [pod]).allowed(pod, AGENT), AGENT_PORTS).length > 0) return [];
    const names = own.map((policy) => policy.metadata.name).join(', ');
    return [
      `Pod ${namespace}/${name} gets no credentials of the IAM role of ${account}: the NetworkPolicies ${names} keep it from the ` +
        `agent at ${AGENT_ADDRESS}:${AGENT_PORT}. Allow it by connections.allowToAws() of the workload`,
    ];
  });
}
