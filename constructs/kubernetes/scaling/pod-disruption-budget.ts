import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import type { Workload } from '../workloads/workload';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** A number of Pods, or a part of them such as `25%`. */
export type PodCount = number | `${number}%`;

/** One of the two; the provider replaces a budget that is changed. */
export type PodDisruptionBudgetOptions = ObjectOptions &
  (
    | {
        /** How many Pods of the workload a drain may take away at once. */
        readonly maxUnavailable: PodCount;
      }
    | {
        /** How many Pods of the workload a drain has to leave. */
        readonly minAvailable: PodCount;
      }
  );

/** A disruption budget, and the workload that it protects. */
export type PodDisruptionBudgetProps = PodDisruptionBudgetOptions & { readonly workload: Workload };

/**
 * Keeps enough Pods of a workload running while nodes are drained.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets
 */
export class PodDisruptionBudget extends Construct {
  readonly resource: PodDisruptionBudgetV1;

  constructor(scope: Construct, id: string, props: PodDisruptionBudgetProps) {
    super(scope, id);
    const { workload } = props;
    this.resource = new PodDisruptionBudgetV1(this, MAIN_CHILD, {
      metadata: metadata(props, { name: workload.name, namespace: workload.namespace.name }),
      spec: {
        ...('maxUnavailable' in props
          ? { maxUnavailable: String(props.maxUnavailable) }
          : { minAvailable: String(props.minAvailable) }),
        selector: { matchLabels: { ...workload.selector } },
      },
    });
  }
}
