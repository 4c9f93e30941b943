import type { KubernetesObject } from '../../../src/manifests/objects';
import type { Json, JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import { lostIsolation, openedToPods } from '../../../src/pipeline/guard/exposure/network-isolation';
import { guard } from '../../../src/pipeline/guard/guard';
import { exceptionLine } from '../../../src/pipeline/guard/guard-finding';
import { UNKNOWN } from '../../../src/pipeline/guard/change/legible-values';
import type { PlannedStack } from '../../../src/pipeline/plan/planned-stack';
import { creating, type Resources, stopped } from './corpus/base-plans';
import { writtenPlan } from './written-plan';

const exposed = (stack: PlannedStack): string[] =>
  stopped(stack).flatMap(({ rule, message }) => (rule === 'exposure' ? [message] : []));
const changed = (type: string, before: JsonObject, after: JsonObject): string[] =>
  exposed(writtenPlan('dev', { [`${type}.x`]: { before, after } }));

describe('a NetworkPolicy', () => {
  const policy = (
    spec: JsonObject,
    metadata: JsonObject = { name: 'x', namespace: 'dev' },
  ): KubernetesObject => ({
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec },
  });
  const ingress = (from: JsonObject[], ports: JsonObject[]): KubernetesObject =>
    policy({
      podSelector: { matchLabels: { app: 'x' } },
      policyTypes: ['Ingress'],
      ingress: [{ from, ports }],
    });
  const range = (cidr: string, ...except: string[]): JsonObject => ({ ipBlock: { cidr, except } });
  const lets = (who: string, ports: string): string[] => [
    `lets ${who} reach ${ports} of the Pods that it selects`,
  ];
  const A = { matchLabels: { app: 'a' } };
  const B = { matchLabels: { team: 'b' } };
  const AB = { matchLabels: { app: 'a', team: 'b' } };

  it.each<[string, JsonObject, JsonObject, string?]>([
    ['the port of an unknown protocol after all ports', {}, { protocol: 'X', port: 1 }],
    ['all ports after one', { port: 80 }, {}, 'all ports'],
    ['all ports after those of a protocol', { protocol: 'TCP' }, {}, 'all ports'],
    ['a name after the ports of its protocol', { protocol: 'UDP' }, { protocol: 'UDP', port: 'dns' }],
    ['a name after the ports of another protocol', { protocol: 'UDP' }, { port: 'dns' }, 'TCP dns'],
    ['the same name', { port: 'http' }, { port: 'http' }],
    ['a number after a name', { port: 'http' }, { port: 80 }, 'TCP 80'],
    ['a name with the default protocol', { port: 'http', protocol: 'TCP' }, { port: 'http' }],
    ['a name with its protocol', { port: 'http' }, { port: 'http', protocol: 'TCP' }],
    ['an unknown protocol after a port', { port: 80 }, { protocol: 'X' }, 'X all'],
    ['a port after a range without a number at its end', { port: 80, endPort: 'x' }, { port: 85 }, 'TCP 85'],
    ['a wider range', { port: 80, endPort: 89 }, { port: 80, endPort: 90 }, 'TCP 80 90'],
    ['a narrower range', { port: 80, endPort: 90 }, { port: 81, endPort: 89 }],
    ['a port that is written as null', { port: null, endPort: null }, { port: 80 }],
    ['a range that ends with 0', { port: 80, endPort: 0 }, { port: 80 }],
  ])('opens %s or not', (_, before, after, found = '') => {
    const [was, is] = [before, after].map((port) => ingress([range('10.0.0.0/8')], [port]));
    expect(openedToPods(was, is)).toEqual(found === '' ? [] : lets('10.0.0.0/8', found));
  });

  it.each<[string, JsonObject[], JsonObject[], string?]>([
    ['a range after everyone', [], [range('10.0.0.0/8')]],
    ['Pods after everyone', [], [{ podSelector: A }]],
    ['what is no range, again', [range('${aws_vpc.x.cidr_block}')], [range('${aws_vpc.x.cidr_block}')]],
    [
      'some namespaces after all',
      [{ namespaceSelector: {}, podSelector: A }],
      [{ namespaceSelector: B, podSelector: A }],
    ],
    [
      'other Pods',
      [{ namespaceSelector: {}, podSelector: A }],
      [{ namespaceSelector: B, podSelector: B }],
      JSON.stringify({ namespaceSelector: B, podSelector: B }),
    ],
    [
      'fewer of a range',
      [range('10.0.0.0/8', '10.1.0.0/16')],
      [range('10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16')],
    ],
    [
      'more of a range',
      [range('10.0.0.0/8', '10.1.0.0/16')],
      [range('10.0.0.0/8', '10.1.0.0/17')],
      '10.0.0.0/8',
    ],
    [
      'Pods after a part of all addresses',
      [range('0.0.0.0/0', '10.0.0.0/8')],
      [{ podSelector: A }],
      '{"podSelector":{"matchLabels":{"app":"a"}}}',
    ],
    ['everyone after Pods', [{ podSelector: A }], [{ ipBlock: null }], 'everyone'],
    [
      'all Pods after some',
      [{ podSelector: A }],
      [{ podSelector: { matchExpressions: [] }, namespaceSelector: { matchLabels: {} } }],
      'everyone',
    ],
    [
      'some namespaces after Pods',
      [{ podSelector: A }],
      [{ namespaceSelector: { matchExpressions: [{ key: 'x', operator: 'Exists' }] } }],
      '{"namespaceSelector":{"matchExpressions":[{"key":"x","operator":"Exists"}]}}',
    ],
    ['Pods of the own namespace, again', [{ podSelector: {} }], [{ podSelector: A }]],
    ['Pods with one more label', [{ podSelector: A }], [{ podSelector: AB }]],
    [
      'Pods with one label less',
      [{ podSelector: AB }],
      [{ podSelector: A }],
      '{"podSelector":{"matchLabels":{"app":"a"}}}',
    ],
    [
      'Pods without a requirement',
      [{ podSelector: { ...A, matchExpressions: [{ key: 'x', operator: 'Exists' }] } }],
      [{ podSelector: A }],
      '{"podSelector":{"matchLabels":{"app":"a"}}}',
    ],
    ['a range of the other family', [range('10.0.0.0/8')], [range('fd00::/8')], 'fd00::/8'],
  ])('opens to %s or not', (_, before, after, found = '') => {
    const [was, is] = [before, after].map((peers) => ingress(peers, [{ port: 80 }]));
    expect(openedToPods(was, is)).toEqual(found === '' ? [] : lets(found, 'TCP 80'));
  });

  it.each<[string, JsonObject[], JsonObject, string?]>([
    ['a range after its parts', [{ port: 80 }, { port: 81, endPort: 90 }], { port: 80, endPort: 90 }],
    ['more than the parts', [{ port: 80 }, { port: 82 }], { port: 80, endPort: 82 }, 'TCP 80 82'],
  ])('opens %s or not', (_, before, after, found = '') => {
    const peers = [range('10.0.0.0/8')];
    expect(openedToPods(ingress(peers, before), ingress(peers, [after]))).toEqual(
      found === '' ? [] : lets('10.0.0.0/8', found),
    );
  });

  it.each<[string, Json, number]>([
    ['selects all Pods', {}, 0],
    ['is known only after the change', UNKNOWN, 1],
    ['has a label that is known only after the change', { matchLabels: UNKNOWN }, 1],
  ])(
    'keeps the isolation if the selector of the policy %s, or reports that it is lost',
    (_, podSelector, lost) => {
      const is = policy({ podSelector, policyTypes: ['Ingress'] });
      expect(lostIsolation(ingress([], []), is, [])).toHaveLength(lost);
    },
  );

  it('says once what it opens, and everything in its own words', () => {
    const rule = { from: [range('10.0.0.0/8')], ports: [{ port: 80 }] };
    const twice = policy({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      ingress: [rule, rule],
      egress: [{}],
    });
    const none = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(openedToPods(none, twice)).toEqual([
      ...lets('10.0.0.0/8', 'TCP 80'),
      'allows all egress of the Pods that it selects',
    ]);
    const far = policy({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [range('198.51.100.0/24')] }],
    });
    expect(openedToPods(none, far)).toEqual([
      'lets the Pods that it selects reach all ports of 198.51.100.0/24',
    ]);
    // What is new may reach ports of everyone, and is reached from private networks.
    expect([
      openedToPods(undefined, far),
      openedToPods(undefined, ingress([range('10.0.0.0/8')], [])),
    ]).toEqual([[], []]);
    expect(openedToPods(undefined, ingress([range('198.51.100.0/24')], [{ port: 80 }]))).toEqual(
      lets('198.51.100.0/24', 'TCP 80'),
    );
    expect(openedToPods(twice, undefined)).toEqual([]);
  });

  const all = (...policyTypes: string[]): JsonObject => ({ podSelector: {}, policyTypes });
  const gone = (way: string, of = 'dev'): string =>
    `takes away the isolation of Pods for ${way}: no other NetworkPolicy isolates every Pod of ${of}`;

  it('that is lost leaves Pods open, unless another one of the namespace isolates all of them', () => {
    const before = policy(all('Ingress', 'Egress'));
    expect(lostIsolation(undefined, before, [])).toEqual([]);
    expect(lostIsolation(before, undefined, [])).toEqual([gone('ingress'), gone('egress')]);
    expect(lostIsolation(before, undefined, [policy(all('Ingress'))])).toEqual([gone('egress')]);
    expect(lostIsolation(before, policy(all('Egress')), [])).toEqual([gone('ingress')]);
    const beside = [
      policy(all('Ingress', 'Egress'), { name: 'x', namespace: 'qa' }),
      { ...policy(all('Ingress', 'Egress')), kind: 'Other' },
      policy({ podSelector: A, policyTypes: ['Ingress', 'Egress'] }),
    ];
    expect(lostIsolation(before, undefined, beside)).toEqual([gone('ingress'), gone('egress')]);
    expect(lostIsolation(policy(all('Ingress'), { name: 'x' }), undefined, [])).toEqual([
      gone('ingress', 'the namespace'),
    ]);
    const some = policy({ podSelector: A, policyTypes: ['Ingress'] });
    expect(lostIsolation(some, policy(all('Ingress')), [])).toEqual([]);
    expect(lostIsolation(policy(all('Ingress')), some, [some])).toEqual([gone('ingress')]);
  });

  it('counts for what another stack declares, and not where the namespace goes', () => {
    const manifest = (object: KubernetesObject): JsonObject => ({
      manifest: { ...object } as unknown as Json,
    });
    const policies = manifest(policy(all('Ingress')));
    const namespace = { metadata: [{ name: 'dev' }] };
    const found = (declared: TerraformDocument, goes: boolean): string[] => {
      const stack = writtenPlan('dev', {
        'kubernetes_manifest.x': { before: policies, actions: ['delete'] },
        ...(goes && { 'kubernetes_namespace_v1.x': { before: namespace, actions: ['delete'] } }),
      });
      return guard({
        stacks: [stack],
        documents: [{ name: 'qa', document: declared }],
        ...{ exceptions: [], maxChanges: 9, today: new Date('2026-11-29') },
      }).stopped.flatMap(({ rule, message }) => (rule === 'exposure' ? [message] : []));
    };
    expect(found({}, false)).toEqual([gone('ingress')]);
    expect(found({ resource: { kubernetes_manifest: { x: policies } } }, false)).toEqual([]);
    expect(found({}, true)).toEqual([]);
    // A policy of Calico has another selector.
    const custom = manifest({ ...policy(all('Ingress')), apiVersion: 'projectcalico.org/v3' });
    expect(found({ resource: { kubernetes_manifest: { x: custom } } }, false)).toEqual([gone('ingress')]);
  });
});

