import { App } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigMap } from '../../../constructs/kubernetes/configuration/config-map';
import type { ContainerOptions } from '../../../constructs/kubernetes/pods/container';
import { DaemonSet } from '../../../constructs/kubernetes/workloads/daemon-set';
import { Deployment, type DeploymentOptions } from '../../../constructs/kubernetes/workloads/deployment';
import { EnvValue } from '../../../constructs/kubernetes/pods/env-value';
import { Probe } from '../../../constructs/kubernetes/pods/probe';
import { Cpu, Size } from '../../../constructs/kubernetes/pods/quantity';
import { ServiceAccount } from '../../../constructs/kubernetes/access/service-account';
import { Volume } from '../../../constructs/kubernetes/storage/volume';
import { BaseStack } from '../../../constructs/terraform/base-stack';
import { inNamespace } from './namespace-of';

const container: ContainerOptions = {
  image: 'shop/web:1',
  ports: { http: 8080 },
  resources: { cpu: Cpu.millis(100), memory: Size.mebibytes(128) },
};

const web = (scope: Construct, options: Partial<DeploymentOptions> = {}): Deployment =>
  new Deployment(scope, 'web', { containers: { web: container }, ...options });

const podSpec = (options: Partial<DeploymentOptions> = {}): unknown =>
  (
    inNamespace((stack) => web(stack, options)).object('Deployment')['spec'] as {
      template: { spec: unknown };
    }
  ).template.spec;

describe('a Deployment with nothing but its container', () => {
  it('has two replicas, replaced without a gap, and a budget', () => {
    const shop = inNamespace((stack) => web(stack));
    expect(shop.object('Deployment')).toMatchObject({
      metadata: { name: 'web', namespace: 'shop' },
      spec: {
        replicas: 2,
        revisionHistoryLimit: 5,
        progressDeadlineSeconds: 300,
        strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      },
    });
    expect(shop.object('PodDisruptionBudget')).toMatchObject({
      spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': 'web' } } },
    });
  });

  it('gives up on a refused Pod before Terraform’s own wait ends', () => {
    const { document } = inNamespace((stack) => web(stack));
    expect(document.resource?.['kubernetes_deployment_v1']?.['web']).toMatchObject({
      wait_for_rollout: true,
      timeouts: { create: '6m', update: '6m' },
      spec: { progress_deadline_seconds: 300 },
    });
  });

  it.each([30, 61, 600, 3600])(
    'gives up first with a deadline of %d seconds too',
    (progressDeadlineSeconds) => {
      const { timeouts, spec } = inNamespace((stack) => web(stack, { progressDeadlineSeconds })).document
        .resource?.['kubernetes_deployment_v1']?.['web'] as unknown as {
        timeouts: Record<'create' | 'update', string>;
        spec: { progress_deadline_seconds: number };
      };
      expect(spec.progress_deadline_seconds).toBe(progressDeadlineSeconds);
      for (const wait of [timeouts.create, timeouts.update]) {
        expect(wait).toMatch(/^\d+m$/);
        expect(Number.parseInt(wait) * 60).toBeGreaterThan(progressDeadlineSeconds);
      }
    },
  );

  it('says every field of the security context that the provider would send wrongly if left out', () => {
    expect(podSpec()).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            privileged: false,
            readOnlyRootFilesystem: true,
            runAsNonRoot: true,
            capabilities: { drop: ['ALL'] },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      ],
    });
  });

  it('requires the namespace’s node groups and spreads over machines and zones, as far as there is room', () => {
    expect(podSpec()).toMatchObject({
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'platform/node', operator: 'In', values: ['node-1', 'node-2'] }] },
            ],
          },
        },
      },
      topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map(
        (topologyKey) => ({
          topologyKey,
          maxSkew: 1,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { 'app.kubernetes.io/name': 'web' } },
        }),
      ),
    });
  });

  it('asks for CPU without a limit, and limits memory to what it asks for', () => {
    expect(podSpec()).toMatchObject({
      containers: [
        { resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '128Mi' } } },
      ],
    });
  });

  it('has no budget and no spread with a single replica', () => {
    const shop = inNamespace((stack) => web(stack, { replicas: 1 }));
    expect(() => shop.object('PodDisruptionBudget')).toThrow('0 objects are a PodDisruptionBudget');
    expect(podSpec({ replicas: 1 })).not.toHaveProperty('topologySpreadConstraints');
  });
});

