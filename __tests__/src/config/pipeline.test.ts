import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { formatFinding } from '../../../src/config/config-error';
import { parsePlatform } from '../../own-platform';
import { report, TODAY } from './report';

/** A platform whose pipeline begins on line 3. */
const platform = (pipeline: string, state = ''): string => `name: shop
region: eu-west-1
pipeline:
${pipeline}
${state}
cluster: { version: '${DEFAULT_KUBERNETES_VERSION}', admins: [arn:aws:iam::111122223333:role/admin] }
nodes: { node-1: { zone: a, instanceTypes: [m7i.large], min: 1, max: 3 } }
namespaces: { dev: { nodes: [node-1] } }
`;

const exception = (changes: Readonly<Record<string, string>> = {}): string => {
  const said = {
    address: 'cluster/aws_eks_node_group.eks_node_1',
    change: "'3f2a9c01d4e5'",
    reason: 'node-1 moves to another subnet',
    until: '2026-11-30',
    ...changes,
  };
  const pairs = Object.entries(said).map(([key, value]) => `${key}: ${value}`);
  return platform(`  exceptions:\n    - { ${pairs.join(', ')} }`);
};

const warnings = (yaml: string): string[] => {
  const told: string[] = [];
  parsePlatform(yaml, 'p.yaml', {
    today: TODAY,
    onWarning: (warning) => told.push(formatFinding(warning)),
  });
  return told.filter((line) => !line.includes('aws-ebs-csi-driver'));
};

describe('the pipeline of a platform', () => {
  it('is denied resources of other platforms only if their names begin with its own', () => {
    const of = (names: string): string =>
      platform(`  repository: acme/shop\n  otherPlatforms: [${names}]`, 'state: { bucket: shop-eu-states }');
    expect(report(of('shop-us'))).toBe('');
    expect(report(of('other, shop-eu'))).toBe(
      [
        'p.yaml:5:20 pipeline.otherPlatforms[0]: nothing of other has a name that begins with shop-; remove the entry',
        "p.yaml:5:27 pipeline.otherPlatforms[1]: the bucket of this platform's state, shop-eu-states, begins with shop-eu-, too; rename it first",
      ].join('\n'),
    );
  });

  it('of a repository requires a state bucket', () => {
    expect(report(platform('  repository: acme/platform'))).toBe(
      'p.yaml:4:15 pipeline.repository: a pipeline finds no local state files; name the bucket of the state in state.bucket',
    );
    expect(report(platform('  repository: acme/platform', 'state: { bucket: acme-state }'))).toBe('');
  });

  it('allows 50 changes and has no exceptions by default', () => {
    const { pipeline } = parsePlatform(platform('  {}'), 'p.yaml', { today: TODAY });
    expect(pipeline).toEqual({
      oidcProvider: 'create',
      maxChanges: 50,
      exceptions: [],
      otherPlatforms: [],
      classes: [],
      providers: [],
    });
  });
});

describe('the numbers of a repository', () => {
  const of = (pipeline: string): string =>
    platform(`  { repository: acme/platform${pipeline} }`, 'state: { bucket: acme-state }');
  it('are requested by a warning, which says how to find them', () => {
    expect(warnings(of(''))).toEqual([
      'p.yaml:4:17 pipeline.repository: without ownerId and repositoryId, GitHub cannot sign in for a repository that was made, ' +
        'renamed or transferred on 2026-07-15 or later; add what ' +
        `gh api repos/acme/platform --jq '"ownerId: \\(.owner.id), repositoryId: \\(.id)"' prints`,
    ]);
    expect(warnings(of(', ownerId: 123456, repositoryId: 7890'))).toEqual([]);
  });

  it.each([
    [
      ', ownerId: 123456',
      'pipeline.ownerId: goes with repositoryId; write both: gh api repos/acme/platform ',
    ],
    [
      ', repositoryId: 7890',
      'pipeline.repositoryId: goes with ownerId; write both: gh api repos/acme/platform ',
    ],
    [
      ', ownerId: 0, repositoryId: 7890',
      'pipeline.ownerId: got the number 0; expected the number that GitHub gives',
    ],
    [
      `, ownerId: '12', repositoryId: 7890`,
      'pipeline.ownerId: got "12"; expected the number that GitHub gives',
    ],
  ])('have a mistake: %s', (numbers, mistake) => {
    expect(report(of(numbers))).toContain(mistake);
  });

  it('belong to a repository that is named', () => {
    expect(report(platform('  { ownerId: 1, repositoryId: 2 }'))).toContain(
      'pipeline.ownerId: the number of no repository; name it in pipeline.repository',
    );
  });
});

