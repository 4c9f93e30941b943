import type { Code } from '../../../src/checks/finding';
import type { Stack } from '../../../src/manifests/stacks';
import type { PlatformRecord } from '../../../src/manifests/platform-record';

/** A change of the default platform: a stack, an address, the path of a field, and its new value. */
export type Change = readonly [stack: string, address: string, path: string, value: unknown];

/** A broken platform, and the code by which it is found. */
export interface Mutant {
  readonly title: string;
  readonly code: Code;
  readonly changes: readonly Change[];
  /** What platform.json has besides. */
  readonly record?: Partial<PlatformRecord>;
}

/** The stacks with changes in them. */
export function changed(stacks: readonly Stack[], changes: readonly Change[]): Stack[] {
  const copies = JSON.parse(JSON.stringify(stacks)) as Stack[];
  for (const [stack, address, path, value] of changes) {
    const [type = '', name = ''] = address.split('.');
    const document = copies.find((each) => each.name === stack)?.document;
    const resources = document?.resource as Record<string, Record<string, unknown>>;
    const steps = path === '' ? [] : path.split('.');
    // Without an address, it is a change of the document itself.
    const way = address === '' ? steps : [name, ...steps];
    let at = (address === '' ? document : (resources[type] ??= {})) as Record<string, unknown>;
    for (const step of way.slice(0, -1)) at = at[step] as Record<string, unknown>;
    const last = way.at(-1) ?? '';
    at[last] = value;
  }
  return copies;
}

/** A record with changes of its own. */
export const recordOf = (record: PlatformRecord, more: Partial<PlatformRecord>): PlatformRecord => ({
  ...record,
  ...more,
});

const WEB = 'kubernetes_deployment_v1.orders_web';
const POD = 'spec.template.spec';
const AFFINITY = `${POD}.affinity.node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term.0.match_expressions.0.values`;
const CONTAINER = `${POD}.container.0`;
const taint = (effect: string): unknown => [{ key: 'team', value: 'batch', effect }];
const groups = ['node_1', 'node_2', 'node_3'].map((name) => `aws_eks_node_group.eks_${name}`);
const all = (path: string, value: unknown): Change[] =>
  groups.map((group) => ['cluster', group, path, value]);

/** Pods that ask for GPUs, of which the nodes of the last group have one each. */
export const gpus = (count: string, ...taints: readonly unknown[]): Change[] => [
  ['cluster', groups[2] ?? '', 'instance_types', ['g6.xlarge']],
  ['cluster', groups[2] ?? '', 'taint', [{ key: 'nvidia.com/gpu', effect: 'NO_SCHEDULE' }, ...taints]],
  ['dev', WEB, `${CONTAINER}.resources.limits`, { 'nvidia.com/gpu': count }],
  ['dev', WEB, `${CONTAINER}.resources.requests`, { 'nvidia.com/gpu': count }],
];

const mutants = (
  rows: readonly (readonly [string, Code, readonly Change[], Partial<PlatformRecord>?])[],
): Mutant[] => rows.map(([title, code, changes, record = {}]) => ({ title, code, changes, record }));

const PLACEMENT = mutants([
  ['a label that no node has', 'PLC-001', [['dev', WEB, `${POD}.node_selector`, { disk: 'ssd' }]]],
  ['a node group that is not there', 'PLC-001', [['dev', WEB, AFFINITY, ['node-9']]]],
  ['a taint on every node', 'PLC-001', all('taint', taint('NO_SCHEDULE'))],
  ['a request beyond every node', 'PLC-001', [['dev', WEB, `${CONTAINER}.resources.requests.cpu`, '64']]],
  [
    'an instance type of another processor',
    'PLC-001',
    [
      ...all('instance_types', ['m7g.large']),
      ['dev', WEB, `${POD}.node_selector`, { 'kubernetes.io/arch': 'amd64' }],
    ],
  ],
  [
    'a GPU that no node has',
    'PLC-001',
    [['dev', WEB, `${CONTAINER}.resources.limits`, { 'nvidia.com/gpu': '1' }]],
  ],
  ['more GPUs than a node has', 'PLC-001', gpus('8')],
  [
    'a GPU behind a taint of its nodes',
    'PLC-001',
    gpus('1', { key: 'team', value: 'ml', effect: 'NO_EXECUTE' }),
  ],
  [
    'a zone without nodes',
    'PLC-001',
    [['dev', WEB, `${POD}.node_selector`, { 'topology.kubernetes.io/zone': 'eu-west-1z' }]],
  ],
  ['labels of the node groups that are gone', 'PLC-001', all('labels', {})],
  [
    'an affinity to node groups of others',
    'PLC-002',
    [['qa', 'kubernetes_deployment_v1.storefront_web', AFFINITY, ['node-1', 'node-2']]],
  ],
  ['no affinity', 'PLC-002', [['prod', WEB, `${POD}.affinity`, []]]],
  [
    'an affinity to one more node group',
    'PLC-002',
    [['prod', 'kubernetes_deployment_v1.storefront_cache', AFFINITY, ['node-1', 'node-2', 'node-3']]],
  ],
]);