describe('a security group', () => {
  const tcp = (more: JsonObject): JsonObject => ({ protocol: 'tcp', from_port: 22, to_port: 22, ...more });
  const group = (...ingress: JsonObject[]): JsonObject => ({ ingress });
  const opens = (what: string): string[] => [`opens ${what}, which was closed`];

  it.each<[JsonObject[], JsonObject[], string?]>([
    [[], [tcp({ cidr_blocks: ['10.0.0.0/8'] })], 'tcp port 22 to 10.0.0.0/8'],
    [[], [tcp({ ipv6_cidr_blocks: ['fd00::/8'] })], 'tcp port 22 to fd00::/8'],
    [[], [tcp({ prefix_list_ids: ['pl-1'] })], 'tcp port 22 to pl-1'],
    [[], [tcp({ security_groups: ['sg-1'] })], 'tcp port 22 to sg-1'],
    [[], [tcp({ self: true })], 'tcp port 22 to itself'],
    [[], [tcp({ self: false })]],
    [[], [{ protocol: 'all', cidr_blocks: ['10.0.0.0/8'] }], 'all ports to 10.0.0.0/8'],
    [[], [{ protocol: '-1', cidr_blocks: ['10.0.0.0/8'] }], 'all ports to 10.0.0.0/8'],
    [[], [{ protocol: 'udp', cidr_blocks: ['10.0.0.0/8'] }], 'udp ports 0 to 65535 to 10.0.0.0/8'],
    [[tcp({ self: true })], [tcp({ self: true, to_port: 23 })], 'tcp ports 22 to 23 to itself'],
    [[tcp({ self: true, from_port: 21 })], [tcp({ self: true })]],
    [[{ protocol: '-1', self: true }], [tcp({ self: true, from_port: 0, to_port: 65_535 })]],
    [[tcp({ self: true })], [tcp({ self: true, protocol: 'udp' })], 'udp port 22 to itself'],
    [[tcp({ self: true })], [tcp({ self: true, protocol: '-1' })], 'all ports to itself'],
    [[tcp({ cidr_blocks: ['10.0.0.0/8'] })], [tcp({ cidr_blocks: ['10.1.0.0/16'] })]],
  ])('%j to %j: %s', (before, after, found = '') => {
    expect(changed('aws_security_group', group(...before), group(...after))).toEqual(
      found === '' ? [] : opens(found),
    );
    expect(changed('aws_default_security_group', group(...before), group(...after))).toHaveLength(
      found === '' ? 0 : 1,
    );
  });

  it.each(['aws_security_group', 'aws_default_security_group'])(
    'that is new, as %s, opens to the internet only',
    (type) => {
      const created = (...ingress: JsonObject[]): string[] =>
        exposed(creating({ [type]: { x: { ingress } } }));
      const inside = [
        tcp({ cidr_blocks: ['10.0.0.0/8'] }),
        tcp({ self: true }),
        tcp({ security_groups: ['sg-1'] }),
      ];
      expect(created(...inside)).toEqual([]);
      expect(created(tcp({ cidr_blocks: ['0.0.0.0/0'] }))).toEqual(opens('tcp port 22 to 0.0.0.0/0'));
      expect(created(tcp({ prefix_list_ids: ['pl-1'] }))).toEqual(opens('tcp port 22 to pl-1'));
    },
  );

  it('is opened by a rule of its own', () => {
    const rule = { ip_protocol: 'tcp', from_port: 22, to_port: 22, referenced_security_group_id: 'sg-1' };
    const created = (security_group_id: string, more: JsonObject = rule): string[] =>
      exposed(
        creating({
          aws_security_group: { x: { name: 'x' } },
          terraform_data: { x: { input: 'x' } },
          aws_vpc_security_group_ingress_rule: { x: { ...more, security_group_id } },
        }),
      );
    expect(created('${aws_security_group.x.id}')).toEqual([]);
    expect(created('${terraform_data.x.id}')).toEqual(opens('tcp port 22 to sg-1'));
    expect(created('sg-9')).toEqual(opens('tcp port 22 to sg-1'));
    for (const [name, source] of Object.entries({
      cidr_ipv4: '0.0.0.0/0',
      cidr_ipv6: '::/0',
      prefix_list_id: 'pl-1',
    })) {
      const more = { ip_protocol: '-1', [name]: source };
      expect(created('${aws_security_group.x.id}', more)).toEqual(opens(`all ports to ${source}`));
    }
    const old = (more: JsonObject): string[] =>
      changed('aws_security_group_rule', {}, { ...tcp({ source_security_group_id: 'sg-1' }), ...more });
    expect(old({ type: 'ingress' })).toEqual(opens('tcp port 22 to sg-1'));
    expect(old({ type: 'ingress', source_security_group_id: null, cidr_blocks: ['10.0.0.0/8'] })).toEqual(
      opens('tcp port 22 to 10.0.0.0/8'),
    );
    expect(old({ type: 'egress' })).toEqual([]);
  });
});

