import { readFileSync } from 'node:fs';
import { effectsOfEdit, requirePossible } from '../../../src/pipeline/edit/edit-effects';
import { OUTLIVING_IN_AWS, OUTLIVING_IN_KUBERNETES } from '../../../src/facts/outliving-types';
import { EDIT_ROWS } from '../../../src/pipeline/edit/edit-rows';
import type { JsonObject, TerraformDocument } from '../../../src/manifests/terraform-document';
import type { Stored } from '../../../src/pipeline/state/state-store';
import { synthesized } from '../../stacks/synthesized-platform';
import { statesOf, type Documents } from './states-of';

type Replacement = readonly [from: string | RegExp, to: string];

const platformYaml = readFileSync('platform.yaml', 'utf8');

function documentsOf(...replacements: readonly Replacement[]): Documents {
  const yaml = replacements.reduce((text, [from, to]) => {
    expect(text.split(from).length).toBeGreaterThan(1);
    return text.replace(from, to);
  }, platformYaml);
  return synthesized(yaml) as unknown as Documents;
}

/** What is said of an edit, as `code effect key`, with what is said of it. */
function said(before: Documents, after: Documents, states = statesOf(before)): Record<string, string> {
  const stacks = Object.entries(after).map(([name, document]) => ({ name, document }));
  return Object.fromEntries(
    effectsOfEdit(stacks, states).map(({ code, effect, key, message }) => [
      `${code} ${effect} ${key}`,
      message,
    ]),
  );
}

const BEFORE = documentsOf();

it('the table of edits is silent without a change, and for a platform that does not exist yet', () => {
  expect(said(BEFORE, BEFORE)).toEqual({});
  expect(said({}, BEFORE)).toEqual({});
});

const CLUSTER = "version: '1.36'";
const ADMIN = 'arn:aws:iam::111122223333:role/platform-admin';
const SECONDARY: Replacement = ['nat: per-zone', 'secondaryCidr: 100.64.0.0/16\n  nat: per-zone'];
const CLUSTER_ZONES: Replacement = [CLUSTER, `${CLUSTER}\n  zones: [a, b]`];
const TWO_ZONES: readonly Replacement[] = [
  ['zones: [a, b, c]', 'zones: [a, b]'],
  ['node-3: { zone: c', 'node-3: { zone: a'],
];

interface Case {
  readonly effects: readonly string[];
  /** How the platform was. @default - the default one */
  readonly from?: readonly Replacement[];
  /** How it is: not after `from`, but after the default one. */
  readonly to?: readonly Replacement[];
}

