import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPlatform } from '../../../src/config/load-platform';
import { platformFiles } from '../../../src/config/platform-list';
import type { Platform } from '../../../src/config/platform';

const TODAY = new Date('2026-11-28');
const BASE = `
network: { zones: [a, b, c], nat: single }
cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::444455556666:role/admin], publicAccess: [203.0.113.0/24] }
nodes:
  node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 }
  node-2: { zone: b, instanceTypes: [m7i.large], min: 1, max: 3 }
namespaces:
  stage: { nodes: [node-1, node-2] }
  qa: { nodes: [node-2] }
`.trimStart();
const EU = `
extends: base.yaml
name: shop-eu
region: eu-central-1
account: '444455556666'
`.trimStart();

const before = process.cwd();
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'extends-')));
  process.chdir(folder);
  mkdirSync('platforms');
});

afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(`platforms/${name}.yaml`, text);
}

function load(name: string): Platform {
  return loadPlatform(`platforms/${name}.yaml`, { today: TODAY });
}

describe('a file that extends another', () => {
  it('merges mappings key by key, replaces lists and scalars, and removes what is null', () => {
    write({
      base: BASE,
      eu: `${EU}network: { zones: [a, b] }\nnodes: { node-1: { max: 5 } }\nnamespaces: { qa: null, prod: { nodes: [node-1] } }\n`,
    });
    const { name, account, network, nodes, namespaces } = load('eu');
    expect({ name, account }).toEqual({ name: 'shop-eu', account: '444455556666' });
    expect(network).toMatchObject({ zones: ['a', 'b'], nat: 'single' });
    expect(nodes['node-1']).toMatchObject({ zone: 'a', min: 1, max: 5 });
    expect(Object.keys(namespaces)).toEqual(['stage', 'prod']);
  });

  it('may extend a file that extends another, the nearest first', () => {
    write({
      base: BASE,
      small: 'extends: base.yaml\nnetwork: { zones: [a, b], nat: none }\n',
      eu: `${EU.replace('base', 'small')}network: { nat: per-zone }\n`,
    });
    expect(load('eu').network).toMatchObject({ zones: ['a', 'b'], nat: 'per-zone' });
  });

  it('gives each mistake the file and the line that its value comes from', () => {
    write({
      base: BASE.replace('nat: single', 'nat: some').replace('zone: b,', 'zon: b,'),
      eu: `${EU}cluster: { version: ${DEFAULT_KUBERNETES_VERSION} }\nnodes: { node-1: { max: 0 } }\n`,
    });
    const lines = (): string[] => {
      try {
        load('eu');
      } catch (error) {
        return (error as Error).message.split('\n').map((line) => line.split(';')[0] ?? '');
      }
      return [];
    };
    expect(lines()).toEqual(
      expect.arrayContaining([
        expect.stringContaining('platforms/base.yaml:1:35 network.nat: got "some"'),
        expect.stringContaining('platforms/base.yaml:5:13 nodes.node-2.zon: unknown key'),
        expect.stringContaining(
          `platforms/eu.yaml:5:21 cluster.version: got the number ${DEFAULT_KUBERNETES_VERSION}`,
        ),
        expect.stringContaining('platforms/eu.yaml:6:25 nodes.node-1.max: got the number 0'),
      ]),
    );
  });

  it('sets its own region and account', () => {
    write({
      base: `${BASE}region: eu-west-1\naccount: '444455556666'\n`,
      eu: 'extends: base.yaml\nname: shop\n',
    });
    expect(() => load('eu')).toThrow(
      'platforms/eu.yaml:1:10 extends: region: missing; a file that extends another states its own region\n' +
        'platforms/eu.yaml:1:10 extends: account: missing; a file that extends another states its own account',
    );
  });

  it.each([
    [
      'goes in a circle',
      { base: 'extends: eu.yaml\n', eu: EU },
      'platforms/base.yaml:1:10 extends: goes in a circle: platforms/eu.yaml extends platforms/base.yaml extends platforms/eu.yaml',
    ],
    ['is missing', { eu: EU }, 'platforms/eu.yaml:1:10 extends: platforms/base.yaml does not exist'],
    [
      'is no name',
      { eu: 'extends: [a]\n' },
      'platforms/eu.yaml:1:10 extends: expected a file, relative to this one',
    ],
    ['is no YAML', { base: 'a: [', eu: EU }, 'platforms/base.yaml:1:5 not YAML'],
  ])('is an error where the extended file %s', (_, files, message) => {
    write(files);
    expect(() => load('eu')).toThrow(message);
  });

  it('is an error where null removes a missing key', () => {
    write({ base: BASE, eu: `${EU}namespaces: { qaa: null }\n` });
    expect(() => load('eu')).toThrow(
      'platforms/eu.yaml:5:15 namespaces.qaa: null removes a key, and the extended files do not have this one',
    );
  });
});

describe('the platforms of a project', () => {
  const whole = (name: string, account: string): string =>
    `${BASE.replace('444455556666', account)}name: ${name}\nregion: eu-west-1\n`;

  it('are the default one and those of platforms/, without shared files', () => {
    write({ base: BASE, eu: EU, us: whole('shop-us', '111122223333'), lonely: BASE });
    expect(platformFiles()).toEqual(['platforms/eu.yaml', 'platforms/lonely.yaml', 'platforms/us.yaml']);
    writeFileSync('platform.yaml', whole('shop', '111122223333'));
    expect(platformFiles()[0]).toBe('platform.yaml');
  });

  it('may not share a name in one account, in any region', () => {
    write({ base: BASE, eu: EU, twin: whole('shop-eu', '444455556666') });
    expect(() => load('eu')).toThrow(
      'platforms/eu.yaml:2:7 name: platforms/twin.yaml has the name shop-eu, too, and the same account 444455556666',
    );
  });

  it('include those of the account whose names begin like that of a pipeline', () => {
    const roles = 'state: { bucket: shop-eu-states }\npipeline: { repository: acme/shop }\n';
    write({ base: BASE, eu: `${EU}${roles}`, two: whole('shop-eu-two', '444455556666') });
    expect(() => load('eu')).toThrow(
      'the roles of shop-eu reach what is of shop-eu-two (platforms/two.yaml), whose names begin with shop-eu-, too; add shop-eu-two to pipeline.otherPlatforms',
    );
    const named = roles.replace('acme/shop', 'acme/shop, otherPlatforms: [shop-eu-two]');
    write({ eu: `${EU}${named}` });
    expect(load('eu').pipeline.otherPlatforms).toEqual(['shop-eu-two']);
    write({ two: whole('shop-eu-two', '111122223333'), eu: `${EU}${roles}` });
    expect(load('eu').pipeline.otherPlatforms).toEqual([]);
  });

  it('may not share a name in one state bucket', () => {
    const state = 'state: { bucket: all-states }\n';
    write({ base: BASE, eu: `${EU}${state}`, twin: `${whole('shop-eu', '111122223333')}${state}` });
    expect(() => load('eu')).toThrow(
      'the same state.bucket all-states, where the states of both begin with shop-eu/',
    );
    write({ twin: `${whole('shop-us', '111122223333')}${state}` });
    expect(load('eu').state).toEqual({ bucket: 'all-states' });
  });
});
