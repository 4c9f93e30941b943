import { Construct } from 'constructs';
import { ClusterRole, type ClusterRoleOptions } from '../../constructs/kubernetes/access/cluster-role';
import {
  ClusterRoleBinding,
  type ClusterRoleBindingOptions,
} from '../../constructs/kubernetes/access/cluster-role-binding';
import { Role, type RoleOptions } from '../../constructs/kubernetes/access/role';
import { RoleBinding, type RoleBindingOptions } from '../../constructs/kubernetes/access/role-binding';
import {
  ServiceAccount,
  type ServiceAccountOptions,
} from '../../constructs/kubernetes/access/service-account';
import { Subject } from '../../constructs/kubernetes/access/subject';
import {
  ValidatingAdmissionPolicy,
  type ValidatingAdmissionPolicyOptions,
} from '../../constructs/kubernetes/admission/validating-admission-policy';
import { ConfigMap, type ConfigMapOptions } from '../../constructs/kubernetes/configuration/config-map';
import { LimitRange, type LimitRangeOptions } from '../../constructs/kubernetes/namespaces/limit-range';
import { Namespace, type NamespaceOptions } from '../../constructs/kubernetes/namespaces/namespace';
import {
  ResourceQuota,
  type ResourceQuotaOptions,
} from '../../constructs/kubernetes/namespaces/resource-quota';
import { EndpointSlice, type EndpointSliceOptions } from '../../constructs/kubernetes/network/endpoint-slice';
import { Endpoints, type EndpointsOptions } from '../../constructs/kubernetes/network/endpoints';
import { ExternalName, type ExternalNameOptions } from '../../constructs/kubernetes/network/external-name';
import { Ingress, type IngressOptions } from '../../constructs/kubernetes/network/ingress';
import { NetworkPolicy, type NetworkPolicyOptions } from '../../constructs/kubernetes/network/network-policy';
import { Service, type ServiceProps } from '../../constructs/kubernetes/network/service';
import type { ContainerOptions } from '../../constructs/kubernetes/pods/container';
import { EnvFrom } from '../../constructs/kubernetes/pods/env-from';
import { EnvValue } from '../../constructs/kubernetes/pods/env-value';
import { LifecycleHandler } from '../../constructs/kubernetes/pods/lifecycle-handler';
import { PriorityClass, type PriorityClassOptions } from '../../constructs/kubernetes/pods/priority-class';
import { Probe } from '../../constructs/kubernetes/pods/probe';
import { Cpu, Size } from '../../constructs/kubernetes/pods/quantity';
import type { HorizontalPodAutoscalerOptions } from '../../constructs/kubernetes/scaling/horizontal-pod-autoscaler';
import type { PodDisruptionBudgetOptions } from '../../constructs/kubernetes/scaling/pod-disruption-budget';
import type { ClaimTemplateOptions } from '../../constructs/kubernetes/storage/claim-template';
import { Volume } from '../../constructs/kubernetes/storage/volume';
import {
  type EbsVolumeOptions,
  PersistentVolume,
} from '../../constructs/kubernetes/storage/persistent-volume';
import {
  PersistentVolumeClaim,
  type PersistentVolumeClaimOptions,
} from '../../constructs/kubernetes/storage/persistent-volume-claim';
import {
  Provisioner,
  StorageClass,
  type StorageClassOptions,
} from '../../constructs/kubernetes/storage/storage-class';
import { CronJob, type CronJobOptions } from '../../constructs/kubernetes/workloads/cron-job';
import { DaemonSet, type DaemonSetOptions } from '../../constructs/kubernetes/workloads/daemon-set';
import { Deployment, type DeploymentOptions } from '../../constructs/kubernetes/workloads/deployment';
import { Job, type JobOptions } from '../../constructs/kubernetes/workloads/job';
import { Pod, type PodOptions } from '../../constructs/kubernetes/workloads/pod';
import { ReplicaSet, type ReplicaSetOptions } from '../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../constructs/kubernetes/workloads/schedule';
import { StatefulSet, type StatefulSetOptions } from '../../constructs/kubernetes/workloads/stateful-set';
import type { WorkloadOptions } from '../../constructs/kubernetes/workloads/workload';
import { plain, resources } from '../constructs/kubernetes/workload-options';