it.each<[title: string, edit: Case]>([
  ['range of the VPC', { effects: ['vpc-range refused network.cidr'], to: [['cidr: 10.0.', 'cidr: 10.4.']] }],
  [
    'range of the Services',
    {
      effects: ['service-range refused cluster.serviceCidr'],
      to: [[CLUSTER, `${CLUSTER}\n  serviceCidr: 10.100.0.0/16`]],
    },
  ],
  [
    'path of the roles',
    { effects: ['role-path refused iam.path'], to: [['nodes: #', 'iam: { path: /team/ }\nnodes: #']] },
  ],
  [
    'other zones of the cluster',
    {
      effects: ['cluster-zones refused cluster.zones'],
      from: [CLUSTER_ZONES],
      to: [[CLUSTER, `${CLUSTER}\n  zones: [a, c]`]],
    },
  ],
  [
    'another range of Pods',
    {
      effects: ['pod-range-changed refused network.secondaryCidr'],
      from: [SECONDARY],
      to: [['nat: per-zone', 'secondaryCidr: 100.65.0.0/16\n  nat: per-zone']],
    },
  ],
  [
    'other instance types',
    {
      effects: ['node-group-replaced restart nodes.node-3'],
      to: [
        ['node-3: { zone: c, instanceTypes: [m7i.large]', 'node-3: { zone: c, instanceTypes: [m7i.xlarge]'],
      ],
    },
  ],
  [
    'another tag',
    {
      effects: ['nodes-tagged restart tags'],
      to: [['region: eu-west-1', 'region: eu-west-1\ntags: { team: shop }']],
    },
  ],
  ['zones of the cluster', { effects: ['cluster-zones refused cluster.zones'], to: [CLUSTER_ZONES] }],
  [
    'a zone fewer',
    {
      effects: [
        'cluster-zones refused cluster.zones',
        'zone-in-use refused network.zones',
        'node-group-moved outage nodes.node-3.zone',
        'address-lost loss network.nat',
      ],
      to: TWO_ZONES,
    },
  ],
  [
    'a zone fewer that only nodes are in',
    {
      effects: [
        'zone-in-use refused network.zones',
        'node-group-moved outage nodes.node-3.zone',
        'address-lost loss network.nat',
      ],
      from: [CLUSTER_ZONES],
      to: [CLUSTER_ZONES, ...TWO_ZONES],
    },
  ],
  ['a range of Pods', { effects: ['pod-range-added partial network.secondaryCidr'], to: [SECONDARY] }],
  ['no range of Pods', { effects: ['pod-range-removed refused network.secondaryCidr'], from: [SECONDARY] }],
  [
    'no controller of load balancers',
    {
      effects: [
        'load-balancers-left refused cluster.controllers.loadBalancer',
        'stack-removed loss load-balancer-controller',
      ],
      from: [['loadBalancer: false', 'loadBalancer: true']],
    },
  ],
  [
    'no public access',
    { effects: ['public-access-off outage cluster.publicAccess'], to: [['[203.0.113.0/24]', '[]']] },
  ],
  [
    'one admin',
    { effects: ['last-admin outage cluster.admins'], from: [[`[${ADMIN}]`, `[${ADMIN}, ${ADMIN}-2]`]] },
  ],
  ['one NAT gateway', { effects: ['address-lost loss network.nat'], to: [['nat: per-zone', 'nat: single']] }],
  [
    'no NAT gateway',
    {
      effects: ['internet-removed outage network.nat', 'address-lost loss network.nat'],
      to: [['nat: per-zone', 'nat: none']],
    },
  ],
  [
    'a node group with another name',
    {
      effects: ['node-group-removed outage nodes.node-3'],
      to: [[/node-3/g, 'node-9']],
    },
  ],
  [
    'a taint',
    {
      effects: ['taint-added outage nodes.node-3.taints'],
      to: [['node-3: {', 'node-3: { taints: [{ key: a, value: b, effect: NoSchedule }],']],
    },
  ],
  [
    'a namespace outside of the zone of its volumes',
    {
      effects: ['namespace-leaves-zone outage namespaces.dev.nodes'],
      to: [['dev: { nodes: [node-1, node-2', 'dev: { nodes: [node-2']],
    },
  ],
  [
    'logs that are kept shorter',
    {
      effects: ['logs-kept-shorter loss cluster.logRetentionDays'],
      to: [[CLUSTER, `${CLUSTER}\n  logRetentionDays: 30`]],
    },
  ],
  ['a namespace fewer', { effects: ['stack-removed loss namespaces.qa'], to: [[/ {2}qa: .*\n/, '']] }],
])('the table of edits reports %s', (_, { effects, from = [], to = [] }) => {
  const before = from.length > 0 ? documentsOf(...from) : BEFORE;
  const found = said(before, documentsOf(...to));
  expect(Object.keys(found)).toEqual(effects);
  // What happens and what to do.
  for (const message of Object.values(found)) expect(message.split('. ').length).toBeGreaterThan(1);
});

it('the table of edits is silent about the AWS resources of a user stack', () => {
  const dns = (days: number): Documents => ({
    dns: { resource: { aws_cloudwatch_log_group: { queries: { name: '/dns', retention_in_days: days } } } },
  });
  expect(said(dns(90), dns(30))).toEqual({});
});

it('the table of edits is silent about an object with an unfinished creation, which Terraform creates again', () => {
  const edit = documentsOf(['cidr: 10.0.', 'cidr: 10.4.']);
  const stacks = Object.entries(edit).map(([name, document]) => ({ name, document }));
  const codes = (status?: string): string[] => {
    const states = statesOf(BEFORE);
    const { state } = states.get('network') as Stored;
    const resources = (state?.resources ?? []).map((each) => ({
      ...each,
      instances: each.instances.map((instance) => ({ ...instance, ...(status && { status }) })),
    }));
    states.set('network', { state: { ...state, resources } } as Stored);
    return effectsOfEdit(stacks, states).map(({ code }) => code);
  };
  expect(codes()).toEqual(['vpc-range']);
  expect(codes('tainted')).toEqual([]);
});

it('a controller of load balancers must stay for Ingresses of its own class, and of no class', () => {
  const of = (documents: Documents, to: string): Documents =>
    JSON.parse(
      JSON.stringify(documents)
        .replaceAll('"ingress_class_name":"alb"', `"ingress_class_name":"${to}"`)
        .replaceAll('"type":"LoadBalancer"', '"type":"ClusterIP"'),
    ) as Documents;
  const withController = documentsOf(['loadBalancer: false', 'loadBalancer: true']);
  const codes = (to: string): string[] => Object.keys(said(of(withController, to), of(BEFORE, to)));
  const REFUSED = 'load-balancers-left refused cluster.controllers.loadBalancer';
  expect(codes('alb')).toContain(REFUSED);
  expect(codes('')).toContain(REFUSED);
  expect(codes('nginx')).not.toContain(REFUSED);
});

