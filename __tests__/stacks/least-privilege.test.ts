import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { synthesized } from './synthesized-platform';

const platformYaml = readFileSync('platform.yaml', 'utf8');
const documents = synthesized(platformYaml);

interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: { readonly Service?: string; readonly AWS?: string; readonly Federated?: string };
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

interface Policy {
  /** `cluster: aws_iam_role.eks_role.assume_role_policy` */
  readonly place: string;
  readonly type: string;
  readonly statements: readonly Statement[];
}

/** The actions in the policies by service, with and without a resource type. */
interface Reference {
  readonly withoutResourceType: Readonly<Record<string, string>>;
  readonly withResourceType: Readonly<Record<string, string>>;
}

const reference = JSON.parse(
  readFileSync(join(__dirname, 'service-authorization.json'), 'utf8'),
) as Reference;

const actionsOf = (byService: Readonly<Record<string, string>>): Set<string> =>
  new Set(
    Object.entries(byService).flatMap(([service, names]) =>
      names.split(' ').map((name) => `${service}:${name}`),
    ),
  );

/** Actions that only `*` allows. */
const WITHOUT_RESOURCE = actionsOf(reference.withoutResourceType);
const WITH_RESOURCE = actionsOf(reference.withResourceType);

/** Actions that AWS allows by a name all the same. Source: EKS User Guide, Identity-based policy examples. */
const BY_NAME_ALL_THE_SAME = ['eks:CreateCluster'];

/**
 * Policies that bound what others allow, and allow nothing by themselves: they name services. A test below makes sure that no
 * role attaches one of them as its own policy.
 */
const BOUNDARIES = /: aws_iam_policy\.pipeline_(guard|role_boundary)\.policy$/;

/** Policies in which `*` is not everything: the policy is of one resource, and that is meant. */
const OF_ONE_RESOURCE = ['aws_kms_key'];

const list = (value: string | readonly string[] = []): readonly string[] =>
  typeof value === 'string' ? [value] : value;

/** Every policy document that is written in some attribute of a resource, however deep. */
function policiesIn(value: unknown, place: string, type: string): Policy[] {
  if (typeof value === 'string') {
    if (!value.startsWith('{') || !value.includes('"Statement"')) return [];
    const { Statement } = JSON.parse(value) as { Statement: Statement[] };
    return [{ place, type, statements: Statement }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => policiesIn(inner, `${place}.${key}`, type));
}

/** The default platform with all that has rights in AWS and is there only when it is asked for. */
const everything = synthesized(
  platformYaml.replace(
    /\n {2}controllers: .*\n/,
    '\n  controllers: { loadBalancer: true, karpenter: true, externalDns: { zones: [Z0123456789ABC] } }\n' +
      '  metrics: managed-prometheus\n',
  ) + '\nstate: { bucket: seed-state }\npipeline: { repository: acme/platform }\n',
);

function policiesOf(stacks: typeof documents): Policy[] {
  return Object.entries(stacks).flatMap(([stack, { resource }]) =>
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).flatMap(([name, attributes]) =>
        policiesIn(attributes, `${stack}: ${type}.${name}`, type),
      ),
    ),
  );
}

const policies = policiesOf(documents);

it('the platform with everything has the rights of its controllers', () => {
  const roles = policiesOf(everything).map(({ place }) => place);
  for (const name of ['karpenter', 'load_balancer_controller', 'external_dns', 'pipeline']) {
    expect(roles).toContainEqual(expect.stringContaining(`aws_iam_role_policy.${name}`));
  }
});

it('the boundary of roles gives rights to none', () => {
  const boundaries = policiesOf(everything).filter(({ place }) => BOUNDARIES.test(place));
  expect(boundaries).toHaveLength(2);
  const attachments = Object.values(everything).flatMap(({ resource }) =>
    Object.values(resource['aws_iam_role_policy_attachment'] ?? {}).map(({ policy_arn }) =>
      String(policy_arn),
    ),
  );
  expect(attachments.length).toBeGreaterThan(2);
  for (const arn of attachments) expect(arn).not.toMatch(/guard|boundary/);
});

