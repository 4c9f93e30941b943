import type { Construct } from 'constructs';
import { ConfigMap } from '../../../constructs/kubernetes/configuration/config-map';
import type { ContainerOptions } from '../../../constructs/kubernetes/pods/container';
import type { ContainerResources } from '../../../constructs/kubernetes/pods/container-resources';
import { Deployment } from '../../../constructs/kubernetes/workloads/deployment';
import { EnvFrom } from '../../../constructs/kubernetes/pods/env-from';
import { EnvValue } from '../../../constructs/kubernetes/pods/env-value';
import { LifecycleHandler } from '../../../constructs/kubernetes/pods/lifecycle-handler';
import { PersistentVolume } from '../../../constructs/kubernetes/storage/persistent-volume';
import { PersistentVolumeClaim } from '../../../constructs/kubernetes/storage/persistent-volume-claim';
import { PriorityClass } from '../../../constructs/kubernetes/pods/priority-class';
import { Probe } from '../../../constructs/kubernetes/pods/probe';
import { Cpu, Size } from '../../../constructs/kubernetes/pods/quantity';
import { Secret } from '../../../constructs/kubernetes/configuration/secret';
import { ServiceAccount } from '../../../constructs/kubernetes/access/service-account';
import { Projection, Volume } from '../../../constructs/kubernetes/storage/volume';
import type { Workload, WorkloadOptions } from '../../../constructs/kubernetes/workloads/workload';
import { SECRET_NAME } from './secret-values';

export const resources: ContainerResources = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };

/** A container that says only what it has to. */
export const plain: ContainerOptions = { image: 'shop/web:1', resources };

/** Everything that a workload can be told, but for what its own kind adds. */
export interface Everything {
  readonly options: WorkloadOptions;
  /** Does everything that can be done to a workload after it was made. */
  decorate<W extends Workload>(workload: W): W;
}

/**
 * Everything that a workload of any kind can be told and given: all of a container, every kind of value, probe, hook and
 * volume, and two neighbors. Its Pods find a place where node-1 is in the zone `a` and node-2 is another machine.
 */
export function everything(scope: Construct): Everything {
  const settings = new ConfigMap(scope, 'settings', { data: { level: 'info', 'app.conf': 'home=${HOME}' } });
  const credentials = Secret.fromSecretsManager(scope, 'credentials', {
    secretName: SECRET_NAME,
    keys: ['username', 'password'],
    revision: 1,
  });
  return {
    options: {
      containers: { web: web(settings, credentials) },
      initContainers: { migrate: { image: 'shop/migrate:1', command: ['/migrate'], resources } },
      serviceAccount: new ServiceAccount(scope, 'account', { automountToken: true }),
      terminationGracePeriodSeconds: 45,
      tolerations: [
        { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
        { key: 'dedicated', value: 'shop', effect: 'NoSchedule' },
      ],
      priorityClass: new PriorityClass(scope, 'important', { value: 1000 }),
      spread: ['zones', 'nodeGroups'],
      scrape: { port: 'http', path: '/prometheus', scheme: 'https' },
      labels: { team: 'shop' },
      annotations: { 'example.com/team': 'shop' },
      name: `${scope.node.id}-everything`,
      version: '1.4.0',
      placement: { nodeGroups: ['node-1'], zone: 'a' },
    },
    decorate: (workload) => {
      workload
        .addInitContainer('wait', { image: 'shop/wait:1', args: ['--until=ready'], resources })
        .mount('/tmp', Volume.fromEmptyDir('init-tmp', { sizeLimit: Size.mebibytes(10) }));
      const second = workload.addContainer('second', {
        image: 'shop/second:1',
        resources,
        liveness: Probe.fromCommand(['/alive', '--at=${HOME}'], { periodSeconds: 20, timeoutSeconds: 5 }),
      });
      for (const volume of volumes(scope, settings, credentials)) {
        second.mount(`/volumes/${volume.name}`, volume, { readOnly: true });
      }
      second.mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(10), inMemory: true }), {
        subPath: 'second',
      });
      const neighbor = (id: string, node: string): Deployment =>
        new Deployment(scope, id, {
          containers: { web: plain },
          replicas: 1,
          placement: { nodeGroups: [node] },
        });
      workload.colocateWith(neighbor('beside', 'node-1')).separateFrom(neighbor('apart', 'node-2'));
      return workload;
    },
  };
}

