import type { HorizontalPodAutoscaler as ApiAutoscaler } from 'kubernetes-types/autoscaling/v2';
import type { Service as ApiService } from 'kubernetes-types/core/v1';
import type { BaseStack } from '../../../constructs/terraform/base-stack';
import { ClusterRole } from '../../../constructs/kubernetes/access/cluster-role';
import { Role } from '../../../constructs/kubernetes/access/role';
import { ServiceAccount } from '../../../constructs/kubernetes/access/service-account';
import { Secret } from '../../../constructs/kubernetes/configuration/secret';
import { ApiObject } from '../../../constructs/kubernetes/manifests/api-object';
import { Ingress } from '../../../constructs/kubernetes/network/ingress';
import { Service } from '../../../constructs/kubernetes/network/service';
import { EnvValue } from '../../../constructs/kubernetes/pods/env-value';
import { Cpu, Size } from '../../../constructs/kubernetes/pods/quantity';
import { patch } from '../../../constructs/kubernetes/provider/patch';
import { Volume } from '../../../constructs/kubernetes/storage/volume';
import { CronJob } from '../../../constructs/kubernetes/workloads/cron-job';
import { DaemonSet } from '../../../constructs/kubernetes/workloads/daemon-set';
import { Deployment, type DeploymentOptions } from '../../../constructs/kubernetes/workloads/deployment';
import { Job } from '../../../constructs/kubernetes/workloads/job';
import { Schedule } from '../../../constructs/kubernetes/workloads/schedule';
import { StatefulSet } from '../../../constructs/kubernetes/workloads/stateful-set';

/** A field that people ask for, how it is said here, and the object that then has it. */
export interface Feature {
  readonly by: 'option' | 'patch' | 'via manifest';
  /** Pod Security of the namespace, where `restricted` refuses it. @default restricted */
  readonly level?: 'privileged';
  readonly build: (stack: BaseStack) => unknown;
  /** Kind of the object, and its name where there are several. */
  readonly object: readonly [kind: string, name?: string];
  /** What the object then has. */
  readonly has: object;
}

const ONE_CPU = Cpu.units(1);
const image = 'registry.example.com/app:1';
const web = (stack: BaseStack, options: DeploymentOptions = {}): Deployment =>
  new Deployment(stack, 'web', { image, ports: { http: 8080 }, ...options });
const pods = (spec: object): object => ({ spec: { template: { spec } } });
const mounted = (volume: Volume) => (stack: BaseStack) => web(stack).container.mount('/data', volume);

