import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECK_NAMES, checkPlatform, type CheckResult } from '../../../src/checks/platform-checks';
import type { CheckName } from '../../../src/checks/finding';
import { drawChecks, sarif } from '../../../src/cli/reports/check-report';
import { readPlatformRecord } from '../../../src/manifests/platform-record';
import { readStacks } from '../../../src/manifests/stacks';
import { definePlatform } from '../../../src/platform';
import { PlatformApp } from '../../../src/platform/platform-app';
import { exampleWorkload as cronExample } from '../../../examples/cron';
import { exampleWorkload as webExample } from '../../../examples/web';
import { exampleWorkload as workerExample } from '../../../examples/worker';
import { appOf, parsePlatform } from '../../own-platform';
import { changed, gpus, MUTANTS, recordOf, tokenFor, type Change } from './mutants';

const TODAY = '2026-11-23';

const LOADED = { today: new Date(TODAY) };

function synthesized(
  text: string,
  app = (file: string, outdir: string) => appOf(parsePlatform(file, 'platform.yaml', LOADED), outdir),
) {
  const outdir = mkdtempSync(join(tmpdir(), 'checks-'));
  try {
    app(text, outdir).synthesize();
    return { record: readPlatformRecord(outdir), stacks: readStacks(outdir) };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

const yaml = readFileSync('platform.yaml', 'utf8');
const { record, stacks } = synthesized(yaml);
const check = (names: readonly CheckName[], changes: readonly Change[] = [], more = {}): CheckResult =>
  checkPlatform(recordOf(record, more), changed(stacks, changes), names, TODAY);

describe('the checks of a platform', () => {
  it('find nothing in the default platform, and all run', () => {
    const { findings, notRun, unread, schedule } = check(CHECK_NAMES);
    expect({ findings, notRun, unread }).toEqual({ findings: [], notRun: {}, unread: [] });
    expect(schedule?.matrix['qa']).toEqual({ 'node-1': 0, 'node-2': 8, 'node-3': 8 });
    const verdict = (title: string) => schedule?.capacity.find(({ scenario }) => scenario === title)?.verdict;
    expect(['minimum size', 'maximum size', 'minimum size, rollout of qa'].map(verdict)).toEqual([
      'always',
      'always',
      'always',
    ]);
  });

  it('let a Pod that asks for GPUs tolerate the taint of their name, as EKS does', () => {
    expect(check(['placement'], gpus('1')).findings).toEqual([]);
  });

  it.each([
    ['web', webExample, '{ version: 1.0.0 }'],
    ['worker', workerExample, '{ version: 1.0.0 }'],
    ['cron', cronExample, '{ version: 1.0.0 }'],
  ])('find nothing in a platform with the example %s', (_, workload, options) => {
    const definition = definePlatform({ workloads: [workload] });
    const text = yaml.replace(/workloads: \{.*\} \}$/gm, `workloads: { example: ${options} } }`);
    const own = synthesized(
      text,
      (file, outdir) =>
        new PlatformApp(definition.parse(file, 'platform.yaml', LOADED), {
          workloads: definition.workloads,
          outdir,
          moved: {},
        }),
    );
    expect(checkPlatform(own.record, own.stacks, CHECK_NAMES, TODAY).findings).toEqual([]);
  });

  describe.each(CHECK_NAMES)('for the code %s', (name) => {
    it('have at least ten broken platforms', () => {
      expect(MUTANTS[name].length).toBeGreaterThanOrEqual(10);
    });

    it.each(MUTANTS[name].map((mutant) => [mutant.title, mutant.code, mutant] as const))(
      'find %s by %s',
      (_, code, { changes, record: more }) => {
        const { findings, notRun } = check([name], changes, more);
        expect(notRun).toEqual({});
        expect(findings.map((finding) => finding.code)).toContain(code);
        for (const finding of findings) {
          expect(finding).toMatchObject({
            stack: expect.stringMatching(/./) as unknown,
            address: expect.stringMatching(/^\w+\.\w+$/) as unknown,
            message: expect.stringMatching(/./) as unknown,
            remedy: expect.stringMatching(/./) as unknown,
          });
        }
      },
    );
  });

  it('report each finding with its place, in the style of the scheduler, and with a remedy', () => {
    const [finding] = check(
      ['placement'],
      [['dev', 'kubernetes_deployment_v1.orders_web', 'spec.template.spec.node_selector', { disk: 'ssd' }]],
    ).findings;
    expect(finding).toMatchObject({
      code: 'PLC-001',
      object: 'Deployment dev/orders-web',
      path: 'dev/orders/web/Resource',
      message: "0/9 nodes: 9 did not match Pod's node affinity/selector",
    });
  });
});

describe('the reachability matrix', () => {
  const reach = (changes: readonly Change[] = []) => check(['reachability'], changes).reachability?.matrix;

  it('has the ports that NetworkPolicies allow, and what is outside the cluster', () => {
    const matrix = reach();
    expect(matrix?.['prod/storefront-api']).toEqual({
      dns: 'TCP 53 UDP 53',
      internet: 'TCP 8443 UDP 514',
      'prod/storefront-cache': 'TCP 6379',
      'prod/storefront-database': 'TCP 5432',
    });
    expect(matrix?.['vpc']).toMatchObject({ 'prod/orders-web': 'TCP 8080' });
    expect(matrix?.['internet']).toEqual({});
  });

  const OPENED: Change = [
    ...(['prod', 'kubernetes_network_policy_v1.storefront_cache_from_storefront_api'] as const),
    ...(['spec.ingress.0.from', [{ ip_block: { cidr: '10.0.0.0/16' } }]] as const),
  ];
  const RULE = {
    security_group_id: '${aws_eks_cluster.eks_cluster.vpc_config[0].cluster_security_group_id}',
    ...{ ip_protocol: 'tcp', from_port: 6000, to_port: 7000, cidr_ipv4: '10.0.0.0/8' },
  };
  const rule = (changes: object): Change => [
    ...(['cluster', 'aws_vpc_security_group_ingress_rule.in', ''] as const),
    { ...RULE, ...changes },
  ];

  it.each<[string, string | undefined, readonly Change[]]>([
    ['no rule opens their group', undefined, []],
    ['a rule opens their group', 'TCP 6379', [rule({})]],
    ['a rule opens a group that is not in the stacks', 'TCP 6379', [rule({ security_group_id: 'sg-1' })]],
    [
      'a rule opens their group by the number of the protocol',
      'TCP 6379',
      [rule({ ip_protocol: '6', cidr_ipv4: '${aws_vpc.other.cidr_block}' })],
    ],
    ['a rule opens another port', undefined, [rule({ to_port: 6378 })]],
    ['a rule opens another protocol', undefined, [rule({ ip_protocol: 'udp' })]],
    ['a rule opens them to addresses outside the VPC', undefined, [rule({ cidr_ipv4: '192.0.2.0/24' })]],
    ['a rule opens their group to all protocols', 'TCP 6379', [rule({ ip_protocol: -1 })]],
    ['a rule in capitals opens their group', 'TCP 6379', [rule({ ip_protocol: 'TCP' })]],
    ['a rule opens a group of a module', 'TCP 6379', [rule({ security_group_id: '${module.nodes.id}' })]],
    [
      'a launch template names a group of a module',
      'TCP 6379',
      [['cluster', 'aws_launch_template.own', '', { vpc_security_group_ids: ['${module.nodes.group.id}'] }]],
    ],
    [
      'a launch template has groups beside that of the cluster in an expression',
      'TCP 6379',
      [
        [
          ...(['cluster', 'aws_launch_template.own', ''] as const),
          { vpc_security_group_ids: `\${concat([${RULE.security_group_id.slice(2, -1)}], [var.open])}` },
        ],
      ],
    ],
    [
      'a node group has a launch template that is not in the stacks',
      'TCP 6379',
      [['cluster', 'aws_eks_node_group.eks_node_1', 'launch_template', { id: 'lt-0abc' }]],
    ],
    [
      'their Service is that of a target group',
      'TCP 6379',
      [
        [
          ...(['prod', 'kubernetes_manifest.binding', ''] as const),
          {
            manifest: {
              ...{ apiVersion: 'elbv2.k8s.aws/v1beta1', kind: 'TargetGroupBinding' },
              metadata: { name: 'own', namespace: 'prod' },
              spec: { serviceRef: { name: 'storefront-cache', port: 6379 } },
            },
          },
        ],
      ],
    ],
    [
      'a rule opens another group',
      undefined,
      [
        rule({ security_group_id: '${aws_security_group.database.id}' }),
        ['cluster', 'aws_security_group.database', '', { ingress: [] }],
      ],
    ],
    [
      'the launch template of a node group names an unknown group',
      'TCP 6379',
      [['cluster', 'aws_launch_template.own', '', { vpc_security_group_ids: ['sg-2'] }]],
    ],
    [
      'a SecurityGroupPolicy gives Pods groups of their own',
      'TCP 6379',
      [
        [
          ...(['prod', 'kubernetes_manifest.groups', ''] as const),
          {
            manifest: {
              ...{ apiVersion: 'vpcresources.k8s.aws/v1beta1', kind: 'SecurityGroupPolicy' },
              ...{ metadata: { name: 'own', namespace: 'prod' }, spec: {} },
            },
          },
        ],
      ],
    ],
    [
      'a rule opens the port of a node that leads to them',
      'TCP 6379',
      [
        rule({ from_port: 30000, to_port: 32767 }),
        ['prod', 'kubernetes_service_v1.storefront_cache_service', 'spec.type', 'NodePort'],
      ],
    ],
  ])('the VPC reaches Pods as security groups say: %s', (_, ports, changes) => {
    expect(reach([OPENED, ...changes])?.['vpc']?.['prod/storefront-cache']).toBe(ports);
  });

  it('shows a Pod of the node network, and one without a controller, with access to everything', () => {
    const all = reach([
      ['dev', 'kubernetes_deployment_v1.storefront_web', 'spec.template.spec.host_network', true],
    ]);
    for (const name of ['dev/storefront-web', 'dev/storefront-debug-ef348dbc'])
      expect(all?.[name]).toMatchObject({ internet: 'all', vpc: 'all', 'prod/orders-web': 'TCP 8080' });
  });

  it('shows an address range that only a deployment knows as every address', () => {
    const peers = [{ ip_block: { cidr: '${aws_vpc.other.cidr_block}' } }];
    const path = 'spec.egress.0.to';
    const matrix = reach([
      ['prod', 'kubernetes_network_policy_v1.storefront_api_to_storefront_cache', path, peers],
    ]);
    expect(matrix?.['prod/storefront-api']).toMatchObject({
      internet: 'TCP 6379,8443 UDP 514',
      vpc: 'TCP 6379',
    });
  });

  it('is printed by namespace beside other checks, and by workload alone', () => {
    expect(drawChecks(check(CHECK_NAMES), 160)).toMatch(/^qa +yes +- +yes +yes +- +- +- +4 of 8 +- +-$/m);
    const text = drawChecks(check(['reachability']), 200);
    expect(text).toContain('Connections of prod');
    expect(text).toMatch(/^\d prod\/storefront-api .* 5432 /m);
  });

  it('has its expectations in platform.yaml, and synthesis writes them into the record', () => {
    const expectation = '{ to: prod, neverFrom: [dev] }';
    const written = `${yaml}\nchecks: { reachability: [${expectation}] }\n`;
    expect(synthesized(written).record.reachability).toEqual([{ to: 'prod', neverFrom: ['dev'] }]);
  });
});

describe('ways to more rights in AWS', () => {
  const ROLE = 'aws_iam_role.orders_web_account_identity_role';
  const POLICY = 'aws_iam_role_policy.orders_web_account_identity_role_policy';
  const ANY = { Action: '*', Resource: '*' };
  const text = (...statements: object[]): string =>
    JSON.stringify({ Statement: statements.map((each) => ({ Effect: 'Allow', ...each })) });
  const codes = (...changes: Change[]): string[] =>
    check(['permissions'], changes).findings.map(({ code, stack }) => `${code} ${stack}`);
  const pass = (Resource: string, more = {}) => text({ Action: 'iam:PassRole', Resource, ...more });

  it.each([
    ['names one role', pass('arn:aws:iam::111122223333:role/app')],
    ['names one role of any account', pass('arn:aws:iam::*:role/app')],
    [
      'has a condition',
      pass('*', { Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } }),
    ],
    ['reads roles only', text({ Action: ['iam:Get*', 'iam:List*'], Resource: '*' })],
    ['leaves the actions out', text({ NotAction: ['iam:*', 'sts:*', 'eks:*'], Resource: '*' })],
    ['is denied', text(ANY, { Effect: 'Deny', Action: ['*'], Resource: '*' })],
  ])('are not found where the policy %s', (_, policy) => {
    expect(codes(['dev', POLICY, 'policy', policy])).toEqual([]);
  });

  it.each([
    'arn:*',
    'arn:aws:iam::*',
    '?*',
    'arn:aws:iam::1:r*',
    'arn:aws:iam::1:role/?*',
    'arn:aws:iam::1:role/app-*',
  ])('are found where the resource is %s', (resource) => {
    expect(codes(['dev', POLICY, 'policy', pass(resource)])).toEqual(['IAM-002 dev']);
  });

  it.each([
    ['a condition without a key', pass('*', { Condition: { StringEquals: {} } }), 'IAM-002 dev'],
    ['the role itself', text({ Action: 'iam:PutRolePolicy', Resource: `\${${ROLE}.arn}` }), 'IAM-001 dev'],
    ['access entries of EKS', text({ Action: 'eks:*AccessEntry', Resource: '*' }), 'IAM-001 dev'],
    [
      'all that a denial leaves out',
      text(
        { Action: 'iam:PassRole', Resource: '*' },
        { Effect: 'Deny', NotAction: ['iam:PassRole', 's3:*'], Resource: '*' },
      ),
      'IAM-002 dev',
    ],
  ])('are found for %s', (_, policy, code) => {
    expect(codes(['dev', POLICY, 'policy', policy])).toEqual([code]);
  });

  it('are found in the stack that has them', () => {
    expect(codes(['prod', POLICY, 'policy', pass('*')])).toEqual(['IAM-002 prod']);
  });

  it.each<[string, ...Change[]]>([
    ['an inline policy', ['dev', ROLE, 'inline_policy', [{ name: 'own', policy: pass('*') }]]],
    [
      'an attached policy',
      ['dev', 'aws_iam_policy.big', '', { policy: pass('*') }],
      [
        'dev',
        'aws_iam_role_policy_attachment.big',
        '',
        { role: `\${${ROLE}.name}`, policy_arn: '${aws_iam_policy.big.arn}' },
      ],
    ],
    [
      'an attachment for several roles',
      ['dev', 'aws_iam_policy.big', '', { policy: pass('*') }],
      [
        'dev',
        'aws_iam_policy_attachment.big',
        '',
        { roles: [`\${${ROLE}.name}`], policy_arn: '${aws_iam_policy.big.arn}' },
      ],
    ],
    [
      'one role of several',
      ['dev', 'aws_iam_role_policy.more', '', { role: `\${${ROLE}[0].id}`, policy: pass('*') }],
    ],
  ])('are found in %s', (_, ...changes) => {
    expect(codes(...changes)).toEqual(['IAM-002 dev']);
  });

  it.each([
    ['an OIDC provider', text({ Principal: { Federated: '${aws_iam_openid_connect_provider.eks.arn}' } })],
    ['everyone', text({ Principal: '*' })],
    ['nodes in China', text({ Principal: { Service: 'ec2.amazonaws.com.cn' } })],
    ['what only Terraform knows', '${data.aws_iam_policy_document.trust.json}'],
  ])('are found for a role that is assumed by %s', (_, trust) => {
    const role = { name: 'own', assume_role_policy: trust };
    const policy = { role: '${aws_iam_role.own.id}', policy: pass('*') };
    expect(
      codes(['dev', 'aws_iam_role.own', '', role], ['dev', 'aws_iam_role_policy.own', '', policy]),
    ).toEqual(['IAM-002 dev']);
  });

  it('are found for a role from elsewhere that Pods get', () => {
    const association = {
      namespace: 'dev',
      service_account: 'default',
      role_arn: 'arn:aws:iam::1:role/theirs',
    };
    expect(
      codes(
        ['dev', 'aws_eks_pod_identity_association.theirs', '', association],
        ['dev', 'aws_iam_role_policy.theirs', '', { role: 'theirs', policy: pass('*') }],
      ),
    ).toEqual(['IAM-002 dev']);
  });
});