/** A container that says all that it can inside of Pod Security `restricted`. */
function web(
  settings: ConfigMap<'level' | 'app.conf'>,
  credentials: Secret<'username' | 'password'>,
): ContainerOptions {
  return {
    image: 'shop/web:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['/web'],
    args: ['--path=${HOME}'],
    workingDir: '/srv',
    ports: { http: 8080, grpc: 9090, dns: { port: 5353, protocol: 'UDP' } },
    env: {
      HOME: EnvValue.fromValue('/srv/${USER}'),
      EMPTY: EnvValue.fromValue(''),
      LEVEL: EnvValue.fromConfigMap(settings, 'level'),
      PASSWORD: EnvValue.fromSecret(credentials, 'password'),
      POD: EnvValue.fromField('metadata.name'),
      TEAM: EnvValue.fromField("metadata.annotations['example.com/team']"),
      CPUS: EnvValue.fromResource('limits.cpu'),
      SIDE_MEMORY: EnvValue.fromResource('requests.memory', {
        container: 'second',
        divisor: Size.mebibytes(1),
      }),
    },
    envFrom: [
      EnvFrom.fromConfigMap(settings, { prefix: 'APP_' }),
      EnvFrom.fromSecret(credentials, { prefix: 'SECRET_' }),
    ],
    resources: {
      ...resources,
      cpuLimit: Cpu.units(1),
      memoryLimit: Size.gibibytes(1),
      ephemeralStorage: Size.mebibytes(64),
    },
    liveness: Probe.fromHttpGet('/healthz', 'http', { scheme: 'HTTPS', headers: { Host: 'shop' } }),
    readiness: Probe.fromGrpc('grpc', { service: 'shop', successThreshold: 2 }),
    startup: Probe.fromTcpSocket('http', { failureThreshold: 30, initialDelaySeconds: 1 }),
    postStart: LifecycleHandler.fromCommand(['/warm-up']),
    preStop: LifecycleHandler.fromHttpGet('/drain', 'http', { scheme: 'HTTP', headers: { Host: 'shop' } }),
    user: 1000,
    group: 1000,
    capabilities: ['NET_BIND_SERVICE'],
    readOnlyRootFilesystem: false,
  };
}

/** A volume of every kind but a folder of the node, which Pod Security `privileged` alone admits. */
function volumes(
  scope: Construct,
  settings: ConfigMap<'level' | 'app.conf'>,
  credentials: Secret<'username' | 'password'>,
): Volume[] {
  // Pods on several nodes mount it.
  const share = PersistentVolume.fromEfs(scope, 'share', { fileSystemId: 'fs-0123456789abcdef0' });
  return [
    Volume.fromConfigMap('settings', settings, { files: { 'conf.d/app.conf': 'app.conf' }, mode: '0400' }),
    Volume.fromSecret('credentials', credentials, { files: { name: 'username' }, mode: '0400' }),
    Volume.fromClaim(new PersistentVolumeClaim(scope, 'share-claim', { volume: share }), {
      name: 'share',
      readOnly: true,
    }),
    Volume.fromServiceAccountToken('token', { audience: 'vault', path: 'vault', expirationSeconds: 1200 }),
    Volume.fromDownwardApi('pod', { labels: 'metadata.labels', name: 'metadata.name' }),
    Volume.fromProjections(
      'projected',
      [
        Projection.fromConfigMap(settings, { 'settings/level': 'level' }),
        Projection.fromSecret(credentials, { 'credentials/password': 'password' }),
        Projection.fromServiceAccountToken({ audience: 'vault' }),
        Projection.fromDownwardApi({ annotations: 'metadata.annotations' }),
      ],
      { mode: '0444' },
    ),
  ];
}
