import { Construct } from 'constructs';
import type { ContainerOptions } from '../../../../constructs/kubernetes/pods/container';
import { CronJob, type CronJobOptions } from '../../../../constructs/kubernetes/workloads/cron-job';
import { DaemonSet } from '../../../../constructs/kubernetes/workloads/daemon-set';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import { Job } from '../../../../constructs/kubernetes/workloads/job';
import { LifecycleHandler } from '../../../../constructs/kubernetes/pods/lifecycle-handler';
import { Namespace, type NamespaceOptions } from '../../../../constructs/kubernetes/namespaces/namespace';
import { Pod } from '../../../../constructs/kubernetes/workloads/pod';
import { PriorityClass } from '../../../../constructs/kubernetes/pods/priority-class';
import { Probe } from '../../../../constructs/kubernetes/pods/probe';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { Schedule } from '../../../../constructs/kubernetes/workloads/schedule';
import { ServiceAccount } from '../../../../constructs/kubernetes/access/service-account';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import { Volume } from '../../../../constructs/kubernetes/storage/volume';
import type { Workload } from '../../../../constructs/kubernetes/workloads/workload';
import { inNamespace } from '../namespace-of';
import { plain, resources } from '../workload-options';
import { ConfigMap } from '../../../../constructs/kubernetes/configuration/config-map';
import { EnvValue } from '../../../../constructs/kubernetes/pods/env-value';

const container: ContainerOptions = {
  image: 'shop/web:1',
  ports: { http: 8080 },
  resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
};

const web = (scope: Construct, options: Partial<DeploymentOptions> = {}): Deployment =>
  new Deployment(scope, 'web', { containers: { web: plain }, ...options });

/** The Pod's spec as the provider gets it. */
const podSpec = (options: Partial<DeploymentOptions>, namespace: Partial<NamespaceOptions> = {}): unknown => {
  const { document } = inNamespace((stack) => web(stack, options), namespace);
  const { spec } = document.resource?.['kubernetes_deployment_v1']?.['web'] as unknown as {
    spec: { template: { spec: unknown } };
  };
  return spec.template.spec;
};

/** What is wrong with a Deployment of one container. */
const findings = (
  container: Partial<ContainerOptions>,
  namespace: Partial<NamespaceOptions> = {},
): string[] => {
  try {
    inNamespace((stack) => web(stack, { containers: { web: { ...plain, ...container } } }), namespace);
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .map((line) => line.replace('shop/web: container "web": ', ''));
  }
  return [];
};

describe('a Pod template with few options', () => {
  it('has no affinity if no option sets any', () => {
    // A namespace without node groups: Pods run on every node.
    const shop = inNamespace((stack) => {
      const folder = new Construct(stack, 'folder');
      new Namespace(folder, 'namespace', { name: 'everywhere' });
      web(folder);
    });
    expect(shop.object('Deployment')).not.toHaveProperty('spec.template.spec.affinity');
    expect(
      (
        shop.document.resource?.['kubernetes_deployment_v1']?.['folder_web'] as unknown as {
          spec: { template: { spec: object } };
        }
      ).spec.template.spec,
    ).not.toHaveProperty('affinity');
  });

  it('states the security context of the Pod also where everything is allowed', () => {
    expect(podSpec({}, { podSecurity: 'privileged' })).toMatchObject({
      security_context: { run_as_non_root: false, seccomp_profile: { type: 'RuntimeDefault' } },
    });
  });
});

describe('the security context of a container', () => {
  const full = {
    allow_privilege_escalation: false,
    privileged: false,
    read_only_root_filesystem: true,
    run_as_non_root: true,
    capabilities: { drop: ['ALL'] },
    seccomp_profile: { type: 'RuntimeDefault' },
  };

  it('is complete on every container, because a missing field is sent as its opposite', () => {
    const spec = podSpec({ initContainers: { first: plain } });
    expect(spec).toMatchObject({
      security_context: { run_as_non_root: true, seccomp_profile: { type: 'RuntimeDefault' } },
      init_container: [{ security_context: full }],
      container: [{ security_context: full }],
    });
  });

  it('disables the token in the Pod too, because the default of the Pod overrides the ServiceAccount', () => {
    expect(podSpec({})).toMatchObject({ automount_service_account_token: false });
  });
});