describe.each([
  ['the default platform', policies],
  ['the platform with everything', policiesOf(everything)],
])('every policy of %s', (_, all) => {
  const allowed = all
    .filter(({ place }) => !BOUNDARIES.test(place))
    .flatMap(({ place, type, statements }) =>
      statements.filter(({ Effect }) => Effect === 'Allow').map((statement) => ({ place, type, statement })),
    );

  it('is found: of roles, trust, keys and file systems', () => {
    expect([...new Set(all.map(({ place }) => place.replace(/^.*: (\w+)\.\w+/, '$1')))].sort()).toEqual(
      expect.arrayContaining([
        'aws_efs_file_system_policy.policy',
        'aws_iam_role.assume_role_policy',
        'aws_iam_role_policy.policy',
        'aws_kms_key.policy',
      ]),
    );
  });

  it('allows actions by their full names', () => {
    const wide = allowed.flatMap(({ place, statement }) =>
      list(statement.Action)
        .filter((action) => !/^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action))
        .map((action) => `${place}: ${action}`),
    );
    expect(wide).toEqual([]);
  });

  it('names the resources, except for actions for which AWS knows none', () => {
    const wide = allowed
      .filter(({ type }) => !OF_ONE_RESOURCE.includes(type))
      .filter(({ statement }) => list(statement.Resource).includes('*'))
      .flatMap(({ place, statement }) =>
        list(statement.Action)
          .filter((action) => !WITHOUT_RESOURCE.has(action))
          .map((action) => `${place}: ${action}`),
      );
    expect(wide).toEqual([]);
  });

  it('names no resource for actions for which AWS knows none, because that would allow nothing', () => {
    const without = allowed
      .filter(({ statement }) => statement.Resource !== undefined && !list(statement.Resource).includes('*'))
      .flatMap(({ place, statement }) =>
        list(statement.Action)
          .filter((action) => WITHOUT_RESOURCE.has(action) && !BY_NAME_ALL_THE_SAME.includes(action))
          .map((action) => `${place}: ${action}`),
      );
    expect(without).toEqual([]);
  });

  it('allows actions that the reference knows; service-authorization.json needs new ones', () => {
    const unknown = allowed.flatMap(({ statement }) =>
      list(statement.Action).filter((action) => !WITHOUT_RESOURCE.has(action) && !WITH_RESOURCE.has(action)),
    );
    expect(unknown).toEqual([]);
  });

  it('excludes nothing, which would allow the rest', () => {
    expect(JSON.stringify(allowed)).not.toMatch(/"Not(Action|Resource|Principal)"/);
  });

  it('trusts a service of AWS, or the account whose IAM then decides, or all clients on condition', () => {
    const principals = allowed.flatMap(({ place, statement: { Principal, Condition } }) => {
      if (!Principal) return [];
      if (Principal.Service?.endsWith('.amazonaws.com')) return [];
      if (
        /^arn:\$\{data\.aws_partition\.\w+\.partition\}:iam::\$\{data\.aws_caller_identity\.\w+\.account_id\}:root$/.test(
          Principal.AWS ?? '',
        )
      )
        return [];
      // A provider of identities vouches for everybody whom it knows: those that are meant have to be named, one by one.
      if (Principal.Federated !== undefined) {
        const subjects = list(Condition?.['StringEquals']?.['token.actions.githubusercontent.com:sub']);
        const named = subjects.length > 0 && subjects.every((subject) => /^repo:[^*?]+$/.test(subject));
        return named ? [] : [`${place}: ${JSON.stringify(Principal)}`];
      }
      return Condition ? [] : [`${place}: ${JSON.stringify(Principal)}`];
    });
    expect(principals).toEqual([]);
  });
});

