import { minorOf } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { ADD_ONS, isAddOnName } from '@kubernetes-on-aws/eks-facts/add-ons';
import { KUBERNETES_PROVIDER } from '../facts/attribute-table';
import { nodeGroupName } from '../manifests/node-group-name';
import { objectErrors } from '../rules/object-errors';
import { rolloutErrors } from '../rules/rollout-errors';
import { valueAt, workloadPods } from '../rules/workload-pods';
import { hasOracle } from '../rules/kubernetes-oracle';
import { textOf } from './aws-resources';
import { foundInAws, resourcesIn, type ClusterFacts, type Found } from './cluster-facts';
import { findingOf, type Code, type Finding } from './finding';

/** Minor versions that a kubelet, or kube-proxy, may be behind the API server. Source: Kubernetes, Version Skew Policy. */
const MOST_BEHIND = 3;

/** What does not go together with the version of the cluster or with the next one. */
export interface Compatibility {
  readonly findings: readonly Finding[];
  /** Versions of Kubernetes against which no object was held, since their validation is not built. */
  readonly without: readonly string[];
}

/** Objects, add-ons, nodes and providers against the version of the cluster, and the objects against the next one. */
export function compatibilityOf(facts: ClusterFacts): Compatibility {
  const { platform, stacks, objects } = facts;
  const version = platform.kubernetes;
  const next = `1.${minorOf(version) + 1}`;
  const documents = new Map(stacks.map(({ name, document }) => [name, document]));
  const waiting = rolloutErrors(objects, workloadPods(objects)).map(({ message }) => message);
  const refused = (code: Code, kubernetes: string, known: ReadonlySet<string>): Finding[] =>
    objectErrors(documents, kubernetes).errors.flatMap(({ stack, address, message }) => {
      const of = objects.find((each) => each.stack === stack && each.address === address);
      return of === undefined || waiting.includes(message) || known.has(`${stack}/${address}: ${message}`)
        ? []
        : findingOf(code, of, message, `write what Kubernetes ${kubernetes} takes`);
    });
  const now = hasOracle(version) ? refused('API-001', version, new Set()) : [];
  const known = new Set(now.map(({ stack, address, message }) => `${stack}/${address}: ${message}`));
  const ahead = hasOracle(next) ? refused('API-002', next, known) : [];
  return {
    findings: [...now, ...ahead, ...awsFindings(facts), ...providerFindings(facts)],
    without: [version, next].filter((each) => !hasOracle(each)),
  };
}

/** Add-ons and node groups. */
function awsFindings({ platform, stacks }: ClusterFacts): Finding[] {
  return resourcesIn(stacks, 'aws_eks_cluster').flatMap((cluster) => {
    const version = textOf(cluster.attributes['version']) || platform.kubernetes;
    const skew = (of: Found, what: string, text: string): Finding[] => {
      const behind = minorOf(version) - minorOf(text);
      if (!(behind < 0 || behind > MOST_BEHIND)) return [];
      const message = `${what} is of Kubernetes ${text.replace(/^v/, '')}, and the API server of ${version}. It may be up to ${MOST_BEHIND} minor versions older, and not newer`;
      return [
        findingOf('API-004', of, message, `set the version ${version}, or update the control plane first`),
      ];
    };
    return [
      ...resourcesIn(stacks, 'aws_eks_node_group').flatMap((group) => {
        const { attributes } = group;
        const text =
          textOf(attributes['version']) ||
          (/^\d+\.\d+/.exec(textOf(attributes['release_version']))?.[0] ?? version);
        const of = foundInAws(stacks, group, 'EKS node group', nodeGroupName(attributes));
        return skew(of, 'the kubelet', text);
      }),
      ...resourcesIn(stacks, 'aws_eks_addon').flatMap((addOn) => {
        const { attributes } = addOn;
        const [name, text] = [textOf(attributes['addon_name']), textOf(attributes['addon_version'])];
        const of = foundInAws(stacks, addOn, 'EKS add-on', name);
        if (text === '' || text.includes('${') || !isAddOnName(name)) return [];
        if (name === 'kube-proxy' && minorOf(text.replace(/^v/, '')) !== minorOf(version))
          return skew(of, 'kube-proxy', text.replace(/^v/, ''));
        const listed = Object.entries(ADD_ONS[name].versions);
        const offered = listed.filter(([, each]) => each === text).map(([of]) => of);
        if (offered.length === 0 || offered.includes(version)) return [];
        return findingOf(
          'API-003',
          of,
          `the version ${text} is that of Kubernetes ${offered.join(', ')}, and the cluster has ${version}`,
          `set ${listed.find(([each]) => each === version)?.[1] ?? 'a version that npm run versions prints'}`,
        );
      }),
    ];
  });
}

/** Stacks with another provider than the one whose arguments the conversion of objects knows. */
const providerFindings = ({ stacks, objects }: ClusterFacts): Finding[] =>
  stacks.flatMap(({ name, document }) => {
    const known = KUBERNETES_PROVIDER.split(' ')[1] ?? '';
    const version = textOf(valueAt(document, 'terraform.required_providers.kubernetes.version'));
    const first = objects.find(({ stack }) => stack === name);
    if (first === undefined || version === '' || version === known) return [];
    return findingOf(
      'API-005',
      first,
      `the stack requires hashicorp/kubernetes ${version}, and its arguments are read as those of ${known}`,
      `require ${known}`,
    );
  });