/** Two values of an option. A function gets the scope of what they are made of. */
type Values<Value> =
  | readonly [first: Value, second: Value]
  | { readonly made: (scope: Construct) => readonly [first: Value, second: Value] };

/** The values of an option, and what has to be said beside it. A text is the reason why no value can be tried. */
type Row<Value> = Values<Value> | { readonly pair: Values<Value>; readonly beside: object } | string;

type KeyOf<Options> = Options extends unknown ? keyof Options : never;
type ValueOf<Options, Option> = Options extends unknown
  ? Option extends keyof Options
    ? NonNullable<Options[Option]>
    : never
  : never;

/** A row for every option, so that a new one does not compile without. */
type Rows<Options> = { readonly [Option in KeyOf<Options>]: Row<ValueOf<Options, Option>> };

/** A kind of construct with all of its options. */
interface Kind<Options> {
  /** What it cannot do without. */
  readonly base: Options | ((scope: Construct) => Options);
  make(scope: Construct, options: Options): unknown;
  readonly options: Rows<Options>;
  /** Whether it changes what others of its namespace may do. @default false */
  readonly alone?: boolean;
}

/** Gives a kind its type. */
const kind = <Options>(of: Kind<Options>): Kind<Options> => of;

const METADATA = {
  labels: [{ 'example.com/team': 'shop' }, { 'example.com/team': 'orders' }],
  annotations: [{ 'example.com/note': 'one' }, { 'example.com/note': 'two' }],
} satisfies Rows<Pick<WorkloadOptions, 'labels' | 'annotations'>>;

/** Two texts that no other series has. */
const ownTexts = ({ node }: Construct): [string, string] => [`${node.id}-one`, `${node.id}-two`];

/** Another name is that of another object. */
const NAMED = { made: ownTexts };

const settings = (scope: Construct): ConfigMap =>
  new ConfigMap(scope, 'settings', { data: { level: 'info' } });

const CONTAINER = {
  image: ['shop/web:2', 'shop/web:3'],
  resources: [
    { cpu: Cpu.millis(20), memory: Size.mebibytes(32) },
    { cpu: Cpu.millis(30), memory: Size.mebibytes(48), cpuLimit: Cpu.units(1) },
  ],
  imagePullPolicy: ['Always', 'Never'],
  command: [['/web'], ['/web', '--verbose']],
  args: [['--one'], ['--two', '--three']],
  workingDir: ['/srv', '/opt'],
  ports: [{ http: 8080 }, { http: 8081, dns: { port: 5353, protocol: 'UDP' } }],
  env: [
    { HOME: EnvValue.fromValue('/srv') },
    { HOME: EnvValue.fromField('metadata.name'), EMPTY: EnvValue.fromValue('') },
  ],
  envFrom: {
    made: (scope) => {
      const from = settings(scope);
      return [[EnvFrom.fromConfigMap(from)], [EnvFrom.fromConfigMap(from, { prefix: 'APP_' })]];
    },
  },
  health: { pair: ['/healthz', Probe.fromTcpSocket('http')], beside: { ports: { http: 8080 } } },
  liveness: {
    pair: [Probe.fromHttpGet('/alive', 'http'), Probe.fromCommand(['/alive'], { periodSeconds: 20 })],
    beside: { ports: { http: 8080 } },
  },
  readiness: {
    pair: [
      Probe.fromHttpGet('/ready', 'http', { scheme: 'HTTPS' }),
      Probe.fromGrpc('http', { service: 'shop', successThreshold: 2 }),
    ],
    beside: { ports: { http: 8080 } },
  },
  startup: {
    pair: [
      Probe.fromTcpSocket('http', { failureThreshold: 20 }),
      Probe.fromTcpSocket('http', { initialDelaySeconds: 1 }),
    ],
    beside: { ports: { http: 8080 } },
  },
  postStart: [
    LifecycleHandler.fromCommand(['/warm-up']),
    LifecycleHandler.fromCommand(['/warm-up', '--all']),
  ],
  preStop: {
    pair: [LifecycleHandler.fromCommand(['/drain']), LifecycleHandler.fromHttpGet('/drain', 'http')],
    beside: { ports: { http: 8080 } },
  },
  root: 'true is its only value that differs; user, group and privileged change the same fields',
  privileged: 'true is its only value that differs; capabilities change the same block',
  user: [1000, 2000],
  group: [1000, 2000],
  capabilities: [['NET_BIND_SERVICE'], ['NET_BIND_SERVICE', 'CHOWN']],
  readOnlyRootFilesystem: [false, true],
} satisfies Rows<ContainerOptions>;

