import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import fc from 'fast-check';
import { ConfigError } from '../../../src/config/config-error';
import { parsePlatform, workloads } from '../../own-platform';
import { promote, type Promotion, PromotionError } from '../../../src/config/promotion';
import { TODAY } from './report';

const HEAD = `name: shop
region: eu-west-1
cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::111122223333:role/admin] }
nodes: { n: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
`;

/** A platform with a namespace qa that has 1.4.0, and others as they are written. */
const platform = (others: string): string => `${HEAD}namespaces:
  qa: { nodes: [n], workloads: { storefront: { version: 1.4.0 } } }
${others}`;

const QA_TO_STAGE: Promotion = { workload: 'storefront', from: 'qa', to: 'stage' };

const promoted = (text: string, promotion = QA_TO_STAGE) =>
  promote(text, 'p.yaml', promotion, { today: TODAY, workloads });

function errors(text: string, promotion = QA_TO_STAGE): string[] {
  try {
    promoted(text, promotion);
    return [];
  } catch (error) {
    if (error instanceof ConfigError || error instanceof PromotionError) return error.message.split('\n');
    throw error;
  }
}

/** stage in some form, with the place of its version marked. */
const stage = (version: string): string =>
  platform(`  stage: { nodes: [n], workloads: { storefront: { version: ${version} } } }\n`);

it('promote copies the version, and says where', () => {
  expect(promoted(stage('1.3.2'))).toEqual({
    file: 'p.yaml',
    line: 7,
    column: 60,
    path: 'namespaces.stage.workloads.storefront.version',
    before: '1.3.2',
    after: '1.4.0',
    text: stage('1.4.0'),
  });
});

it('promote leaves a file as it is if the version is the same', () => {
  const text = stage("'1.4.0'");
  expect(promoted(text)).toMatchObject({ before: '1.4.0', after: '1.4.0', text });
});

it.each([
  ['1.3.2', '1.10', "'1.10'"],
  ['1.3.2', '2026', "'2026'"],
  ['1.3.2', '1e5', "'1e5'"],
  ['1.3.2', 'true', "'true'"],
  ['1.3.2', 'v1.10', 'v1.10'],
  ["'1.3'", '1.4.0', "'1.4.0'"],
  ['"1.3"', '1.10', '"1.10"'],
  ['!!str 1.3', '1.10', '!!str 1.10'],
  ['&old 1.3.2', '1.4.0', '&old 1.4.0'],
])('promote replaces %s by the version %s, written as %s', (before, version, after) => {
  const text = stage(before).replace('version: 1.4.0', `version: '${version}'`);
  const { text: result } = promoted(text);
  expect(result).toBe(text.replace(`version: ${before} }`, `version: ${after} }`));
  expect(
    parsePlatform(result, 'p.yaml', { today: TODAY }).namespaces['stage']?.workloads.storefront?.version,
  ).toBe(version);
});

it('promote reports unknown names as mistakes of the command, with the nearest names', () => {
  expect(errors(stage('1.3.2'), { workload: 'shop', from: 'qaa', to: 'stag' })).toEqual([
    'promote: unknown workload "shop"; known: storefront',
    'promote: unknown namespace "qaa"; did you mean "qa"? known: qa, stage (p.yaml)',
    'promote: unknown namespace "stag"; did you mean "stage"? known: qa, stage (p.yaml)',
  ]);
});

it('promote refuses a namespace as its own source', () => {
  expect(errors(stage('1.3.2'), { ...QA_TO_STAGE, to: 'qa' })).toEqual([
    'promote: qa cannot be promoted to itself; name the namespace that has the version, then the one that gets it',
  ]);
});

it('promote prints what to write if a namespace lacks the workload', () => {
  const text = platform('  stage: { nodes: [n] }\n  prod:\n    nodes: [n]\n    workloads: {}\n');
  expect(errors(text)).toEqual([
    'p.yaml:7:3 namespaces.stage.workloads: has no storefront that could get a version; write storefront: { version: 1.4.0 } under namespaces.stage.workloads first',
  ]);
  expect(errors(text, { ...QA_TO_STAGE, from: 'prod' })).toEqual([
    'p.yaml:7:3 namespaces.stage.workloads: has no storefront that could get a version; write storefront: { version: … } under namespaces.stage.workloads first',
    'p.yaml:10:5 namespaces.prod.workloads: has no storefront whose version could be promoted; those that have one: qa',
  ]);
});

it('promote reports the mistakes of the file first', () => {
  expect(errors(stage('latest'))).toEqual([
    'p.yaml:7:60 namespaces.stage.workloads.storefront.version: got "latest"; expected an image tag that does not move, such as 1.4.0',
  ]);
});

