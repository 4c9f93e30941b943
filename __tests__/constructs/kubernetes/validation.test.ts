import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { Construct } from 'constructs';
import { Role } from '../../../constructs/kubernetes/access/role';
import { ServiceAccount } from '../../../constructs/kubernetes/access/service-account';
import { ConfigMap } from '../../../constructs/kubernetes/configuration/config-map';
import { Secret } from '../../../constructs/kubernetes/configuration/secret';
import { LimitRange } from '../../../constructs/kubernetes/namespaces/limit-range';
import { ResourceQuota } from '../../../constructs/kubernetes/namespaces/resource-quota';
import { ExternalName } from '../../../constructs/kubernetes/network/external-name';
import { Ingress } from '../../../constructs/kubernetes/network/ingress';
import {
  NetworkPeer,
  NetworkPolicy,
  NetworkPort,
} from '../../../constructs/kubernetes/network/network-policy';
import { Service } from '../../../constructs/kubernetes/network/service';
import type { ContainerOptions } from '../../../constructs/kubernetes/pods/container';
import { EnvFrom } from '../../../constructs/kubernetes/pods/env-from';
import { EnvValue } from '../../../constructs/kubernetes/pods/env-value';
import { LifecycleHandler } from '../../../constructs/kubernetes/pods/lifecycle-handler';
import { PriorityClass } from '../../../constructs/kubernetes/pods/priority-class';
import { Probe } from '../../../constructs/kubernetes/pods/probe';
import { Cpu, Size } from '../../../constructs/kubernetes/pods/quantity';
import { PersistentVolumeClaim } from '../../../constructs/kubernetes/storage/persistent-volume-claim';
import { StorageClass } from '../../../constructs/kubernetes/storage/storage-class';
import { Projection, Volume } from '../../../constructs/kubernetes/storage/volume';
import { CronJob } from '../../../constructs/kubernetes/workloads/cron-job';
import { Deployment, type DeploymentOptions } from '../../../constructs/kubernetes/workloads/deployment';
import { Job } from '../../../constructs/kubernetes/workloads/job';
import { ReplicaSet } from '../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../constructs/kubernetes/workloads/schedule';
import { StatefulSet, type StatefulSetOptions } from '../../../constructs/kubernetes/workloads/stateful-set';
import { findOracle } from '../../../packages/kubernetes-oracle/oracle-program';
import { inNamespace } from './namespace-of';

/** Declares something in a scope, of which every object has a name of its own. */
type Build = (scope: Construct) => unknown;

const image = 'registry.example.com/app:1.0.0';
const ports = { http: 8080 };
const POD = 'spec.template.spec';
const CONTAINER = `${POD}.containers[0]`;

const deployment =
  (options: DeploymentOptions): Build =>
  (scope) =>
    new Deployment(scope, 'web', { image, ports, ...options });
const container = (options: Partial<ContainerOptions>): Build => deployment(options);
const database =
  (options: StatefulSetOptions): Build =>
  (scope) =>
    new StatefulSet(scope, 'db', { image, ...options });
const cron =
  (expression: string): Build =>
  (scope) =>
    new CronJob(scope, 'report', { image, schedule: Schedule.cron(expression) });
const zone =
  (timeZone: string): Build =>
  (scope) =>
    new CronJob(scope, 'report', { image, timeZone, schedule: Schedule.daily({ hour: 3 }) });
const mounting =
  (path: string, volume: Volume, subPath?: string): Build =>
  (scope) =>
    new Deployment(scope, 'web', { image }).container.mount(
      path,
      volume,
      subPath === undefined ? {} : { subPath },
    );
const emptyDir = (name: string) => Volume.fromEmptyDir(name, { sizeLimit: Size.mebibytes(1) });
const routed =
  (host: string, path: string, pathType?: 'Exact'): Build =>
  (scope) => {
    const service = new Deployment(scope, 'web', { image, ports }).expose();
    new Ingress(scope, 'shop').route(host, path, service, 'http', pathType ? { pathType } : {});
  };
