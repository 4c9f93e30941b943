import type { Construct } from 'constructs';
import { Deployment, type DeploymentOptions } from '../../../../constructs/kubernetes/workloads/deployment';
import type { HorizontalPodAutoscalerOptions } from '../../../../constructs/kubernetes/scaling/horizontal-pod-autoscaler';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';
import { ReplicaSet } from '../../../../constructs/kubernetes/workloads/replica-set';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import { inNamespace } from '../namespace-of';
import { plain } from '../workload-options';

const web = (scope: Construct, options: Partial<DeploymentOptions> = {}): Deployment =>
  new Deployment(scope, 'web', { containers: { web: plain }, ...options });

it('an autoscaler takes over the replicas of its Deployment, which keeps its budget and its spread', () => {
  const shop = inNamespace((stack) =>
    web(stack).autoscale({ min: 3, max: 10, cpu: { targetUtilization: 70 } }),
  );
  const deployment = shop.object('Deployment');
  expect(deployment).not.toHaveProperty('spec.replicas');
  expect(deployment).toHaveProperty('spec.template.spec.topologySpreadConstraints');
  expect(shop.object('PodDisruptionBudget')).toMatchObject({ spec: { maxUnavailable: 1 } });
  expect(shop.object('HorizontalPodAutoscaler')['spec']).toMatchObject({
    minReplicas: 3,
    maxReplicas: 10,
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
      },
    ],
  });
});

it.each([
  ['StatefulSet', StatefulSet],
  ['ReplicaSet', ReplicaSet],
])('an autoscaler takes over the replicas of its %s, and refuses both', (kind, Kind) => {
  const scaled = (replicas?: number) =>
    inNamespace((stack) =>
      new Kind(stack, 'web', {
        containers: { web: plain },
        ...(replicas !== undefined && { replicas }),
      }).autoscale({ max: 3, cpu: { targetUtilization: 70 } }),
    );
  const workload = scaled().object(kind);
  expect(workload).toHaveProperty('spec.template');
  expect(workload).not.toHaveProperty('spec.replicas');
  expect(() => scaled(2)).toThrow('shop/web: replicas: got 2 beside an autoscaler');
});

it('an autoscaler states its scale-down delay, which would be sent as 0, with the policies that the provider requires', () => {
  const { document } = inNamespace((stack) =>
    web(stack).autoscale({ max: 3, cpu: { targetUtilization: 70 } }),
  );
  const rules = { select_policy: 'Max', policy: expect.arrayContaining([expect.anything()]) as unknown };
  expect(document.resource?.['kubernetes_horizontal_pod_autoscaler_v2']?.['web_autoscaler']).toMatchObject({
    spec: {
      behavior: {
        scale_down: [{ ...rules, stabilization_window_seconds: 300 }],
        scale_up: [{ ...rules, stabilization_window_seconds: 0 }],
      },
    },
  });
});

it('an autoscaler spells amounts as the API server does, because another spelling is drift in each plan', () => {
  const shop = inNamespace((stack) =>
    web(stack).autoscale({
      max: 3,
      cpu: { targetAverage: Cpu.units(0.5) },
      memory: { targetAverage: Size.mebibytes(1024) },
    }),
  );
  expect(shop.object('HorizontalPodAutoscaler')['spec']).toMatchObject({
    metrics: [
      { resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '500m' } } },
      { resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } } },
    ],
  });
});

it('an autoscaler refuses a further metric with amounts in another spelling', () => {
  const metric = { name: 'queue' };
  const scaled = (metrics: HorizontalPodAutoscalerOptions['metrics'] = []) =>
    inNamespace((stack) => web(stack).autoscale({ max: 3, metrics }));
  expect(() =>
    scaled([
      { type: 'External', external: { metric, target: { type: 'Value', value: '1000' } } },
      { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: '0.5' } } },
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: 'much' } } },
    ]),
  ).toThrow(
    [
      'shop/web/autoscaler: metrics[0].external.target.value: got "1000", which the API server gives back as "1k"; write that',
      'shop/web/autoscaler: metrics[1].pods.target.averageValue: got "0.5", which the API server gives back as "500m"; write that',
      'shop/web/autoscaler: metrics[2].resource.target.averageValue: got "much"; a quantity such as 4, 500m or 8Gi is allowed',
    ].join('\n'),
  );
  const canonical = scaled([
    { type: 'External', external: { metric, target: { type: 'Value', value: '1k' } } },
    { type: 'Pods', pods: { metric, target: { type: 'AverageValue', averageValue: '500m' } } },
  ]);
  expect(canonical.object('HorizontalPodAutoscaler')['spec']).toMatchObject({
    metrics: [{ external: { target: { value: '1k' } } }, { pods: { target: { averageValue: '500m' } } }],
  });
});

it('an autoscaler is an error beside a number of replicas, or without a metric', () => {
  expect(() => inNamespace((stack) => web(stack, { replicas: 3 }).autoscale({ min: 5, max: 2 }))).toThrow(
    [
      'shop/web: replicas: got 3 beside an autoscaler, and each would undo what the other does; leave replicas out',
      'shop/web/autoscaler: no metric. Set cpu, memory or metrics',
    ].join('\n'),
  );
});

it('an autoscaler refuses a minimum of 0, which the provider would not send', () => {
  expect(() =>
    inNamespace((stack) => web(stack).autoscale({ min: 0, max: 2, cpu: { targetUtilization: 70 } })),
  ).toThrow('shop/web/autoscaler: min: got 0; 1 or more is allowed');
});

it('a strategy that can replace no Pod is an error', () => {
  expect(() => inNamespace((stack) => web(stack, { strategy: { maxSurge: 0 } }))).toThrow(
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0',
  );
  const shop = inNamespace((stack) => web(stack, { strategy: 'Recreate' }));
  expect(shop.object('Deployment')).toHaveProperty('spec.strategy', { type: 'Recreate' });
});