/** What Pods of every workload are told. */
const PODS = {
  ...CONTAINER,
  ...METADATA,
  containers: 'the other form of what the options of one container say',
  initContainers: [
    { migrate: { image: 'shop/migrate:1', resources } },
    { migrate: { image: 'shop/migrate:2', resources }, wait: { image: 'shop/wait:1', resources } },
  ],
  serviceAccount: {
    made: (scope) => [
      new ServiceAccount(scope, 'one'),
      new ServiceAccount(scope, 'two', { automountToken: true }),
    ],
  },
  terminationGracePeriodSeconds: [5, 10],
  tolerations: [
    [{ key: 'dedicated', value: 'shop', effect: 'NoSchedule' }],
    [{ operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 }],
  ],
  priorityClass: {
    made: (scope) => [
      new PriorityClass(scope, 'low', { value: 10 }),
      new PriorityClass(scope, 'high', { value: 20 }),
    ],
  },
  priorityClassName: ['system-cluster-critical', 'system-node-critical'],
  nodeSelector: [{ 'kubernetes.io/os': 'linux' }, { 'kubernetes.io/arch': 'amd64' }],
  hostNetwork: [true, false],
  hostPid: [true, false],
  scrape: {
    pair: [{ port: 'http' }, { port: 'http', path: '/prometheus', scheme: 'https' }],
    beside: { ports: { http: 8080 } },
  },
  name: NAMED,
  version: ['1.4.0', '1.5.0'],
  placement: [{ nodeGroups: ['node-1'] }, { nodeGroups: ['node-2'] }],
} satisfies Partial<Rows<WorkloadOptions>>;

const SPREAD = {
  spread: [['zones'], [{ over: 'nodeGroups', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 2 }]],
} satisfies Rows<Pick<WorkloadOptions, 'spread'>>;

const OTHER_FORM = 'manifest-form.test.ts changes it: the object gets another Terraform type';

const CONTROLLED = {
  ...PODS,
  selector: {
    made: (scope) => {
      const [first, second] = ownTexts(scope);
      return [{ app: first }, { app: second }];
    },
  },
  via: OTHER_FORM,
} satisfies Partial<Rows<WorkloadOptions>>;

const REPLICAS = {
  replicas: [2, 3],
  budget: {
    pair: [{ maxUnavailable: 2 }, { minAvailable: '50%' }] as [
      PodDisruptionBudgetOptions,
      PodDisruptionBudgetOptions,
    ],
    beside: { replicas: 2 },
  },
} as const;

const web: ContainerOptions & { readonly replicas: 1 } = { ...plain, replicas: 1 };

/** A Job of these options ends; its controller and its Pods need no time of the test. */
const JOB = {
  ...PODS,
  selector: 'a Job has no selector of its own',
  via: OTHER_FORM,
  backoffLimit: [3, 4],
  activeDeadlineSeconds: [600, 700],
  restartPolicy: ['OnFailure', 'Never'],
  completions: [2, 3],
  parallelism: { pair: [2, 3], beside: { completions: 4 } },
  indexed: { pair: [true, false], beside: { completions: 2 } },
  maxFailedIndexes: { pair: [1, 2], beside: { indexed: true, completions: 3 } },
  failOnExitCodes: [[2], [2, 3]],
} satisfies Rows<Omit<JobOptions, 'wait'>>;

const deployed = (scope: Construct, id = 'web'): Deployment =>
  new Deployment(scope, id, { ...web, ports: { http: 8080, admin: 9000 } });

const serviceOf = (scope: Construct): Service => deployed(scope).expose({ ports: { http: 80, admin: 81 } });

const POLICY: Pick<ValidatingAdmissionPolicyOptions, 'namespaces' | 'rules' | 'validations'> = {
  namespaces: ['another'],
  rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
  validations: [{ expression: 'object.metadata.name != "a"', messageExpression: '"not a"' }],
};

const LIMITS: LimitRangeOptions = {
  defaultRequest: { cpu: Cpu.millis(50), memory: Size.mebibytes(64) },
  defaultMemoryLimit: Size.mebibytes(128),
};

