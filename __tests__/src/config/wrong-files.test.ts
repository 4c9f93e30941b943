import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePlatform } from '../../own-platform';
import { report } from './report';

const GOOD = readFileSync(join(__dirname, 'whole.yaml'), 'utf8');

/** The whole file with one of its lines, without indentation, put in another's place. */
function withLine(from: string, to: string): string {
  expect(GOOD.split(from)).toHaveLength(2);
  return GOOD.replace(from, () => to);
}

const ARN = 'arn:aws:iam::111122223333:role/platform-admin';
const TOP =
  'name, region, account, extends, state, imageRegistry, images, tags, protect, pipeline, checks, iam, network, cluster, nodes, namespaces';

it('the base file of these tests is valid', () => {
  expect(report(GOOD)).toBe('');
});

describe('a file with one wrong line is refused:', () => {
  it.each([
    // name, region, state, registry
    [
      'name: seed',
      'name: Seed',
      'p.yaml:1:7 name: got "Seed"; expected a name of up to 32 of a-z, 0-9 and "-", first a letter, last no "-"',
    ],
    [
      'region: eu-west-1',
      'region: eu-west-1a',
      'p.yaml:2:9 region: got "eu-west-1a"; expected an AWS region, such as eu-west-1; this is a zone of it: write eu-west-1',
    ],
    [
      'bucket: my-state',
      'bucket: 10.0.0.1',
      'p.yaml:3:18 state.bucket: got "10.0.0.1"; expected the name of an S3 bucket: 3 to 63 of a-z, 0-9, "." and "-"',
    ],
    [
      'imageRegistry: registry.example.com/shop',
      'imageRegistry: https://registry.example.com/',
      'p.yaml:4:16 imageRegistry: got "https://registry.example.com/"; expected a registry with its path, such as registry.example.com/shop; write registry.example.com',
    ],
    // network
    [
      'cidr: 10.0.0.0/16',
      'cidr: 10.0.0/16',
      'p.yaml:6:9 network.cidr: got "10.0.0/16"; expected an IPv4 range, such as 10.0.0.0/16',
    ],
    [
      'cidr: 10.0.0.0/16',
      'cidr: 10.0.0.1/16',
      'p.yaml:6:9 network.cidr: "10.0.0.1/16" has bits set after its prefix; write 10.0.0.0/16',
    ],
    [
      'cidr: 10.0.0.0/16',
      'cidr: 10.0.0.0/8',
      'p.yaml:6:9 network.cidr: "10.0.0.0/8" is a /8; allowed: /16 to /20, AWS allows no VPC larger than a /16; write for example 10.0.0.0/16',
    ],
    [
      'cidr: 10.0.0.0/16',
      'cidr: 10.0.0.0/21',
      'p.yaml:6:9 network.cidr: "10.0.0.0/21" is a /21; allowed: /16 to /20, the subnets of each zone would be too small; write for example 10.0.0.0/20',
    ],
    [
      'cidr: 10.0.0.0/16',
      'cidr: 8.8.0.0/16',
      'p.yaml:6:9 network.cidr: "8.8.0.0/16" is not in a private range; allowed: within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10',
    ],
    [
      'zones: [a, b, c]',
      'zones: [a, b, c, b]',
      'p.yaml:7:20 network.zones[3]: "b" is given already at [1]; remove one',
    ],
    [
      'nat: per-zone',
      'nat: per-zones',
      'p.yaml:8:8 network.nat: got "per-zones"; expected one of per-zone, single, none; did you mean "per-zone"?',
    ],
    [
      'nat: per-zone',
      'nats: none',
      'p.yaml:8:3 network.nats: unknown key; did you mean "nat"? known: cidr, secondaryCidr, zones, nat, prefixDelegation, endpoints, controlPlaneSubnets',
    ],
    [
      'nat: per-zone',
      'nat: none\n  nat: single',
      'p.yaml:9:3 network.nat: key given twice, first at p.yaml:8:3; keep one',
    ],
    // cluster
    [
      "version: '1.35'",
      'version: 1.30',
      'p.yaml:10:12 cluster.version: got the number 1.30; expected a Kubernetes minor version in quotes, such as "1.36"; write "1.30" in quotes',
    ],
    [
      "version: '1.35'",
      "version: '1.33'",
      'p.yaml:10:12 cluster.version: Kubernetes 1.33 left EKS standard support on 2026-07-29; allowed: "1.34" (until 2026-12-02), "1.35" (until 2027-03-27), "1.36" (until 2027-08-02), "1.37" (until 2027-12-01)',
    ],
    [
      "version: '1.35'",
      'version: v1.35.2',
      'p.yaml:10:12 cluster.version: got "v1.35.2"; expected a Kubernetes minor version in quotes, such as "1.36"; write "1.35"',
    ],
    [
      "version: '1.35'",
      "version: '1.38'",
      'p.yaml:10:12 cluster.version: unknown Kubernetes version "1.38"; did you mean "1.37"? allowed: "1.34" (until 2026-12-02), "1.35" (until 2027-03-27), "1.36" (until 2027-08-02), "1.37" (until 2027-12-01)',
    ],
    [
      "version: '1.35'",
      "versoin: '1.35'",
      'p.yaml:10:3 cluster.versoin: unknown key; did you mean "version"? known: version, admins, viewers, pipelines, publicAccess, serviceCidr, logRetentionDays, zones, zonalShift, addOns, controllers, sessionManager, metrics',
    ],
    [
      `admins: [${ARN}]`,
      'admins: [arn:aws:sts::111122223333:assumed-role/admin/me]',
      'p.yaml:11:12 cluster.admins[0]: got "arn:aws:sts::111122223333:assumed-role/admin/me"; expected the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/platform-admin; this is a session: write its role, arn:aws:iam::111122223333:role/admin, with the role\'s path if it has one',
    ],
    [
      `admins: [${ARN}]`,
      `admins: [${ARN}, ${ARN}]`,
      `p.yaml:11:59 cluster.admins[1]: "${ARN}" is given already at [0]; remove one`,
    ],
    [
      `admins: [${ARN}]`,
      'admins: []',
      'p.yaml:11:11 cluster.admins: got an empty list; expected a list of at least one ARN of an IAM role or user',
    ],
    [
      `admins: [${ARN}]`,
      'admins: [arn:aws-cn:iam::111122223333:user/me]',
      'p.yaml:11:12 cluster.admins[0]: partition "aws-cn" is not that of eu-west-1; expected an ARN that begins with arn:aws:iam::',
    ],
    [
      'publicAccess: [203.0.113.0/24]',
      'publicAccess: [203.0.113.7]',
      'p.yaml:12:18 cluster.publicAccess[0]: got "203.0.113.7"; expected an IPv4 range, such as 10.0.0.0/16; a single address is written 203.0.113.7/32',
    ],
    [
      'publicAccess: [203.0.113.0/24]',
      'publicAccess: [203.0.113.0/24, 203.0.113.7/32]',
      'p.yaml:12:34 cluster.publicAccess[1]: "203.0.113.7/32" lies within 203.0.113.0/24, given at [0]; keep one',
    ],
    [
      'publicAccess: [203.0.113.0/24]',
      'publicAccess: [203.0.113.7/24]',
      'p.yaml:12:18 cluster.publicAccess[0]: "203.0.113.7/24" has bits set after its prefix; write 203.0.113.0/24 or, for the one address, 203.0.113.7/32',
    ],
    [
      'serviceCidr: 172.20.0.0/16',
      'serviceCidr: 10.0.64.0/20',
      'p.yaml:13:16 cluster.serviceCidr: "10.0.64.0/20" overlaps network.cidr, which is 10.0.0.0/16; the two must share no address',
    ],
    [
      'logRetentionDays: 90',
      'logRetentionDays: 91',
      'p.yaml:14:21 cluster.logRetentionDays: got the number 91; expected one of the days that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653',
    ],
    // nodes
    [
      'node-1: { zone: a,',
      'node-1: { zone: d,',
      'p.yaml:16:19 nodes.node-1.zone: the network has no zone "d"; known: a, b, c; use one, or add d to network.zones',
    ],
    [
      'node-1: { zone: a,',
      'node-1: {',
      'p.yaml:16:3 nodes.node-1.zone: missing; expected the letter of an availability zone, a to f',
    ],
    [
      'min: 1, max: 3, desired: 2',
      'min: 4, max: 3, desired: 4',
      'p.yaml:16:55 nodes.node-1.min: 4 is more than max, which is 3; lower min or raise max\n' +
        'p.yaml:16:75 nodes.node-1.desired: 4 is more than max; allowed: 4 to 3',
    ],
    [
      'min: 1, max: 3, desired: 2',
      'min: 2, max: 3, desired: 1',
      'p.yaml:16:75 nodes.node-1.desired: 1 is less than min; allowed: 2 to 3',
    ],
    [
      'min: 1, max: 3, desired: 2',
      'min: "1", max: 3',
      'p.yaml:16:55 nodes.node-1.min: got "1"; expected a whole number, 0 or more; write 1 without quotes',
    ],
    [
      'instanceTypes: [m7i.large], min: 1, max: 3, desired: 2',
      'instanceTypes: [m7i.large, m7g.large], min: 1, max: 3',
      'p.yaml:16:49 nodes.node-1.instanceTypes[1]: the architecture of m7g.large is arm64, but that of m7i.large is x86_64; put it in a node group of its own',
    ],
    // namespaces
    [
      'qa: { nodes: [node-2, node-3]',
      'qa: { nodes: [node-2, node-4]',
      'p.yaml:21:25 namespaces.qa.nodes[1]: unknown node "node-4"; did you mean "node-3"? known: node-1, node-2, node-3',
    ],
    [
      'qa: { nodes: [node-2, node-3]',
      'qa: { nodes: [node-2, node-2]',
      'p.yaml:21:25 namespaces.qa.nodes[1]: "node-2" is given already at [0]; remove one',
    ],
    [
      'qa: { nodes: [node-2, node-3]',
      'qa: { nodes: []',
      'p.yaml:21:16 namespaces.qa.nodes: got an empty list; expected a list of at least one name of a node, such as [node-1]',
    ],
    [
      'qa: {',
      'kube-qa: {',
      'p.yaml:21:3 namespaces.kube-qa: Kubernetes keeps this name for itself; choose another',
    ],
    [
      'qa: {',
      'cluster: {',
      'p.yaml:21:3 namespaces.cluster: a stack of the platform has this name; choose another',
    ],
    [
      'qa: {',
      'logging: {',
      'p.yaml:21:3 namespaces.logging: collectors of logs and plug-ins for devices run in a namespace of this name; choose another',
    ],
    [
      'qa: {',
      'constructor: {',
      'p.yaml:21:3 namespaces.constructor: every object of JavaScript has a property of this name; choose another',
    ],
    [
      'qa: {',
      'pipeline: {',
      'p.yaml:21:3 namespaces.pipeline: a stack of the platform has this name; choose another',
    ],
    [
      'qa: {',
      'q a: {',
      'p.yaml:21:3 namespaces["q a"]: not a name for a namespace; expected 1 to 63 of a-z, 0-9 and "-", first and last no "-"',
    ],
    [
      'qa: {',
      '__proto__: {',
      'p.yaml:21:3 namespaces.__proto__: not a name for a namespace; expected 1 to 63 of a-z, 0-9 and "-", first and last no "-"',
    ],
    ['memory: 8Gi', 'memory: 1536Ki', ''],
    [
      'memory: 8Gi',
      'memory: 1024Mi',
      'p.yaml:20:77 namespaces.dev.quota.memory: got "1024Mi"; expected an amount of memory, such as 8Gi or 512Mi, in canonical form; write "1Gi"',
    ],
    [
      "cpu: '4'",
      'cpu: 4',
      'p.yaml:20:64 namespaces.dev.quota.cpu: got the number 4; expected an amount of CPU in quotes, such as "4" or "500m"; write "4" in quotes',
    ],
    [
      'instanceTypes: [m7i.large], min: 1, max: 3, desired: 2',
      'instanceTypes: [m99x.large], min: 1, max: 3',
      'p.yaml:16:38 nodes.node-1.instanceTypes[0]: m99x.large is not in the table of Nitro types of 2026-05; choose one that is, or set kubelet.maxPods to what its addresses suffice for',
    ],
    [
      'instanceTypes: [m7i.large], min: 1, max: 3, desired: 2',
      'instanceTypes: [t3.nano], min: 1, max: 3',
      'p.yaml:16:37 nodes.node-1.instanceTypes: the memory that 34 Pods need of the kubelet is all that a node of 512 MiB has; set kubelet.maxPods to a lower number, or choose larger types',
    ],
    [
      'instanceTypes: [m7i.large], min: 1, max: 3, desired: 2',
      'instanceTypes: [t3.micro], min: 1, max: 3, kubelet: { maxPods: 40 }',
      "p.yaml:16:85 nodes.node-1.kubelet.maxPods: kubelet.maxPods is 40, but the instance types' addresses and EKS allow 34; lower it, or choose larger types",
    ],
    [
      "cpu: '4'",
      "cpu: '.5'",
      'p.yaml:20:64 namespaces.dev.quota.cpu: got ".5"; expected an amount of CPU in quotes, such as "4" or "500m"; write "500m"',
    ],
    [
      "cpu: '4'",
      "cpu: '1000'",
      'p.yaml:20:64 namespaces.dev.quota.cpu: got "1000"; expected an amount of CPU in quotes, such as "4" or "500m", in canonical form; write "1k"',
    ],
    ["cpu: '4'", "cpu: '1k'", ''],
    [
      'version: 1.4.0, replicas: 2',
      'version: latest',
      'p.yaml:21:70 namespaces.qa.workloads.storefront.version: got "latest"; expected an image tag that does not move, such as 1.4.0',
    ],
    [
      'replicas: 2',
      'host: https://Shop.example.com/',
      'p.yaml:21:83 namespaces.qa.workloads.storefront.host: got "https://Shop.example.com/"; expected a DNS name in lower case, such as shop.example.com; write shop.example.com',
    ],
    [
      'replicas: 2',
      'host: 1.2.3.4',
      'p.yaml:21:83 namespaces.qa.workloads.storefront.host: got "1.2.3.4"; expected a DNS name in lower case, such as shop.example.com',
    ],
    [
      'replicas: 2',
      'debug: yes please',
      'p.yaml:21:84 namespaces.qa.workloads.storefront.debug: got "yes please"; expected true or false',
    ],
    [
      'replicas: 2',
      'loginRevision: 0',
      'p.yaml:21:92 namespaces.qa.workloads.storefront.loginRevision: got the number 0; expected a number, 1 or more',
    ],
  ])('%s → %s', (from, to, expected) => {
    expect(report(withLine(from, to))).toBe(expected);
  });
});

