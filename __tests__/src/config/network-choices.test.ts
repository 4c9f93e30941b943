import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { parsePlatform } from '../../own-platform';
import type { Platform } from '../../../src/config/platform';
import { report as reportOn, TODAY } from './report';

/** A platform whose network is on line 3 and whose control plane's zones are on line 7. */
function platform(lines: { region?: string; network?: string; zones?: string; services?: string }): string {
  const partition = lines.region?.startsWith('cn-') ? 'aws-cn' : 'aws';
  return `name: shop
region: ${lines.region ?? 'eu-west-1'}
network: ${lines.network ?? '{}'}
cluster:
  version: '${DEFAULT_KUBERNETES_VERSION}'
  admins: [arn:${partition}:iam::111122223333:role/admin]
  ${lines.zones === undefined ? 'zonalShift: false' : `zones: ${lines.zones}`}${lines.services === undefined ? '' : `\n  serviceCidr: ${lines.services}`}
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
namespaces: { dev: { nodes: [node-1] } }
`;
}

function parse(lines: Parameters<typeof platform>[0]): Platform {
  return parsePlatform(platform(lines), 'p.yaml', { today: TODAY });
}

const report = (lines: Parameters<typeof platform>[0]): string => reportOn(platform(lines));

it('endpoints, control plane subnets and zonal shift are kept as given', () => {
  const network = '{ endpoints: [ecr.api, ecr.dkr], controlPlaneSubnets: true }';
  expect(parse({ network })).toMatchObject({
    network: { endpoints: ['ecr.api', 'ecr.dkr'], controlPlaneSubnets: true },
    cluster: { zonalShift: false },
  });
});

it.each([
  ['100.64.0.0/16', '10.0.0.0/16'],
  ['100.127.0.0/20', '192.168.0.0/16'],
  ['10.2.0.0/16', '10.0.0.0/16'],
  ['10.0.0.0/16', '10.2.0.0/16'],
  ['172.30.0.0/20', '172.16.0.0/16'],
  ['100.65.0.0/16', '100.64.0.0/16'],
])('Pods have addresses of their own range %s beside %s', (secondaryCidr, cidr) => {
  const network = `{ cidr: ${cidr}, secondaryCidr: ${secondaryCidr} }`;
  expect(parse({ network }).network).toMatchObject({ cidr, secondaryCidr });
});

it('a network without a Pod range has none', () => {
  expect(parse({}).network).not.toHaveProperty('secondaryCidr');
});

const NOT_LET_IN = (range: string, cidr: string, allowed: string): string =>
  `AWS does not let "${range}" into a VPC whose network.cidr is ${cidr}; allowed: within ${allowed}; write for example 100.64.0.0/16`;

it.each([
  [
    '100.64.0.0/15',
    '"100.64.0.0/15" is a /15; allowed: /16 to /24, AWS allows no range larger than a /16; write for example 100.64.0.0/16',
  ],
  [
    '100.64.0.0/25',
    '"100.64.0.0/25" is a /25; allowed: /16 to /24, the Pod subnets of each zone would be too small; write for example 100.64.0.0/24',
  ],
  ['100.64.1.0/16', '"100.64.1.0/16" has bits set after its prefix; write 100.64.0.0/16'],
  [
    '10.0.128.0/20',
    '"10.0.128.0/20" overlaps network.cidr, which is 10.0.0.0/16 unless given; the two must share no address: write another range, or, before the cluster is made, network.cidr too',
  ],
  [
    '192.168.0.0/16',
    NOT_LET_IN('192.168.0.0/16', '10.0.0.0/16', '100.64.0.0/10 or 10.0.0.0/8 but for 10.0.0.0/16'),
  ],
  [
    '198.19.0.0/16',
    NOT_LET_IN('198.19.0.0/16', '10.0.0.0/16', '100.64.0.0/10 or 10.0.0.0/8 but for 10.0.0.0/16'),
  ],
  [
    '203.0.112.0/20',
    NOT_LET_IN('203.0.112.0/20', '10.0.0.0/16', '100.64.0.0/10 or 10.0.0.0/8 but for 10.0.0.0/16'),
  ],
  ['none', 'got "none"; expected an IPv4 range, such as 10.0.0.0/16'],
])('the range %s for Pods is reported at its place', (range, expected) => {
  expect(report({ network: `{ secondaryCidr: ${range}, prefixDelegation: false }` })).toBe(
    `p.yaml:3:27 network.secondaryCidr: ${expected}`,
  );
});

it.each([
  ['10.1.0.0/16', '10.0.0.0/20', '100.64.0.0/10 or 10.0.0.0/8 but for 10.0.0.0/16'],
  ['172.16.0.0/16', '172.31.0.0/16', '100.64.0.0/10 or 172.16.0.0/12 but for 172.31.0.0/16'],
  ['100.64.0.0/16', '10.0.0.0/16', '100.64.0.0/10'],
])('beside the network %s, AWS reserves %s', (cidr, range, allowed) => {
  const at = 'network: { cidr: , secondaryCidr: '.length + cidr.length + 1;
  expect(report({ network: `{ cidr: ${cidr}, secondaryCidr: ${range} }` })).toBe(
    `p.yaml:3:${at} network.secondaryCidr: ${NOT_LET_IN(range, cidr, allowed)}`,
  );
});

