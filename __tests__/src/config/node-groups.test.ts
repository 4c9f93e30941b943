import { amiRelease, DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { formatFinding } from '../../../src/config/config-error';
import { parsePlatform } from '../../own-platform';
import { report as reportOn, TODAY } from './report';
import type { NodeSettings } from '../../../src/config/platform';

const RELEASE = amiRelease(DEFAULT_KUBERNETES_VERSION);

/** A right file with a node of these settings, and one that takes every Pod; § is where a finding points. */
function file(settings: string, network = 'cidr: 10.0.0.0/16'): string {
  return [
    'name: seed',
    'region: eu-west-1',
    `network: { ${network} }`,
    `cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::111122223333:user/me] }`,
    'nodes:',
    `  node: { ${settings} }`,
    '  plain: { zone: b, instanceTypes: [m7i.large], min: 1, max: 3 }',
    'namespaces: {}',
  ].join('\n');
}

function node(settings: string): NodeSettings {
  const { nodes } = parsePlatform(file(settings), 'p.yaml', { today: TODAY });
  if (!nodes['node']) throw new Error('no node');
  return nodes['node'];
}

/** The report on a file, with § where the only finding points. */
const report = (text: string): string => reportOn(text.replaceAll('§', ''));

/** `p.yaml:6:12` of the § in a text. */
function placeIn(text: string): string {
  const before = text.slice(0, text.indexOf('§')).split('\n');
  return `p.yaml:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}

const SIZE = 'zone: a, instanceTypes: [m7i.large], min: 1, max: 3';

describe('the settings of a node group', () => {
  it('have defaults', () => {
    expect(node(SIZE)).toEqual({
      zone: 'a',
      instanceTypes: ['m7i.large'],
      capacity: 'on-demand',
      os: 'al2023',
      min: 1,
      max: 3,
      desired: 1,
      scaling: 'terraform',
      diskGiB: 50,
      kubelet: {},
      labels: {},
      taints: [],
      maxUnavailable: 1,
      repair: true,
    });
  });

  it('are kept as they are given', () => {
    const given = {
      zone: 'a',
      instanceTypes: ['m7g.large', 'm6g.large'],
      capacity: 'spot',
      os: 'bottlerocket',
      min: 1,
      max: 3,
      desired: 2,
      scaling: 'autoscaler',
      diskGiB: 100,
      kubelet: {
        maxPods: 58,
        kubeReserved: { cpu: '100m', memory: '1Gi', 'ephemeral-storage': '2Gi' },
        systemReserved: { memory: '200Mi' },
        evictionHard: { 'memory.available': '5%', 'nodefs.inodesFree': '10%' },
        imageGCHighThresholdPercent: 70,
        imageGCLowThresholdPercent: 50,
        containerLogMaxSize: '20Mi',
        containerLogMaxFiles: 3,
        podPidsLimit: 1024,
      },
      labels: { team: 'blue', 'example.com/tier': 'batch', empty: '' },
      taints: [
        { key: 'dedicated', value: 'batch', effect: 'NoSchedule' },
        { key: 'dedicated', effect: 'NoExecute' },
      ],
      maxUnavailable: '25%',
      repair: false,
      release: '1.52.0-4bd1b1d6',
    };
    expect(node(JSON.stringify(given).slice(1, -1))).toEqual(given);
  });

  it.each([
    ['release: tracked', { release: 'tracked' }],
    [`release: ${RELEASE}`, { release: RELEASE }],
    ['maxUnavailable: 100', { maxUnavailable: 100 }],
    ['kubelet: { imageGCHighThresholdPercent: 81 }', { kubelet: { imageGCHighThresholdPercent: 81 } }],
    [
      'kubelet: { imageGCHighThresholdPercent: 75 }',
      { kubelet: { imageGCHighThresholdPercent: 75, imageGCLowThresholdPercent: 70 } },
    ],
    [
      'kubelet: { imageGCLowThresholdPercent: 90 }',
      { kubelet: { imageGCHighThresholdPercent: 95, imageGCLowThresholdPercent: 90 } },
    ],
    ['taints: [{ key: node.cilium.io/agent-not-ready, effect: NoExecute }]', {}],
  ])('can have %s', (settings, expected) => {
    expect(node(`${SIZE}, ${settings}`)).toMatchObject(expected);
  });

  it.each([
    ['prefixDelegation: false', false],
    ['nat: none', true],
  ])('with network: { %s } prefixes are %s', (network, expected) => {
    expect(parsePlatform(file(SIZE, network), 'p.yaml', { today: TODAY }).network.prefixDelegation).toBe(
      expected,
    );
  });
});

const LABEL =
  'the value of a label: up to 63 of letters, digits, "-", "_" and ".", first and last a letter or a digit';
const UNAVAILABLE = 'a number of nodes or a percentage of them, from 1 to 100, such as 2 or 25%';

describe('a node group with one mistake is refused:', () => {
  it.each([
    ['capacity: §Spot', 'capacity: got "Spot"; expected one of on-demand, spot; did you mean "spot"?'],
    ['os: §al2', 'os: got "al2"; expected one of al2023, bottlerocket; did you mean "al2023"?'],
    ['scaling: §karpenter', 'scaling: got "karpenter"; expected one of terraform, autoscaler'],
    ['repair: §yes', 'repair: got "yes"; expected true or false'],
    // updates
    ['maxUnavailable: §0', `maxUnavailable: got the number 0; expected ${UNAVAILABLE}`],
    ['maxUnavailable: §101%', `maxUnavailable: got "101%"; expected ${UNAVAILABLE}`],
    ['maxUnavailable: §"2"', `maxUnavailable: got "2"; expected ${UNAVAILABLE}; write 2 without quotes`],
    // releases
    [
      'release: §latest',
      `release: got "latest"; expected a release of the AMI, such as ${RELEASE}, or tracked`,
    ],
    [
      'release: §1.34.4-20260311',
      `release: "1.34.4-20260311" is not of Kubernetes ${DEFAULT_KUBERNETES_VERSION}, which cluster.version says; write a release of it`,
    ],
    [
      'release: §1.52.0-4bd1b1d6',
      `release: "1.52.0-4bd1b1d6" is not a release of Amazon Linux 2023; write one such as ${RELEASE}`,
    ],
    // labels
    [
      'labels: { §eks.amazonaws.com/team: blue }',
      'labels["eks.amazonaws.com/team"]: EKS keeps this key for itself; choose another',
    ],
    [
      'labels: { §node-role.kubernetes.io/worker: "" }',
      'labels["node-role.kubernetes.io/worker"]: Kubernetes keeps this key for itself; choose another',
    ],
    [
      'labels: { §platform/node: other }',
      'labels["platform/node"]: the platform keeps this key for itself; choose another',
    ],
    [
      'labels: { §-team: blue }',
      'labels.-team: not a key for a label; expected up to 63 of letters, digits, "-", "_" and ".", with a DNS name and "/" before or not',
    ],
    ['labels: { team: §blue team }', `labels.team: got "blue team"; expected ${LABEL}`],
    ['labels: { team: §5 }', `labels.team: got the number 5; expected ${LABEL}; write "5" in quotes`],
    // taints
    [
      'taints: [{ key: a, effect: §NoSchedul }]',
      'taints[0].effect: got "NoSchedul"; expected one of NoSchedule, PreferNoSchedule, NoExecute; did you mean "NoSchedule"?',
    ],
    [
      'taints: [{ key: §a b, effect: NoSchedule }]',
      'taints[0].key: got "a b"; expected the key of a taint: letters, digits, "-", "_" and ".", with a DNS name and "/" before or not',
    ],
    [
      'taints: [{ key: §node.kubernetes.io/unschedulable, effect: NoSchedule }]',
      'taints[0].key: Kubernetes keeps this key for itself; choose another',
    ],
    [
      'taints: [{ key: a, value: x, effect: NoSchedule }, §{ key: a, value: y, effect: NoSchedule }]',
      'taints[1]: a with NoSchedule is given already at [0]; remove one',
    ],
    [
      'taints: [{ key: a, effect: NoExecute, §efect: x }]',
      'taints[0].efect: unknown key; did you mean "effect"? known: key, value, effect',
    ],
    // kubelet
    [
      'kubelet: { maxPods: §251 }',
      'kubelet.maxPods: got the number 251; expected a whole number, from 1 to 250',
    ],
    [
      'kubelet: { §maxPod: 58 }',
      'kubelet.maxPod: unknown key; did you mean "maxPods"? known: maxPods, kubeReserved, systemReserved, evictionHard, imageGCHighThresholdPercent, imageGCLowThresholdPercent, containerLogMaxSize, containerLogMaxFiles, podPidsLimit',
    ],
    [
      'kubelet: { systemReserved: { memory: §lots } }',
      'kubelet.systemReserved.memory: got "lots"; expected an amount of memory, such as 500Mi',
    ],
    [
      'kubelet: { kubeReserved: { cpu: §1 } }',
      'kubelet.kubeReserved.cpu: got the number 1; expected an amount of CPU in quotes, such as "100m"; write "1" in quotes',
    ],
    [
      'kubelet: { evictionHard: { memory.available: §100% } }',
      'kubelet.evictionHard["memory.available"]: got "100%"; expected an amount, such as 500Mi, or a percentage, such as 5%',
    ],
    [
      'kubelet: { imageGCHighThresholdPercent: 60, imageGCLowThresholdPercent: §60 }',
      'kubelet.imageGCLowThresholdPercent: 60 is not below imageGCHighThresholdPercent, which is 60',
    ],
  ])('%s', (settings, message) => {
    const text = file(`${SIZE}, ${settings}`);
    expect(report(text)).toBe(`${placeIn(text)} nodes.node.${message}`);
  });

  it('more taints than a node group can have', () => {
    const taints = Array.from({ length: 51 }, (_, i) => `{ key: t${i}, effect: NoSchedule }`).join(', ');
    const text = file(`${SIZE}, taints: §[${taints}]`);
    expect(report(text)).toBe(
      `${placeIn(text)} nodes.node.taints: 51 taints; a managed node group has at most 50`,
    );
  });
});

describe('a zone with prefix delegation', () => {
  /** The private subnet of a zone in a /20 is a /23: 32 prefixes, of which AWS spoils the first and the last. */
  const small = (first: number, second: number, network = ''): string =>
    file(SIZE, `cidr: 10.0.0.0/20${network}`).replace(
      /^ {2}node: .*$/m,
      [
        `  n1: { zone: a, instanceTypes: [m7i.large], min: 1, max: ${first} }`,
        `  n2: { zone: a, instanceTypes: [m7i.large], min: 1, max: §${second} }`,
        '  n3: { zone: c, instanceTypes: [m7i.large], min: 1, max: 14 }',
      ].join('\n'),
    );

  it('holds as many nodes as it has two prefixes for', () => {
    expect(report(small(6, 8))).toBe('');
  });

  it('is reported at the first node beyond its capacity', () => {
    const text = small(6, 9);
    expect(report(text)).toBe(
      `${placeIn(text)} nodes.n2.max: with this node zone a has up to 15 instances, but its private subnet, a /23, has ` +
        'prefixes for 14, two each. Lower max, widen network.cidr, or set network.prefixDelegation to false',
    );
  });

  it('is not counted without prefixes', () => {
    expect(report(small(60, 60, ', prefixDelegation: false'))).toBe('');
  });
});

it('spot capacity of one instance type is a warning, and of two is none', () => {
  const warnings = (types: string): string[] => {
    const told: string[] = [];
    parsePlatform(file(`zone: a, capacity: spot, instanceTypes: ${types}, min: 1, max: 3`), 'p.yaml', {
      today: TODAY,
      onWarning: (warning) => told.push(formatFinding(warning)),
    });
    return told.filter((line) => !line.includes('aws-ebs-csi-driver'));
  };
  expect(warnings('[m7i.large]')).toEqual([
    'p.yaml:6:51 nodes.node.instanceTypes: EC2 can take spot capacity of one type back all at once; name at least two types, of the same vCPUs and memory',
  ]);
  expect(warnings('[m7i.large, m6i.large]')).toEqual([]);
});