describe('a version in more places than one', () => {
  const shared =
    /stands elsewhere too, by an alias or a merge, so that it cannot change here alone; write version: 1\.4\.0 under namespaces\.stage\.workloads\.storefront itself$/;
  const prod = (storefront: string): string =>
    `  prod: { nodes: [n], workloads: { storefront: ${storefront} } }\n`;

  it.each([
    ['the version', prod('{ version: &v 1.3.2 }'), '{ storefront: { version: *v } }'],
    ['the workload', prod('&w { version: 1.3.2 }'), '{ storefront: *w }'],
    ['a merged mapping', prod('&w { version: 1.3.2 }'), '{ storefront: { <<: *w, replicas: 3 } }'],
  ])('is not changed by an alias of %s', (_, before, workloads) => {
    const told = errors(platform(`${before}  stage: { nodes: [n], workloads: ${workloads} }\n`));
    expect(told).toEqual([expect.stringMatching(shared)]);
  });

  it.each(['{ version: &v 1.3.2 }', '&w { version: 1.3.2 }'])(
    'is not changed in %s, which other places repeat',
    (own) => {
      const alias = own.includes('&v') ? '{ version: *v }' : '*w';
      const text = platform(`  stage: { nodes: [n], workloads: { storefront: ${own} } }\n${prod(alias)}`);
      expect(errors(text)).toEqual([
        expect.stringMatching(
          /^p\.yaml:7:\d+ namespaces\.stage\.workloads\.storefront\.version: cannot be changed without another value changing/,
        ),
      ]);
    },
  );

  it('is copied from an alias', () => {
    const text = platform('  stage: { nodes: [n], workloads: { storefront: { version: 1.3.2 } } }\n')
      .replace('version: 1.4.0', 'version: *tested')
      .replace('name: shop', '# the one that was tested\nname: shop')
      .replace(
        `cluster: { version: '${DEFAULT_KUBERNETES_VERSION}'`,
        `cluster: { version: &tested '${DEFAULT_KUBERNETES_VERSION}'`,
      );
    expect(promoted(text)).toMatchObject({ after: DEFAULT_KUBERNETES_VERSION });
    expect(promoted(text).text).toBe(
      text.replace('version: 1.3.2', `version: '${DEFAULT_KUBERNETES_VERSION}'`),
    );
  });
});

const space = fc.constantFrom('', ' ', '   ');
const comment = fc.constantFrom('', ' # a comment: { version: 1.3.2 }', '   #');
const version = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,8}[A-Za-z0-9]$/)
  .filter((tag) => tag !== 'latest');
const quote = fc.constantFrom("'", '"');

/** Files in any layout: text before the version of stage, its quotes, text after. */
const layout = fc
  .record({
    mark: fc.constantFrom('', '\uFEFF'),
    flow: fc.boolean(),
    quote,
    sourceQuote: quote,
    gap: space,
    comments: fc.array(comment, { minLength: 4, maxLength: 4 }),
    blank: fc.constantFrom('', '\n', '\n# alone\n\n'),
    first: fc.boolean(),
    end: fc.constantFrom('\n', '\r\n'),
    last: fc.boolean(),
    from: version,
    to: version,
  })
  .map(({ mark, flow, quote: q, sourceQuote: s, gap, comments, blank, first, end, last, from, to }) => {
    const [a = '', b = '', c = '', d = ''] = comments;
    const [before, after] = flow
      ? [
          `  stage: {${gap}nodes: [n],${gap} workloads: { storefront: {replicas: 3,${gap} version:${gap} ${q}`,
          `${q}${gap}} }${gap}}${a}`,
        ]
      : [
          `  stage:${a}\n    nodes: [n]${b}\n${blank}    workloads:${c}\n      storefront:\n        version: ${gap}${q}`,
          `${q}${d}\n        replicas: 3`,
        ];
    const qa = `  qa: { nodes: [n], workloads: { storefront: { version: ${s}${from}${s} } } }${d}\n`;
    const start = `${HEAD}namespaces:${b}\n${blank}${first ? '' : qa}${before}`;
    const rest = `${after}${first ? `\n${qa}` : last ? '\n' : ''}`;
    const lines = (text: string): string => text.replaceAll('\n', end);
    return { start: mark + lines(start), rest: lines(rest), from, to };
  });

it('promote changes the characters of the version in any layout, and no others', () => {
  fc.assert(
    fc.property(layout, ({ start, rest, from, to }) => {
      expect(promoted(start + to + rest).text).toBe(start + from + rest);
    }),
    { numRuns: 50 },
  );
});

it('promote writes any version so that it reads back the same, without needless quotes', () => {
  fc.assert(
    fc.property(version, (from) => {
      const text = stage('1.3.2').replace('version: 1.4.0', `version: '${from}'`);
      const { text: result } = promoted(text);
      const plain = text.replace('version: 1.3.2', `version: ${from}`);
      const quoted = text.replace('version: 1.3.2', `version: '${from}'`);
      expect([plain, quoted]).toContain(result);
      expect(errors(plain).length > 0).toBe(result === quoted);
    }),
    { numRuns: 50 },
  );
});