const policy =
  (...args: Parameters<typeof NetworkPeer.range>): Build =>
  (scope) =>
    new NetworkPolicy(scope, 'in', { ingress: [{ from: [NetworkPeer.range(...args)] }] });

/** What the API server refuses, with the field that it names. */
const REFUSED: Readonly<Record<string, readonly [Build, string]>> = {
  'a name with a space': [(scope) => new Role(scope, 'read all').allowRead('pods'), 'metadata.name'],
  'a path with a wildcard': [routed('a.example.com', '/api/*'), 'spec.rules[0].http.paths[0].path'],
  'the memory of a container that is not there': [
    container({ env: { MEMORY: EnvValue.fromResource('limits.memory', { container: 'wbe' }) } }),
    'resourceFieldRef',
  ],
  'a step of 0': [cron('*/0 * * * *'), 'spec.schedule'],
  'a day of the week above 6': [cron('0 3 * * 7'), 'spec.schedule'],
  'days of the week up to 7': [cron('0 3 * * 5-7'), 'spec.schedule'],
  'hours that run over midnight': [cron('0 22-2 * * *'), 'spec.schedule'],
  'a weekday that is none': [cron('0 3 * * FOO'), 'spec.schedule'],
  'a range that runs backwards': [cron('30-10 * * * *'), 'spec.schedule'],
  'the last day of a month': [cron('0 0 L * *'), 'spec.schedule'],
  'four fields': [cron('0 3 * *'), 'spec.schedule'],
  'a time zone in lower case': [zone('europe/madrid'), 'spec.timeZone'],
  'an offset for a time zone': [zone('+02:00'), 'spec.timeZone'],
  'the time zone of the server': [zone('Local'), 'spec.timeZone'],
  'the time zone of the server in lower case': [zone('local'), 'spec.timeZone'],
  'UTC in lower case': [zone('utc'), 'spec.timeZone'],
  'hours beside GMT': [zone('GMT+2'), 'spec.timeZone'],
  'as long ready as a rollout may take': [
    deployment({ minReadySeconds: 300, progressDeadlineSeconds: 300 }),
    'spec.progressDeadlineSeconds',
  ],
  'a name in upper case': [(scope) => new ConfigMap(scope, 'AppConfig', { data: {} }), 'metadata.name'],
  'a claim with an underscore': [
    (scope) => new PersistentVolumeClaim(scope, 'Data_Claim', { size: Size.gibibytes(1) }),
    'metadata.name',
  ],
  'an account with an underscore': [(scope) => new ServiceAccount(scope, 'Batch_Account'), 'metadata.name'],
  'a storage class with an underscore': [(scope) => new StorageClass(scope, 'Fast_Disk'), 'metadata.name'],
  'a network policy with an underscore': [
    (scope) => NetworkPolicy.denyAll(scope, 'Deny_All'),
    'metadata.name',
  ],
  'a secret in upper case': [
    (scope) => Secret.fromSecretsManager(scope, 'DbLogin', { secretName: 'x', keys: ['a'], revision: 1 }),
    'metadata.name',
  ],
  'a priority in upper case': [(scope) => new PriorityClass(scope, 'Urgent', { value: 10 }), 'metadata.name'],
  'a quota with an underscore': [
    (scope) => new ResourceQuota(scope, 'Quota_1', { hard: { pods: 5 } }),
    'metadata.name',
  ],
  'an ingress with an underscore': [
    (scope) => {
      const service = new Deployment(scope, 'web', { image, ports }).expose();
      new Ingress(scope, 'Shop_Ingress').route('*', '/', service);
    },
    'metadata.name',
  ],
  'a divisor of CPU in MiB': [
    container({ env: { A: EnvValue.fromResource('requests.cpu', { divisor: Size.mebibytes(1) }) } }),
    `${CONTAINER}.env[0].valueFrom.resourceFieldRef.divisor`,
  ],
  'a divisor of ten millis': [
    container({ env: { A: EnvValue.fromResource('limits.cpu', { divisor: Cpu.millis(10) }) } }),
    `${CONTAINER}.env[0].valueFrom.resourceFieldRef.divisor`,
  ],
  'a divisor of two MiB': [
    container({ env: { A: EnvValue.fromResource('limits.memory', { divisor: Size.mebibytes(2) }) } }),
    `${CONTAINER}.env[0].valueFrom.resourceFieldRef.divisor`,
  ],
  'a version with a plus': [deployment({ version: '1.4.0+build.5' }), 'metadata.labels'],
  'a version with a slash': [deployment({ version: 'feature/login-page' }), 'metadata.labels'],
  'a volume with an underscore': [mounting('/cache', emptyDir('Cache_Dir')), `${POD}.volumes[0].name`],
  'a path above the volume': [mounting('/up', emptyDir('up'), '../etc'), `${CONTAINER}.volumeMounts.subPath`],
  'a file above its volume': [
    (scope) => {
      const settings = new ConfigMap(scope, 'settings', { data: { 'a.ini': 'x' } });
      const files = Volume.fromConfigMap('files', settings, { files: { '../a.ini': 'a.ini' } });
      new Deployment(scope, 'web', { image }).container.mount('/files', files);
    },
    `${POD}.volumes[0].configMap.items[0].path`,
  ],
  'one mount path twice': [
    (scope) => {
      const { container: web } = new Deployment(scope, 'web', { image });
      web.mount('/a', emptyDir('a')).mount('/a', emptyDir('b'));
    },
    `${CONTAINER}.volumeMounts[1].mountPath`,
  ],
  'two projected files of one path': [
    (scope) => {
      const settings = new ConfigMap(scope, 'settings', { data: { 'a.ini': 'x' } });
      const both = Volume.fromProjections('both', [
        Projection.fromConfigMap(settings, { same: 'a.ini' }),
        Projection.fromDownwardApi({ same: 'metadata.name' }),
      ]);
      new Deployment(scope, 'web', { image }).container.mount('/both', both);
    },
    `${POD}.volumes[0].projected`,
  ],
  'a negative history': [deployment({ revisionHistoryLimit: -1 }), 'spec.revisionHistoryLimit'],
  'a broken history': [deployment({ revisionHistoryLimit: 1.5 }), 'spec.revisionHistoryLimit'],
  'negative seconds ready': [deployment({ minReadySeconds: -5 }), 'spec.minReadySeconds'],
  'no time for a rollout': [deployment({ progressDeadlineSeconds: 0 }), 'spec.progressDeadlineSeconds'],
  'half a Pod in addition': [
    deployment({ strategy: { maxSurge: 0.5 } }),
    'spec.strategy.rollingUpdate.maxSurge',
  ],
  'more than all Pods missing': [
    deployment({ strategy: { maxUnavailable: '150%' } }),
    'spec.strategy.rollingUpdate.maxUnavailable',
  ],
  'no Pod that may be missing or added': [
    deployment({ strategy: { maxUnavailable: 0, maxSurge: 0 } }),
    'spec.strategy.rollingUpdate.maxUnavailable',
  ],
  'fewer than no Pods missing': [
    deployment({ strategy: { maxUnavailable: -1, maxSurge: 2 } }),
    'spec.strategy.rollingUpdate.maxUnavailable',
  ],
  'a budget above all Pods': [deployment({ budget: { maxUnavailable: '101%' } }), 'spec.maxUnavailable'],
  'a negative budget': [deployment({ budget: { minAvailable: -1 } }), 'spec.minAvailable'],
  'half a Pod of a budget': [deployment({ budget: { minAvailable: 1.5 } }), 'spec.minAvailable'],
  'an annotation with a space': [
    deployment({ annotations: { 'Bad Key!': 'x' } }),
    'spec.template.annotations',
  ],
  'a taint key with a space': [
    deployment({ tolerations: [{ key: 'bad key', value: 'a', effect: 'NoSchedule' }] }),
    `${POD}.tolerations[0].key`,
  ],
  'a taint value with a space': [
    deployment({ tolerations: [{ key: 'key', value: 'a b', effect: 'NoSchedule' }] }),
    `${POD}.tolerations[0].operator`,
  ],
  'a toleration without key and operator': [
    deployment({ tolerations: [{ effect: 'NoSchedule' }] }),
    `${POD}.tolerations[0].operator`,
  ],
  'a port above 65535': [
    container({ liveness: Probe.fromTcpSocket(70000) }),
    `${CONTAINER}.livenessProbe.tcpSocket.port`,
  ],
  'a delay below 0': [
    container({ liveness: Probe.fromTcpSocket(8080, { initialDelaySeconds: -1 }) }),
    `${CONTAINER}.livenessProbe.initialDelaySeconds`,
  ],
  'two successes of a liveness probe': [
    container({ liveness: Probe.fromTcpSocket(8080, { successThreshold: 2 }) }),
    `${CONTAINER}.livenessProbe.successThreshold`,
  ],
  'half a second of patience': [
    container({ liveness: Probe.fromTcpSocket(8080, { timeoutSeconds: 1.5 }) }),
    `${CONTAINER}.livenessProbe.timeoutSeconds`,
  ],
  'a command without a word': [
    container({ liveness: Probe.fromCommand([]) }),
    `${CONTAINER}.livenessProbe.exec.command`,
  ],
  'a variable with an equals sign': [
    container({ env: { 'A=B': EnvValue.fromValue('x') } }),
    `${CONTAINER}.env[0].name`,
  ],
  'a variable without a name': [
    container({ env: { '': EnvValue.fromValue('x') } }),
    `${CONTAINER}.env[0].name`,
  ],
  'a negative user': [container({ user: -3 }), `${CONTAINER}.securityContext.runAsUser`],
  'half a user': [container({ user: 1.5 }), `${POD}.container[0].security_context.run_as_user`],
  'a capability with its prefix': [container({ capabilities: ['CAP_NET_BIND_SERVICE'] }), POD],
  'a negative group': [container({ group: -1 }), `${CONTAINER}.securityContext.runAsGroup`],
  'no image': [container({ image: '' }), `${CONTAINER}.image`],
  'a header with a space': [
    container({ readiness: Probe.fromHttpGet('/x', 'http', { headers: { 'Bad Header': 'x' } }) }),
    `${CONTAINER}.readinessProbe.httpGet.httpHeaders`,
  ],
  'a label that is none': [
    container({ env: { X: EnvValue.fromField("metadata.labels['bad key!']") } }),
    `${CONTAINER}.env[0].valueFrom.fieldRef`,
  ],
  'a prefix with an equals sign': [
    (scope) => {
      const settings = new ConfigMap(scope, 'settings', { data: { a: 'b' } });
      new Deployment(scope, 'web', { image, envFrom: [EnvFrom.fromConfigMap(settings, { prefix: 'a=' })] });
    },
    `${CONTAINER}.envFrom[0].prefix`,
  ],
  'a CPU limit below the request': [
    container({ resources: { cpu: Cpu.units(2), memory: Size.mebibytes(64), cpuLimit: Cpu.units(1) } }),
    `${CONTAINER}.resources.requests`,
  ],
  'half a device': [
    container({ resources: { cpu: Cpu.units(1), memory: Size.mebibytes(64), extended: { 'a.io/x': 0.5 } } }),
    `${CONTAINER}.resources`,
  ],
  'a port name of 16 letters': [
    container({ ports: { 'more-than-fifteen': 80 } }),
    `${CONTAINER}.ports[0].name`,
  ],
  'a path with a double slash': [routed('*', '/a//b'), 'spec.rules[0].http.paths[0].path'],
  'a path with dots': [routed('shop.example.com', '/..', 'Exact'), 'spec.rules[0].http.paths[0].path'],
  'a path with an escaped slash': [routed('a.example.com', '/x%2Fy'), 'spec.rules[0].http.paths[0].path'],
  'an address for a host': [routed('1.2.3.4', '/'), 'spec.rules[0].host'],
  'a certificate in upper case': [
    (scope) => {
      const service = new Deployment(scope, 'web', { image, ports }).expose();
      new Ingress(scope, 'shop', { className: 'nginx', tls: { secretName: 'Shop_TLS' } }).route(
        '*',
        '/',
        service,
      );
    },
    'spec.tls[0].secretName',
  ],
  'a range with bits beyond its prefix': [
    policy('10.0.0.0/16', { except: ['10.1.0.0/24'] }),
    'spec.ingress[0].from[0].ipBlock.except[0]',
  ],
  'a range of IPv4 in IPv6': [policy('::ffff:10.0.0.0/112'), 'spec.ingress[0].from[0].ipBlock.cidr'],
  'ports that run backwards': [
    (scope) => new NetworkPolicy(scope, 'in', { ingress: [{ ports: [NetworkPort.tcpRange(90, 80)] }] }),
    'spec.ingress[0].ports[0].endPort',
  ],
  'hours of patience of an autoscaler': [
    (scope) =>
      new StatefulSet(scope, 'queue', { image }).autoscale({
        max: 3,
        cpu: { targetUtilization: 70 },
        scaleDownStabilizationSeconds: 7200,
      }),
    'spec.behavior.scaleDown.stabilizationWindowSeconds',
  ],
  'negative patience of an autoscaler': [
    (scope) =>
      new StatefulSet(scope, 'queue', { image }).autoscale({
        max: 3,
        cpu: { targetUtilization: 70 },
        scaleUpStabilizationSeconds: -1,
      }),
    'spec.behavior.scaleUp.stabilizationWindowSeconds',
  ],
  'more Pods at least than at most': [
    (scope) =>
      new Deployment(scope, 'web', { image }).autoscale({ min: 4, max: 3, cpu: { targetUtilization: 70 } }),
    'spec.maxReplicas',
  ],
  'a negative partition': [database({ partition: -1 }), 'spec.updateStrategy.rollingUpdate.partition'],
  'negative seconds ready of a database': [database({ minReadySeconds: -1 }), 'spec.minReadySeconds'],
  'a claim template in upper case': [
    (scope) => new StatefulSet(scope, 'db', { image }).addClaim('Data_1', { size: Size.gibibytes(1) }),
    `${POD}.volumes[0].name`,
  ],
  'a protocol with a space': [
    (scope) => {
      const workload = new Deployment(scope, 'web', { image, ports });
      new Service(scope, 'a', { workload, ports: { http: { port: 80, appProtocol: 'bad proto!' } } });
    },
    'spec.ports[0].appProtocol',
  ],
  'a port of a Service in upper case': [
    (scope) => {
      const workload = new Deployment(scope, 'web', { image, ports });
      new Service(scope, 'upper', { workload, ports: { HTTP: { port: 82, targetPort: 'http' } } });
    },
    'spec.ports[0].name',
  ],
  'an annotation of a Service with a space': [
    (scope) => {
      const workload = new Deployment(scope, 'web', { image, ports });
      new Service(scope, 'a', { workload, annotations: { 'Bad Key!': 'x' } });
    },
    'metadata.annotations',
  ],
  'a DNS name with an underscore': [
    (scope) => new ExternalName(scope, 'out', { externalName: 'data_base.example.com' }),
    'spec.externalName',
  ],
  'a quota of a misspelled resource': [
    (scope) => new ResourceQuota(scope, 'typo', { hard: { 'request.cpu': Cpu.units(4) } }),
    'spec.hard[request.cpu]',
  ],
  'a quota of a resource in upper case': [
    (scope) => new ResourceQuota(scope, 'typo', { hard: { Pods: 3 } }),
    'spec.hard[Pods]',
  ],
  'a default above the maximum': [
    (scope) =>
      new LimitRange(scope, 'limits', {
        defaultRequest: { cpu: Cpu.units(2), memory: Size.mebibytes(64) },
        defaultMemoryLimit: Size.mebibytes(64),
        max: { cpu: Cpu.units(1) },
      }),
    'spec.limits[0].defaultRequest[cpu]',
  ],
  'a priority above a billion': [
    (scope) => new PriorityClass(scope, 'high', { value: 1_000_000_001 }),
    'value',
  ],
  'a negative number of retries': [
    (scope) => new Job(scope, 'job', { image, backoffLimit: -1 }),
    'spec.backoffLimit',
  ],
  'a key with a space': [(scope) => new ConfigMap(scope, 'settings', { data: { 'a b': 'x' } }), 'data[a b]'],
  'a Pod of more rights than its namespace has': [
    (scope) => new Deployment(scope, 'root', { image, root: true }),
    POD,
  ],
  'another selector': [
    (scope) =>
      new Deployment(scope, 'web', { image }).customize((spec) => ({
        ...spec,
        selector: { matchLabels: { app: 'other' } },
      })),
    'spec.template.metadata.labels',
  ],
  'a misspelled field of a manifest': [
    (scope) =>
      new Manifest(scope, 'raw', {
        manifest: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'raw', namespace: 'shop' },
          dota: { a: 'b' },
        },
      }),
    'dota',
  ],
  'a version that is not served': [
    (scope) =>
      new Manifest(scope, 'raw', {
        manifest: {
          apiVersion: 'policy/v1beta1',
          kind: 'PodDisruptionBudget',
          metadata: { name: 'a', namespace: 'shop' },
        },
      }),
    'apiVersion',
  ],
  'one node port twice': [
    (scope) => {
      const workload = new Deployment(scope, 'web', { image, ports: { http: 8080, admin: 8081 } });
      new Service(scope, 'a', { workload, type: 'NodePort', nodePorts: { http: 30080, admin: 30080 } });
    },
    'spec.ports[1].nodePort',
  ],
  'no container': [(scope) => new Deployment(scope, 'web'), `${POD}.containers: Required value; set image`],
  'native sidecars only': [
    (scope) => new ReplicaSet(scope, 'web', { containers: {} }).addSidecar('proxy', { image }),
    `${POD}.containers: Required value; set image`,
  ],
  'two volumes of one name': [
    (scope) => {
      const { container: web } = new Deployment(scope, 'web', { image });
      web.mount('/a', emptyDir('tmp')).mount('/b', emptyDir('tmp'));
    },
    `${POD}.volumes[1].name: Duplicate value: "tmp"; `,
  ],
  'an empty selector': [
    deployment({ selector: {} }),
    'spec.selector: Invalid value: {}: empty selector is invalid for deployment; ',
  ],
  'no node group': [
    deployment({ placement: { nodeGroups: [] } }),
    `${POD}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'; name a node group`,
  ],
  'a Service without ports': [
    (scope) => new Deployment(scope, 'web', { image }).expose(),
    'spec.ports: Required value; set ports',
  ],
  'an Ingress without a route': [(scope) => new Ingress(scope, 'shop'), 'spec: Invalid value'],
  'a claim without a size': [
    (scope) => new PersistentVolumeClaim(scope, 'data', {}),
    'spec.resources[storage]: Invalid value: "0": must be greater than zero; set size',
  ],
  'a rule without verbs': [
    (scope) => new Role(scope, 'r', { rules: [{ apiGroups: [''], resources: ['pods'], verbs: [] }] }),
    'rules[0].verbs: Required value',
  ],
  'a rule without resources': [
    (scope) => new Role(scope, 'r', { rules: [{ apiGroups: [''], resources: [], verbs: ['get'] }] }),
    'rules[0].resources: Required value',
  ],
  'a rule without API groups': [
    (scope) => new Role(scope, 'r', { rules: [{ apiGroups: [], resources: ['pods'], verbs: ['get'] }] }),
    'rules[0].apiGroups: Required value',
  ],
  'a status 0 that fails': [
    (scope) => new Job(scope, 'job', { image, failOnExitCodes: [0] }),
    'spec.podFailurePolicy.rules[1].onExitCodes.values[0]',
  ],
  'half a status': [
    (scope) => new Job(scope, 'job', { image, failOnExitCodes: [1.5] }),
    'spec.podFailurePolicy',
  ],
  'one object twice': [
    (scope) => {
      for (const id of ['one', 'two']) {
        new ConfigMapV1(scope, id, { metadata: { name: 'twice', namespace: 'shop' } });
      }
    },
    'ConfigMap "twice"',
  ],
};