/** Every construct with all of its options, each with two values. */
export const CHANGED_OPTIONS = {
  Deployment: kind<DeploymentOptions>({
    base: web,
    make: (scope, options) => new Deployment(scope, 'web', options),
    options: {
      ...CONTROLLED,
      ...SPREAD,
      ...REPLICAS,
      strategy: ['Recreate', { maxUnavailable: 1, maxSurge: 0 }],
      minReadySeconds: [1, 2],
      progressDeadlineSeconds: [400, 500],
      revisionHistoryLimit: [2, 3],
    },
  }),
  StatefulSet: kind<StatefulSetOptions>({
    base: web,
    make: (scope, options) => new StatefulSet(scope, 'web', options),
    options: {
      ...CONTROLLED,
      ...SPREAD,
      ...REPLICAS,
      serviceName: NAMED,
      podManagement: ['Parallel', 'OrderedReady'],
      partition: [1, 2],
      minReadySeconds: [1, 2],
      timeoutMinutes: [6, 7],
      revisionHistoryLimit: [2, 3],
      protect: 'Terraform alone reads it, and the tests could not destroy the object',
    },
  }),
  DaemonSet: kind<DaemonSetOptions>({
    base: plain,
    make: (scope, options) => new DaemonSet(scope, 'web', options),
    options: { ...CONTROLLED, maxUnavailable: ['50%', 2], minReadySeconds: [1, 2] },
  }),
  ReplicaSet: kind<ReplicaSetOptions>({
    base: web,
    make: (scope, options) => new ReplicaSet(scope, 'web', options),
    options: { ...PODS, ...SPREAD, ...REPLICAS, selector: CONTROLLED.selector, minReadySeconds: [1, 2] },
  }),
  CronJob: kind<CronJobOptions>({
    base: { ...plain, schedule: Schedule.daily({ hour: 3 }) },
    make: (scope, options) => new CronJob(scope, 'web', options),
    options: {
      ...JOB,
      schedule: [Schedule.hourly(5), Schedule.cron('@yearly')],
      timeZone: ['Europe/Madrid', 'Asia/Tokyo'],
      concurrency: ['Allow', 'Replace'],
      startingDeadlineSeconds: [300, 400],
      history: [{ successful: 1 }, { successful: 0, failed: 5 }],
      suspend: [true, false],
    },
  }),
  Job: kind<JobOptions>({
    base: plain,
    make: (scope, options) => new Job(scope, 'web', options),
    options: { ...JOB, wait: 'Terraform alone reads it, and Pods of the tests never end' },
  }),
  Pod: kind<PodOptions>({
    base: plain,
    make: (scope, options) => new Pod(scope, 'web', options),
    options: {
      ...PODS,
      selector: 'a Pod has none',
      restartPolicy: ['OnFailure', 'Never'],
    },
  }),
  ClaimTemplate: kind<ClaimTemplateOptions>({
    base: { size: Size.gibibytes(1) },
    make: (scope, options) => {
      const set = new StatefulSet(scope, 'store', { replicas: 1, containers: {} });
      const storageClass = options.storageClass ?? new StorageClass(scope, 'class');
      set.addContainer('web', plain).mount('/data', set.addClaim('data', { ...options, storageClass }));
    },
    options: {
      labels: METADATA.labels,
      annotations: METADATA.annotations,
      size: [Size.gibibytes(2), Size.gibibytes(3)],
      storageClass: {
        made: (scope) => [
          new StorageClass(scope, 'one'),
          new StorageClass(scope, 'two', { reclaimPolicy: 'Retain' }),
        ],
      },
      accessMode: ['ReadWriteOncePod', 'ReadWriteOnce'],
    },
  }),
  HorizontalPodAutoscaler: kind<HorizontalPodAutoscalerOptions>({
    base: { max: 3, cpu: { targetUtilization: 70 } },
    make: (scope, options) => new Deployment(scope, 'web', plain).autoscale(options),
    options: {
      ...METADATA,
      name: NAMED,
      min: [2, 3],
      max: [4, 5],
      cpu: [{ targetUtilization: 80 }, { targetAverage: Cpu.millis(500) }],
      memory: [{ targetUtilization: 80 }, { targetAverage: Size.mebibytes(512) }],
      metrics: [
        [
          {
            type: 'External',
            external: { metric: { name: 'messages' }, target: { type: 'AverageValue', averageValue: '30' } },
          },
        ],
        [
          {
            type: 'Pods',
            pods: { metric: { name: 'requests' }, target: { type: 'AverageValue', averageValue: '500m' } },
          },
        ],
      ],
      scaleDownStabilizationSeconds: [0, 600],
      scaleUpStabilizationSeconds: [30, 60],
    },
  }),
  Service: kind<ServiceProps>({
    base: (scope) => ({ workload: deployed(scope), ports: { http: 80 } }),
    make: (scope, options) => new Service(scope, 'service', options),
    options: {
      ...METADATA,
      name: NAMED,
      workload: { made: (scope) => [deployed(scope, 'one'), deployed(scope, 'two')] },
      ports: [
        { http: { port: 81, appProtocol: 'http' } },
        { http: 80, admin: { port: 82, targetPort: 'admin' } },
      ],
      type: ['NodePort', 'LoadBalancer'],
      headless: 'true is its only value that differs, and plan refuses it (refused-changes.test.ts)',
      nodePorts: { pair: [{ http: 30100 }, { http: 30101 }], beside: { type: 'NodePort' } },
      scheme: 'the load balancer is another one; the guard stops it (guard-exposure.test.ts)',
      sourceRanges: {
        pair: [['10.0.0.0/16'], ['10.0.0.0/16', '192.168.0.0/24']],
        beside: { type: 'LoadBalancer' },
      },
      publishNotReadyAddresses: [true, false],
      sessionAffinitySeconds: [600, 700],
    },
  }),
  ExternalName: kind<ExternalNameOptions>({
    base: { externalName: 'one.example.com' },
    make: (scope, options) => new ExternalName(scope, 'outside', options),
    options: { ...METADATA, name: NAMED, externalName: ['two.example.com', 'three.example.com'] },
  }),
  Endpoints: kind<EndpointsOptions>({
    base: (scope) => ({
      service: new Service(scope, 'database', { ports: { sql: 5432 } }),
      addresses: ['10.0.0.10'],
    }),
    make: (scope, options) => new Endpoints(scope, 'endpoints', options),
    options: {
      ...METADATA,
      service: 'they carry its name, and are others of another Service',
      addresses: [['10.0.0.11'], ['10.0.0.12', '10.0.0.11']],
      notReadyAddresses: [['10.0.0.20'], ['10.0.0.21', '10.0.0.20']],
      targetPorts: [{ sql: 5433 }, { sql: 5434 }],
    },
  }),
  EndpointSlice: kind<EndpointSliceOptions>({
    base: (scope) => ({
      service: new Service(scope, 'database', { ports: { sql: 5432 } }),
      addresses: ['10.0.0.10'],
    }),
    make: (scope, options) => new EndpointSlice(scope, 'slice', options),
    options: {
      ...METADATA,
      name: NAMED,
      service: 'the Service that it leaves would have no backend',
      addresses: [['10.0.0.11'], ['10.0.0.12', '10.0.0.11']],
      targetPorts: [{ sql: 5433 }, { sql: 5434 }],
      appProtocol: ['http', 'https'],
    },
  }),
  Ingress: kind<IngressOptions>({
    base: {},
    make: (scope, options) =>
      new Ingress(scope, 'front', options).route('shop.example.com', '/', serviceOf(scope), 'http'),
    options: {
      ...METADATA,
      name: NAMED,
      className: ['nginx', 'haproxy'],
      group: ['one', 'two'],
      scheme: 'the load balancer is another one; the guard stops it (guard-exposure.test.ts)',
      tls: [
        { certificateArns: ['arn:aws:acm:eu-west-1:111122223333:certificate/one'] },
        { certificateArns: ['arn:aws:acm:eu-west-1:111122223333:certificate/two'] },
      ],
      sourceRanges: [['10.0.0.0/16'], ['10.0.0.0/16', '192.168.0.0/24']],
      healthCheck: [{ path: '/healthz' }, { path: '/healthz', intervalSeconds: 30, successCodes: '200-299' }],
    },
  }),
  NetworkPolicy: kind<NetworkPolicyOptions>({
    base: { ingress: [] },
    make: (scope, options) => new NetworkPolicy(scope, 'policy', options),
    options: {
      ...METADATA,
      name: NAMED,
      podSelector: [{ app: 'none' }, { app: 'other' }],
      ingress: [
        [{ from: [{ podSelector: { matchLabels: { app: 'a' } } }] }],
        [{ from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports: [{ port: '80', protocol: 'TCP' }] }],
      ],
      egress: [
        [{ to: [{ ipBlock: { cidr: '10.0.0.0/16' } }] }],
        [{ to: [{ ipBlock: { cidr: '10.1.0.0/16' } }] }, { ports: [{ port: '53', protocol: 'UDP' }] }],
      ],
    },
    alone: true,
  }),
  ServiceAccount: kind<ServiceAccountOptions>({
    base: {},
    make: (scope, options) => new ServiceAccount(scope, 'account', options),
    options: {
      ...METADATA,
      name: NAMED,
      automountToken: [true, false],
      imagePullSecrets: 'its Secret reads AWS: adopt.test.ts and kinds.test.ts have it',
    },
  }),
  Role: kind<RoleOptions>({
    base: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
    make: (scope, options) => new Role(scope, 'role', options),
    options: {
      ...METADATA,
      name: NAMED,
      rules: [
        [{ apiGroups: [''], resources: ['pods'], verbs: ['list', 'get'] }],
        [
          { apiGroups: ['', 'apps'], resources: ['pods', 'deployments'], verbs: ['watch', 'get'] },
          { apiGroups: ['batch'], resources: ['jobs'], verbs: ['get'], resourceNames: ['b', 'a'] },
        ],
      ],
    },
  }),
  ClusterRole: kind<ClusterRoleOptions>({
    base: { rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }] },
    make: (scope, options) => new ClusterRole(scope, 'role', options),
    options: {
      ...METADATA,
      name: NAMED,
      rules: [
        [{ apiGroups: [''], resources: ['nodes'], verbs: ['list', 'get'] }],
        [{ apiGroups: [''], resources: ['nodes', 'persistentvolumes'], verbs: ['get'] }],
      ],
      aggregates: 'the server fills the rules of such a role in, and it has none of its own',
      nonResourceUrls: [['/metrics'], ['/metrics', '/healthz/*']],
    },
  }),
  RoleBinding: kind<RoleBindingOptions>({
    base: (scope) => ({
      role: ClusterRole.builtIn('view'),
      subjects: [new ServiceAccount(scope, 'account')],
    }),
    make: (scope, options) => new RoleBinding(scope, 'binding', options),
    options: {
      ...METADATA,
      name: NAMED,
      role: {
        made: (scope) => [
          new Role(scope, 'one').allowRead('pods'),
          new ClusterRole(scope, 'two').allowRead('pods'),
        ],
      },
      subjects: [[Subject.user('ada')], [Subject.group('shop'), Subject.user('ada')]],
    },
  }),
  ClusterRoleBinding: kind<ClusterRoleBindingOptions>({
    base: (scope) => ({
      role: ClusterRole.builtIn('view'),
      subjects: [new ServiceAccount(scope, 'account')],
    }),
    make: (scope, options) => new ClusterRoleBinding(scope, 'binding', options),
    options: {
      ...METADATA,
      name: NAMED,
      role: {
        made: (scope) => [
          new ClusterRole(scope, 'one').allowRead('nodes'),
          new ClusterRole(scope, 'two').allowRead('namespaces'),
        ],
      },
      subjects: [[Subject.user('ada')], [Subject.group('shop'), Subject.user('ada')]],
    },
  }),
  ConfigMap: kind<ConfigMapOptions>({
    base: { data: { level: 'info' } },
    make: (scope, options) => {
      const env = { LEVEL: EnvValue.fromConfigMap(new ConfigMap(scope, 'settings', options), 'level') };
      new Deployment(scope, 'web', { ...web, env });
      new DaemonSet(scope, 'agent', { ...plain, env });
    },
    options: {
      ...METADATA,
      name: NAMED,
      data: [{ level: 'debug' }, { level: 'debug', 'app.conf': 'home=${HOME}\n' }],
    },
  }),
  Namespace: kind<NamespaceOptions>({
    base: { name: 'pairs-inner' },
    make: (scope, options) =>
      new Namespace(scope, 'namespace', {
        ...options,
        name: `${options.name}-${scope.node.id}`.slice(0, 63),
      }),
    options: {
      ...METADATA,
      name: 'it is another namespace, with all that is in it: the guard stops it',
      nodeGroups: [['node-1'], ['node-1', 'node-2']],
      podSecurity: ['baseline', 'privileged'],
      podSecurityVersion: ['v1.30', 'v1.31'],
    },
  }),
  LimitRange: kind<LimitRangeOptions>({
    base: LIMITS,
    make: (scope, options) => new LimitRange(scope, 'limits', options),
    options: {
      ...METADATA,
      name: NAMED,
      defaultRequest: [
        { cpu: Cpu.millis(60), memory: Size.mebibytes(64) },
        { cpu: Cpu.units(0.5), memory: Size.mebibytes(100) },
      ],
      defaultMemoryLimit: [Size.mebibytes(256), Size.gibibytes(1)],
      min: [{ cpu: Cpu.millis(10) }, { cpu: Cpu.millis(10), memory: Size.mebibytes(16) }],
      max: [
        { cpu: Cpu.units(2), memory: Size.gibibytes(4) },
        { cpu: Cpu.units(2.5), memory: Size.gibibytes(8) },
      ],
      podMax: [{ cpu: Cpu.units(8) }, { cpu: Cpu.units(8), memory: Size.gibibytes(16) }],
      claim: [{ min: Size.gibibytes(1) }, { min: Size.gibibytes(1), max: Size.tebibytes(1) }],
    },
    alone: true,
  }),
  ResourceQuota: kind<ResourceQuotaOptions>({
    base: { hard: { pods: 10 } },
    make: (scope, options) => new ResourceQuota(scope, 'quota', options),
    options: {
      ...METADATA,
      name: NAMED,
      hard: [{ pods: 20 }, { pods: 20, 'count/jobs.batch': '5' }],
      scopes: [['NotTerminating'], ['BestEffort']],
      priorityClasses: [['one'], ['one', 'two']],
    },
    alone: true,
  }),
  PriorityClass: kind<PriorityClassOptions>({
    base: { value: 100 },
    make: (scope, options) => {
      const priorityClass = new PriorityClass(scope, 'class', options);
      new Deployment(scope, 'web', { ...web, priorityClass });
    },
    options: {
      ...METADATA,
      name: NAMED,
      value: [200, 300],
      description: ['Pods that wait', 'Pods that hurry'],
      default: 'it would change the Pods of all other rows; kinds.test.ts has it',
      preempts: [false, true],
    },
  }),
  StorageClass: kind<StorageClassOptions>({
    base: {},
    make: (scope, options) => new StorageClass(scope, 'class', options),
    options: {
      ...METADATA,
      name: NAMED,
      provisioner: [Provisioner.ebs({ iops: 4000 }), Provisioner.ebs({ fsType: 'xfs', throughput: 250 })],
      default: [true, false],
      reclaimPolicy: ['Retain', 'Delete'],
      allowVolumeExpansion: [false, true],
      mountOptions: [['noatime'], ['noatime', 'nodiratime']],
    },
  }),
  PersistentVolume: kind<EbsVolumeOptions>({
    base: { volumeId: 'vol-0123456789abcdef0', zone: 'eu-west-1a', size: Size.gibibytes(10) },
    make: (scope, options) => PersistentVolume.fromEbs(scope, 'volume', options),
    options: {
      ...METADATA,
      name: NAMED,
      storageClass: {
        made: (scope) => [
          new StorageClass(scope, 'one'),
          new StorageClass(scope, 'two', { reclaimPolicy: 'Retain' }),
        ],
      },
      reclaimPolicy: ['Delete', 'Retain'],
      claim: 'the volume binds to it; claims.test.ts has it',
      mountOptions: [['noatime'], ['noatime', 'nodiratime']],
      volumeId: ['vol-0123456789abcdef1', 'vol-0123456789abcdef2'],
      zone: ['eu-west-1b', 'eu-west-1c'],
      size: [Size.gibibytes(20), Size.gibibytes(30)],
      fsType: ['xfs', 'ext4'],
      accessMode: ['ReadWriteOncePod', 'ReadWriteOnce'],
    },
  }),
  PersistentVolumeClaim: kind<PersistentVolumeClaimOptions>({
    base: (scope) => ({ size: Size.gibibytes(1), storageClass: new StorageClass(scope, 'class') }),
    // Only a claim that is bound can grow, and its class waits for a Pod.
    make: (scope, options) => {
      const user = new Deployment(scope, 'user', { replicas: 1, strategy: 'Recreate', containers: {} });
      const claim = new PersistentVolumeClaim(scope, 'claim', options);
      user.addContainer('web', plain).mount('/data', Volume.fromClaim(claim));
    },
    options: {
      ...METADATA,
      name: 'it is another claim; the guard stops the deletion of the first',
      size: [Size.gibibytes(2), Size.gibibytes(3)],
      accessMode: ['ReadWriteOncePod', 'ReadWriteOnce'],
      storageClass: {
        made: (scope) => [
          new StorageClass(scope, 'one'),
          new StorageClass(scope, 'two', { reclaimPolicy: 'Retain' }),
        ],
      },
      volume: 'a bound claim keeps its volume; claims.test.ts has it',
    },
  }),
  ValidatingAdmissionPolicy: kind<ValidatingAdmissionPolicyOptions>({
    base: POLICY,
    make: (scope, options) => new ValidatingAdmissionPolicy(scope, 'policy', options),
    options: {
      ...METADATA,
      name: NAMED,
      rules: [
        [{ apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] }],
        [
          {
            apiGroups: ['apps'],
            apiVersions: ['v1'],
            operations: ['UPDATE', 'CREATE'],
            resources: ['daemonsets'],
          },
        ],
      ],
      namespaces: [['one'], ['two', 'one']],
      matchConditions: [
        { named: 'has(object.metadata.name)' },
        { named: 'has(object.metadata.name)', other: 'object.metadata.name != "b"' },
      ],
      variables: [{ labels: 'object.metadata.?labels.orValue({})' }, { name: 'object.metadata.name' }],
      failurePolicy: ['Ignore', 'Fail'],
      validations: [
        [{ expression: 'object.metadata.name != "b"', messageExpression: '"not b"' }],
        [{ expression: 'object.metadata.name != "c"', messageExpression: '"not c"' }],
      ],
      actions: [['Warn'], ['Audit', 'Warn']],
    },
  }),
};

