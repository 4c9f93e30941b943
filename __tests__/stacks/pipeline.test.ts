import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { App } from 'cdktf';
import { policyDocument } from '../../constructs/aws/identity/policy-document';
import type { Platform } from '../../src/config/platform';
import { PlatformApp } from '../../src/platform/platform-app';
import { after } from '../../src/platform/define-platform';
import { Stack } from '../../stacks/stack';
import { parsePlatform, workloads } from '../own-platform';
import { synthesized, type StackDocument } from './synthesized-platform';

const platformYaml = readFileSync('platform.yaml', 'utf8');
const WITH_BUCKET = `${platformYaml}\nstate: { bucket: seed-state }\n`;
const WITH_PIPELINE = `${WITH_BUCKET}pipeline: { repository: acme/platform }\n`;
const whole = synthesized(WITH_PIPELINE);

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const stackOf = (documents: Record<string, StackDocument>, name = 'pipeline'): StackDocument => {
  const found = documents[name];
  if (!found) throw new Error(`no stack ${name}`);
  return found;
};

/** A policy or a trust as IAM gets it, with the account and the partition. */
function statements(type: string, name: string, attribute = 'policy', documents = whole): Statement[] {
  const text = stackOf(documents).resource[type]?.[name]?.[attribute];
  if (typeof text !== 'string') throw new Error(`no ${type}.${name}.${attribute}`);
  return (
    JSON.parse(
      text
        .replace(/\$\{data\.aws_partition\.\w+\.partition\}/g, 'aws')
        .replace(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, '111122223333'),
    ) as { Statement: Statement[] }
  ).Statement;
}

/** Everything that a role's own policies allow. */
function allowedTo(role: 'plan' | 'apply', documents = whole): Statement[] {
  const { resource } = stackOf(documents);
  const attached = Object.values(resource['aws_iam_role_policy_attachment'] ?? {})
    .filter((attachment) => attachment['role'] === `\${aws_iam_role.pipeline_${role}.name}`)
    .map(({ policy_arn }) => /aws_iam_policy\.(\w+)\.arn/.exec(String(policy_arn))?.[1] ?? '');
  const inline = Object.entries(resource['aws_iam_role_policy'] ?? {})
    .filter(([, policy]) => policy['role'] === `\${aws_iam_role.pipeline_${role}.name}`)
    .map(([name]) => name);
  return [
    ...attached.flatMap((name) => statements('aws_iam_policy', name, 'policy', documents)),
    ...inline.flatMap((name) => statements('aws_iam_role_policy', name, 'policy', documents)),
  ].filter(({ Effect }) => Effect === 'Allow');
}