const CAPACITY = mutants([
  ['too many Pods for the least nodes', 'CAP-001', [['dev', WEB, 'spec.replicas', '80']]],
  [
    'memory beyond the least nodes',
    'CAP-001',
    [
      ['dev', WEB, `${CONTAINER}.resources.requests.memory`, '5Gi'],
      ['dev', WEB, 'spec.replicas', '6'],
    ],
  ],
  ['node groups without nodes', 'CAP-001', all('scaling_config.min_size', 0)],
  ['too many Pods for the most nodes', 'CAP-002', [['dev', WEB, 'spec.replicas', '400']]],
  [
    'Pods of half a node each',
    'CAP-002',
    [
      ['dev', WEB, `${CONTAINER}.resources.requests.cpu`, '1500m'],
      ['dev', WEB, 'spec.replicas', '10'],
    ],
  ],
  ['instance types that are too small', 'CAP-001', all('instance_types', ['t3.micro'])],
  [
    'a DaemonSet that leaves no room',
    'CAP-001',
    [
      [
        'dev',
        'kubernetes_daemon_set_v1.storefront_media_cache',
        `${CONTAINER}.resources.requests.cpu`,
        '1500m',
      ],
    ],
  ],
  [
    'a sidecar that leaves no room',
    'CAP-001',
    [
      ['dev', WEB, 'spec.replicas', '3'],
      [
        'dev',
        WEB,
        `${POD}.init_container`,
        [
          {
            name: 'proxy',
            image: 'shop/proxy:1',
            restart_policy: 'Always',
            resources: { requests: { cpu: '1700m' } },
          },
        ],
      ],
    ],
  ],
  [
    'a rollout that waits for room',
    'CAP-003',
    [['prod', WEB, `${CONTAINER}.resources.requests.cpu`, '600m']],
  ],
  [
    'a node group that all depend on',
    'CAP-004',
    [
      ...all('scaling_config.max_size', 1),
      ...['dev', 'prod'].map((stack): Change => [stack, WEB, `${CONTAINER}.resources.requests.cpu`, '700m']),
    ],
  ],
  [
    'a namespace in a single zone',
    'CAP-005',
    [['qa', 'kubernetes_deployment_v1.storefront_web', AFFINITY, ['node-2']]],
  ],
  [
    'an autoscaler beyond the most nodes',
    'CAP-006',
    [['dev', 'kubernetes_horizontal_pod_autoscaler_v2.storefront_api_autoscaler', 'spec.max_replicas', 900]],
  ],
]);