it.each([
  ['sg', 'EC2 refuses security groups that begin with sg-'],
  ['aws', 'Systems Manager refuses parameters that begin with aws or ssm'],
  ['ssm', 'Systems Manager refuses parameters that begin with aws or ssm'],
  ['sthree', 'S3 refuses buckets that begin with xn--, sthree- or amzn-s3-demo-'],
])('the name %s is refused, because AWS reserves it', (name, reason) => {
  expect(report(GOOD.replace(/^name: .*$/m, `name: ${name}`))).toBe(
    `p.yaml:1:7 name: ${reason}, and "${name}" begins the names in AWS; choose another`,
  );
});

it.each(['logging', 'device-plugins', 'constructor', 'cluster'])('a namespace %s is refused', (name) => {
  expect(report(GOOD.replace('  qa:', `  ${name}:`))).toMatch(
    new RegExp(`^p\\.yaml:21:3 namespaces\\.${name}: .*; choose another$`),
  );
});

it.each([
  ['iam: { path: /PATH/ }', 509, 'iam.path: .* a path of up to 256 characters .*'],
  ['iam: { permissionsBoundary: arn:aws:iam::111122223333:policy/PATH }', 129, 'iam.permissionsBoundary: .*'],
])('%s with a path of %d characters is refused', (line, length, expected) => {
  const text = GOOD.replace('network:', `${line.replace('PATH', 'p'.repeat(length))}\nnetwork:`);
  expect(report(text)).toMatch(new RegExp(`^p\\.yaml:\\d+:\\d+ ${expected}$`));
});

