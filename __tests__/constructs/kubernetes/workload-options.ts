import type { Construct } from 'constructs';
import { ConfigMap } from '../../../constructs/kubernetes/config-map';
import type { ContainerOptions } from '../../../constructs/kubernetes/container';
import { EnvFrom } from '../../../constructs/kubernetes/env-from';
import { EnvValue } from '../../../constructs/kubernetes/env-value';
import { LifecycleHandler } from '../../../constructs/kubernetes/lifecycle-handler';
import { PriorityClass } from '../../../constructs/kubernetes/priority-class';
import { Probe } from '../../../constructs/kubernetes/probe';
import { Cpu, Size } from '../../../constructs/kubernetes/quantity';
import { ServiceAccount } from '../../../constructs/kubernetes/service-account';
import { Volume } from '../../../constructs/kubernetes/volume';
import type { Workload, WorkloadOptions } from '../../../constructs/kubernetes/workload';

export const resources = { cpu: Cpu.millis(100), memory: Size.mebibytes(128) };

/** A container that says only what it has to. */
export const plain: ContainerOptions = { image: 'shop/web:1', resources };

/** Everything that a workload can be told, but for what its own kind adds. */
export function everything(scope: Construct): WorkloadOptions {
  const settings = new ConfigMap(scope, 'settings', { data: { level: 'info' } });
  const container: ContainerOptions = {
    image: 'shop/web:1',
    imagePullPolicy: 'IfNotPresent',
    command: ['/web'],
    args: ['--path=${HOME}'],
    workingDir: '/srv',
    ports: { http: 8080, grpc: 9090, dns: { port: 5353, protocol: 'UDP' } },
    env: { LEVEL: EnvValue.fromConfigMap(settings, 'level'), POD: EnvValue.fromField('metadata.name') },
    envFrom: [EnvFrom.fromConfigMap(settings, { prefix: 'APP_' })],
    resources: { ...resources, cpuLimit: Cpu.units(1), memoryLimit: Size.gibibytes(1) },
    liveness: Probe.fromHttpGet('/healthz', 'http', { scheme: 'HTTPS', headers: { Host: 'shop' } }),
    readiness: Probe.fromGrpc('grpc', { service: 'shop', successThreshold: 2 }),
    startup: Probe.fromTcpSocket('http', { failureThreshold: 30, initialDelaySeconds: 1 }),
    postStart: LifecycleHandler.fromCommand(['/warm-up']),
    preStop: LifecycleHandler.fromHttpGet('/drain', 'http'),
    user: 1000,
    group: 1000,
    capabilities: ['NET_BIND_SERVICE'],
    readOnlyRootFilesystem: false,
  };
  return {
    containers: { web: container },
    initContainers: { migrate: { image: 'shop/migrate:1', command: ['/migrate'], resources } },
    serviceAccount: new ServiceAccount(scope, 'account', { automountToken: true }),
    terminationGracePeriodSeconds: 45,
    tolerations: [
      { operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 60 },
      { key: 'dedicated', value: 'shop', effect: 'NoSchedule' },
    ],
    priorityClass: new PriorityClass(scope, 'important', {
      value: 1000,
      description: 'Shops',
      default: false,
      preempts: false,
    }),
    spread: 'zones',
    scrape: { port: 'http', path: '/prometheus', scheme: 'https' },
    annotations: { 'example.com/team': 'shop' },
    name: 'everything',
    version: '1.4.0',
    placement: { nodes: ['node-1'], zone: 'a' },
  };
}

/** Everything that can be done to a workload after it was made. */
export function decorate(workload: Workload, neighbours: { beside: Workload; apart: Workload }): void {
  workload
    .addInitContainer('wait', { image: 'shop/wait:1', args: ['--until=ready'], resources })
    .mount('/tmp', Volume.fromEmptyDir('init-tmp', { sizeLimit: Size.mebibytes(10) }));
  workload
    .addContainer('second', { image: 'shop/second:1', resources })
    .mount('/tmp', Volume.fromEmptyDir('tmp', { sizeLimit: Size.mebibytes(10), inMemory: true }), {
      readOnly: true,
      subPath: 'second',
    });
  workload.colocateWith(neighbours.beside).separateFrom(neighbours.apart);
}
