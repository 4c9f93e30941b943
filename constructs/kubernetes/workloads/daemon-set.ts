import { DaemonSetV1, type DaemonSetV1Spec } from '@cdktf/provider-kubernetes/lib/daemon-set-v1';
import type { Construct } from 'constructs';
import type { DaemonSet as ApiDaemonSet } from 'kubernetes-types/apps/v1';
import { MAIN_CHILD } from '../../terraform/construct';
import type { PodCount } from '../scaling/pod-disruption-budget';
import { Workload, type WorkloadOptions } from './workload';

/** A DaemonSet, and how an update replaces its Pods. */
export interface DaemonSetOptions extends Omit<WorkloadOptions, 'spread'> {
  /** Nodes that may be without their Pod while Pods are replaced. @default 1 */
  readonly maxUnavailable?: PodCount;
  /** Seconds that a Pod is ready before it counts as available. @default 0 */
  readonly minReadySeconds?: number;
}

/**
 * A DaemonSet: one Pod on each node of the namespace, replaced one node at a time.
 *
 * Terraform does not wait for its rollout: the provider would record the DaemonSet only after the wait, and forget one that
 * takes too long.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/
 */
export class DaemonSet extends Workload<DaemonSetV1Spec, ApiDaemonSet> {
  readonly resource: DaemonSetV1;

  constructor(scope: Construct, id: string, options: DaemonSetOptions = {}) {
    super(scope, id, options);
    this.resource = new DaemonSetV1(this, MAIN_CHILD, {
      metadata: this.objectMetadata(),
      spec: { template: { metadata: {}, spec: {} } },
      waitForRollout: false,
    });
    this.complete(this.resource, () => {
      this.resource.putSpec(
        this.customized({
          revisionHistoryLimit: 5,
          ...(options.minReadySeconds !== undefined && { minReadySeconds: options.minReadySeconds }),
          selector: { matchLabels: { ...this.selector } },
          strategy: {
            type: 'RollingUpdate',
            rollingUpdate: { maxUnavailable: String(options.maxUnavailable ?? 1) },
          },
          template: this.podTemplate({ several: false }),
        }),
      );
    });
  }
}
