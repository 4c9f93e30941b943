import {
  HorizontalPodAutoscalerV2,
  type HorizontalPodAutoscalerV2SpecMetric,
} from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { type Cpu, quantityError, type Size } from '../pods/quantity';
import type { Workload } from '../workloads/workload';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** How much of a resource the Pods are to use. */
export type ResourceTarget<Amount> =
  | {
      /** Percent of what the Pods ask for, on average over all of them. */
      readonly targetUtilization: number;
    }
  | {
      /** What a Pod uses, on average over all of them. */
      readonly targetAverage: Amount;
    };

/** The bounds and the metrics of an autoscaler. */
export interface HorizontalPodAutoscalerOptions extends ObjectOptions {
  /** @default 2 */
  readonly min?: number;
  readonly max: number;
  /** @default - CPU does not count */
  readonly cpu?: ResourceTarget<Cpu>;
  /** @default - memory does not count */
  readonly memory?: ResourceTarget<Size>;
  /**
   * Further metrics, as the provider has them. Quantities are to be canonical (`500m`, not `0.5`): any other spelling would be
   * a difference at every plan, and is an error.
   * @default []
   */
  readonly metrics?: readonly HorizontalPodAutoscalerV2SpecMetric[];
  /** Seconds that less has to be enough before Pods are taken away. @default 300 */
  readonly scaleDownStabilizationSeconds?: number;
  /** Seconds that more has to be needed before Pods are added. @default 0 */
  readonly scaleUpStabilizationSeconds?: number;
}

/** What an autoscaler scales. */
export interface ScaleTarget {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet';
  /** Name of the object, as a reference to it. */
  readonly name: string;
}

/** An autoscaler, and the workload that it scales. */
export interface HorizontalPodAutoscalerProps extends HorizontalPodAutoscalerOptions {
  readonly workload: Workload;
  readonly target: ScaleTarget;
}

/**
 * Adds and takes away Pods by what they use. `autoscale()` of a workload makes one. Scaling by CPU or memory needs the
 * metrics server in the cluster.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
 */
export class HorizontalPodAutoscaler extends Construct {
  readonly resource: HorizontalPodAutoscalerV2;

  constructor(scope: Construct, id: string, props: HorizontalPodAutoscalerProps) {
    super(scope, id);
    const { workload, target, max } = props;
    this.node.addValidation({ validate: () => this.invalid(props) });
    this.resource = new HorizontalPodAutoscalerV2(this, MAIN_CHILD, {
      metadata: metadata(props, {
        name: workload.name,
        namespace: workload.namespace.name,
        labels: workload.labels,
      }),
      spec: {
        minReplicas: props.min ?? 2,
        maxReplicas: max,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: target.kind, name: target.name },
        metric: metricsOf(props),
        // The provider takes no rules without policies, so that these are Kubernetes' own; a rule whose stabilization is left
        // out would be sent with 0 and lose the five minutes.
        behavior: {
          scaleDown: [
            {
              stabilizationWindowSeconds: props.scaleDownStabilizationSeconds ?? 300,
              selectPolicy: 'Max',
              policy: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
            },
          ],
          scaleUp: [
            {
              stabilizationWindowSeconds: props.scaleUpStabilizationSeconds ?? 0,
              selectPolicy: 'Max',
              policy: [
                { type: 'Percent', value: 100, periodSeconds: 15 },
                { type: 'Pods', value: 4, periodSeconds: 15 },
              ],
            },
          ],
        },
      },
    });
  }

  private invalid(props: HorizontalPodAutoscalerProps): string[] {
    const errors: string[] = [];
    if (metricsOf(props).length === 0) errors.push('no metric. Set cpu, memory or metrics');
    // The provider does not send it, and Kubernetes would take 1.
    if (props.min === 0) errors.push('min: got 0; 1 or more is allowed');
    return [...errors, ...(props.metrics ?? []).flatMap(misspelled)];
  }
}

/** Amounts of a metric that the API server would spell otherwise. */
function misspelled(metric: HorizontalPodAutoscalerV2SpecMetric, index: number): string[] {
  const { containerResource, external, object, pods, resource } = metric;
  return Object.entries({ containerResource, external, object, pods, resource }).flatMap(([source, of]) =>
    (['averageValue', 'value'] as const).flatMap((field) => {
      const amount = of?.target?.[field];
      return amount === undefined
        ? []
        : (quantityError(`metrics[${index}].${source}.target.${field}`, amount) ?? []);
    }),
  );
}

function metricsOf(options: HorizontalPodAutoscalerOptions): HorizontalPodAutoscalerV2SpecMetric[] {
  return [
    ...(options.cpu ? [resourceMetric('cpu', options.cpu)] : []),
    ...(options.memory ? [resourceMetric('memory', options.memory)] : []),
    ...(options.metrics ?? []),
  ];
}

function resourceMetric(
  name: 'cpu' | 'memory',
  target: ResourceTarget<Cpu | Size>,
): HorizontalPodAutoscalerV2SpecMetric {
  return {
    type: 'Resource',
    resource: {
      name,
      target:
        'targetUtilization' in target
          ? { type: 'Utilization', averageUtilization: target.targetUtilization }
          : { type: 'AverageValue', averageValue: target.targetAverage.toString() },
    },
  };
}