it('the table of edits is silent about an edit in the other direction', () => {
  const shorter = documentsOf([CLUSTER, `${CLUSTER}\n  logRetentionDays: 30`], ['[203.0.113.0/24]', '[]']);
  expect(said(shorter, BEFORE)).toEqual({});
});

it('every row of the table of edits has its own code', () => {
  expect(new Set(EDIT_ROWS.map(({ code }) => code)).size).toBe(EDIT_ROWS.length);
});

it('an impossible edit stops the plan with each key', () => {
  const edit = documentsOf(['cidr: 10.0.', 'cidr: 10.4.']);
  const stacks = Object.entries(edit).map(([name, document]) => ({ name, document }));
  expect(() => {
    requirePossible(effectsOfEdit(stacks, statesOf(BEFORE)));
  }).toThrow(
    /^network\.cidr: 10\.0\.0\.0\/16 → 10\.4\.0\.0\/16: AWS keeps the first range of a VPC: .*\. Change it back, or add another platform/,
  );
});

describe('a state from before the declared order of deletion', () => {
  const states = statesOf(BEFORE, { ordered: false });
  const removed = (type: string, name: string, stack: string): Documents => {
    const { [stack]: document = {} } = BEFORE;
    const others = Object.entries(document.resource?.[type] ?? {}).filter(([other]) => other !== name);
    const resource = { ...document.resource, [type]: Object.fromEntries(others) };
    return { ...BEFORE, [stack]: { ...document, resource } };
  };

  it('refuses the removal of a NAT gateway until one apply has saved the order', () => {
    const found = said(BEFORE, documentsOf(['nat: per-zone', 'nat: single']), states);
    expect(Object.keys(found)).toEqual([
      'order-not-saved refused seed-nat-b',
      'order-not-saved refused seed-nat-c',
      'order-not-saved refused seed-b',
      'order-not-saved refused seed-c',
      'address-lost loss network.nat',
    ]);
    expect(found['order-not-saved refused seed-b']).toBe(
      'the state of aws_nat_gateway.vpc_nat_b was saved without its order of deletion: Terraform would delete the object while what remains still uses it. ' +
        'Apply once without its removal, which saves the order. Then plan the removal again',
    );
  });

  it('reports the removal of a ServiceAccount that a workload in the state still uses', () => {
    const account = removed('kubernetes_service_account_v1', 'storefront_web_account', 'dev');
    expect(Object.keys(said(BEFORE, account, states))).toContain('used-object-removed outage dev');
    expect(said(BEFORE, account)).toEqual({});
  });
});

it('the table lists each type that declares the order of deletion, except node groups: what waits for them does not use them', () => {
  const declared = Object.values(BEFORE).flatMap(({ resource = {} }) =>
    Object.entries(resource).flatMap(([type, named]) =>
      JSON.stringify(named).includes('"create_before_destroy":true') ? [type] : [],
    ),
  );
  expect([...OUTLIVING_IN_AWS, ...OUTLIVING_IN_KUBERNETES, 'aws_eks_node_group']).toEqual(
    expect.arrayContaining([...new Set(declared)]),
  );
});

it('a removed namespace is reported with its objects and its volumes', () => {
  const others = Object.fromEntries(Object.entries(BEFORE).filter(([name]) => name !== 'qa'));
  expect(said(BEFORE, others)['stack-removed loss namespaces.qa']).toMatch(
    /^it was removed: the apply destroys \d+ objects \(.*kubernetes_.*\), with 2 volumes\. Save the data first$/,
  );
});

