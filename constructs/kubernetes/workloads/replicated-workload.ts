import type { Construct } from 'constructs';
import { calledTwice } from '../internal/names';
import {
  HorizontalPodAutoscaler,
  type HorizontalPodAutoscalerOptions,
  type ScaleTarget,
} from '../scaling/horizontal-pod-autoscaler';
import { PodDisruptionBudget, type PodDisruptionBudgetOptions } from '../scaling/pod-disruption-budget';
import { Workload, type WorkloadOptions } from './workload';

export interface ReplicatedWorkloadOptions extends WorkloadOptions {
  /**
   * Number of Pods. It is not said together with `autoscale()`, which would undo it, as it would undo the autoscaler.
   * @default 2
   */
  readonly replicas?: number;
  /**
   * How many Pods a drain may take away.
   * @default - one at a time, when there is more than one Pod; `false` is no budget
   */
  readonly budget?: PodDisruptionBudgetOptions | false;
}

/** A workload of several equal Pods, in a fixed number or by an autoscaler. */
export abstract class ReplicatedWorkload<
  Spec extends object = object,
  ApiObject extends object = object,
> extends Workload<Spec, ApiObject> {
  private autoscaler: HorizontalPodAutoscaler | undefined;

  protected constructor(
    scope: Construct,
    id: string,
    private readonly options: ReplicatedWorkloadOptions,
  ) {
    super(scope, id, options);
    const { replicas, budget = { maxUnavailable: 1 } } = options;
    this.node.addValidation({ validate: () => this.invalidReplicas() });
    if (budget !== false && (replicas ?? 2) > 1) {
      new PodDisruptionBudget(this, 'budget', {
        workload: this,
        ...(options.labels && { labels: options.labels }),
        ...budget,
      });
    }
  }

  /** Lets the number of Pods follow what they use. */
  autoscale(options: HorizontalPodAutoscalerOptions): HorizontalPodAutoscaler {
    if (this.autoscaler)
      return calledTwice(this, 'autoscale()', 'give it all metrics at once', this.autoscaler);
    this.autoscaler = new HorizontalPodAutoscaler(this, 'autoscaler', {
      ...options,
      workload: this,
      target: this.scaleTarget,
    });
    return this.autoscaler;
  }

  /** What its autoscaler scales. */
  protected abstract get scaleTarget(): ScaleTarget;

  /** The number of Pods, or undefined when an autoscaler decides. An object that lost the field would have one Pod meanwhile. */
  protected get replicas(): number | undefined {
    return this.autoscaler && !this.viaManifest ? undefined : this.fewestReplicas;
  }

  protected override get changedByOthers(): readonly string[] {
    return this.autoscaler ? ['spec.replicas'] : [];
  }

  /** The number of Pods, or the fewest that the autoscaler leaves. */
  protected get fewestReplicas(): number {
    return (this.autoscaler ? this.autoscaler.resource.specInput?.minReplicas : this.options.replicas) ?? 2;
  }

  private invalidReplicas(): string[] {
    const { replicas } = this.options;
    if (replicas === undefined) return [];
    const errors: string[] = [];
    if (this.autoscaler) {
      errors.push(
        `replicas: got ${replicas} beside an autoscaler, and each would undo what the other does; leave replicas out`,
      );
    }
    return errors;
  }
}