describe('a Pod template', () => {
  it('has what is added to it after the workload was made', () => {
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

  it('tells all its mistakes at once, each with its construct', () => {
    expect(() =>
      inNamespace((stack) => {
        new Deployment(stack, 'empty', {});
        new Deployment(stack, 'twice', { containers: { a: container, b: container } }).expose({
          ports: { grpc: 80 },
        });
      }),
    ).toThrow(
      [
        'shop/empty: a Pod needs a container; set image, or call addContainer()',
        'shop/twice: port name "http" is taken twice; names are unique within a Pod',
        'shop/twice/service: port "grpc" is no port of shop/twice; its containers have: http, http',
      ].join('\n'),
    );
  });
});

it('a DaemonSet keeps to the namespace’s nodes and is not waited for', () => {
  const shop = inNamespace((stack) => {
    new DaemonSet(stack, 'agent', { containers: { agent: container } });
  });
  expect(shop.object('DaemonSet')).toMatchObject({
    spec: {
      updateStrategy: { rollingUpdate: { maxUnavailable: 1 } },
      template: { spec: { affinity: { nodeAffinity: expect.anything() as unknown } } },
    },
  });
  expect(shop.document.resource?.['kubernetes_daemon_set_v1']?.['agent']).toMatchObject({
    wait_for_rollout: false,
  });
});

it('a Service leads to the named port of the workload', () => {
  const shop = inNamespace((stack) => web(stack).expose({ ports: { http: 80 } }));
  expect(shop.object('Service')).toMatchObject({
    metadata: { name: 'web' },
    spec: {
      selector: { 'app.kubernetes.io/name': 'web' },
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    },
  });
});

it('a ConfigMap is immutable, and another content is another object', () => {
  const named = (level: string): string | undefined =>
    inNamespace((stack) => {
      new ConfigMap(stack, 'settings', { data: { level } });
    }).object('ConfigMap').metadata.name;
  expect(named('info')).toMatch(/^settings-[0-9a-f]{8}$/);
  expect(named('debug')).not.toBe(named('info'));
});

it('a ConfigMap says how much too large it is', () => {
  expect(() =>
    inNamespace((stack) => {
      new ConfigMap(stack, 'big', { data: { value: 'x'.repeat(1024 * 1024) } });
    }),
  ).toThrow('shop/big: data has 1048590 bytes; a ConfigMap holds 1048576');
});

it('a workload outside of every namespace is told so', () => {
  expect(() =>
    inNamespace((stack) => {
      web(new BaseStack(App.of(stack), 'bare'));
    }),
  ).toThrow('bare/web is in no namespace; make a Namespace beside it, or beside one of its parents, first');
});

it.each([
  [Cpu.millis(250), '250m'],
  [Cpu.millis(2000), '2'],
  [Cpu.units(0.5), '500m'],
  [Size.mebibytes(512), '512Mi'],
  [Size.mebibytes(1024), '1Gi'],
  [Size.gibibytes(1.5), '1536Mi'],
])('a quantity is spelled as the API server spells it: %s', (quantity, expected) => {
  expect(quantity.toString()).toBe(expected);
});

it.each([(): unknown => Cpu.millis(0), (): unknown => Cpu.units(0.0001), (): unknown => Size.gibibytes(-1)])(
  'a quantity that is no whole number above 0 is refused',
  (make) => {
    expect(make).toThrow(/a whole number above 0 is allowed/);
  },
);