it('the default platform has one action on all resources, a list', () => {
  const wide = policies
    .filter(({ type }) => !OF_ONE_RESOURCE.includes(type))
    .flatMap(({ statements }) =>
      statements.filter(({ Effect, Resource }) => Effect === 'Allow' && list(Resource).includes('*')),
    );
  expect(wide.map(({ Action }) => Action)).toEqual([['logs:DescribeLogGroups']]);
});

describe('a role', () => {
  const trust = policies.filter(({ place }) => place.endsWith('.assume_role_policy'));
  const trusting = (service: string): Statement[] =>
    trust.flatMap(({ statements }) => statements.filter(({ Principal }) => Principal?.Service === service));

  it('of Pods belongs to one ServiceAccount of one cluster', () => {
    const ofPods = trusting('pods.eks.amazonaws.com');
    expect(ofPods.length).toBeGreaterThan(2);
    for (const { Condition } of ofPods) {
      expect(Condition?.['StringEquals']).toMatchObject({
        'aws:RequestTag/eks-cluster-name': 'seed',
        'aws:RequestTag/kubernetes-service-account': expect.stringMatching(/^[a-z][a-z-]+$/) as string,
      });
    }
    expect(ofPods.map(({ Condition }) => Condition?.['StringEquals'])).toContainEqual({
      'aws:RequestTag/eks-cluster-name': 'seed',
      'aws:RequestTag/kubernetes-namespace': 'logging',
      'aws:RequestTag/kubernetes-service-account': 'log-collector',
    });
  });

  it('of flow logs belongs to those of the account', () => {
    expect(trusting('vpc-flow-logs.amazonaws.com').map(({ Condition }) => Condition)).toEqual([
      {
        StringEquals: { 'aws:SourceAccount': '${data.aws_caller_identity.account.account_id}' },
        ArnLike: {
          'aws:SourceArn': 'arn:*:ec2:*:${data.aws_caller_identity.account.account_id}:vpc-flow-log/*',
        },
      },
    ]);
  });

  it('refers in its trust to nothing that Terraform creates, and so waits for nothing', () => {
    for (const { statements } of trust) expect(JSON.stringify(statements)).not.toMatch(/\$\{aws_/);
  });

  it('has the permissions boundary and the path of the platform, in every stack', () => {
    const boundary = 'arn:aws:iam::111122223333:policy/boundary';
    const bounded = synthesized(
      `${platformYaml}\niam: { permissionsBoundary: "${boundary}", path: /platform/ }\n`,
    );
    const roles = (all: typeof documents): Record<string, unknown>[] =>
      Object.values(all).flatMap(({ resource }) => Object.values(resource['aws_iam_role'] ?? {}));
    expect(roles(bounded)).toHaveLength(roles(documents).length);
    for (const role of roles(bounded)) {
      expect(role).toMatchObject({ permissions_boundary: boundary, path: '/platform/' });
    }
    for (const role of roles(documents)) {
      expect(Object.keys(role)).not.toEqual(expect.arrayContaining(['permissions_boundary']));
      expect(Object.keys(role)).not.toEqual(expect.arrayContaining(['path']));
    }
  });
});

describe('the policy of a key', () => {
  it('lets IAM decide who manages and who uses it, and allows only what a symmetric key needs', () => {
    const keys = policies.filter(({ type }) => type === 'aws_kms_key');
    expect(keys.length).toBeGreaterThan(0);
    for (const { statements } of keys) {
      const actions = statements.flatMap(({ Action }) => list(Action));
      // Without the first, no principal could change the key again; without the others, EKS refuses the key.
      expect(actions).toEqual(
        expect.arrayContaining(['kms:PutKeyPolicy', 'kms:CreateGrant', 'kms:DescribeKey', 'kms:Decrypt']),
      );
      expect(actions.filter((action) => /Import|Replicate|Sign|Verify|Mac|Custom/.test(action))).toEqual([]);
      expect(JSON.stringify(statements)).not.toContain('GrantIsForAWSResource');
    }
  });
});