/** What the API server accepts: the right value beside each kind of those above. */
const ACCEPTED: Readonly<Record<string, Build>> = {
  'one node port for both protocols': (scope) => {
    const workload = new Deployment(scope, 'dns', {
      image,
      ports: { dns: { port: 5353, protocol: 'UDP' }, 'dns-tcp': 5353 },
    });
    new Service(scope, 'resolver', {
      workload,
      type: 'NodePort',
      ports: { dns: 53, 'dns-tcp': 53 },
      nodePorts: { dns: 30053, 'dns-tcp': 30053 },
    });
  },
  '@every': cron('@every 1h'),
  'a weekday in lower case': cron('0 3 * * sun'),
  'a day that never comes': cron('0 0 31 FEB *'),
  'a start and a step': cron('0/15 * * * *'),
  'a minute left out of a list': cron('1,,2 * * * *'),
  'a step beyond the hour': cron('*/90 * * * *'),
  'an old time zone': zone('US/Pacific'),
  'a time zone of three letters': zone('CET'),
  'a time zone with its summer': zone('EST5EDT'),
  'less ready than a rollout may take': deployment({ minReadySeconds: 299 }),
  'a divisor of one MiB': container({
    env: { A: EnvValue.fromResource('limits.memory', { divisor: Size.mebibytes(1) }) },
  }),
  'a version with a dash': deployment({ version: '1.4.0-build.5' }),
  'a file below the mount': mounting('/up', emptyDir('up'), 'etc'),
  'a mount path with a colon': mounting('/a:b', emptyDir('colon')),
  'texts that YAML reads otherwise': (scope) => {
    const odd = [
      ...['y', 'n', 'on', 'off', 'yes', 'no', 'true', 'null', '~', '012', '0x1F', '1e3', '1_000', '12:30:45'],
      ...[
        '2021-01-01',
        '',
        ' lead',
        'trail ',
        '- a',
        '# c',
        'a: b',
        '%d',
        '@x',
        '`x',
        '"',
        "'",
        '\t',
        'a\nb',
      ],
      ...['a\r\nb\n', '\u0007', '🙂', '\ufeffx', '<<', '=', '.inf', '0o7', '+1', '1.', '\u2028'],
    ];
    new ConfigMap(scope, 'odd', { data: Object.fromEntries(odd.map((value, i) => [`k${i}`, value])) });
    const env = Object.fromEntries(odd.map((value, i) => [`V${i}`, EnvValue.fromValue(value)]));
    const annotations = { 'example.com/flag': 'on', 'example.com/n': '1e3' };
    new Deployment(scope, 'web', { image, args: odd, env, annotations });
  },
  'a variable with a dot': container({ env: { '1.a-b': EnvValue.fromValue('x') } }),
  'a prefix that begins with a digit': (scope) => {
    const settings = new ConfigMap(scope, 'settings', { data: { a: 'b' } });
    new Deployment(scope, 'web', { image, envFrom: [EnvFrom.fromConfigMap(settings, { prefix: '1-' })] });
  },
  'a probe of a gRPC service': container({ liveness: Probe.fromGrpc('http', { service: 'grpc.health' }) }),
  'a command before the end': container({ preStop: LifecycleHandler.fromCommand(['sleep', '15']) }),

  'a Pod replaced in its place': deployment({ replicas: 1, strategy: { maxSurge: 0, maxUnavailable: 1 } }),
  'no Pod in addition, in percent': deployment({
    replicas: 3,
    strategy: { maxSurge: '0%', maxUnavailable: '10%' },
  }),
  'a priority of Kubernetes': deployment({ priorityClassName: 'system-node-critical' }),
  'a name of 63 letters': deployment({ name: 'a'.repeat(63) }),
  'a quarter of the Pods': deployment({ strategy: { maxSurge: '25%', maxUnavailable: '25%' } }),
  'an exact path beside a prefix': (scope) => {
    const service = new Deployment(scope, 'web', { image, ports }).expose();
    new Ingress(scope, 'shop')
      .route('a.example.com', '/', service)
      .route('a.example.com', '/', service, 'http', {
        pathType: 'Exact',
      });
  },
  'a range of IPv6': policy('2001:db8::/64'),
  'all of IPv6': policy('::/0'),
  'a balancer of two protocols': (scope) => {
    const workload = new Deployment(scope, 'dns', {
      image,
      ports: { dns: { port: 53, protocol: 'UDP' }, 'dns-tcp': 53 },
    });
    new Service(scope, 'mixed', { workload, type: 'LoadBalancer', ports: { dns: 53, 'dns-tcp': 53 } });
  },
  'a port of a Service with a long name': (scope) => {
    const workload = new Deployment(scope, 'web', { image, ports });
    new Service(scope, 'long', {
      workload,
      ports: { 'this-is-longer-than-fifteen': { port: 81, targetPort: 'http' } },
    });
  },
  'an hour of patience': (scope) =>
    new Deployment(scope, 'web', { image }).autoscale({
      max: 3,
      cpu: { targetUtilization: 70 },
      scaleDownStabilizationSeconds: 3600,
    }),
  'a quota of disk': (scope) =>
    new ResourceQuota(scope, 'q', { hard: { 'limits.ephemeral-storage': Size.gibibytes(4) } }),
  'a role of a custom resource': (scope) =>
    new Role(scope, 'role', {
      rules: [{ apiGroups: ['example.com'], resources: ['things'], verbs: ['get'] }],
    }),
};

