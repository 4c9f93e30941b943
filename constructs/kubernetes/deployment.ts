import { DeploymentV1 } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import type { Construct } from 'constructs';
import { atSynthesis } from '../terraform/at-synthesis';
import { MAIN_CHILD } from '../terraform/address';
import { PodDisruptionBudget } from './pod-disruption-budget';
import { Service, type ServiceOptions } from './service';
import { Workload, type WorkloadOptions } from './workload';

export interface DeploymentOptions extends WorkloadOptions {
  /** @default 2 */
  readonly replicas?: number;
}

/**
 * A Deployment: replicas spread over the namespace's nodes, replaced one by one without a gap, with a disruption budget when
 * there is more than one of them. Terraform waits until the rollout is done; a Pod that is refused ends the wait after
 * 5 minutes.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
 */
export class Deployment extends Workload {
  readonly resource: DeploymentV1;

  constructor(scope: Construct, id: string, options: DeploymentOptions) {
    super(scope, id, options);
    const replicas = options.replicas ?? 2;
    this.resource = new DeploymentV1(this, MAIN_CHILD, {
      metadata: { name: this.name, namespace: this.namespace.name, labels: { ...this.labels } },
      spec: { template: { metadata: {}, spec: {} } },
      waitForRollout: true,
      timeouts: { create: '6m', update: '6m', delete: '5m' },
    });
    atSynthesis(this.resource, () => {
      this.resource.putSpec({
        replicas: String(replicas),
        revisionHistoryLimit: 5,
        progressDeadlineSeconds: 300,
        selector: { matchLabels: { ...this.selector } },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '0', maxSurge: '1' } },
        template: this.template.toTerraform({
          namespace: this.namespace,
          labels: this.labels,
          selector: this.selector,
          spread: replicas > 1,
        }),
      });
    });
    if (replicas > 1) new PodDisruptionBudget(this, 'budget', { workload: this, maxUnavailable: 1 });
  }

  /** Makes a Service for the Pods, of the same name. */
  expose(options: ServiceOptions): Service {
    return new Service(this, 'service', { name: this.name, ...options, workload: this });
  }
}