describe.each<[string, new (scope: Construct, id: string, options: CronJobOptions) => Workload]>([
  ['Deployment', Deployment],
  ['ReplicaSet', ReplicaSet],
  ['StatefulSet', StatefulSet],
  ['DaemonSet', DaemonSet],
  ['Pod', Pod],
  ['Job', Job],
  ['CronJob', CronJob],
])('the Pods of a %s', (kind, Kind) => {
  interface PodSpec {
    readonly containers: readonly object[];
    readonly initContainers: readonly object[];
  }

  /** The spec of its Pods, as the API server gets it. */
  const pods = (): PodSpec => {
    const object = inNamespace((stack) => {
      const workload = new Kind(stack, 'web', {
        containers: { web: plain },
        initContainers: { first: plain },
        schedule: Schedule.hourly(),
      });
      workload.addInitContainer('second', plain);
      workload.addContainer('other', plain);
      // A sidecar would keep a Job from its end.
      if (!kind.endsWith('Job')) workload.addSidecar('sidecar', plain);
    }).object(kind);
    const spec = object['spec'] as {
      template?: { spec: PodSpec };
      jobTemplate?: { spec: { template: { spec: PodSpec } } };
    };
    return spec.template?.spec ?? spec.jobTemplate?.spec.template.spec ?? (spec as unknown as PodSpec);
  };

  it('state the full security context, for themselves and for every container', () => {
    const { containers, initContainers, ...pod } = pods();
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    const all = [...initContainers, ...containers];
    expect(all).toHaveLength(kind.endsWith('Job') ? 4 : 5);
    for (const container of all) {
      expect(container).toHaveProperty('securityContext', {
        allowPrivilegeEscalation: false,
        privileged: false,
        readOnlyRootFilesystem: true,
        runAsNonRoot: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
  });

  it('request CPU and memory in every container, which a quota requires', () => {
    const { containers, initContainers } = pods();
    for (const container of [...initContainers, ...containers]) {
      expect(container).toMatchObject({
        resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } },
      });
    }
  });
});

it('a native sidecar is refused, because the provider lacks its argument', () => {
  expect(() =>
    inNamespace((stack) => web(stack).addInitContainer('proxy', { ...plain, restartPolicy: 'Always' })),
  ).toThrow(
    'shop/web: init container "proxy": restartPolicy Always: hashicorp/kubernetes 2.38.0 has no such argument, 3.0.0 has; set via: \'manifest\' of the workload',
  );
});

it.each<[string, Partial<ContainerOptions>, string]>([
  ['a port name', { ports: { 'Web port': 80 } }, 'ports[0].name: Invalid value'],
  ['a port number', { ports: { http: 70000 } }, 'ports[0].containerPort: Invalid value: 70000'],
  [
    'a dangling port',
    { readiness: Probe.fromTcpSocket('htpp'), ports: { http: 80 } },
    'readiness: got the port "htpp"; its ports are: http',
  ],
  [
    'a dangling port of a handler',
    { preStop: LifecycleHandler.fromHttpGet('/', 'x') },
    'preStop: got the port "x"; its ports are: none',
  ],
  [
    'a threshold',
    { liveness: Probe.fromTcpSocket(80, { successThreshold: 2 }) },
    'livenessProbe.successThreshold: Invalid value: 2',
  ],
  ['a period', { startup: Probe.fromGrpc(80, { periodSeconds: 0 }) }, 'startup probe: periodSeconds: got 0'],
  ['an empty command', { startup: Probe.fromCommand([]) }, 'startupProbe.exec.command: Required value'],
  [
    'an empty command of a handler',
    { preStop: LifecycleHandler.fromCommand([]) },
    'lifecycle.preStop.exec.command: Required value',
  ],
  ['root by number', { user: 0 }, 'user: got 0 with root: false'],
  [
    'a CPU limit',
    { resources: { ...resources, cpuLimit: Cpu.millis(50) } },
    'must be less than or equal to cpu limit of 50m',
  ],
  [
    'a memory limit',
    { resources: { ...resources, memoryLimit: Size.mebibytes(1) } },
    'must be less than or equal to memory limit of 1Mi',
  ],
])('a container reports what is wrong with %s', (_, container, message) => {
  expect(findings(container)).toEqual([expect.stringContaining(message)]);
});

it('a Pod reports duplicate names', () => {
  expect(() =>
    inNamespace((stack) => {
      web(stack).addContainer('web', plain);
      new Deployment(stack, 'other', { name: 'web', containers: { Web: plain } });
    }),
  ).toThrow(
    [
      'shop/other: has the name "web" of shop/web in namespace shop. Each would count the other\'s Pods as its own. Give one of them another name',
    ].join('\n'),
  );
});

it('a Pod reports options that it cannot have', () => {
  expect(() =>
    inNamespace((stack) => {
      const elsewhere = new Construct(stack, 'elsewhere');
      new Namespace(elsewhere, 'namespace', { name: 'elsewhere' });
      web(stack, {
        serviceAccount: new ServiceAccount(elsewhere, 'account'),
        scrape: { port: 'metrics' },
        priorityClass: new PriorityClass(stack, 'class', { value: 1 }),
        priorityClassName: 'system-node-critical',
      });
    }),
  ).toThrow(
    [
      'shop/web: scrape: got the port "metrics"; its containers have: none',
      'shop/web: serviceAccount: shop/elsewhere/account is in namespace elsewhere; one of namespace shop is allowed',
      'shop/web: got both priorityClass and priorityClassName; set one of them',
    ].join('\n'),
  );
});

it('customize() changes the finished spec, including later additions', () => {
  const shop = inNamespace((stack) => {
    const deployment = web(stack)
      .customize((spec) => ({ ...spec, minReadySeconds: 7 }))
      .customize((spec) => ({ ...spec, minReadySeconds: (spec.minReadySeconds ?? 0) + 1 }));
    deployment.addContainer('late', plain);
  });
  expect(shop.object('Deployment')['spec']).toMatchObject({
    minReadySeconds: 8,
    template: { spec: { containers: [{ name: 'web' }, { name: 'late' }] } },
  });
});

describe('a Pod template', () => {
  it('includes what is added after the workload is created', () => {
    const shop = inNamespace((stack) => {
      const settings = new ConfigMap(stack, 'settings', { data: { level: 'info' } });
      const deployment = web(stack, {
        serviceAccount: new ServiceAccount(stack, 'account', { automountToken: true }),
        version: '1.4.0',
      });
      deployment
        .addContainer('sidecar', {
          image: 'shop/log:1',
          args: ['--path=${LOG}'],
          env: {
            LEVEL: EnvValue.fromConfigMap(settings, 'level'),
            NODE: EnvValue.fromField('spec.nodeName'),
            PLAIN: EnvValue.fromValue('${not a reference}'),
          },
          liveness: Probe.fromTcpSocket(9090, { periodSeconds: 5 }),
          readiness: Probe.fromCommand(['/ready']),
          startup: Probe.fromGrpc(9090, { service: 'log' }),
          resources: { cpu: Cpu.units(1), memory: Size.gibibytes(1) },
        })
        .mount('/settings', Volume.fromConfigMap('settings', settings), { readOnly: true })
        .mount('/scratch', Volume.fromEmptyDir('scratch', { sizeLimit: Size.mebibytes(10), inMemory: true }));
    });
    const { template } = shop.object('Deployment')['spec'] as { template: unknown };
    const { name } = shop.object('ConfigMap').metadata;
    expect(template).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/version': '1.4.0' } },
      spec: {
        serviceAccountName: 'account',
        automountServiceAccountToken: true,
        containers: [
          { name: 'web' },
          {
            name: 'sidecar',
            args: ['--path=${LOG}'],
            env: [
              { name: 'LEVEL', valueFrom: { configMapKeyRef: { name, key: 'level' } } },
              { name: 'NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
              { name: 'PLAIN', value: '${not a reference}' },
            ],
            livenessProbe: { tcpSocket: { port: 9090 }, periodSeconds: 5 },
            readinessProbe: { exec: { command: ['/ready'] } },
            startupProbe: { grpc: { port: 9090, service: 'log' } },
            resources: { requests: { cpu: '1', memory: '1Gi' } },
            volumeMounts: [
              { name: 'settings', mountPath: '/settings', readOnly: true },
              { name: 'scratch', mountPath: '/scratch' },
            ],
          },
        ],
        volumes: [
          { name: 'settings', configMap: { name } },
          { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: '10Mi' } },
        ],
      },
    });
  });

  it('reports all mistakes in one error, each with its construct', () => {
    expect(() =>
      inNamespace((stack) => {
        new Deployment(stack, 'twice', { containers: { a: container, b: container } }).expose({
          ports: { grpc: 80 },
        });
      }),
    ).toThrow(
      [
        'shop/twice: port name "http" is taken twice; names are unique within a Pod',
        'shop/twice/service: port "grpc" is no port of shop/twice; its containers have: http, http',
      ].join('\n'),
    );
  });
});
