import { DaemonSetV1 } from '@cdktf/provider-kubernetes/lib/daemon-set-v1';
import type { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import { atSynthesis } from '../terraform/at-synthesis';
import { Workload, type WorkloadOptions } from './workload';

/**
 * A DaemonSet: one Pod on each node of the namespace, replaced one node at a time.
 *
 * Terraform does not wait for its rollout: the provider would record the DaemonSet only after the wait, and forget one that
 * takes too long.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/
 */
export class DaemonSet extends Workload {
  readonly resource: DaemonSetV1;

  constructor(scope: Construct, id: string, options: WorkloadOptions) {
    super(scope, id, options);
    this.resource = new DaemonSetV1(this, MAIN_CHILD, {
      metadata: { name: this.name, namespace: this.namespace.name, labels: { ...this.labels } },
      spec: { template: { metadata: {}, spec: {} } },
      waitForRollout: false,
    });
    atSynthesis(this.resource, () => {
      this.resource.putSpec({
        revisionHistoryLimit: 5,
        selector: { matchLabels: { ...this.selector } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '1' } },
        template: this.template.toTerraform({
          namespace: this.namespace,
          labels: this.labels,
          selector: this.selector,
          spread: false,
        }),
      });
    });
  }
}