/** A DNS label for a construct's id. */
const idOf = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 32);

const declared = (builds: readonly (readonly [string, Build])[], findings: Map<string, string>): void => {
  try {
    inNamespace((stack) => {
      for (const [title, build] of builds) build(new Construct(stack, idOf(title)));
    });
  } catch (error) {
    for (const line of (error as Error).message.split('\n')) {
      const [title] = builds.find(([each]) => line.startsWith(`shop/${idOf(each)}/`)) ?? ['of no case'];
      findings.set(title, `${findings.get(title) ?? ''}${line}\n`);
    }
  }
};

const describeWithOracle = findOracle(DEFAULT_KUBERNETES_VERSION) ? describe : describe.skip;

describeWithOracle('the objects of a stack, as the API server judges them,', () => {
  const refused = new Map<string, string>();
  const accepted = new Map<string, string>();
  declared(
    Object.entries(REFUSED).map(([title, [build]]) => [title, build] as const),
    refused,
  );
  declared(Object.entries(ACCEPTED), accepted);

  it.each([
    ['a time zone in lower case', 'did you mean "Europe/Madrid"?'],
    ['a quota of a misspelled resource', 'did you mean "requests.cpu"?'],
  ])('are refused with the near name: %s', (title, near) => {
    expect(refused.get(title)).toContain(near);
  });

  it.each(Object.entries(REFUSED))('are refused: %s', (title, [, field]) => {
    expect(refused.get(title)).toContain(`): ${field}`);
  });

  it('have a case for every finding', () => {
    expect(refused.get('of no case')).toBeUndefined();
  });

  it.each(Object.keys(ACCEPTED))('are accepted: %s', (title) => {
    expect(accepted.get(title)).toBeUndefined();
  });

  it('leave no case in doubt', () => {
    expect([...accepted]).toEqual([]);
  });
});