it('a role whose name is longer than IAM allows is refused', () => {
  const text = GOOD.replace(/role\/[\w-]+/, `role/team/${'r'.repeat(300)}`);
  expect(report(text)).toMatch(
    /^p\.yaml:11:\d+ cluster\.admins\[0\]: .*; its name has 300 characters, and IAM allows 64$/,
  );
});

describe('an expectation of connections is refused:', () => {
  it.each([
    ['{ to: dev }', 'p.yaml:23:26 checks.reachability[0]: has neither onlyFrom nor neverFrom'],
    [
      '{ to: dev, neverFrom: [prd/web] }',
      'p.yaml:23:49 checks.reachability[0].neverFrom[0]: unknown namespace "prd"',
    ],
    [
      '{ to: dev, neverFrom: [Prod] }',
      'p.yaml:23:49 checks.reachability[0].neverFrom[0]: got "Prod"; expected a namespace',
    ],
    ['{ to: dev, onlyform: [prod] }', 'p.yaml:23:37 checks.reachability[0].onlyform: unknown key'],
  ])('%s', (expectation, expected) => {
    expect(report(`${GOOD}\nchecks: { reachability: [${expectation}] }\n`)).toContain(expected);
  });
});

it('40,000 unknown keys take no more than ten times as long as 10,000', () => {
  const cpu = (keys: number): number => {
    const text = GOOD + Array.from({ length: keys }, (_, i) => `key${i}: 1\n`).join('');
    const before = process.cpuUsage();
    expect(report(text).split('\n')).toHaveLength(keys);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  };
  cpu(10_000);
  expect(cpu(40_000) / cpu(10_000)).toBeLessThan(10);
});