const REFERENCES = mutants([
  [
    'a ConfigMap that is not there',
    'REF-001',
    [
      [
        'dev',
        'kubernetes_deployment_v1.storefront_web',
        `${CONTAINER}.env.0.value_from.config_map_key_ref.name`,
        'settings',
      ],
    ],
  ],
  [
    'a key that a ConfigMap does not have',
    'REF-001',
    [
      [
        'dev',
        'kubernetes_deployment_v1.storefront_web',
        `${CONTAINER}.env.0.value_from.config_map_key_ref.key`,
        'level',
      ],
    ],
  ],
  [
    'a Secret that is not there',
    'REF-001',
    [['dev', WEB, `${CONTAINER}.env_from`, [{ secret_ref: { name: 'token' } }]]],
  ],
  [
    'a claim that is not there',
    'REF-002',
    [['dev', WEB, `${POD}.volume`, [{ name: 'data', persistent_volume_claim: { claim_name: 'data' } }]]],
  ],
  [
    'a StorageClass that is not there',
    'REF-002',
    [
      [
        'dev',
        'kubernetes_persistent_volume_claim_v1.storefront_database_data_0',
        'spec.storage_class_name',
        'fast',
      ],
    ],
  ],
  ['a ServiceAccount that is not there', 'REF-003', [['dev', WEB, `${POD}.service_account_name`, 'web']]],
  [
    'a Pod Identity of no ServiceAccount',
    'REF-003',
    [['dev', 'aws_eks_pod_identity_association.orders_web_account_identity', 'service_account', 'orders']],
  ],
  [
    'a backend that is not there',
    'REF-004',
    [
      [
        'dev',
        'kubernetes_ingress_v1.orders_web_ingress',
        'spec.rule.0.http.path.0.backend.service.name',
        'orders',
      ],
    ],
  ],
  [
    'a port that a Service does not have',
    'REF-004',
    [
      [
        'dev',
        'kubernetes_ingress_v1.orders_web_ingress',
        'spec.rule.0.http.path.0.backend.service.port',
        { number: 81 },
      ],
    ],
  ],
  [
    'a target port that no container has',
    'REF-004',
    [['dev', 'kubernetes_service_v1.orders_web_service', 'spec.port.0.target_port', 'web']],
  ],
  [
    'an IngressClass that is not there',
    'REF-005',
    [['dev', 'kubernetes_ingress_v1.orders_web_ingress', 'spec.ingress_class_name', 'nginx']],
  ],
  ['a PriorityClass that is not there', 'REF-005', [['dev', WEB, `${POD}.priority_class_name`, 'urgent']]],
  [
    'a Role that is not there',
    'REF-006',
    [
      [
        'dev',
        'kubernetes_role_binding_v1.storefront_worker_account_reader_binding',
        'role_ref.name',
        'reader',
      ],
    ],
  ],
  [
    'a target of an autoscaler that is not there',
    'REF-007',
    [
      [
        'dev',
        'kubernetes_horizontal_pod_autoscaler_v2.storefront_api_autoscaler',
        'spec.scale_target_ref.name',
        'api',
      ],
    ],
  ],
  [
    'a Service without Pods',
    'REF-008',
    [['dev', 'kubernetes_service_v1.orders_web_service', 'spec.selector', { app: 'orders' }]],
  ],
  [
    'a budget without Pods',
    'REF-008',
    [
      [
        'dev',
        'kubernetes_pod_disruption_budget_v1.orders_web_budget',
        'spec.selector.match_labels',
        { app: 'orders' },
      ],
    ],
  ],
  [
    'a host that two namespaces claim',
    'REF-009',
    [['prod', 'kubernetes_ingress_v1.orders_web_ingress', 'spec.rule.0.host', 'orders.dev.seed.internal']],
  ],
  ['a Namespace that is not there', 'REF-010', [['dev', WEB, 'metadata.namespace', 'orders']]],
  [
    'a Service before Pods without a readiness probe',
    'REF-011',
    [['dev', WEB, `${CONTAINER}.readiness_probe`, null]],
  ],
]);

const ROLE = 'kubernetes_role_v1.storefront_worker_account_reader';
const NODE_READER = 'kubernetes_cluster_role_v1.storefront_node_reader';
const BINDING = 'kubernetes_role_binding_v1.storefront_worker_account_reader_binding';
const WORKER = 'kubernetes_manifest.storefront_worker';
const WORKER_POD = 'manifest.spec.template.spec';
/** Volumes of a Pod with a token of its account. */
export const tokenFor = (audience?: string): unknown => [
  {
    name: 'token',
    projected: { sources: [{ serviceAccountToken: { path: 'token', ...(audience && { audience }) } }] },
  },
];
const rule = (api_groups: string, resources: string, ...verbs: string[]): unknown => [
  { api_groups: [api_groups], resources: [resources], verbs },
];
const IAM_ROLE = 'aws_iam_role.orders_web_account_identity_role';
/** Another policy of a Pod's role. */
const iam = (policy: object | string): Change => [
  ...(['dev', 'aws_iam_role_policy.orders_web_account_identity_role_policy', 'policy'] as const),
  typeof policy === 'string' ? policy : JSON.stringify({ Statement: [{ Effect: 'Allow', ...policy }] }),
];

