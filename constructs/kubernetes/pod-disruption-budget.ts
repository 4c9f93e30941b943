import { PodDisruptionBudgetV1 } from '@cdktf/provider-kubernetes/lib/pod-disruption-budget-v1';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';
import type { Workload } from './workload';

export interface PodDisruptionBudgetOptions {
  /** How many Pods of the workload a drain may take away at once. */
  readonly maxUnavailable: number;
}

export interface PodDisruptionBudgetProps extends PodDisruptionBudgetOptions {
  readonly workload: Workload;
}

/** Keeps enough Pods of a workload running while nodes are drained. */
export class PodDisruptionBudget extends Construct {
  readonly resource: PodDisruptionBudgetV1;

  constructor(scope: Construct, id: string, props: PodDisruptionBudgetProps) {
    super(scope, id);
    this.resource = new PodDisruptionBudgetV1(this, MAIN_CHILD, {
      metadata: { name: props.workload.name, namespace: props.workload.namespace.name },
      spec: {
        maxUnavailable: String(props.maxUnavailable),
        selector: { matchLabels: { ...props.workload.selector } },
      },
    });
  }
}