describe('the endpoint of a cluster', () => {
  const endpoint = (isPublic: boolean, ...cidrs: string[]): JsonObject => ({
    vpc_config: [{ endpoint_public_access: isPublic, public_access_cidrs: cidrs }],
  });
  const [A, B, C] = ['203.0.113.0/24', '198.51.100.0/24', '192.0.2.0/24'];

  it.each<[JsonObject, JsonObject, string?]>([
    [endpoint(false), endpoint(true, A, B), `makes the cluster's endpoint public, for ${A}, ${B}`],
    [endpoint(false), endpoint(true), "makes the cluster's endpoint public, for everyone"],
    [endpoint(true, A), endpoint(true, A, B, C), `lets ${B}, ${C} reach the cluster's endpoint`],
    [endpoint(true, A, B), endpoint(true, B)],
    [endpoint(true, A), endpoint(false, '0.0.0.0/0')],
  ])('%j to %j: %s', (before, after, found = '') => {
    expect(changed('aws_eks_cluster', before, after)).toEqual(found === '' ? [] : [found]);
    expect(exposed(creating({ aws_eks_cluster: { x: after } }))).toEqual([]);
  });
});

describe('a load balancer', () => {
  const service = (scheme: string, ...loadBalancerSourceRanges: string[]): JsonObject => ({
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: {
      name: 'x',
      namespace: 'dev',
      annotations: { [`service.beta.kubernetes.io/aws-load-balancer-scheme`]: scheme },
    },
    spec: { type: 'LoadBalancer', loadBalancerSourceRanges },
  });
  const of = (before: JsonObject, after: JsonObject): string[] =>
    changed('kubernetes_manifest', { manifest: before }, { manifest: after });
  const [A, B, C] = ['10.0.0.0/8', '203.0.113.0/24', '198.51.100.0/24'];

  it('is a finding if it comes to the internet, and for each new client', () => {
    expect(of(service('internal', A), service('internal', A, B, C))).toEqual([
      `lets ${B}, ${C} reach the load balancer of the Service`,
    ]);
    expect(of(service('internet-facing', B), service('internet-facing', B, C))).toEqual([
      `lets ${C} reach the load balancer of the Service`,
    ]);
    expect(of(service('internal', A), service('internet-facing', B, C))).toEqual([
      `puts the load balancer of the Service on the internet, for ${B}, ${C}`,
    ]);
    expect(of(service('internet-facing', B, C), service('internal', C))).toEqual([]);
    const created = (object: JsonObject): string[] =>
      exposed(creating({ kubernetes_manifest: { x: { manifest: object } } }));
    expect(created(service('internal', B))).toEqual([]);
    expect(created(service('internet-facing', B))).toEqual([
      `puts the load balancer of the Service on the internet, for ${B}`,
    ]);
  });
});