describe('the checks of stacks that Kubernetes refuses', () => {
  it('report an invalid quantity, and the checks that did not run for it', () => {
    const { findings, notRun } = check(CHECK_NAMES, [
      [
        'dev',
        'kubernetes_deployment_v1.orders_web',
        'spec.template.spec.container.0.resources.requests.cpu',
        'much',
      ],
    ]);
    expect(findings.map(({ code }) => code)).toContain('API-001');
    expect(Object.keys(notRun)).toEqual(['placement', 'capacity', 'rollouts']);
  });

  it('take a projected token for the use of rights', () => {
    const worker = 'kubernetes_manifest.storefront_worker';
    const pod = 'manifest.spec.template.spec';
    const { findings } = check(
      ['permissions'],
      [
        ['dev', worker, `${pod}.automountServiceAccountToken`, false],
        ['dev', worker, `${pod}.volumes`, tokenFor()],
      ],
    );
    expect(findings).toEqual([]);
  });

  it('read a binding with an empty subject', () => {
    const binding = 'kubernetes_role_binding_v1.storefront_worker_account_reader_binding';
    const manifest = {
      ...{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding' },
      metadata: { name: 'empty', namespace: 'dev' },
      ...{ subjects: [null], roleRef: { apiGroup: '', kind: 'Role', name: 'none' } },
    };
    const { notRun, findings } = check(
      ['references', 'permissions'],
      [
        ['dev', binding, 'subject', [null]],
        ['dev', 'kubernetes_manifest.empty', '', { manifest }],
      ],
    );
    expect(notRun).toEqual({});
    expect(findings.map(({ code, object }) => `${code} ${object}`)).toEqual([
      'REF-006 RoleBinding dev/empty',
    ]);
  });
});

describe('a waiver', () => {
  const broken = MUTANTS.references[5]?.changes ?? [];
  const waiver = {
    code: 'REF-003',
    address: 'dev/kubernetes_deployment_v1.orders_web',
    reason: 'It comes later',
    until: TODAY,
  };

  it('lets a finding pass up to its last day', () => {
    const { findings, waived } = check(['references'], broken, { waivers: [waiver] });
    expect(findings).toEqual([]);
    expect(waived).toMatchObject([{ code: 'REF-003', reason: 'It comes later' }]);
  });

  it('is a finding after its last day, beside the one that it was for', () => {
    const { findings } = check(['references'], broken, { waivers: [{ ...waiver, until: '2026-11-22' }] });
    expect(findings.map(({ code }) => code)).toEqual(['REF-003', 'WVR-001']);
  });

  it('is a finding if all checks ran and nothing matches it', () => {
    const { findings } = check(CHECK_NAMES, [], { waivers: [waiver] });
    expect(findings.map(({ code }) => code)).toEqual(['WVR-002']);
  });

  it('is read from platform.yaml, and synthesis writes it into the record', () => {
    const written = `${yaml}\nchecks: { waivers: [{ code: REF-003, address: dev/a.b, reason: It comes later, until: '2026-12-01' }] }\n`;
    expect(synthesized(written).record.waivers).toEqual([
      { code: 'REF-003', address: 'dev/a.b', reason: 'It comes later', until: '2026-12-01' },
    ]);
  });
});

describe('the report of the checks', () => {
  it('prints the matrix, the capacity and the findings with their pages', () => {
    const text = drawChecks(check(CHECK_NAMES, MUTANTS.placement[0]?.changes), 120);
    expect(text).toMatch(/NAMESPACE +node-1 +node-2 +node-3/);
    expect(text).toMatch(/maximum size +9 +\d+/);
    expect(text).toContain('docs/reference/checks.md#plc-001');
    expect(text).toContain('at dev/orders/web/Resource, dev/kubernetes_deployment_v1.orders_web');
    expect(text).toMatch(/\d+ findings?\n$/);
  });

  it('writes SARIF with a rule for each code and a suppression for each waiver', () => {
    const waivers = [
      {
        code: 'PLC-001',
        address: 'dev/kubernetes_deployment_v1.orders_web',
        reason: 'It comes later',
        until: TODAY,
      },
    ];
    expect(
      sarif(check(['placement'], MUTANTS.placement[0]?.changes, { waivers }), 'cdktf.out'),
    ).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              ruleId: 'PLC-001',
              level: 'error',
              locations: [
                { physicalLocation: { artifactLocation: { uri: 'cdktf.out/stacks/dev/cdk.tf.json' } } },
              ],
              suppressions: [{ justification: 'It comes later' }],
            },
          ],
        },
      ],
    });
  });
});