const PERMISSIONS = mutants([
  ['every right', 'RBA-001', [['dev', NODE_READER, 'rule', rule('*', '*', '*')]]],
  [
    'the role cluster-admin in a namespace',
    'RBA-001',
    [
      [
        'dev',
        BINDING,
        'role_ref',
        { api_group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      ],
    ],
  ],
  [
    'the role edit, which may create Pods',
    'RBA-002',
    [
      [
        'dev',
        BINDING,
        'role_ref',
        { api_group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'edit' },
      ],
    ],
  ],
  ['Pods', 'RBA-002', [['dev', ROLE, 'rule', rule('', 'pods', 'create')]]],
  ['CronJobs', 'RBA-002', [['dev', ROLE, 'rule', rule('batch', 'cronjobs', 'get', 'patch')]]],
  [
    'binding roles',
    'RBA-003',
    [['dev', NODE_READER, 'rule', rule('rbac.authorization.k8s.io', 'clusterroles', 'bind')]],
  ],
  [
    'escalating roles',
    'RBA-003',
    [['dev', ROLE, 'rule', rule('rbac.authorization.k8s.io', '*', 'escalate')]],
  ],
  ['impersonation', 'RBA-004', [['dev', NODE_READER, 'rule', rule('', 'users', 'impersonate')]]],
  ['all Secrets', 'RBA-005', [['dev', ROLE, 'rule', rule('', 'secrets', 'list')]]],
  ['tokens', 'RBA-006', [['dev', ROLE, 'rule', rule('', 'serviceaccounts/token', 'create')]]],
  ['the kubelet', 'RBA-007', [['dev', NODE_READER, 'rule', rule('', 'nodes/proxy', 'get')]]],
  ['commands in containers', 'RBA-008', [['dev', ROLE, 'rule', rule('', 'pods/exec', 'create')]]],
  [
    'certificates',
    'RBA-009',
    [
      [
        'dev',
        NODE_READER,
        'rule',
        rule('certificates.k8s.io', 'certificatesigningrequests/approval', 'update'),
      ],
    ],
  ],
  [
    'webhooks',
    'RBA-010',
    [['dev', NODE_READER, 'rule', rule('admissionregistration.k8s.io', '*', 'delete')]],
  ],
  [
    'a ServiceAccount with rights that no Pod runs as',
    'RBA-011',
    [['dev', BINDING, 'subject', [{ kind: 'ServiceAccount', name: 'unused', namespace: 'dev' }]]],
  ],
  [
    'a ServiceAccount with rights whose Pods say that they have no token',
    'RBA-011',
    [['dev', WORKER, `${WORKER_POD}.automountServiceAccountToken`, false]],
  ],
  [
    'a ServiceAccount with rights whose Pods leave it to the account, which gives no token',
    'RBA-011',
    [
      ['dev', WORKER, `${WORKER_POD}.automountServiceAccountToken`, null],
      [
        'dev',
        'kubernetes_service_account_v1.storefront_worker_account',
        'automount_service_account_token',
        false,
      ],
    ],
  ],
  [
    'a ServiceAccount with rights whose Pods have a token for others',
    'RBA-011',
    [
      ['dev', WORKER, `${WORKER_POD}.automountServiceAccountToken`, false],
      ['dev', WORKER, `${WORKER_POD}.volumes`, tokenFor('vault')],
    ],
  ],
  ['a Pod that may change roles', 'IAM-001', [iam({ Action: 'iam:Put*Policy', Resource: '*' })]],
  ['a Pod that may do all but one thing', 'IAM-001', [iam({ NotAction: 's3:*', Resource: '*' })]],
  ['a Pod that may do what is known later', 'IAM-001', [iam('${jsonencode(local.policy)}')]],
  [
    'a Pod with a managed policy of administrators',
    'IAM-001',
    [
      [
        ...(['dev', IAM_ROLE, 'managed_policy_arns'] as const),
        ['arn:aws:iam::aws:policy/AdministratorAccess'],
      ],
    ],
  ],
  [
    'a Pod that may pass every role',
    'IAM-002',
    [iam({ Action: ['iam:PassRole'], Resource: 'arn:aws:iam::111122223333:role/*' })],
  ],
  ['a Pod that may assume every role', 'IAM-003', [iam({ Action: 'sts:*', Resource: ['*'] })]],
  [
    'a node that may assume every role',
    'IAM-003',
    [
      iam({ Action: 'sts:AssumeRole', Resource: '*' }),
      [
        ...(['dev', IAM_ROLE, 'assume_role_policy'] as const),
        JSON.stringify({ Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' } } }),
      ],
    ],
  ],
]);

const BUDGET = 'kubernetes_pod_disruption_budget_v1.orders_web_budget';
const SELECTOR = { match_labels: { 'app.kubernetes.io/name': 'orders-web' } };
const apart = (topology_key: string): unknown => ({
  required_during_scheduling_ignored_during_execution: [{ topology_key, label_selector: [SELECTOR] }],
});
const mounted: Change[] = [
  ['dev', WEB, `${POD}.volume`, [{ name: 'data', persistent_volume_claim: { claim_name: 'data' } }]],
];
const claim = (mode: string): Change => [
  'dev',
  'kubernetes_persistent_volume_claim_v1.data',
  '',
  {
    metadata: { name: 'data', namespace: 'dev' },
    spec: { access_modes: [mode], resources: { requests: { storage: '1Gi' } }, storage_class_name: 'gp3' },
  },
];
const ROLLOUTS = mutants([
  ['Pods that share a disk', 'ROL-001', [...mounted, claim('ReadWriteOnce')]],
  ['Pods that share a disk of one Pod', 'ROL-001', [...mounted, claim('ReadWriteOncePod')]],
  [
    'a rollout of one Pod with a disk',
    'ROL-001',
    [...mounted, claim('ReadWriteOnce'), ['dev', WEB, 'spec.replicas', '1']],
  ],
  [
    'a startup probe that is longer than the deadline',
    'ROL-002',
    [['dev', WEB, `${CONTAINER}.startup_probe.failure_threshold`, 200]],
  ],
  [
    'a readiness probe that begins after the deadline',
    'ROL-002',
    [['dev', WEB, `${CONTAINER}.readiness_probe.initial_delay_seconds`, 400]],
  ],
  [
    'a budget that keeps all Pods',
    'ROL-003',
    [['dev', BUDGET, 'spec', { min_available: '100%', selector: SELECTOR }]],
  ],
  [
    'a budget that keeps as many as there are',
    'ROL-003',
    [['dev', BUDGET, 'spec', { min_available: '2', selector: SELECTOR }]],
  ],
  [
    'a budget that lets no Pod go',
    'ROL-003',
    [['dev', BUDGET, 'spec', { max_unavailable: '0', selector: SELECTOR }]],
  ],
  [
    'a Pod for each zone',
    'ROL-004',
    [
      ['dev', WEB, `${POD}.affinity.pod_anti_affinity`, apart('topology.kubernetes.io/zone')],
      ['dev', WEB, 'spec.replicas', '3'],
    ],
  ],
  [
    'a Pod for each node',
    'ROL-004',
    [
      ...all('scaling_config.max_size', 1),
      ['prod', WEB, `${POD}.affinity.pod_anti_affinity`, apart('kubernetes.io/hostname')],
    ],
  ],
  ['a disk in zones with one node', 'ROL-005', all('scaling_config.max_size', 1)],
  [
    'a liveness probe before the readiness probe',
    'ROL-006',
    [
      ['dev', WEB, `${CONTAINER}.startup_probe`, null],
      ['dev', WEB, `${CONTAINER}.readiness_probe.initial_delay_seconds`, 60],
    ],
  ],
  [
    'a probe of a port without that name',
    'ROL-007',
    [['dev', WEB, `${CONTAINER}.readiness_probe.http_get.port`, 'web']],
  ],
]);

const policy = (name: string): string => `kubernetes_network_policy_v1.${name}`;
const CNI = 'aws_eks_addon.eks_vpc_cni';
const PROD = { reachability: [{ to: 'prod', neverFrom: ['dev'] }] };
const DATABASES = {
  reachability: [
    {
      to: 'storefront-database',
      onlyFrom: ['storefront-api', 'storefront-worker', 'storefront-report', 'storefront-migration', 'dev'],
    },
  ],
};
const named = (more: object): Partial<PlatformRecord> => ({
  reachability: [{ to: 'dev', ...more }],
});
const REACHABILITY = mutants([
  ['policies that nothing enforces', 'NET-001', [['cluster', CNI, 'configuration_values', '{}']]],
  [
    'policies that are switched off',
    'NET-001',
    [['cluster', CNI, 'configuration_values', '{"enableNetworkPolicy":"false"}']],
  ],
  ['a Pod that reaches another namespace by its addresses', 'NET-002', [], PROD],
  [
    'a rule for Pods of all namespaces',
    'NET-002',
    [
      [
        'prod',
        policy('storefront_database_from_storefront_api'),
        'spec.ingress.0.from',
        [{ namespace_selector: {} }],
      ],
    ],
    PROD,
  ],
  [
    'a rule for everyone',
    'NET-002',
    [['prod', policy('storefront_database_from_storefront_api'), 'spec.ingress', [{}]]],
    { reachability: [{ to: 'prod/storefront-database', neverFrom: ['dns'] }] },
  ],
  [
    'a namespace without isolation',
    'NET-002',
    [['qa', policy('default_deny'), 'spec.policy_types', ['Egress']]],
    { reachability: [{ to: 'qa/storefront-worker', onlyFrom: [] }] },
  ],
  [
    'one more client of the databases',
    'NET-002',
    [
      ['qa', policy('storefront_database_from_storefront_api'), 'spec.ingress.0.from.0.pod_selector', {}],
      ['qa', policy('storefront_api_to_storefront_database'), 'spec.pod_selector', {}],
    ],
    DATABASES,
  ],
  [
    'an Ingress on the internet',
    'NET-002',
    [
      [
        'dev',
        'kubernetes_ingress_v1.orders_web_ingress',
        'metadata.annotations',
        { 'alb.ingress.kubernetes.io/scheme': 'internet-facing' },
      ],
    ],
    named({ neverFrom: ['internet'] }),
  ],
  ['an expectation of a workload that is not there', 'NET-003', [], named({ neverFrom: ['web'] })],
  ['an expectation of a workload in a namespace', 'NET-003', [], named({ neverFrom: ['prod/web'] })],
  [
    'another port on one side',
    'NET-004',
    [['dev', policy('storefront_api_to_storefront_database'), 'spec.egress.0.ports.0.port', '5433']],
  ],
  [
    'a policy for other Pods on one side',
    'NET-004',
    [
      [
        'dev',
        policy('storefront_cache_from_storefront_api'),
        'spec.pod_selector',
        { match_labels: { app: 'x' } },
      ],
    ],
  ],
  [
    'another protocol on one side',
    'NET-004',
    [['dev', policy('storefront_cache_from_storefront_api'), 'spec.ingress.0.ports.0.protocol', 'UDP']],
  ],
]);

const ADD_ON = (name: string): string => `aws_eks_addon.eks_${name}`;
const group = (version: string): Change[] => [
  ['cluster', 'aws_eks_node_group.eks_node_1', 'version', version],
];
const COMPATIBILITY = mutants([
  [
    'a kind that is gone',
    'API-001',
    [
      [
        'dev',
        'kubernetes_manifest.old',
        '',
        {
          manifest: {
            apiVersion: 'policy/v1beta1',
            kind: 'PodSecurityPolicy',
            metadata: { name: 'old' },
            spec: {},
          },
        },
      ],
    ],
  ],
  [
    'a version of a kind that is gone',
    'API-001',
    [
      [
        'dev',
        'kubernetes_manifest.old',
        '',
        {
          manifest: {
            apiVersion: 'batch/v1beta1',
            kind: 'CronJob',
            metadata: { name: 'old', namespace: 'dev' },
            spec: {},
          },
        },
      ],
    ],
  ],
  [
    'a field that is not known',
    'API-001',
    [
      [
        'dev',
        'kubernetes_manifest.map',
        '',
        {
          manifest: {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'map', namespace: 'dev' },
            datas: {},
          },
        },
      ],
    ],
  ],
  ['a value that is not allowed', 'API-001', [['dev', WEB, `${POD}.restart_policy`, 'Never']]],
  ['a quantity that is none', 'API-001', [['dev', WEB, `${CONTAINER}.resources.requests.cpu`, 'much']]],
  [
    'an add-on of the version before',
    'API-003',
    [['cluster', ADD_ON('coredns'), 'addon_version', 'v1.14.3-eksbuild.3']],
  ],
  [
    'an add-on of two versions before',
    'API-003',
    [['cluster', ADD_ON('coredns'), 'addon_version', 'v1.13.2-eksbuild.11']],
  ],
  [
    'kube-proxy of a newer version',
    'API-004',
    [['cluster', ADD_ON('kube_proxy'), 'addon_version', 'v1.37.0-eksbuild.1']],
  ],
  [
    'kube-proxy that is too old',
    'API-004',
    [['cluster', ADD_ON('kube_proxy'), 'addon_version', 'v1.32.0-eksbuild.1']],
  ],
  ['nodes that are newer', 'API-004', group('1.37')],
  ['another provider', 'API-005', [['dev', '', 'terraform.required_providers.kubernetes.version', '2.37.0']]],
  ['nodes that are too old', 'API-004', group('1.32')],
]);

/** At least ten broken platforms for each check. */
export const MUTANTS = {
  placement: PLACEMENT,
  capacity: CAPACITY,
  rollouts: ROLLOUTS,
  references: REFERENCES,
  reachability: REACHABILITY,
  permissions: PERMISSIONS,
  compatibility: COMPATIBILITY,
} as const;
