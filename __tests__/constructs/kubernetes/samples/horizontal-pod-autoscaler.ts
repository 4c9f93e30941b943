import type { Construct } from 'constructs';
import { Deployment } from '../../../../constructs/kubernetes/workloads/deployment';
import type { HorizontalPodAutoscaler } from '../../../../constructs/kubernetes/scaling/horizontal-pod-autoscaler';
import { Cpu } from '../../../../constructs/kubernetes/pods/quantity';
import { StatefulSet } from '../../../../constructs/kubernetes/workloads/stateful-set';
import { plain } from '../workload-options';

export function defaults(scope: Construct): HorizontalPodAutoscaler {
  return new Deployment(scope, 'web', { containers: { web: plain } }).autoscale({
    max: 3,
    cpu: { targetUtilization: 70 },
  });
}

/** With a metric of every type. */
export function everything(scope: Construct): HorizontalPodAutoscaler {
  new StatefulSet(scope, 'store', { containers: { web: plain } }).autoscale({
    max: 3,
    memory: { targetUtilization: 80 },
  });
  return new Deployment(scope, 'web', { containers: { web: plain } }).autoscale({
    min: 1,
    max: 4,
    cpu: { targetAverage: Cpu.units(1.5) },
    memory: { targetUtilization: 80 },
    metrics: [
      {
        type: 'ContainerResource',
        containerResource: {
          container: 'web',
          name: 'cpu',
          target: { type: 'Utilization', averageUtilization: 60 },
        },
      },
      {
        type: 'Pods',
        pods: {
          metric: { name: 'requests', selector: [{ matchLabels: { verb: 'GET' } }] },
          target: { type: 'AverageValue', averageValue: '500m' },
        },
      },
      {
        type: 'Object',
        object: {
          describedObject: { apiVersion: 'v1', kind: 'Service', name: 'web' },
          metric: { name: 'queue' },
          target: { type: 'Value', value: '1k' },
        },
      },
      {
        type: 'External',
        external: {
          metric: {
            name: 'messages',
            selector: [{ matchExpressions: [{ key: 'queue', operator: 'In', values: ['orders'] }] }],
          },
          target: { type: 'AverageValue', averageValue: '30' },
        },
      },
    ],
    scaleDownStabilizationSeconds: 0,
    scaleUpStabilizationSeconds: 60,
  });
}