/** Four versions of a construct, in which one option changes: left out, first value, second value, left out. */
export interface Series {
  /** `deployment-min-ready-seconds` */
  readonly id: string;
  readonly name: string;
  /** `Deployment` */
  readonly kind: string;
  /** Whether it has a namespace of its own. */
  readonly alone: boolean;
  /** Declares a version. */
  build(scope: Construct, version: number): void;
}

/** What the step to each version is. */
export const STEPS = ['', 'added', 'changed', 'taken out'] as const;

const dashed = (name: string): string => name.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase();

function seriesOf(
  name: string,
  { base, make, options, alone = false }: Kind<Record<string, unknown>>,
): Series[] {
  return Object.entries<Row<unknown>>(options).flatMap(([option, row]) => {
    if (typeof row === 'string') return [];
    const [values, beside] = 'pair' in row ? [row.pair, row.beside] : [row, {}];
    return [
      {
        id: dashed(`${name}-${option}`),
        name: `${name} ${option}`,
        kind: name,
        alone,
        build: (scope: Construct, version: number): void => {
          const of = typeof base === 'function' ? (base as (scope: Construct) => object)(scope) : base;
          const isGiven = version === 1 || version === 2;
          const pair = isGiven && ('made' in values ? values.made(scope) : values);
          make(scope, { ...of, ...beside, ...(pair && { [option]: pair[version === 1 ? 0 : 1] }) });
        },
      },
    ];
  });
}

/** All of them. */
export const SERIES: readonly Series[] = Object.entries(CHANGED_OPTIONS).flatMap(([name, of]) =>
  seriesOf(name, of as unknown as Kind<Record<string, unknown>>),
);

/** Declares a version of each series in the namespace of the scope, or in one of its own. */
export function declare(
  scope: Construct,
  series: readonly Series[],
  versionOf: (series: Series) => number,
): void {
  for (const each of series) {
    const own = new Construct(scope, each.id);
    if (each.alone) namespaceOf(own, `pairs-${each.id}`.slice(0, 63));
    each.build(own, versionOf(each));
  }
}

/** A namespace that admits every Pod. */
export const namespaceOf = (scope: Construct, name: string): Namespace =>
  new Namespace(scope, 'namespace', { name, nodeGroups: ['node-1', 'node-2'], podSecurity: 'privileged' });
