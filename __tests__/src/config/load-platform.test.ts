import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../../src/config/config-error';
import { loadPlatform, parsePlatform } from '../../own-platform';

const TODAY = new Date('2026-11-23T12:00:00Z');
const MINIMAL = `
name: shop
region: eu-west-1
cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::111122223333:role/team/admin] }
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 2, max: 3 } }
namespaces: { dev: { nodes: [node-1], workloads: { storefront: { version: 1.4.0 } } } }
`;

it('a missing key has its default', () => {
  expect(parsePlatform(MINIMAL, 'p.yaml', { today: TODAY })).toEqual({
    name: 'shop',
    region: 'eu-west-1',
    account: '111122223333',
    checks: { waivers: [], reachability: [] },
    imageRegistry: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop',
    images: { cache: false, mirrors: {}, reachable: [] },
    tags: {},
    protect: true,
    pipeline: {
      oidcProvider: 'create',
      exceptions: [],
      classes: [],
      providers: [],
      otherPlatforms: [],
      maxChanges: 50,
    },
    iam: { path: '/' },
    network: {
      cidr: '10.0.0.0/16',
      zones: ['a', 'b', 'c'],
      nat: 'per-zone',
      prefixDelegation: true,
      endpoints: [],
      controlPlaneSubnets: false,
    },
    cluster: {
      version: DEFAULT_KUBERNETES_VERSION,
      admins: ['arn:aws:iam::111122223333:role/team/admin'],
      viewers: [],
      pipelines: [],
      publicAccess: [],
      serviceCidr: '172.20.0.0/16',
      logRetentionDays: 90,
      zones: ['a', 'b', 'c'],
      zonalShift: true,
      addOns: {},
      controllers: {
        loadBalancer: false,
        chartRepository: 'https://aws.github.io/eks-charts',
        devicePlugins: true,
        karpenter: false,
      },
      metrics: 'none',
      sessionManager: false,
    },
    nodes: {
      'node-1': {
        zone: 'a',
        instanceTypes: ['m7i.large'],
        capacity: 'on-demand',
        os: 'al2023',
        min: 2,
        max: 3,
        desired: 2,
        scaling: 'terraform',
        diskGiB: 50,
        kubelet: {},
        labels: {},
        taints: [],
        maxUnavailable: 1,
        repair: true,
      },
    },
    namespaces: {
      dev: {
        nodes: ['node-1'],
        podSecurity: 'restricted',
        adopt: false,
        quota: { cpu: '4', memory: '8Gi', pods: 50 },
        teams: {},
        workloads: {
          storefront: {
            version: '1.4.0',
            replicas: 2,
            host: 'shop.dev.shop.internal',
            debug: true,
            loginRevision: 1,
          },
        },
      },
    },
  });
});

it('a debug Pod runs in dev only by default, and can have a host', () => {
  const storefront = (text: string, name: string) =>
    parsePlatform(text, 'p.yaml', { today: TODAY }).namespaces[name]?.workloads.storefront;
  const prod = MINIMAL.replace('dev:', 'prod:');
  expect(storefront(prod, 'prod')).toMatchObject({ debug: false, host: 'shop.prod.shop.internal' });
  const said = prod.replace('version: 1.4.0', 'version: 1.4.0, debug: true, host: shop.example.com');
  expect(storefront(said, 'prod')).toMatchObject({ debug: true, host: 'shop.example.com' });
});

it('a given value is kept, and a missing one without a default stays missing', () => {
  const whole = parsePlatform(readFileSync(join(__dirname, 'whole.yaml'), 'utf8'), 'p.yaml', {
    today: TODAY,
  });
  expect(whole).toMatchObject({
    state: { bucket: 'my-state' },
    imageRegistry: 'registry.example.com/shop',
    nodes: { 'node-1': { desired: 2 }, 'node-2': { min: 0, desired: 0 }, 'node-3': { diskGiB: 100 } },
    namespaces: { dev: { podSecurity: 'baseline', quota: { pods: 20 }, workloads: {} } },
  });
  expect(Object.keys(whole.state ?? {})).toEqual(['bucket']);
});

it('the order of nodes and namespaces is that of the file', () => {
  const { nodes, namespaces } = loadPlatform('platform.yaml', { today: TODAY });
  expect(Object.keys(nodes)).toEqual(['node-1', 'node-2', 'node-3']);
  expect(Object.keys(namespaces)).toEqual(['dev', 'qa', 'stage', 'prod']);
});

it.each([
  ['cn-north-1', 'aws-cn', '111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn/shop'],
  ['us-gov-west-1', 'aws-us-gov', '111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/shop'],
  ['eusc-de-east-1', 'aws-eusc', '111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu/shop'],
])('images come from the registry of the account of the first admin in %s', (region, partition, registry) => {
  const text = MINIMAL.replace('eu-west-1', region).replace('arn:aws:', `arn:${partition}:`);
  expect(parsePlatform(text, 'p.yaml', { today: TODAY }).imageRegistry).toBe(registry);
});

it('a loaded platform is frozen in every part', () => {
  const platform = parsePlatform(MINIMAL, 'p.yaml', { today: TODAY });
  const parts = [
    platform,
    platform.network.zones,
    platform.nodes['node-1'],
    platform.namespaces['dev']?.quota,
  ];
  expect(parts.map((part) => Object.isFrozen(part))).toEqual([true, true, true, true]);
});

it('two loaded files do not share their defaults', () => {
  const first = parsePlatform(MINIMAL, 'p.yaml', { today: TODAY });
  expect(parsePlatform(MINIMAL, 'p.yaml', { today: TODAY })).toEqual(first);
});

describe('the platform file', () => {
  const before = process.env['PLATFORM'];
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'platform-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
    if (before === undefined) delete process.env['PLATFORM'];
    else process.env['PLATFORM'] = before;
  });

  it('is the one in the variable PLATFORM, an argument overrides it, and an empty variable counts as unset', () => {
    const other = join(folder, 'other.yaml');
    writeFileSync(other, MINIMAL);
    process.env['PLATFORM'] = other;
    expect(loadPlatform(undefined, { today: TODAY }).name).toBe('shop');
    expect(loadPlatform('platform.yaml', { today: TODAY }).name).toBe('seed');
    process.env['PLATFORM'] = '';
    expect(loadPlatform(undefined, { today: TODAY }).name).toBe('seed');
  });

  it('may begin with a byte order mark, which does not shift the columns', () => {
    const file = join(folder, 'bom.yaml');
    writeFileSync(file, `\uFEFF${MINIMAL.trimStart().replace('shop', 'Shop')}`);
    expect(() => loadPlatform(file, { today: TODAY })).toThrow(`${file}:1:7 name: got "Shop"`);
  });

  it.each([
    ['no file', 'none.yaml', 'no such file; create it, or name another one by --platform'],
    ['a file as a folder', 'file/none.yaml', 'no such file; create it, or name another one by --platform'],
    [
      'a directory',
      '.',
      'a directory, a pipe or a device; name a regular file, such as the one in the directory',
    ],
  ])('is read: %s', (_, name, message) => {
    writeFileSync(join(folder, 'file'), '');
    const file = `${folder}/${name}`;
    let thrown: unknown;
    try {
      loadPlatform(file);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ConfigError);
    expect((thrown as ConfigError).message).toBe(`${file}: ${message}`);
    expect((thrown as ConfigError).findings).toEqual([{ file, path: '', message }]);
  });
});