/** What is asked for, by the name that the page on Kubernetes has for it. */
export const FEATURES: Readonly<Record<string, Feature>> = {
  'native sidecars': {
    by: 'via manifest',
    build: (stack) => new Job(stack, 'backup', { image, via: 'manifest' }).addSidecar('proxy', { image }),
    object: ['Job'],
    has: pods({ initContainers: [{ name: 'proxy', restartPolicy: 'Always' }] }),
  },
  'GPUs, Neuron devices and extended resources': {
    by: 'option',
    build: (stack) =>
      web(stack, {
        resources: {
          ...{ cpu: ONE_CPU, memory: Size.gibibytes(1) },
          ephemeralStorage: Size.gibibytes(10),
          extended: { 'example.com/device': 1 },
        },
      }),
    object: ['Deployment'],
    has: pods({
      containers: [{ resources: { limits: { 'example.com/device': '1', 'ephemeral-storage': '10Gi' } } }],
    }),
  },
  'host network, with DNS of the cluster and ports of the node': {
    by: 'option',
    level: 'privileged',
    build: (stack) => new DaemonSet(stack, 'agent', { image, ports: { metrics: 9100 }, hostNetwork: true }),
    object: ['DaemonSet'],
    has: pods({
      hostNetwork: true,
      dnsPolicy: 'ClusterFirstWithHostNet',
      containers: [{ ports: [{ containerPort: 9100, hostPort: 9100 }] }],
    }),
  },
  'host PID': {
    by: 'option',
    level: 'privileged',
    build: (stack) => new DaemonSet(stack, 'agent', { image, hostPid: true }),
    object: ['DaemonSet'],
    has: pods({ hostPID: true }),
  },
  'host ports': {
    by: 'option',
    level: 'privileged',
    build: (stack) => web(stack, { ports: { http: { port: 8080, hostPort: 80 } } }),
    object: ['Deployment'],
    has: pods({ containers: [{ ports: [{ containerPort: 8080, hostPort: 80, protocol: 'TCP' }] }] }),
  },
  'privileged containers': {
    by: 'option',
    level: 'privileged',
    build: (stack) => web(stack, { privileged: true }),
    object: ['Deployment'],
    has: pods({ containers: [{ securityContext: { privileged: true, allowPrivilegeEscalation: true } }] }),
  },
  'node selectors': {
    by: 'option',
    build: (stack) => web(stack, { nodeSelector: { 'kubernetes.io/arch': 'arm64' } }),
    object: ['Deployment'],
    has: pods({ nodeSelector: { 'kubernetes.io/arch': 'arm64' } }),
  },
  'mount propagation': {
    by: 'option',
    level: 'privileged',
    build: (stack) =>
      web(stack).container.mount('/host', Volume.fromHostPath('root', '/'), {
        readOnly: true,
        mountPropagation: 'HostToContainer',
      }),
    object: ['Deployment'],
    has: pods({ containers: [{ volumeMounts: [{ mountPropagation: 'HostToContainer', readOnly: true }] }] }),
  },
  'sub-path expressions': {
    by: 'option',
    build: (stack) =>
      web(stack).container.mount('/data', Volume.fromEmptyDir('data', { sizeLimit: 'unlimited' }), {
        subPathExpr: '$(POD_NAME)',
      }),
    object: ['Deployment'],
    has: pods({ containers: [{ volumeMounts: [{ subPathExpr: '$(POD_NAME)' }] }] }),
  },
  'an emptyDir without a limit': {
    by: 'option',
    build: mounted(Volume.fromEmptyDir('data', { sizeLimit: 'unlimited' })),
    object: ['Deployment'],
    has: pods({ volumes: [{ name: 'data', emptyDir: {} }] }),
  },
  'volumes of NFS': {
    by: 'option',
    level: 'privileged',
    build: mounted(Volume.fromSource('data', { nfs: { server: '10.0.0.5', path: '/exports' } })),
    object: ['Deployment'],
    has: pods({ volumes: [{ name: 'data', nfs: { server: '10.0.0.5', path: '/exports' } }] }),
  },
  'inline volumes of CSI': {
    by: 'option',
    build: mounted(
      Volume.fromSource('data', {
        csi: {
          driver: 'secrets-store.csi.k8s.io',
          readOnly: true,
          volumeAttributes: { secretProviderClass: 'shop' },
        },
      }),
    ),
    object: ['Deployment'],
    has: pods({
      volumes: [
        { csi: { driver: 'secrets-store.csi.k8s.io', volumeAttributes: { secretProviderClass: 'shop' } } },
      ],
    }),
  },
  'generic ephemeral volumes': {
    by: 'option',
    build: mounted(
      Volume.fromSource('data', {
        ephemeral: {
          volumeClaimTemplate: {
            metadata: {},
            spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Gi' } } },
          },
        },
      }),
    ),
    object: ['Deployment'],
    has: pods({
      volumes: [
        { ephemeral: { volumeClaimTemplate: { spec: { resources: { requests: { storage: '10Gi' } } } } } },
      ],
    }),
  },
  'image volumes': {
    by: 'via manifest',
    build: (stack) =>
      web(stack, { via: 'manifest' }).patch(({ spec }) => {
        const model = { name: 'model', image: { reference: 'registry.example.com/model:1' } };
        spec.template.spec.volumes = [model];
      }),
    object: ['Deployment'],
    has: pods({ volumes: [{ name: 'model', image: { reference: 'registry.example.com/model:1' } }] }),
  },
  'the group of files changed once': {
    by: 'option',
    build: (stack) => web(stack),
    object: ['Deployment'],
    has: pods({ securityContext: { fsGroup: 65532, fsGroupChangePolicy: 'OnRootMismatch' } }),
  },
  'DNS configuration': {
    by: 'patch',
    build: (stack) =>
      web(stack).patch(({ spec }) => {
        spec.template.spec.dnsConfig = { options: [{ name: 'ndots', value: '2' }] };
      }),
    object: ['Deployment'],
    has: pods({ dnsConfig: { options: [{ name: 'ndots', value: '2' }] } }),
  },
  'host aliases': {
    by: 'patch',
    build: (stack) =>
      web(stack).patch(({ spec }) => {
        spec.template.spec.hostAliases = [{ ip: '10.0.0.5', hostnames: ['ledger.internal'] }];
      }),
    object: ['Deployment'],
    has: pods({ hostAliases: [{ ip: '10.0.0.5', hostnames: ['ledger.internal'] }] }),
  },
  'image pull Secrets': {
    by: 'option',
    build: (stack) => {
      const login = Secret.fromName(stack, 'login', 'registry', { type: 'kubernetes.io/dockerconfigjson' });
      return new ServiceAccount(stack, 'account', { imagePullSecrets: [login] });
    },
    object: ['ServiceAccount', 'account'],
    has: { imagePullSecrets: [{ name: 'registry' }] },
  },
  'another scheduler': {
    by: 'patch',
    build: (stack) =>
      web(stack).patch(({ spec }) => {
        spec.template.spec.schedulerName = 'batch';
      }),
    object: ['Deployment'],
    has: pods({ schedulerName: 'batch' }),
  },
  'runtime classes': {
    by: 'patch',
    build: (stack) =>
      web(stack).patch(({ spec }) => {
        spec.template.spec.runtimeClassName = 'gvisor';
      }),
    object: ['Deployment'],
    has: pods({ runtimeClassName: 'gvisor' }),
  },
  'spread over any topology, and DoNotSchedule': {
    by: 'option',
    build: (stack) =>
      web(stack, {
        spread: ['nodes', { over: 'example.com/rack', whenUnsatisfiable: 'DoNotSchedule', maxSkew: 2 }],
      }),
    object: ['Deployment'],
    has: pods({
      topologySpreadConstraints: [
        { topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 1 },
        { topologyKey: 'example.com/rack', whenUnsatisfiable: 'DoNotSchedule', maxSkew: 2 },
      ],
    }),
  },
  'autoscaling by other metrics': {
    by: 'option',
    build: (stack) =>
      web(stack).autoscale({
        max: 4,
        metrics: [
          {
            type: 'External',
            external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '30' } },
          },
        ],
      }),
    object: ['HorizontalPodAutoscaler'],
    has: { spec: { metrics: [{ external: { metric: { name: 'queue' }, target: { averageValue: '30' } } }] } },
  },
  'autoscaling policies': {
    by: 'patch',
    build: (stack) => {
      const { resource } = web(stack).autoscale({ max: 4, cpu: { targetUtilization: 70 } });
      patch<ApiAutoscaler>(resource, ({ spec }) => {
        spec.behavior = {
          scaleDown: {
            ...{ stabilizationWindowSeconds: 60, selectPolicy: 'Min' },
            policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
          },
        };
      });
    },
    object: ['HorizontalPodAutoscaler'],
    has: { spec: { behavior: { scaleDown: { policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }] } } } },
  },
  'traffic policies of a Service': {
    by: 'patch',
    build: (stack) => {
      const { resource } = web(stack).expose({ type: 'NodePort', ports: { http: 80 } });
      patch<ApiService>(resource, ({ spec }) => {
        Object.assign(spec, { externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' });
      });
    },
    object: ['Service'],
    has: { spec: { externalTrafficPolicy: 'Local', internalTrafficPolicy: 'Local' } },
  },
  'dual-stack Services': {
    by: 'patch',
    build: (stack) => {
      patch<ApiService>(web(stack).expose().resource, ({ spec }) => {
        Object.assign(spec, { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4', 'IPv6'] });
      });
    },
    object: ['Service'],
    has: { spec: { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv4', 'IPv6'] } },
  },
  'any load-balancer class': {
    by: 'patch',
    build: (stack) => {
      patch<ApiService>(web(stack).expose({ type: 'LoadBalancer' }).resource, ({ spec }) => {
        spec.loadBalancerClass = 'example.com/internal';
      });
    },
    object: ['Service'],
    has: { spec: { loadBalancerClass: 'example.com/internal' } },
  },
  'several Services of one workload': {
    by: 'option',
    build: (stack) => {
      const workload = web(stack);
      workload.expose();
      return new Service(stack, 'public', { workload, ports: { http: 80 } });
    },
    object: ['Service', 'public'],
    has: {
      spec: { selector: { 'app.kubernetes.io/name': 'web' }, ports: [{ port: 80, targetPort: 'http' }] },
    },
  },
  'default backends of an Ingress': {
    by: 'option',
    build: (stack) => {
      const service = web(stack).expose();
      new Ingress(stack, 'all').resource.spec.putDefaultBackend({
        service: { name: service.name, port: { name: 'http' } },
      });
    },
    object: ['Ingress'],
    has: { spec: { defaultBackend: { service: { name: 'web', port: { name: 'http' } } } } },
  },
  'path types of an Ingress': {
    by: 'option',
    build: (stack) =>
      new Ingress(stack, 'all').route('shop.example.com', '/img/*', web(stack).expose(), 'http', {
        pathType: 'ImplementationSpecific',
      }),
    object: ['Ingress'],
    has: { spec: { rules: [{ http: { paths: [{ path: '/img/*', pathType: 'ImplementationSpecific' }] } }] } },
  },
  "the name of a StatefulSet's governing Service": {
    by: 'option',
    build: (stack) => new StatefulSet(stack, 'ring', { image, ports: { cql: 9042 }, serviceName: 'seeds' }),
    object: ['StatefulSet'],
    has: { spec: { serviceName: 'seeds' } },
  },
  'Jobs without a deadline': {
    by: 'option',
    build: (stack) => new Job(stack, 'train', { image, activeDeadlineSeconds: 'none' }),
    object: ['Job'],
    has: { spec: { backoffLimit: 2 } },
  },
  'restart policy of a Job': {
    by: 'option',
    build: (stack) => new Job(stack, 'load', { image, restartPolicy: 'OnFailure' }),
    object: ['Job'],
    has: pods({ restartPolicy: 'OnFailure' }),
  },
  'suspended Jobs': {
    by: 'via manifest',
    build: (stack) =>
      new Job(stack, 'queued', { image, via: 'manifest' }).patch(({ spec }) => {
        spec.suspend = true;
      }),
    object: ['Job'],
    has: { spec: { suspend: true } },
  },
  'time to live of the Jobs of a CronJob': {
    by: 'patch',
    build: (stack) =>
      new CronJob(stack, 'nightly', { image, schedule: Schedule.cron('0 3 * * *') }).patch(({ spec }) => {
        spec.jobTemplate.spec.ttlSecondsAfterFinished = 600;
      }),
    object: ['CronJob'],
    has: { spec: { jobTemplate: { spec: { ttlSecondsAfterFinished: 600 } } } },
  },
  'aggregated ClusterRoles': {
    by: 'option',
    build: (stack) =>
      new ClusterRole(stack, 'monitoring', { aggregates: [{ 'example.com/monitoring': 'true' }] }),
    object: ['ClusterRole'],
    has: {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'example.com/monitoring': 'true' } }] },
    },
  },
  'rights on *, with a reason': {
    by: 'option',
    build: (stack) =>
      new Role(stack, 'operator', {
        rules: [
          {
            ...{ apiGroups: ['example.com'], resources: ['*'], verbs: ['get'] },
            wildcardReason: 'the operator adds kinds',
          },
        ],
      }),
    object: ['Role'],
    has: {
      metadata: { annotations: { 'platform/wildcard-reason': 'the operator adds kinds' } },
      rules: [{ resources: ['*'] }],
    },
  },
  'Secrets from parameters of Systems Manager': {
    by: 'option',
    build: (stack) =>
      Secret.fromParameters(stack, 'login', { keys: { 'db.password': '/shop/db/password' }, revision: 1 }),
    object: ['Secret'],
    has: { data: { 'db.password': expect.any(String) as string } },
  },
  "Secrets from Terraform's environment": {
    by: 'option',
    build: (stack) =>
      Secret.fromEnvironment(stack, 'login', { keys: { password: 'database_password' }, revision: 1 }),
    object: ['Secret'],
    has: { data: { password: expect.any(String) as string } },
  },
  'Secrets of the External Secrets Operator': {
    by: 'option',
    build: (stack) => {
      new ApiObject(stack, 'login', {
        ...{ apiVersion: 'external-secrets.io/v1', kind: 'ExternalSecret' },
        spec: {
          ...{ secretStoreRef: { kind: 'ClusterSecretStore', name: 'aws' }, target: { name: 'database' } },
          dataFrom: [{ extract: { key: 'shop/database' } }],
        },
      });
      const login = Secret.fromName<'password'>(stack, 'database', 'database');
      return web(stack, { env: { PASSWORD: EnvValue.fromSecret(login, 'password') } });
    },
    object: ['Deployment'],
    has: pods({
      containers: [{ env: [{ valueFrom: { secretKeyRef: { name: 'database', key: 'password' } } }] }],
    }),
  },
};