describe('an additional right within the boundary of roles', () => {
  const allowing = (allow: string, more = ''): string =>
    platform(
      '  repository: acme/platform',
      `state: { bucket: acme-state }\niam: { boundary: { allow: ${allow} }${more} }`,
    );

  it('has actions, on all resources by default', () => {
    const { iam } = parsePlatform(
      allowing(
        "[{ actions: [bedrock:InvokeModel] }, { actions: ['s3:Get*'], resources: [arn:aws:s3:::shared/*] }]",
      ),
      'p.yaml',
      { today: TODAY },
    );
    expect(iam.boundary?.allow).toEqual([
      { actions: ['bedrock:InvokeModel'], resources: ['*'] },
      { actions: ['s3:Get*'], resources: ['arn:aws:s3:::shared/*'] },
    ]);
  });

  it.each(['iam:PassRole', 'iam:*', 'organizations:*', '"*"', 'bedrock', '"*:Get"'])(
    'is never %s',
    (action) => {
      expect(report(allowing(`[{ actions: [${action}] }]`))).toContain(
        'iam.boundary.allow[0].actions[0]: got ',
      );
    },
  );

  it('names the roles that may be assumed', () => {
    const assume = (action: string, resources = ''): string =>
      report(allowing(`[{ actions: ['${action}']${resources} }]`));
    const role = 'arn:aws:iam::444455556666:role/reports';
    expect(assume('sts:AssumeRole', `, resources: [${role}]`)).toBe('');
    expect(assume('sts:*')).toContain(
      'iam.boundary.allow[0]: sts:* on * lets a role take the rights of every role that trusts the account; name roles in resources',
    );
    expect(assume('sts:AssumeRole', `, resources: [${role}, 'arn:aws:iam::444455556666:role/*']`)).toContain(
      'sts:AssumeRole on arn:aws:iam::444455556666:role/* lets',
    );
  });

  it('requires the boundary of a pipeline', () => {
    const entry = '[{ actions: [bedrock:InvokeModel] }]';
    expect(report(allowing(entry))).toBe('');
    expect(
      report(allowing(entry, ', permissionsBoundary: arn:aws:iam::111122223333:policy/boundary')),
    ).toContain(
      'iam.boundary.allow: changes no policy: iam.permissionsBoundary bounds all roles; extend that policy and remove this key',
    );
    expect(report(platform('  {}', `iam: { boundary: { allow: ${entry} } }`))).toContain(
      'iam.boundary.allow: changes no policy: only a pipeline bounds the roles',
    );
  });
});

describe('an exception of the guard', () => {
  it('is accepted as the guard prints it', () => {
    expect(report(exception())).toBe('');
    expect(report(exception({ address: 'cluster' }))).toBe('');
    expect(report(exception({ address: `'dev/kubernetes_secret_v1.login["a b"]'` }))).toBe('');
  });

  it('ends within 31 days', () => {
    expect(report(exception({ until: '2026-12-24' }))).toBe('');
    expect(report(exception({ until: '2026-12-25' }))).toMatch(
      /^p\.yaml:5:\d+ pipeline\.exceptions\[0\]\.until: an exception lasts 31 days at most; write 2026-12-24 or an earlier day$/,
    );
  });

  it.each(['2026-11-31', '2026-13-01'])('does not end on %s, which is no day', (until) => {
    expect(report(exception({ until }))).toMatch(
      new RegExp(`pipeline\\.exceptions\\[0\\]\\.until: no day of the calendar: ${until}$`),
    );
  });

  it.each(['Cluster/aws_vpc.vpc', '/aws_vpc.vpc', "'cluster/'", "'cluster aws_vpc.vpc'"])(
    'names a stack or an address in it, not %s',
    (address) => {
      expect(report(exception({ address }))).toMatch(
        /pipeline\.exceptions\[0\]\.address: .*a stack and an address in it, such as cluster\/aws_eks_node_group\.node_1, or a stack alone/,
      );
    },
  );

  it.each(["'3f2a9c01d4e'", "'3F2A9C01D4E5'", '123456789012'])(
    'names its change by 12 characters, not %s',
    (change) => {
      expect(report(exception({ change }))).toMatch(
        /pipeline\.exceptions\[0\]\.change: .*the 12 characters that the guard prints for the change, in quotes/,
      );
    },
  );

  it('that has expired is a warning, and no mistake', () => {
    const told = (until: string): string[] => warnings(exception({ until }));
    expect(told('2026-11-23')).toEqual([]);
    expect(told('2026-11-22')).toEqual([
      'p.yaml:5:7 pipeline.exceptions[0]: ended on 2026-11-22 and lets nothing pass; remove it',
    ]);
  });
});

describe('a class of a user type', () => {
  const classed = (entry: string): string => report(platform(`  classes:\n    - { ${entry} }`));

  it('is for a type or a kind of the platform, or for a part of it', () => {
    expect(classed('type: aws_route53_zone, class: content, reason: names of our own')).toBe('');
    expect(classed('type: Certificate, path: spec.issuerRef, class: identity, reason: who signs')).toBe('');
  });

  it('is refused for a type that the program knows', () => {
    expect(classed('type: aws_iam_role, class: content, reason: never mind')).toMatch(
      /^p\.yaml:5:\d+ pipeline\.classes\[0\]\.type: aws_iam_role has its classes already; remove the entry, and let a change of it pass by pipeline\.exceptions$/,
    );
  });

  it('is one of six', () => {
    expect(classed('type: aws_route53_zone, class: harmless, reason: names of our own')).toContain(
      'got "harmless"; expected one of content, exposure, rights, protection, identity, code',
    );
  });
});