it('Pods and Services share no address', () => {
  const network = '{ cidr: 172.16.0.0/16, secondaryCidr: 172.20.128.0/20 }';
  expect(report({ network })).toBe(
    'p.yaml:3:48 network.secondaryCidr: "172.20.128.0/20" overlaps cluster.serviceCidr, which is 172.20.0.0/16 unless ' +
      'given; the two must share no address: write another range, or, before the cluster is made, cluster.serviceCidr too',
  );
});

it('a Pod subnet with too few prefixes for the nodes of its zone is reported', () => {
  const text = platform({ network: '{ secondaryCidr: 100.64.0.0/22 }' });
  expect(reportOn(text.replace('max: 3', 'max: 4'))).toBe(
    'p.yaml:8:70 nodes.node-1.max: with this node zone a has up to 4 instances, but its Pod subnet, a /25, has prefixes for ' +
      '2, two each. Lower max, widen network.secondaryCidr, or set network.prefixDelegation to false',
  );
});

const TWO_ZONES = (got: string): string =>
  `EKS has at most 2 zones of an account in us-west-1, since it is not in usw1-az2; ${got}; write 2 letters under ` +
  'network.zones: aws ec2 describe-availability-zones --region us-west-1 prints the letters of an account';

it.each([
  ['ca-central-1', '[a, b, d]'],
  ['ca-central-1', '[a, b, c]'],
  ['ap-northeast-1', '[a, c, d]'],
  ['us-west-1', '[a, c]'],
  ['us-east-1', '[a, b, c, d, f]'],
  ['cn-north-1', '[a, b, d]'],
])('one account has in %s the zones %s', (region, zones) => {
  expect(report({ region, network: `{ zones: ${zones} }` })).toBe('');
});

it('interface endpoints have names in China too', () => {
  expect(report({ region: 'cn-north-1', network: '{ endpoints: [sts] }' })).toBe('');
});

it.each([
  [{}, '10.0.0.0/16', '172.20.0.0/16'],
  [{ network: '{ cidr: 172.20.0.0/16 }' }, '172.20.0.0/16', '10.100.0.0/16'],
  [{ network: '{ cidr: 10.100.0.0/16 }' }, '10.100.0.0/16', '172.20.0.0/16'],
  [{ services: '10.0.0.0/16' }, '172.16.0.0/16', '10.0.0.0/16'],
  [{ services: '172.16.0.0/12' }, '10.0.0.0/16', '172.16.0.0/12'],
])('%j: a default range avoids the given one', (lines, cidr, serviceCidr) => {
  expect(parse(lines)).toMatchObject({ network: { cidr }, cluster: { serviceCidr } });
});

it('the control plane is in all zones of the network, or in those of its creation', () => {
  const [network, region] = ['{ zones: [a, b, c, d] }', 'us-west-2'];
  expect(parse({ region, network }).cluster.zones).toEqual(['a', 'b', 'c', 'd']);
  expect(parse({ region, network, zones: '[a, b, c]' }).cluster.zones).toEqual(['a', 'b', 'c']);
});

it.each([
  [
    { network: '{ endpoints: [ecr.dkr, ecr.dkr] }' },
    'p.yaml:3:33 network.endpoints[1]: "ecr.dkr" is given already at [0]; remove one',
  ],
  [
    { network: '{ endpoints: [ecr] }' },
    'p.yaml:3:24 network.endpoints[0]: got "ecr"; expected one of autoscaling, ec2, ec2messages, ecr.api, ecr.dkr, eks, eks-auth, ' +
      'elasticfilesystem, elasticloadbalancing, email-smtp, kms, logs, monitoring, secretsmanager, sqs, ssm, ssmmessages, ' +
      'sts, xray; did you mean "ec2"?',
  ],
  [
    { region: 'eu-wst-1' },
    expect.stringMatching(
      /^p.yaml:2:9 region: unknown region "eu-wst-1"; did you mean "eu-west-1"\? known: af-south-1, .*us-isof-south-1; /,
    ),
  ],
  [
    { network: '{ zones: [a, b, d] }' },
    'p.yaml:3:26 network.zones[2]: no account has a zone "d" in eu-west-1; allowed: a, b, c; aws ec2 ' +
      'describe-availability-zones --region eu-west-1 prints the letters of an account',
  ],
  [
    { region: 'us-west-1', network: '{ zones: [a, b, c] }' },
    `p.yaml:3:19 network.zones: ${TWO_ZONES('got 3')}`,
  ],
  [{ region: 'us-west-1' }, `p.yaml:2:9 region: ${TWO_ZONES('network.zones is [a, b, c] unless given')}`],
  [
    { network: '{ controlPlaneSubnets: sometimes }' },
    'p.yaml:3:33 network.controlPlaneSubnets: got "sometimes"; expected true or false',
  ],
  [
    { zones: '[a, f]' },
    'p.yaml:7:14 cluster.zones[1]: the network has no zone "f"; known: a, b, c; use one, or add f to network.zones',
  ],
  [{ zones: '[a, a]' }, 'p.yaml:7:14 cluster.zones[1]: "a" is given already at [0]; remove one'],
  [
    { zones: '[a]' },
    'p.yaml:7:10 cluster.zones: got a list of one; expected a list of at least two zone letters, such as [a, b, c]: EKS needs two zones',
  ],
])('%j is reported at its place', (lines, expected) => {
  expect(report(lines)).toEqual(expected);
});
