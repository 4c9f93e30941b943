import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import { textOf } from '../manifests/attributes';
import type { Stack } from '../manifests/stacks';

/** Address and port of the Pod Identity agent on each node. Source: EKS User Guide, how EKS Pod Identity works. */
const AGENT = { range: new Cidr('169.254.170.23/32'), port: 80 };

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

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

interface EgressRule {
  readonly to?: readonly {
    readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
  }[];
  readonly ports?: readonly {
    readonly port?: number | string;
    readonly endPort?: number;
    readonly protocol?: string;
  }[];
}

/** A NetworkPolicy, as far as it concerns what Pods send. */
export interface EgressPolicy {
  readonly metadata: Labelled;
  readonly spec: {
    readonly podSelector?: Selector;
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly EgressRule[];
  };
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
  policies: readonly EgressPolicy[],
  accounts: ReadonlySet<string>,
): string[] {
  return pods.flatMap(({ metadata, spec }) => {
    const { namespace, name } = metadata;
    const account = spec.serviceAccountName ?? 'default';
    if (!accounts.has(`${namespace}/${account}`) || spec.hostNetwork === true) return [];
    const own = policies.filter(
      (policy) =>
        policy.metadata.namespace === namespace &&
        policy.spec.policyTypes?.includes('Egress') === true &&
        selects(policy.spec.podSelector ?? {}, metadata.labels ?? {}),
    );
    if (own.length === 0 || own.some(({ spec: { egress = [] } }) => egress.some(letsOut))) return [];
    const names = own.map((policy) => policy.metadata.name).join(', ');
    return [
      `Pod ${namespace}/${name} gets no credentials of the IAM role of ${account}: the NetworkPolicies ${names} keep it from the ` +
        `agent at ${AGENT.range.address}:${AGENT.port}. Allow it by connections.allowToAws() of the workload`,
    ];
  });
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      const has = value !== undefined;
      if (operator === 'Exists' || operator === 'DoesNotExist') return has === (operator === 'Exists');
      return operator === 'In' ? has && values.includes(value) : !has || !values.includes(value);
    })
  );
}

/** Whether a rule lets Pods reach the agent, which is no Pod: a named port, and one of a selector, is none of its. */
function letsOut({ to = [], ports = [] }: EgressRule): boolean {
  const { range, port: agentPort } = AGENT;
  const peer = to.some(
    ({ ipBlock }) =>
      ipBlock !== undefined &&
      range.isWithin(new Cidr(ipBlock.cidr)) &&
      !(ipBlock.except ?? []).some((part) => range.isWithin(new Cidr(part))),
  );
  const isAgents = ({ port, endPort, protocol = 'TCP' }: (typeof ports)[number]): boolean => {
    if (protocol !== 'TCP' || typeof port === 'string') return false;
    return port === undefined || (port <= agentPort && agentPort <= (endPort ?? port));
  };
  return (to.length === 0 || peer) && (ports.length === 0 || ports.some(isAgents));
}
