import { DeploymentV1, type DeploymentV1Spec } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { Construct } from 'constructs';
import type { Deployment as ApiDeployment } from 'kubernetes-types/apps/v1';
import type { KubernetesObject } from '../../../src/manifests/objects';
import { MAIN_CHILD } from '../../terraform/construct';
import { pausedRollout } from '../internal/paused-rollout';
import type { ScaleTarget } from '../scaling/horizontal-pod-autoscaler';
import type { PodCount } from '../scaling/pod-disruption-budget';
import { ReplicatedWorkload, type ReplicatedWorkloadOptions } from './replicated-workload';

/** How the Pods of a Deployment are replaced. */
export type DeploymentStrategy =
  | 'Recreate'
  | {
      /** Pods that may be missing meanwhile. @default 0 */
      readonly maxUnavailable?: PodCount;
      /** Pods that may be there in addition meanwhile. @default 1 */
      readonly maxSurge?: PodCount;
    };

export interface DeploymentOptions extends ReplicatedWorkloadOptions {
  /**
   * `Recreate` ends all Pods before the first new one, for Pods that can't stand another beside them.
   * @default - one by one, without a gap
   */
  readonly strategy?: DeploymentStrategy;
  /** Seconds that a Pod is ready before it counts as available. @default 0 */
  readonly minReadySeconds?: number;
  /**
   * Seconds without progress after which a rollout has failed. Terraform waits a minute longer.
   * @default - 300, and `minReadySeconds` in addition
   */
  readonly progressDeadlineSeconds?: number;
  /** Old ReplicaSets that are kept to go back to. @default 5 */
  readonly revisionHistoryLimit?: number;
}

/**
 * A Deployment: replicas spread over the namespace's nodes, and replaced one by one without a gap. Several replicas have a
 * disruption budget. Terraform waits until the rollout is done; a Pod that is refused ends the wait after
 * 5 minutes.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
 */
export class Deployment extends ReplicatedWorkload<DeploymentV1Spec, ApiDeployment> {
  readonly resource: DeploymentV1;

  constructor(scope: Construct, id: string, options: DeploymentOptions = {}) {
    super(scope, id, options);
    const { minReadySeconds = 0, replicas = 2 } = options;
    const deadline = options.progressDeadlineSeconds ?? 300 + minReadySeconds;
    // One Pod after the other has to be ready for so long.
    const wait = `${Math.ceil((deadline + minReadySeconds * Math.max(0, replicas - 1)) / 60) + 1}m`;
    this.resource = new DeploymentV1(this, MAIN_CHILD, {
      metadata: this.objectMetadata(),
      spec: { template: { metadata: {}, spec: {} } },
      waitForRollout: true,
      timeouts: { create: wait, update: wait, delete: '5m' },
    });
    this.complete(this.resource, () => {
      this.resource.putSpec(
        this.customized({
          ...(this.replicas !== undefined && { replicas: String(this.replicas) }),
          ...(options.minReadySeconds !== undefined && { minReadySeconds: options.minReadySeconds }),
          revisionHistoryLimit: options.revisionHistoryLimit ?? 5,
          progressDeadlineSeconds: deadline,
          selector: { matchLabels: { ...this.selector } },
          strategy: strategyOf(options.strategy ?? {}),
          template: this.podTemplate({ several: true }),
        }),
      );
    });
  }

  override brokenPromises(object: KubernetesObject): string[] {
    return [...super.brokenPromises(object), ...pausedRollout(object)];
  }

  override get keepsOldPods(): boolean {
    return false;
  }

  protected override get scaleTarget(): ScaleTarget {
    return { kind: 'Deployment', name: this.nameOf(this.resource) };
  }
}

function strategyOf(strategy: DeploymentStrategy): NonNullable<DeploymentV1Spec['strategy']> {
  if (strategy === 'Recreate') return { type: 'Recreate' };
  const { maxUnavailable = 0, maxSurge = 1 } = strategy;
  return {
    type: 'RollingUpdate',
    rollingUpdate: { maxUnavailable: String(maxUnavailable), maxSurge: String(maxSurge) },
  };
}
