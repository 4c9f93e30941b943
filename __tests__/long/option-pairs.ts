import { parseDocument } from 'yaml';
import { NEEDED_BY_SESSIONS, NEEDED_WITHOUT_NAT } from '../../src/facts/interface-endpoint-services';
import { combinations, type Choices, type Combination } from './pairwise';

/** Where in platform.yaml each option stands, and what it may be; undefined is left out. */
export const OPTIONS = {
  // What stays as it was when the VPC and the cluster were made comes first.
  'network.zones': [
    ['a', 'b', 'c'],
    ['a', 'b'],
  ],
  'network.secondaryCidr': [undefined, '100.64.0.0/16'],
  'network.controlPlaneSubnets': [false, true],
  'network.nat': ['per-zone', 'single', 'none'],
  'network.endpoints': [[], ['ec2', 'sts', 'logs'], ['sqs']],
  'network.prefixDelegation': [true, false],
  'images.cache': [false, true],
  tags: [undefined, { CostCenter: '4711' }],
  'cluster.publicAccess': [['203.0.113.0/24'], []],
  'cluster.viewers': [undefined, ['arn:aws:iam::111122223333:role/support']],
  'cluster.logRetentionDays': [undefined, 60],
  'cluster.zonalShift': [true, false],
  'cluster.controllers.karpenter': [false, true],
  'cluster.controllers.externalDns': [undefined, { zones: ['Z0123456789ABC'] }],
  'cluster.addOns.aws-ebs-csi-driver.policy': ['cluster', 'account'],
  'cluster.sessionManager': [false, true],
  'nodes.node-1.instanceTypes': [['m7i.large'], ['m7g.large'], ['g6.xlarge']],
  'nodes.node-1.capacity': ['on-demand', 'spot'],
  'nodes.node-1.os': ['al2023', 'bottlerocket'],
  'nodes.node-1.scaling': ['terraform', 'autoscaler'],
  'nodes.node-1.taints': [undefined, [{ key: 'dedicated', value: 'batch', effect: 'PreferNoSchedule' }]],
} satisfies Choices;

/** Of these a platform keeps what it has: another one is begun for another value. */
const KEPT = ['network.zones', 'network.secondaryCidr', 'network.controlPlaneSubnets'];

/** How many combinations there are at least. */
export const LEAST = 30;

/** Combinations that follow each other on one platform, without a difference in what stays as it was made. */
export function lives(): Combination[][] {
  const groups = new Map<string, Combination[]>();
  for (const combination of combinations(OPTIONS, LEAST)) {
    const kept = KEPT.map((name) => combination[name]).join();
    groups.set(kept, [...(groups.get(kept) ?? []), combination]);
  }
  return [...groups.values()];
}

/**
 * A combination for a deployment of the pull requests, which adds a zone to two and counts the instances of node-1: one of those
 * that allow both, with a way to AWS for the nodes.
 *
 * @param seed any number: the same one chooses the same combination
 */
export function livingPair(seed: number): Combination {
  const suitable = lives()
    .flat()
    .filter(
      (one) => one['network.zones'] === 1 && one['nodes.node-1.scaling'] === 0 && one['network.nat'] !== 2,
    );
  const found = suitable[seed % suitable.length];
  if (!found) throw new Error('no combination has two zones, NAT and a fixed number of instances');
  return found;
}

/** What the nodes of a whole platform need of AWS where there is no NAT. */
const ENDPOINTS = [...Object.keys(NEEDED_WITHOUT_NAT), ...NEEDED_BY_SESSIONS, 'eks', 'sqs'];

/**
 * platform.yaml with the values of a combination.
 *
 * @param isWhole whether Pods run: the nodes then get a way to AWS where the combination has none
 */
export function platformWith(combination: Combination, text: string, isWhole = false): string {
  const file = parseDocument(text);
  file.set('protect', false);
  for (const [name, choices] of Object.entries<readonly unknown[]>(OPTIONS)) {
    const value = choices[combination[name] ?? 0];
    if (value !== undefined) file.setIn(name.split('.'), value);
  }
  // A node group lies in one of the platform's zones.
  if (combination['network.zones'] === 1) file.setIn(['nodes', 'node-3', 'zone'], 'b');
  // Without NAT there is another way to the registries, which no key of platform.yaml makes.
  if (OPTIONS['network.nat'][combination['network.nat'] ?? 0] === 'none') {
    file.setIn(['images', 'reachable'], ['111122223333.dkr.ecr.eu-west-1.amazonaws.com', 'public.ecr.aws']);
    if (isWhole) file.setIn(['network', 'endpoints'], ENDPOINTS);
  }
  return file.toString();
}

/** What a combination is, for people: its values that are not those of a platform that says nothing. */
export const nameOf = (combination: Combination): string =>
  Object.entries(combination)
    .flatMap(([name, value]) => (value === 0 ? [] : [`${name.split('.').at(-1) ?? name}=${value}`]))
    .join(' ') || 'nothing said';