describe('the policy of a bucket', () => {
  const policy = (Principal: Json, more: JsonObject = {}): JsonObject => ({
    bucket: 'x',
    policy: JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: '*', ...more }],
    }),
  });

  it('makes it public once', () => {
    const made = ['makes a bucket public: its policy allows everyone, without a condition'];
    expect(changed('aws_s3_bucket_policy', policy({ AWS: '111122223333' }), policy('*'))).toEqual(made);
    expect(changed('aws_s3_bucket_policy', policy('*'), policy('*', { Sid: 'x' }))).toEqual([]);
    expect(changed('aws_sqs_queue_policy', policy({ AWS: '111122223333' }), policy('*'))).toEqual([]);
  });
});

describe('a secret', () => {
  const secrets = (stack: PlannedStack): string[] =>
    stopped(stack).flatMap(({ rule, message }) => (rule === 'secret' ? [message] : []));
  const created = (resources: Resources): string[] => secrets(creating(resources));
  const stored = (name: string, instead: string): string[] => [
    `writes the secret value of ${name} into the state, where ${instead} keeps it out`,
  ];

  it('is not written into the state', () => {
    const metadata = { name: 'x', namespace: 'dev' };
    for (const name of ['data', 'binary_data']) {
      expect(created({ kubernetes_secret_v1: { x: { metadata, [name]: { a: 'x' } } } })).toEqual(
        stored(name, 'data_wo'),
      );
      expect(created({ kubernetes_secret_v1: { x: { metadata, [name]: {} } } })).toEqual([]);
    }
    for (const name of ['secret_string', 'secret_binary']) {
      expect(created({ aws_secretsmanager_secret_version: { x: { secret_id: 'x', [name]: 'x' } } })).toEqual(
        stored(name, 'secret_string_wo'),
      );
      expect(created({ aws_secretsmanager_secret_version: { x: { secret_id: 'x', [name]: '' } } })).toEqual(
        [],
      );
    }
    const manifest = (values: JsonObject): JsonObject => ({
      manifest: { apiVersion: 'v1', kind: 'Secret', metadata, ...values },
    });
    const written = [
      'writes the values of a Secret into the state; declare it by kubernetes_secret_v1 with data_wo',
    ];
    for (const name of ['data', 'stringData']) {
      const [none, one] = [manifest({}), manifest({ [name]: { a: 'x' } })];
      expect(created({ kubernetes_manifest: { x: one } })).toEqual(written);
      expect(
        secrets(
          writtenPlan('dev', {
            'kubernetes_manifest.x': { before: one, after: manifest({ [name]: { a: 'y' } }) },
          }),
        ),
      ).toEqual([]);
      expect(secrets(writtenPlan('dev', { 'kubernetes_manifest.x': { before: none, after: one } }))).toEqual(
        written,
      );
    }
  });

  it('is no literal of a variable, of any container', () => {
    const pod = (containers: string, container: JsonObject): string[] =>
      created({
        kubernetes_manifest: {
          x: {
            manifest: {
              apiVersion: 'v1',
              kind: 'Pod',
              metadata: { name: 'x' },
              spec: { [containers]: [container] },
            },
          },
        },
      });
    const env = [{ name: 'DB_PASSWORD', value: 'x' }];
    const literal = (of: string): string[] => [
      `holds a literal in the variable DB_PASSWORD of the container ${of}, whose name says that it is a secret; take it from a Secret`,
    ];
    expect(pod('containers', { name: 'a', env })).toEqual(literal('a'));
    expect(pod('initContainers', { name: 'b', env })).toEqual(literal('b'));
    expect(pod('containers', { env })).toEqual(literal(''));
    expect(pod('containers', { name: 'a', env: [{ name: 'DB_PASSWORD', value: '' }] })).toEqual([]);
    expect(pod('containers', { name: 'a', env: [{ name: 'DB_HOST', value: 'x' }] })).toEqual([]);
    expect(
      pod('containers', {
        name: 'a',
        env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'x', key: 'y' } } }],
      }),
    ).toEqual([]);
  });
});

describe('the line that lets a change pass', () => {
  it('quotes an address that YAML would read otherwise, and ends after seven days', () => {
    const line = (address: string): string =>
      exceptionLine(address, 'abc', new Date('2026-11-23T23:59:59.999Z'));
    const rest = "change: 'abc', reason: <why>, until: 2026-11-30 }";
    expect(line('dev/aws_vpc.x')).toBe(`- { address: dev/aws_vpc.x, ${rest}`);
    expect(line('dev/aws_vpc.x["a"]')).toBe(`- { address: 'dev/aws_vpc.x["a"]', ${rest}`);
    expect(line('["a"].x')).toBe(`- { address: '["a"].x', ${rest}`);
    expect(line("x['a']")).toBe(`- { address: 'x[''a'']', ${rest}`);
  });
});
