import { pinnedVersion } from '@kubernetes-on-aws/eks-facts/add-ons';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { parsePlatform } from '../../own-platform';
import type { Platform } from '../../../src/config/platform';
import { report as reportOn, TODAY } from './report';

/** A platform of two nodes, whose add-ons are on line 6 and whose nodes are on lines 8 and 9. */
function platform(lines: { version?: string; addOns?: string; taints?: [string, string] }): string {
  const [first, second] = lines.taints ?? ['[]', '[]'];
  return `name: shop
region: eu-west-1
cluster:
  version: '${lines.version ?? '1.35'}'
  admins: [arn:aws:iam::111122223333:role/admin]
  addOns: ${lines.addOns ?? '{}'}
nodes:
  node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3, taints: ${first} }
  node-2: { zone: b, instanceTypes: [m7i.large], min: 1, max: 3, taints: ${second} }
namespaces: { dev: { nodes: [node-1] } }
`;
}

function parse(lines: Parameters<typeof platform>[0]): Platform {
  return parsePlatform(platform(lines), 'p.yaml', { today: TODAY });
}

const report = (lines: Parameters<typeof platform>[0]): string => reportOn(platform(lines));

it('an entry in addOns adds an add-on, with a version if it is not the pinned one', () => {
  const addOns =
    '{ kube-state-metrics: {}, coredns: { version: v1.13.2-eksbuild.4 }, vpc-cni: { version: default } }';
  expect(parse({ addOns }).cluster.addOns).toEqual({
    'kube-state-metrics': {},
    coredns: { version: 'v1.13.2-eksbuild.4' },
    'vpc-cni': { version: 'default' },
  });
});

it.each([
  [
    '{ kube-state-metric: {} }',
    'p.yaml:6:13 cluster.addOns.kube-state-metric: unknown key; did you mean "kube-state-metrics"? known: ' +
      'eks-pod-identity-agent, vpc-cni, kube-proxy, coredns, snapshot-controller, aws-ebs-csi-driver, aws-efs-csi-driver, ' +
      'metrics-server, eks-node-monitoring-agent, kube-state-metrics, amazon-cloudwatch-observability',
  ],
  [
    '{ kube-state-metrics: }',
    'p.yaml:6:33 cluster.addOns.kube-state-metrics: got nothing; expected a mapping with the keys version',
  ],
  [
    '{ coredns: { version: 1.13.2 } }',
    'p.yaml:6:33 cluster.addOns.coredns.version: got "1.13.2"; expected a version of the add-on, such as ' +
      `${pinnedVersion('coredns', DEFAULT_KUBERNETES_VERSION)}, or default`,
  ],
  [
    '{ kube-proxy: { version: v1.36.0-eksbuild.2 } }',
    'p.yaml:6:36 cluster.addOns.kube-proxy.version: "v1.36.0-eksbuild.2" does not go with Kubernetes 1.35; allowed: v1.32 ' +
      'to v1.35; leave it out for the one that fits',
  ],
  [
    '{ kube-proxy: { version: v1.31.14-eksbuild.9 } }',
    'p.yaml:6:36 cluster.addOns.kube-proxy.version: "v1.31.14-eksbuild.9" does not go with Kubernetes 1.35; allowed: v1.32 ' +
      'to v1.35; leave it out for the one that fits',
  ],
])('%s is reported at its place', (addOns, expected) => {
  expect(report({ addOns })).toBe(expected);
});

it.each(['v1.35.3-eksbuild.13', 'v1.32.13-eksbuild.5', 'default'])('kube-proxy may be %s', (version) => {
  expect(report({ addOns: `{ kube-proxy: { version: ${version} } }` })).toBe('');
});

const TAINT = '[{ key: team, value: blue, effect: NoSchedule }]';
const EVICTING = '[{ key: team, effect: NoExecute }]';
const SOFT = '[{ key: team, effect: PreferNoSchedule }]';

it.each([
  [TAINT, TAINT],
  [EVICTING, TAINT],
])('taints on all nodes leave CoreDNS without a node: %s, %s', (first, second) => {
  expect(report({ taints: [first, second] })).toBe(
    'p.yaml:8:74 nodes.node-1.taints: every node has taints. CoreDNS and other add-ons of EKS tolerate none, ' +
      'and would find no node to run on. Add a node without taints, or remove them from one',
  );
});

it.each([
  ['[]', TAINT],
  [SOFT, TAINT],
  [SOFT, SOFT],
])('add-ons need only one node group without a hard taint: %s, %s', (first, second) => {
  expect(report({ taints: [first, second] })).toBe('');
});

it('an invalid taint is the only finding, because a valid one may let the add-ons run', () => {
  const wrong = '[{ key: team, effect: Never }]';
  expect(report({ taints: [wrong, TAINT] })).toMatch(/^p\.yaml:8:96 nodes\.node-1\.taints\[0\]\.effect: .*$/);
});