it('100,000 slashes take as long as a hundred', () => {
  const registry = (end: string): string =>
    GOOD.replace('network:', `imageRegistry: r.example.com${'/'.repeat(100_000)}${end}\nnetwork:`);
  const before = process.cpuUsage();
  for (const end of ['', '!'])
    expect(report(registry(end))).toContain('imageRegistry: got "r.example.com///');
  const { user } = process.cpuUsage(before);
  expect(user).toBeLessThan(2_000_000);
});

it('an empty mapping of nodes makes the nodes of every namespace unknown', () => {
  const text = GOOD.replace(/nodes:\n(?: {2}node-.*\n)+/, 'nodes: {}\n').replace(/ {2}dev: .*\n/, '');
  expect(report(text)).toBe(
    [
      'p.yaml:15:8 nodes: got an empty mapping; expected at least one node',
      'p.yaml:17:17 namespaces.qa.nodes[0]: unknown node "node-2"; known: none',
      'p.yaml:17:25 namespaces.qa.nodes[1]: unknown node "node-3"; known: none',
    ].join('\n'),
  );
});

describe('a file that is no platform is refused:', () => {
  const mapping = `expected a mapping with the keys ${TOP}`;
  it.each([
    [
      'nothing',
      '',
      'p.yaml:1:1 the file is empty; expected a mapping with the keys name, region, cluster, …',
    ],
    [
      'comments',
      '# later\n',
      'p.yaml:1:1 the file is empty; expected a mapping with the keys name, region, cluster, …',
    ],
    ['a list', '- name: seed\n', `p.yaml:1:1 got a list of one; ${mapping}`],
    ['a text', '\nseed\n', `p.yaml:2:1 got "seed"; ${mapping}`],
    [
      'broken YAML',
      'name: [seed\nregion: x',
      'p.yaml:2:1 not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['tabs', 'network:\n\tnat: none\n', 'p.yaml:2:1 not YAML: Tabs are not allowed as indentation'],
    ['an unknown tag', 'name: !secret x\n', 'p.yaml:1:7 not YAML: Unresolved tag: !secret'],
    [
      'two documents',
      `${GOOD}---\nname: other\n`,
      'p.yaml:22:1 a second document begins here; expected one: remove the "---" and what follows, or name another file',
    ],
    ['an alias of nothing', 'name: *seed\n', 'p.yaml:1:7 no anchor &seed stands before the alias *seed'],
    [
      'a merge of a text',
      '<<: seed\n',
      'p.yaml:1:5 only a mapping can be merged with <<; expected an alias of one',
    ],
  ])('%s', (_, text, expected) => {
    expect(report(text)).toBe(expected);
  });
});

it('anchors, aliases and merges are followed, and a mistake is reported where it is written', () => {
  const text = GOOD.replace('node-1: {', 'node-1: &node {').replace(
    /node-2: .*/,
    'node-2: { <<: *node, zone: b, max: 0 }',
  );
  expect(report(text)).toBe(
    'p.yaml:17:38 nodes.node-2.max: got the number 0; expected a whole number, 1 or more',
  );
});

it('a number that is too large gets the bound that other texts leave out', () => {
  expect(report(GOOD.replace(/max: \d+/, 'max: 1e9'))).toMatch(
    /nodes\.node-1\.max: got the number 1e9; expected a whole number, 1 or more, at most 1000000$/,
  );
});

it('every missing key is reported at its parent', () => {
  expect(report('cluster:\n  publicAccess: []\nnodes: {}\n')).toBe(
    [
      'p.yaml:1:1 name: missing; expected a name of up to 32 of a-z, 0-9 and "-", first a letter, last no "-"',
      'p.yaml:1:1 region: missing; expected an AWS region, such as eu-west-1',
      'p.yaml:1:1 cluster.version: missing; expected a Kubernetes minor version in quotes, such as "1.36"',
      'p.yaml:1:1 cluster.admins: missing; expected a list of at least one ARN of an IAM role or user',
      'p.yaml:1:1 namespaces: missing; expected a mapping from names of namespaces to their settings',
      'p.yaml:3:8 nodes: got an empty mapping; expected at least one node',
    ].join('\n'),
  );
});

it('one report has mistakes of every kind, in the order of the file', () => {
  const text = GOOD.replace('cidr:', 'cird:')
    .replace("version: '1.35'", "version: '1.33'")
    .replace('node-1: { zone: a', 'node-1: { zone: 7')
    .replace('max: 3, desired: 2', 'max: 0, desired: 0')
    .replace('qa: { nodes: [node-2, node-3]', 'qa: { nodes: [node-1, nod-3]')
    .replace('nat: per-zone', 'nat: single\n  nat: none');
  expect(report(text)).toBe(
    [
      'p.yaml:6:3 network.cird: unknown key; did you mean "cidr"? known: cidr, secondaryCidr, zones, nat, prefixDelegation, endpoints, controlPlaneSubnets',
      'p.yaml:9:3 network.nat: key given twice, first at p.yaml:8:3; keep one',
      'p.yaml:11:12 cluster.version: Kubernetes 1.33 left EKS standard support on 2026-07-29; allowed: "1.34" (until 2026-12-02), "1.35" (until 2027-03-27), "1.36" (until 2027-08-02), "1.37" (until 2027-12-01)',
      'p.yaml:17:19 nodes.node-1.zone: got the number 7; expected the letter of an availability zone, a to f; write "7" in quotes',
      'p.yaml:17:63 nodes.node-1.max: got the number 0; expected a whole number, 1 or more',
      'p.yaml:17:75 nodes.node-1.desired: 0 is less than min; allowed: 1 to max',
      'p.yaml:22:25 namespaces.qa.nodes[1]: unknown node "nod-3"; did you mean "node-3"? known: node-1, node-2, node-3',
    ].join('\n'),
  );
});

it('support ends on its last day', () => {
  const on = (day: string) => () => parsePlatform(GOOD, 'p.yaml', { today: new Date(`${day}T00:00:00Z`) });
  expect(on('2027-03-26')).not.toThrow();
  expect(on('2027-03-27')).toThrow(
    'p.yaml:10:12 cluster.version: Kubernetes 1.35 left EKS standard support on 2027-03-27; allowed: "1.36" (until 2027-08-02), "1.37" (until 2027-12-01)',
  );
  expect(on('2030-01-01')).toThrow(
    'allowed: none of those listed in packages/eks-facts/kubernetes-versions.ts; add the newer ones',
  );
});
