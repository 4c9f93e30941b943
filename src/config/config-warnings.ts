import { pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { parseArn } from '@kubernetes-on-aws/eks-facts/arn';
import { NEEDED_BY_SESSIONS, NEEDED_WITHOUT_NAT } from '../facts/interface-endpoint-services';
import type { EndpointService } from '../facts/interface-endpoint-services';
import {
  isKnownVersion,
  KUBERNETES_VERSIONS,
  nextVersion,
} from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { docsPage } from '../facts/docs-page';
import { NODE_WARNINGS } from './node-rules';
import { PIPELINE_WARNINGS } from './pipeline-rules';
import { entriesOf } from './config-rule';
import type { Rule } from './config-rule';

/** Days before the end of standard support from which on it is told: time for a staged upgrade. */
const NOTICE_DAYS = 60;
const DAY_MS = 86_400_000;

const standardSupportEndsSoon: Rule = ({ cluster }, { today, report }) => {
  const version = cluster?.version;
  if (version === undefined || !isKnownVersion(version)) return;
  const end = KUBERNETES_VERSIONS[version].endOfStandardSupport;
  const days = Math.ceil((Date.parse(end) - today.getTime()) / DAY_MS);
  if (days > NOTICE_DAYS) return;
  const next = nextVersion(version);
  const remedy =
    next === undefined
      ? 'add the next version to packages/eks-facts/kubernetes-versions.ts, and upgrade to it before that day'
      : `write "${next}" before that day, which upgrades the cluster in the right order`;
  report(
    ['cluster', 'version'],
    `EKS standard support of Kubernetes ${version} ends on ${end}, in ${days} ${days === 1 ? 'day' : 'days'}: EKS upgrades the ` +
      `cluster by itself then; ${remedy}`,
  );
};

/** Where none is pinned, the state keeps the version of an add-on, and kube-proxy is left behind by an upgrade. */
const kubeProxyFollows: Rule = ({ cluster }, { report }) => {
  const version = cluster?.version ?? '';
  if (!isKnownVersion(version)) return;
  if (pinnedVersion('kube-proxy', version) ?? cluster?.addOns?.['kube-proxy']?.version) return;
  const message =
    `no add-on versions are pinned for Kubernetes ${version}: EKS chooses them for a new cluster, and an upgrade keeps them. ` +
    'Set cluster.addOns.kube-proxy.version (aws eks describe-addon-versions)';
  report(['cluster', 'version'], message);
};

/** No error: a VPC can get another way out than NAT, such as a transit gateway, from elsewhere. */
const nodesReachAws: Rule = ({ network, cluster }, { isGiven, report }) => {
  if (network?.nat !== 'none') return;
  const needed = {
    ...NEEDED_WITHOUT_NAT,
    ...(cluster?.controllers?.loadBalancer === true && { elasticloadbalancing: 'load balancers' }),
    ...(cluster?.sessionManager === true &&
      Object.fromEntries(NEEDED_BY_SESSIONS.map((service) => [service, 'sessions on nodes']))),
  };
  const missing = Object.entries(needed).filter(
    ([service]) => !network.endpoints?.includes(service as EndpointService),
  );
  if (missing.length === 0) return;
  const list = missing.map(([service, what]) => `${service} (${what})`).join(', ');
  report(
    isGiven(['network', 'endpoints']) ? ['network', 'endpoints'] : ['network', 'nat'],
    `without NAT, nodes do not reach ${list}; add them to network.endpoints, unless the VPC has another way out`,
  );
};

/** EKS reports CoreDNS as degraded until it has a node to run on. */
const someNodeRuns: Rule = ({ nodes }, { report }) => {
  const running = entriesOf(nodes).map(([, { min, desired }]) => desired ?? min);
  if (running.length === 0 || running.some((count) => count !== 0)) return;
  report(
    ['nodes'],
    'no node group starts with an instance: CoreDNS has no node to run on, and the first deployment waits until it times out. ' +
      'Set desired of one to 1 or more',
    'key',
  );
};

/** A list that a file takes from the one that it extends may name the other account's. */
const someAdminIsOfTheAccount: Rule = ({ account, cluster }, { report }) => {
  const accounts = new Set((cluster?.admins ?? []).flatMap((arn) => parseArn(arn ?? '')?.account ?? []));
  if (account === undefined || accounts.size === 0 || accounts.has(account)) return;
  report(
    ['cluster', 'admins'],
    `no admin is in the account ${account} of this platform; found ${[...accounts].join(', ')}; name its own admins, unless they sign ` +
      'in from there',
  );
};

/** Left out, it is the wide one, so that an upgrade of this program leaves the volumes of a running platform within reach. */
const volumesAreChosen: Rule = ({ cluster }, { isGiven, report }) => {
  const path = ['cluster', 'addOns', 'aws-ebs-csi-driver', 'policy'];
  if (cluster === undefined || isGiven(path)) return;
  const given = [2, 3].map((length) => path.slice(0, length)).findLast(isGiven) ?? ['cluster'];
  report(
    given,
    'the role of aws-ebs-csi-driver reaches the volumes of the whole account. Set cluster.addOns.aws-ebs-csi-driver.policy to cluster ' +
      `once its volumes are tagged (${docsPage('guides/ebs-policy.md')}), or to account to keep it so`,
    'key',
  );
};

/** What is no mistake, but will be one or is likely not meant. */
export const WARNINGS: readonly Rule[] = [
  standardSupportEndsSoon,
  kubeProxyFollows,
  nodesReachAws,
  someNodeRuns,
  someAdminIsOfTheAccount,
  volumesAreChosen,
  ...NODE_WARNINGS,
  ...PIPELINE_WARNINGS,
];