const matches = (pattern: string, text: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*')}$`).test(text);

const allows = (role: 'plan' | 'apply', action: string, resource: string): boolean =>
  allowedTo(role).some(
    ({ Action, Resource = [] }) => Action.includes(action) && Resource.some((one) => matches(one, resource)),
  );

/** The statements of the boundary that forbid an action on a resource. */
const forbids = (action: string, resource: string): (string | undefined)[] =>
  statements('aws_iam_policy', 'pipeline_guard')
    .filter(({ Effect }) => Effect === 'Deny')
    .filter(({ Action }) => Action.some((pattern) => matches(pattern, action)))
    .filter(
      ({ Resource, NotResource }) =>
        (Resource?.some((one) => matches(one, resource)) ?? true) &&
        !(NotResource?.some((one) => matches(one, resource)) ?? false),
    )
    .map(({ Sid }) => Sid);

describe('the pipeline stack', () => {
  it('exists only with a bucket, and has roles only with a repository', () => {
    expect(Object.keys(synthesized(platformYaml))).not.toContain('pipeline');
    const types = Object.keys(stackOf(synthesized(WITH_BUCKET)).resource);
    expect(types).toContain('aws_s3_bucket');
    expect(types.filter((type) => type.startsWith('aws_iam'))).toEqual([]);
    expect(Object.keys(stackOf(whole).resource['aws_iam_role'] ?? {}).sort()).toEqual([
      'pipeline_apply',
      'pipeline_plan',
    ]);
  });

  it('is deployed first, and keeps its own state in its bucket', () => {
    expect(Object.keys(whole)[0]).toBe('pipeline');
    expect(stackOf(whole).terraform['backend']).toMatchObject({
      s3: { bucket: 'seed-state', key: 'seed/pipeline.tfstate', use_lockfile: true },
    });
  });

  it('changes only the backend of the other stacks by its bucket', () => {
    const without = ({ terraform, ...rest }: StackDocument): unknown => [
      rest,
      terraform['required_providers'],
    ];
    const { pipeline, ...others } = synthesized(WITH_BUCKET);
    expect(pipeline).toBeDefined();
    const comparable = (documents: Record<string, StackDocument>): unknown =>
      JSON.parse(
        JSON.stringify(
          Object.entries(documents).map(([name, document]) => [name, without(document)]),
          (key, value: unknown) => (key === '//' ? undefined : value),
        ),
      );
    expect(comparable(others)).toEqual(comparable(synthesized(platformYaml)));
  });

  it('is in the region of the bucket, if that is another', () => {
    const elsewhere = synthesized(`${platformYaml}\nstate: { bucket: seed-state, region: eu-central-1 }\n`);
    expect(stackOf(elsewhere).provider['aws']).toMatchObject([{ region: 'eu-central-1' }]);
    expect(stackOf(elsewhere, 'network').provider['aws']).toMatchObject([{ region: 'eu-west-1' }]);
  });
});

describe('the trust of the pipeline roles', () => {
  const trust = (role: string, documents = whole): Statement[] =>
    statements('aws_iam_role', `pipeline_${role}`, 'assume_role_policy', documents);
  const host = 'token.actions.githubusercontent.com';
  const trusted = (...subjects: string[]): Statement[] => [
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${host}` },
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Condition: {
        StringEquals: {
          [`${host}:aud`]: 'sts.amazonaws.com',
          [`${host}:sub`]: subjects.map((subject) => `repo:acme/platform:${subject}`),
        },
      },
    } as Statement,
  ];

  it('allows planning from pull requests and the main branch of the repository only', () => {
    expect(trust('plan')).toEqual(trusted('pull_request', 'ref:refs/heads/main'));
  });

  it('allows applying from jobs in the environment deploy only; no pull request, no branch, no pattern', () => {
    expect(trust('apply')).toEqual(trusted('environment:deploy'));
  });

  it('uses the existing OIDC provider of GitHub if the file says so, and creates none', () => {
    const existing = synthesized(
      `${WITH_BUCKET}pipeline: { repository: acme/platform, oidcProvider: existing }\n`,
    );
    expect(stackOf(whole).resource['aws_iam_openid_connect_provider']).toHaveProperty('pipeline_github');
    expect(stackOf(existing).resource).not.toHaveProperty('aws_iam_openid_connect_provider');
    expect(trust('plan', existing)).toEqual(trust('plan'));
    expect(trust('apply', existing)).toEqual(trust('apply'));
  });
});

describe('the plan role', () => {
  it('may write locks only', () => {
    const writing = allowedTo('plan').flatMap(({ Action, Resource }) =>
      Action.filter((action) => !/:(Get|List|Describe)/.test(action)).map((action) => [action, Resource]),
    );
    expect(writing).toEqual([
      ['s3:DeleteObject', ['arn:aws:s3:::seed-state/seed/*.tflock']],
      ['s3:PutObject', ['arn:aws:s3:::seed-state/seed/*.tflock']],
    ]);
  });

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::seed-state/seed/cluster.tfstate', true],
    ['s3:GetObject', 'arn:aws:s3:::seed-state/other/cluster.tfstate', false],
    ['s3:PutObject', 'arn:aws:s3:::seed-state/seed/cluster.tfstate.tflock', true],
    ['s3:PutObject', 'arn:aws:s3:::seed-state/seed/cluster.tfstate', false],
    [
      'secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:seed/dev/storefront/database-a1',
      true,
    ],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:payroll', false],
    ['secretsmanager:GetRandomPassword', '*', true],
    ['iam:GetRole', 'arn:aws:iam::111122223333:role/seed-cluster', true],
    ['iam:GetRole', 'arn:aws:iam::111122223333:role/payroll', false],
    ['eks:DescribeCluster', 'arn:aws:eks:eu-west-1:111122223333:cluster/seed', true],
    ['eks:DescribeCluster', 'arn:aws:eks:eu-west-1:111122223333:cluster/other', false],
    ['s3:GetBucketPolicy', 'arn:aws:s3:::seed-dev-pictures-111122223333', true],
    ['s3:GetObject', 'arn:aws:s3:::seed-dev-pictures-111122223333/a', false],
    ['sqs:GetQueueAttributes', 'arn:aws:sqs:eu-west-1:111122223333:seed-dev-orders', true],
    ['sqs:ReceiveMessage', 'arn:aws:sqs:eu-west-1:111122223333:seed-dev-orders', false],
    ['rds:DescribeDBInstances', 'arn:aws:rds:eu-west-1:111122223333:db:*', true],
    ['rds:DescribeDBParameters', 'arn:aws:rds:eu-west-1:111122223333:pg:seed-dev-shop-postgres17', true],
  ])('may call %s of %s: %s', (action, resource, expected) => {
    expect(allows('plan', action, resource)).toBe(expected);
  });
});

describe('the apply role', () => {
  const iam = (what: string): string => `arn:aws:iam::111122223333:${what}`;

  it('has the guard as its boundary, which is no policy of any role', () => {
    const { resource } = stackOf(whole);
    expect(resource['aws_iam_role']?.['pipeline_apply']).toMatchObject({
      permissions_boundary: '${aws_iam_policy.pipeline_guard.arn}',
    });
    expect(JSON.stringify(resource['aws_iam_role_policy_attachment'])).not.toMatch(/guard|boundary/);
  });

  it.each([
    ['iam:PutRolePolicy', iam('role/seed-pipeline-apply')],
    ['iam:UpdateAssumeRolePolicy', iam('role/seed-pipeline-plan')],
    ['iam:AttachRolePolicy', iam('role/seed-pipeline-apply')],
    ['iam:DeleteRolePermissionsBoundary', iam('role/seed-pipeline-apply')],
    ['iam:CreatePolicyVersion', iam('policy/seed-pipeline-guard')],
    ['iam:CreatePolicyVersion', iam('policy/seed-pipeline-role-boundary')],
    ['iam:DeletePolicy', iam('policy/seed-pipeline-network')],
    ['iam:AddClientIDToOpenIDConnectProvider', iam('oidc-provider/token.actions.githubusercontent.com')],
    ['iam:DeleteOpenIDConnectProvider', iam('oidc-provider/token.actions.githubusercontent.com')],
    ['iam:CreateUser', iam('user/somebody')],
    ['iam:CreateAccessKey', iam('user/somebody')],
    ['iam:CreateRole', iam('role/payroll')],
    ['iam:PutRolePolicy', iam('role/payroll')],
    ['iam:DeleteRolePermissionsBoundary', iam('role/seed-cluster')],
    ['s3:DeleteBucket', 'arn:aws:s3:::seed-state'],
    ['s3:PutBucketVersioning', 'arn:aws:s3:::seed-state'],
    ['s3:PutBucketPublicAccessBlock', 'arn:aws:s3:::seed-state'],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::seed-state'],
    ['s3:DeleteBucketPolicy', 'arn:aws:s3:::seed-state'],
    ['s3:PutLifecycleConfiguration', 'arn:aws:s3:::seed-state'],
    ['s3:PutEncryptionConfiguration', 'arn:aws:s3:::seed-state'],
    ['s3:DeleteObjectVersion', 'arn:aws:s3:::seed-state/seed/cluster.tfstate'],
    ['s3:DeleteObject', 'arn:aws:s3:::seed-state/seed/cluster.tfstate'],
  ])('is denied %s on %s, regardless of other policies', (action, resource) => {
    const unconditional = forbids(action, resource).filter((sid) => sid !== 'NoRoleWithoutItsBoundary');
    expect(unconditional).not.toEqual([]);
  });

  it.each([
    ['s3:PutObject', 'arn:aws:s3:::seed-state/seed/cluster.tfstate'],
    ['s3:DeleteObject', 'arn:aws:s3:::seed-state/seed/cluster.tfstate.tflock'],
    ['iam:DeleteRole', iam('role/seed-cluster')],
    ['iam:UpdateAssumeRolePolicy', iam('role/seed-node')],
    ['iam:PassRole', iam('role/seed-cluster')],
    ['eks:CreateCluster', 'arn:aws:eks:eu-west-1:111122223333:cluster/seed'],
    ['ec2:AssociateVpcCidrBlock', 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1'],
    ['ec2:DisassociateVpcCidrBlock', 'arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1'],
    ['elasticfilesystem:CreateFileSystem', '*'],
    [
      'logs:CreateLogGroup',
      'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/prometheus/seed:*',
    ],
    ['logs:PutRetentionPolicy', 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/eks/seed/cluster:*'],
    ['logs:TagResource', 'arn:aws:logs:eu-west-1:111122223333:log-group:/aws/vendedlogs/prometheus/seed'],
    ['aps:TagResource', 'arn:aws:aps:eu-west-1:111122223333:workspace/ws-1'],
    ['aps:CreateScraper', 'arn:aws:eks:eu-west-1:111122223333:cluster/seed'],
    ['aps:CreateScraper', 'arn:aws:aps:eu-west-1:111122223333:workspace/ws-1'],
    ['route53:AssociateVPCWithHostedZone', 'arn:aws:route53:::hostedzone/Z1'],
    // What workloads have of AWS, which the stacks of namespaces make.
    ['iam:CreateRole', iam('role/seed-dev-web')],
    ['iam:PassRole', iam('role/seed-dev-web')],
    ['eks:CreatePodIdentityAssociation', 'arn:aws:eks:eu-west-1:111122223333:cluster/seed'],
    [
      'eks:DeletePodIdentityAssociation',
      'arn:aws:eks:eu-west-1:111122223333:podidentityassociation/seed/a-1',
    ],
    ['secretsmanager:CreateSecret', 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:seed/dev/shop-a1'],
    [
      'elasticfilesystem:CreateAccessPoint',
      'arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1',
    ],
    ['ssm:PutParameter', 'arn:aws:ssm:eu-west-1:111122223333:parameter/seed/dev/media/access-point'],
    ['sqs:CreateQueue', 'arn:aws:sqs:eu-west-1:111122223333:seed-dev-orders-dead-letters'],
    ['sqs:SetQueueAttributes', 'arn:aws:sqs:eu-west-1:111122223333:seed-karpenter'],
    ['rds:CreateDBInstance', 'arn:aws:rds:eu-west-1:111122223333:db:seed-dev-shop'],
    ['rds:CreateDBInstance', 'arn:aws:rds:eu-west-1:111122223333:og:default:postgres-17'],
    ['rds:CreateDBSubnetGroup', 'arn:aws:rds:eu-west-1:111122223333:subgrp:seed-dev-shop'],
    ['rds:CreateDBSnapshot', 'arn:aws:rds:eu-west-1:111122223333:snapshot:seed-dev-shop-final'],
    ['s3:CreateBucket', 'arn:aws:s3:::seed-dev-pictures-111122223333'],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::seed-dev-pictures-111122223333'],
  ])('may call %s on %s, which its boundary allows', (action, resource) => {
    expect(allows('apply', action, resource)).toBe(true);
    const onCondition = ['NoOtherPlatform', 'NoOtherRegion', 'NoRoleWithoutItsBoundary'];
    expect(forbids(action, resource).filter((sid) => !onCondition.includes(sid ?? ''))).toEqual([]);
  });

  it.each([
    ['s3:CreateBucket', 'arn:aws:s3:::seed-state'],
    ['s3:DeleteBucket', 'arn:aws:s3:::payroll-111122223333'],
    ['s3:GetObject', 'arn:aws:s3:::seed-dev-pictures-111122223333/a'],
    ['s3:DeleteObject', 'arn:aws:s3:::seed-dev-pictures-111122223333/a'],
    ['sqs:DeleteQueue', 'arn:aws:sqs:eu-west-1:111122223333:payroll'],
    ['sqs:ReceiveMessage', 'arn:aws:sqs:eu-west-1:111122223333:seed-dev-orders'],
    ['rds:DeleteDBInstance', 'arn:aws:rds:eu-west-1:111122223333:db:payroll'],
    ['rds:DeleteDBSnapshot', 'arn:aws:rds:eu-west-1:111122223333:snapshot:seed-dev-shop-final'],
  ])('may not call %s on %s', (action, resource) => {
    expect(allows('apply', action, resource)).toBe(false);
  });

  it('may create a role, and give it rights, only within the boundary of the roles of the platform', () => {
    const boundary = iam('policy/seed-pipeline-role-boundary');
    const guard = statements('aws_iam_policy', 'pipeline_guard');
    expect(guard.find(({ Sid }) => Sid === 'NoRoleWithoutItsBoundary')).toMatchObject({
      Action: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
      ],
      Condition: { StringNotEquals: { 'iam:PermissionsBoundary': boundary } },
    });
    for (const [name, { resource }] of Object.entries(whole).filter(([stack]) => stack !== 'pipeline')) {
      for (const role of Object.values(resource['aws_iam_role'] ?? {})) {
        expect([name, role['permissions_boundary']]).toEqual([name, boundary]);
      }
    }
  });

  it('may tag only new resources, resources with the tag, and the default group to close it', () => {
    const inTheRegion = (resource: string): string => `arn:aws:ec2:eu-west-1:111122223333:${resource}`;
    const tagging = (resource: string): Statement['Condition'][] =>
      allowedTo('apply')
        .filter(({ Action }) => Action.includes('ec2:CreateTags'))
        .filter(({ Resource = [] }) => Resource.includes(inTheRegion(`${resource}/*`)))
        .map(({ Condition }) => Condition);
    for (const kind of ['vpc', 'subnet', 'security-group', 'instance', 'volume']) {
      for (const condition of tagging(kind)) {
        const { StringEquals = {} } = condition ?? {};
        const isOwn = StringEquals['aws:ResourceTag/Platform'] === 'seed';
        const isDefaultGroup = StringEquals['aws:RequestTag/Name'] === 'seed-default-deny';
        expect([kind, isOwn || isDefaultGroup || StringEquals['ec2:CreateAction'] !== undefined]).toEqual([
          kind,
          true,
        ]);
      }
    }
    const opening = allowedTo('apply').filter(({ Action }) =>
      Action.includes('ec2:AuthorizeSecurityGroupIngress'),
    );
    expect(opening.map(({ Resource, Condition }) => [Resource, Condition])).toEqual([
      [
        [inTheRegion('security-group/*')],
        {
          StringEquals: { 'aws:ResourceTag/Platform': 'seed' },
          StringNotEquals: { 'aws:ResourceTag/Name': 'seed-default-deny' },
        },
      ],
      // A rule has no tag of its own; AWS asks for the group's besides.
      [[inTheRegion('security-group-rule/*')], undefined],
    ]);
  });

  it('names the default group by the name that stays closed', () => {
    const { network } = whole;
    expect(network?.resource['aws_default_security_group']).toMatchObject({
      vpc_default: { tags: { Name: 'seed-default-deny' } },
    });
  });

  it('may pass roles of the platform to the services that a platform needs, and to no others', () => {
    const passing = allowedTo('apply').filter(({ Action }) => Action.includes('iam:PassRole'));
    expect(passing).toEqual([
      {
        Sid: 'HandOver',
        Effect: 'Allow',
        Action: ['iam:PassRole'],
        Resource: ['arn:aws:iam::111122223333:role/seed-*'],
        Condition: {
          StringEquals: {
            'iam:PassedToService': [
              'ec2.amazonaws.com',
              'eks.amazonaws.com',
              'pods.eks.amazonaws.com',
              'vpc-flow-logs.amazonaws.com',
            ],
          },
        },
      },
    ]);
  });

  it('may change the trust of a role only after the role has its boundary', () => {
    const trusting = allowedTo('apply').filter(({ Action }) => Action.includes('iam:UpdateAssumeRolePolicy'));
    expect(trusting.map(({ Condition }) => Condition)).toEqual([
      {
        StringEquals: {
          'iam:PermissionsBoundary': iam('policy/seed-pipeline-role-boundary'),
          'aws:ResourceTag/Platform': 'seed',
        },
      },
    ]);
  });

  it('may do nothing in another region', () => {
    const guard = statements('aws_iam_policy', 'pipeline_guard');
    expect(guard.find(({ Sid }) => Sid === 'NoOtherRegion')).toMatchObject({
      Effect: 'Deny',
      Action: expect.arrayContaining(['ec2:*', 'eks:*', 'kms:*']) as string[],
      Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    });
  });

  it('may not do by a role that it creates what it is denied itself', () => {
    const bounded = statements('aws_iam_policy', 'pipeline_role_boundary');
    const allowed = bounded.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => Action);
    expect(allowed).not.toContain('*');
    const changing = allowed.filter((action) => /^(iam|sts|organizations):(?!Get|List)/.test(action));
    expect(changing).toEqual(['iam:PassRole', 'iam:CreateServiceLinkedRole']);
  });

  it('may create roles that write the zones of external-dns, and have the extra rights of the file', () => {
    const documents = synthesized(
      `${WITH_PIPELINE.replace(/\n {2}controllers: .*\n/, '\n  controllers: { externalDns: { zones: [Z0123456789ABC] } }\n')}\n` +
        'iam: { boundary: { allow: [{ actions: [bedrock:InvokeModel] }] } }\n',
    );
    const bounded = statements('aws_iam_policy', 'pipeline_role_boundary', 'policy', documents);
    expect(bounded.find(({ Sid }) => Sid === 'Records')?.Resource).toEqual([
      'arn:aws:route53:::hostedzone/Z0123456789ABC',
    ]);
    expect(bounded).toContainEqual({
      Sid: 'Allowed1',
      Effect: 'Allow',
      Action: ['bedrock:InvokeModel'],
      Resource: ['*'],
    });
  });

  it('creates no role whose boundary would deny its rights, in any stack', () => {
    class ReportsStack extends Stack {
      constructor(app: App, platform: Platform) {
        super(app, 'reports', platform);
        const policy = policyDocument({ Effect: 'Allow', Action: ['kinesis:PutRecord'], Resource: ['*'] });
        new IamRolePolicy(this, 'policy', { role: 'seed-reports', policy });
      }
    }
    const outdir = mkdtempSync(join(tmpdir(), 'reports-'));
    const synthesize = (text: string): unknown =>
      new PlatformApp(parsePlatform(text, 'platform.yaml', { today: new Date('2026-11-23') }), {
        workloads,
        outdir,
        stacks: [after('network', ReportsStack)],
      }).synthesize();
    try {
      expect(() => synthesize(WITH_PIPELINE)).toThrow(
        "reports/policy: allows kinesis:PutRecord on *, which the boundary of the platform's roles keeps from them",
      );
      expect(() => synthesize(WITH_BUCKET)).not.toThrow();
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });

  it('has the boundary of an organization if there is one, and is denied the same', () => {
    const boundary = 'arn:aws:iam::111122223333:policy/boundary';
    const documents = synthesized(
      `${WITH_PIPELINE}iam: { permissionsBoundary: "${boundary}", path: /platform/ }\n`,
    );
    const { resource } = stackOf(documents);
    for (const role of ['pipeline_plan', 'pipeline_apply']) {
      expect(resource['aws_iam_role']?.[role]).toMatchObject({
        permissions_boundary: boundary,
        path: '/platform/',
      });
    }
    const sids = (list: Statement[]): (string | undefined)[] =>
      list.filter(({ Effect }) => Effect === 'Deny').map(({ Sid }) => Sid);
    expect(sids(statements('aws_iam_role_policy', 'pipeline_apply_guard', 'policy', documents))).toEqual(
      sids(statements('aws_iam_policy', 'pipeline_guard')),
    );
    expect(stackOf(documents, 'cluster').resource['aws_eks_access_entry']).toMatchObject({
      eks_access_111122223333_role_platform_seed_pipeline_plan: {
        principal_arn: 'arn:aws:iam::111122223333:role/platform/seed-pipeline-plan',
      },
    });
  });
});

it('the names of the pipeline resources have at most 64 characters, as IAM requires', () => {
  const { resource } = stackOf(
    synthesized(WITH_PIPELINE.replace('name: seed ', 'name: a-platform-of-thirty-two-letters ')),
  );
  const names = Object.values(resource['aws_iam_role'] ?? {}).map(({ name }) => String(name));
  expect(names).toHaveLength(2);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(64);
});