describe('claims of a namespace', () => {
  const at = (name: string): JsonObject => ({ name, namespace: 'shop' });
  const manifest = (apiVersion: string, kind: string, name: string, spec: JsonObject): JsonObject => ({
    manifest: { apiVersion, kind, metadata: at(name), spec },
  });
  const GROUPS = { a: 'one', b: 'two' };
  const cluster: TerraformDocument = {
    resource: {
      aws_eks_node_group: Object.fromEntries(
        Object.entries(GROUPS).map(([zone, name]) => [
          name,
          { node_group_name: name, subnet_ids: [`\${data.aws_subnet.seed_${zone}.id}`] },
        ]),
      ),
    },
  };
  const gp3 = { access_modes: ['ReadWriteOnce'], storage_class_name: 'gp3' };
  const claim = (spec: JsonObject = gp3): JsonObject => ({ metadata: [at('data')], spec: [spec] });
  const classOf = (name: string, storage_provisioner: string): JsonObject => ({
    metadata: [{ name }],
    storage_provisioner,
  });
  const platform: TerraformDocument = {
    resource: {
      kubernetes_storage_class_v1: {
        gp3: classOf('gp3', 'ebs.csi.aws.com'),
        efs: classOf('efs', 'efs.csi.aws.com'),
      },
    },
  };
  const placed = (groups: readonly string[]): JsonObject => ({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'group', operator: 'In', values: groups }] }],
        },
      },
    },
  });
  const mounts = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
  const deployment = (groups: readonly string[]): JsonObject =>
    manifest('apps/v1', 'Deployment', 'web', { template: { spec: { ...placed(groups), ...mounts } } });
  const typedDeployment = ([first = '']: readonly string[]): JsonObject => ({
    metadata: [at('web')],
    spec: [
      {
        template: [
          {
            spec: [
              {
                node_selector: { group: first },
                volume: [{ name: 'data', persistent_volume_claim: [{ claim_name: 'data' }] }],
              },
            ],
          },
        ],
      },
    ],
  });
  const set = (groups: readonly string[]): JsonObject =>
    manifest('apps/v1', 'StatefulSet', 'web', {
      replicas: 2,
      template: { spec: placed(groups) },
      volumeClaimTemplates: [
        { metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'gp3' } },
      ],
    });
  const CLAIMS = 'kubernetes_persistent_volume_claim_v1';
  type Resources = NonNullable<TerraformDocument['resource']>;
  const documents = (resource: Resources): Documents => ({ cluster, platform, shop: { resource } });

  it.each<[string, string, (groups: readonly string[]) => JsonObject, Resources, boolean]>([
    [
      'a Deployment with a claim',
      'kubernetes_deployment_v1',
      typedDeployment,
      { [CLAIMS]: { data: claim() } },
      true,
    ],
    ['a manifest with a claim', 'kubernetes_manifest', deployment, { [CLAIMS]: { data: claim() } }, true],
    ['a claim that is not known', 'kubernetes_manifest', deployment, {}, true],
    ['a StatefulSet that is a manifest', 'kubernetes_manifest', set, {}, true],
    [
      'a claim of another file system',
      'kubernetes_manifest',
      deployment,
      { [CLAIMS]: { data: claim({ ...gp3, storage_class_name: 'efs' }) } },
      false,
    ],
    [
      'a claim of a class that is not known, for many nodes',
      'kubernetes_manifest',
      deployment,
      { [CLAIMS]: { data: claim({ access_modes: ['ReadWriteMany'], storage_class_name: 'chart' }) } },
      false,
    ],
    [
      'a volume that every zone reaches',
      'kubernetes_manifest',
      deployment,
      {
        [CLAIMS]: { data: claim({ ...gp3, volume_name: 'files' }) },
        kubernetes_persistent_volume_v1: {
          files: {
            metadata: [{ name: 'files' }],
            spec: [
              { persistent_volume_source: [{ csi: [{ driver: 'efs.csi.aws.com', volume_handle: 'fs-1' }] }] },
            ],
          },
        },
      },
      false,
    ],
  ])('stay in the zone that its nodes leave, or not: %s', (_, type, workload, beside, isFound) => {
    const of = (groups: readonly string[]): Documents => {
      const others = beside[type] ?? {};
      return documents({ ...beside, [type]: { ...others, web: workload(groups) } });
    };
    const found = Object.keys(said(of(['one', 'two']), of(['two'])));
    expect(found).toEqual(isFound ? ['namespace-leaves-zone outage namespaces.shop.nodes'] : []);
    expect(said(of(['two', 'one']), of(['two', 'one']))).toEqual({});
  });

  it('are counted whichever resource declares them, and once each', () => {
    const removed = (resource: Resources): string =>
      said(documents(resource), { cluster, platform })['stack-removed loss shop'] ?? '';
    const other = manifest('v1', 'PersistentVolumeClaim', 'other', {});
    expect(removed({ [CLAIMS]: { data: claim() }, kubernetes_manifest: { other } })).toContain(
      ', with 2 volumes.',
    );
    const made = manifest('v1', 'PersistentVolumeClaim', 'v-web-1', {});
    expect(removed({ kubernetes_manifest: { web: set(['one']), made } })).toContain(', with 2 volumes.');
    expect(removed({ kubernetes_manifest: { other } })).toContain(', with 1 volume.');
  });

  it('a controller of load balancers must stay for a Service that is a manifest', () => {
    const balanced = manifest('v1', 'Service', 'web', { type: 'LoadBalancer' });
    const withRole = (resource: Resources): Documents => ({
      cluster: { resource: { ...cluster.resource, ...resource } },
      shop: { resource: { kubernetes_manifest: { web: balanced } } },
    });
    const role = { aws_iam_role: { load_balancer_controller: { name: 'controller' } } };
    expect(Object.keys(said(withRole(role), { ...withRole({}), shop: {} }))).toContain(
      'load-balancers-left refused cluster.controllers.loadBalancer',
    );
  });
});
