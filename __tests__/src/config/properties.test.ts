import fc from 'fast-check';
import { stringify } from 'yaml';
import { ConfigError } from '../../../src/config/config-error';
import { parsePlatform } from '../../own-platform';

const TODAY = new Date('2026-11-23T12:00:00Z');

function messages(text: string): string[] {
  try {
    parsePlatform(text, 'p.yaml', { today: TODAY });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const letters = ['a', 'b', 'c'];

/** Any file that is right: names, zones, sizes and rows at random, optional keys there or not. */
const validFile = fc
  .record({
    zones: fc.uniqueArray(fc.constantFrom(...letters), { minLength: 2 }),
    names: fc.uniqueArray(label, { minLength: 1, maxLength: 5 }),
    prefix: fc.integer({ min: 16, max: 20 }),
  })
  .chain(({ zones, names, prefix }) => {
    const node = fc
      .record({ min: fc.nat(5), desired: fc.nat(5), max: fc.nat(5), zone: fc.constantFrom(...zones) })
      .map(({ min, desired, max, zone }) => ({
        zone,
        instanceTypes: ['m7i.large'],
        min,
        desired: min + desired,
        max: min + desired + max + 1,
      }));
    const namespace = fc.record(
      {
        nodes: fc.subarray(names, { minLength: 1 }),
        podSecurity: fc.constantFrom('restricted', 'baseline'),
        quota: fc.record({ pods: fc.integer({ min: 1, max: 500 }) }),
        workloads: fc.constantFrom({}, { storefront: { version: '1.4.0' } }),
      },
      { requiredKeys: ['nodes'] },
    );
    return fc.record({
      name: label,
      region: fc.constantFrom('eu-west-1', 'us-east-2', 'ap-southeast-2'),
      // The zones of a small VPC do not have prefixes for so many nodes.
      network: fc.constant({ cidr: `10.16.0.0/${prefix}`, zones, prefixDelegation: prefix < 18 }),
      cluster: fc.constant({ version: '1.35', admins: ['arn:aws:iam::111122223333:user/me'] }),
      nodes: fc
        .tuple(...names.map(() => node))
        .map((all) => Object.fromEntries(names.map((n, i) => [n, all[i]]))),
      namespaces: fc.dictionary(
        label.map((name) => `n-${name}`),
        namespace,
        { maxKeys: 4 },
      ),
    });
  });

it('any valid file loads, in block or flow style, and keeps its values', () => {
  fc.assert(
    fc.property(validFile, fc.boolean(), (file, flow) => {
      const text = stringify(file, {
        collectionStyle: flow ? 'flow' : 'block',
        aliasDuplicateObjects: false,
      });
      expect(messages(text)).toEqual([]);
      expect(parsePlatform(text, 'p.yaml', { today: TODAY })).toMatchObject(file);
    }),
    { numRuns: 50 },
  );
});

/** A file by its lines: as it should be, with a mistake, and the path that is told. § stands where the finding points. */
const LINES: { right: string; wrong?: string; path?: string }[] = [
  { right: 'name: seed', wrong: 'name: §-seed', path: 'name' },
  { right: 'region: eu-west-1', wrong: 'region: §[eu]', path: 'region' },
  { right: 'state: { bucket: b-1 }', wrong: 'state: { §bukcet: b-1 }', path: 'state.bukcet' },
  { right: 'network: { nat: none }', wrong: 'network: { nat: §no }', path: 'network.nat' },
  { right: 'cluster:' },
  { right: "  version: '1.35'", wrong: '  version: §1.35', path: 'cluster.version' },
  {
    right: '  admins: [arn:aws:iam::111122223333:user/me]',
    wrong: '  admins: [§me]',
    path: 'cluster.admins[0]',
  },
  { right: '  publicAccess: []', wrong: '  publicAccess: [§1.2.3.4/8]', path: 'cluster.publicAccess[0]' },
  { right: 'nodes:' },
  {
    right: '  n1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 }',
    wrong: '  n1: { zone: §f, instanceTypes: [m7i.large], min: 1, max: 3 }',
    path: 'nodes.n1.zone',
  },
  {
    right: '  n2: { zone: b, instanceTypes: [m7i.large], min: 1, max: 3 }',
    wrong: '  n2: { zone: b, instanceTypes: [m7i.large], min: §5, max: 3 }',
    path: 'nodes.n2.min',
  },
  {
    right: '  n3: { zone: c, instanceTypes: [m7i.large], min: 1, max: 3 }',
    wrong: '  §n3: { zone: c, instanceTypes: [m7i.large], min: 1 }',
    path: 'nodes.n3.max',
  },
  { right: 'namespaces:' },
  {
    right: '  dev: { nodes: [n1, n2] }',
    wrong: '  dev: { nodes: [n1, §n9] }',
    path: 'namespaces.dev.nodes[1]',
  },
  { right: '  qa: { nodes: [n2] }', wrong: '  qa: { nodes: [n2, §n2] }', path: 'namespaces.qa.nodes[1]' },
  { right: '  stage: { nodes: [n3] }', wrong: '  stage: { nodes: §[] }', path: 'namespaces.stage.nodes' },
  { right: '  prod: { nodes: [n1] }', wrong: '  §default: { nodes: [n1] }', path: 'namespaces.default' },
];

it('an error reports each of any mistakes once, at its place, and nothing else', () => {
  fc.assert(
    fc.property(fc.subarray(LINES.filter(({ wrong }) => wrong !== undefined)), (made) => {
      const marked = LINES.map((line) => (made.includes(line) && line.wrong) || line.right);
      const expected = marked.flatMap((line, i) =>
        line.includes('§') ? [`p.yaml:${i + 1}:${line.indexOf('§') + 1} ${LINES[i]?.path ?? ''}:`] : [],
      );
      const told = messages(marked.join('\n').replaceAll('§', '')).map((line) => /^\S+ \S+:/.exec(line)?.[0]);
      expect(told).toEqual(expected);
    }),
    { numRuns: 100 },
  );
});
