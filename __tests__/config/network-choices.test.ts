import { parsePlatform } from '../../config/load-platform';
import type { Platform } from '../../config/platform';
import { report as reportOn, TODAY } from './report';

/** A platform whose network is on line 3 and whose control plane's zones are on line 7. */
function platform(lines: { region?: string; network?: string; zones?: string }): string {
  const partition = lines.region?.startsWith('cn-') ? 'aws-cn' : 'aws';
  return `name: shop
region: ${lines.region ?? 'eu-west-1'}
network: ${lines.network ?? '{}'}
cluster:
  version: '1.35'
  admins: [arn:${partition}:iam::111122223333:role/admin]
  ${lines.zones === undefined ? 'zonalShift: false' : `zones: ${lines.zones}`}
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
namespaces: { dev: { nodes: [node-1] } }
`;
}

function parse(lines: Parameters<typeof platform>[0]): Platform {
  return parsePlatform(platform(lines), 'p.yaml', { today: TODAY });
}

const report = (lines: Parameters<typeof platform>[0]): string => reportOn(platform(lines));

test('endpoints, subnets of the control plane and zonal shift are kept as they are given', () => {
  const network = '{ endpoints: [ecr.api, ecr.dkr], controlPlaneSubnets: true }';
  expect(parse({ network })).toMatchObject({
    network: { endpoints: ['ecr.api', 'ecr.dkr'], controlPlaneSubnets: true },
    cluster: { zonalShift: false },
  });
});

test('the control plane is in all zones of the network, or in those that it was made with', () => {
  const network = '{ zones: [a, b, c, d] }';
  expect(parse({ network }).cluster.zones).toEqual(['a', 'b', 'c', 'd']);
  expect(parse({ network, zones: '[a, b, c]' }).cluster.zones).toEqual(['a', 'b', 'c']);
});

test.each([
  [
    { network: '{ endpoints: [ecr.dkr, ecr.dkr] }' },
    'p.yaml:3:33 network.endpoints[1]: "ecr.dkr" is given already at [0]; remove one',
  ],
  [
    { network: '{ endpoints: [ecr] }' },
    'p.yaml:3:24 network.endpoints[0]: got "ecr"; expected one of autoscaling, ec2, ecr.api, ecr.dkr, eks, eks-auth, ' +
      'elasticfilesystem, elasticloadbalancing, email-smtp, kms, logs, monitoring, secretsmanager, sqs, ssm, ssmmessages, ' +
      'sts, xray; did you mean "ec2"?',
  ],
  [
    { region: 'cn-north-1', network: '{ endpoints: [sts] }' },
    'p.yaml:3:23 network.endpoints: interface endpoints have names of their own in cn-north-1, which are not known here; ' +
      'leave network.endpoints out',
  ],
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
    'p.yaml:7:10 cluster.zones: got a list; expected a list of at least two zone letters, such as [a, b, c]: EKS needs two zones',
  ],
])('%j is told at its place', (lines, expected) => {
  expect(report(lines)).toBe(expected);
});
