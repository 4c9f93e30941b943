import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { parsePlatform } from '../../own-platform';
import type { Platform } from '../../../src/config/platform';
import { report as reportOn, TODAY } from './report';

/** A platform whose controllers are on line 6 and whose metrics are on line 7. */
function platform(lines: { controllers?: string; metrics?: string }): string {
  return `name: shop
region: eu-west-1
cluster:
  version: '${DEFAULT_KUBERNETES_VERSION}'
  admins: [arn:aws:iam::111122223333:role/admin]
  controllers: ${lines.controllers ?? '{}'}
  metrics: ${lines.metrics ?? 'none'}
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
namespaces: { dev: { nodes: [node-1] } }
`;
}

/** Where AWS has its charts. */
const REPOSITORY = 'https://aws.github.io/eks-charts';

function parse(text: string): Platform['cluster'] {
  return parsePlatform(text, 'p.yaml', { today: TODAY }).cluster;
}

const report = (lines: Parameters<typeof platform>[0]): string => reportOn(platform(lines));

it('no controller exists by default', () => {
  const without = platform({}).replace(/ {2}(controllers|metrics):.*\n/g, '');
  expect(without).not.toMatch(/controllers|metrics/);
  expect(parse(without)).toMatchObject({
    controllers: { loadBalancer: false, chartRepository: REPOSITORY, karpenter: false },
    metrics: 'none',
  });
  expect(parse(without).controllers).not.toHaveProperty('externalDns');
});

it('each controller can be chosen alone', () => {
  expect(parse(platform({ controllers: '{ karpenter: true }' })).controllers).toEqual({
    loadBalancer: false,
    chartRepository: REPOSITORY,
    devicePlugins: true,
    karpenter: true,
  });
  expect(parse(platform({ controllers: '{ externalDns: { zones: [Z1, Z2] } }' })).controllers).toEqual({
    loadBalancer: false,
    chartRepository: REPOSITORY,
    devicePlugins: true,
    karpenter: false,
    externalDns: { zones: ['Z1', 'Z2'] },
  });
  expect(parse(platform({ metrics: 'managed-prometheus' })).metrics).toBe('managed-prometheus');
});

it.each([
  'https://charts.example.com',
  'https://charts.example.com:8443/stable/v1',
  'oci://111122223333.dkr.ecr.eu-west-1.amazonaws.com/charts',
])('charts may be pulled from %s', (repository) => {
  const { controllers } = parse(
    platform({ controllers: `{ loadBalancer: true, chartRepository: "${repository}" }` }),
  );
  expect(controllers).toMatchObject({ loadBalancer: true, chartRepository: repository });
});

/** What a chart repository is told to be. */
const A_REPOSITORY =
  'expected a chart repository, such as https://charts.example.com, or oci://registry.example.com/charts';

it.each([
  ['http://charts.example.com', '; write https://charts.example.com'],
  ['https://charts.example.com/stable/', '; write https://charts.example.com/stable'],
  ['charts.example.com', ''],
  // What stands in platform.yaml stands in the repository and in the state.
  ['https://user:password@charts.example.com', ''],
  ['https://charts.example.com?token=1', ''],
])('charts may not be pulled from %s', (repository, remedy) => {
  expect(report({ controllers: `{ chartRepository: "${repository}" }` })).toBe(
    `p.yaml:6:35 cluster.controllers.chartRepository: got "${repository}"; ${A_REPOSITORY}${remedy}`,
  );
});

it.each([
  [
    { controllers: '{ loadBalancer: sometimes }' },
    'p.yaml:6:32 cluster.controllers.loadBalancer: got "sometimes"; expected true or false',
  ],
  [
    { controllers: '{ karpentr: true }' },
    'p.yaml:6:18 cluster.controllers.karpentr: unknown key; did you mean "karpenter"? known: loadBalancer, chartRepository, karpenter, devicePlugins, externalDns',
  ],
  [
    { controllers: '{ externalDns: true }' },
    'p.yaml:6:31 cluster.controllers.externalDns: got true; expected a mapping with the keys zones',
  ],
  [
    { controllers: '{ externalDns: { zones: [] } }' },
    'p.yaml:6:40 cluster.controllers.externalDns.zones: got an empty list; expected a list of at least one ID of a hosted ' +
      'zone, such as [Z0123456789ABCDEFGHIJ]',
  ],
  [
    { controllers: '{ externalDns: { zones: [/hostedzone/Z1] } }' },
    'p.yaml:6:41 cluster.controllers.externalDns.zones[0]: got "/hostedzone/Z1"; expected the ID of a hosted zone, such as ' +
      'Z0123456789ABCDEFGHIJ; write Z1',
  ],
  [
    { controllers: '{ externalDns: { zones: [shop.example.com] } }' },
    'p.yaml:6:41 cluster.controllers.externalDns.zones[0]: got "shop.example.com"; expected the ID of a hosted zone, such as ' +
      'Z0123456789ABCDEFGHIJ',
  ],
  [
    { controllers: '{ externalDns: { zones: [Z1, Z1] } }' },
    'p.yaml:6:45 cluster.controllers.externalDns.zones[1]: "Z1" is given already at [0]; remove one',
  ],
  [
    { metrics: 'prometheus' },
    'p.yaml:7:12 cluster.metrics: got "prometheus"; expected one of none, managed-prometheus',
  ],
])('%j is reported at its place', (lines, expected) => {
  expect(report(lines)).toBe(expected);
});
