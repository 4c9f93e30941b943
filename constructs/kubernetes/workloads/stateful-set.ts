import { StatefulSetV1, type StatefulSetV1Spec } from '@cdktf/provider-kubernetes/lib/stateful-set-v1';
import type { Construct } from 'constructs';
import { MAIN_CHILD } from '../../terraform/address-name';
import { atSynthesis } from '../../terraform/at-synthesis';
import { ClaimTemplate, type ClaimTemplateOptions } from '../storage/claim-template';
import { repeated } from '../pods/container';
import type { ScaleTarget } from '../scaling/horizontal-pod-autoscaler';
import { ReplicatedWorkload, type ReplicatedWorkloadOptions } from './replicated-workload';
import { Service } from '../network/service';

export interface StatefulSetOptions extends ReplicatedWorkloadOptions {
  /**
   * Whether Pods are started and stopped one after the other, or all at once.
   * @default OrderedReady
   */
  readonly podManagement?: 'OrderedReady' | 'Parallel';
  /**
   * The first Pod, by its number, that an update reaches; those below it stay as they are.
   * @default 0
   */
  readonly partition?: number;
  /**
   * What becomes of the Pods' claims, and so of their data.
   * @default - they stay in both cases
   */
  readonly claimRetention?: {
    /** When the StatefulSet goes. @default Retain */
    readonly whenDeleted?: 'Retain' | 'Delete';
    /** When a Pod is taken away for good. @default Retain */
    readonly whenScaled?: 'Retain' | 'Delete';
  };
  /**
   * Seconds that a Pod is ready before it counts as available.
   * @default 0
   */
  readonly minReadySeconds?: number;
  /**
   * Minutes that Terraform waits for a rollout.
   * @default 10
   */
  readonly timeoutMinutes?: number;
  /**
   * Old revisions that are kept to go back to. A change makes the provider replace the StatefulSet.
   * @default 5
   */
  readonly revisionHistoryLimit?: number;
  /**
   * Whether Terraform refuses every plan that would destroy or replace it: for data that has to stay.
   * @default false
   */
  readonly protect?: boolean;
}

/**
 * A StatefulSet: Pods with names and volumes of their own, which outlive them, and a headless Service by which each Pod has a
 * DNS name: `<pod>.<name>-headless`.
 *
 * A change of a claim template reaches no volume that is there: grow its claim instead.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/
 */
export class StatefulSet extends ReplicatedWorkload<StatefulSetV1Spec> {
  readonly resource: StatefulSetV1;
  /** The Service that gives each Pod its DNS name. */
  readonly headless: Service;
  private readonly claims: ClaimTemplate[] = [];

  constructor(scope: Construct, id: string, options: StatefulSetOptions = {}) {
    super(scope, id, options);
    this.node.addValidation({
      validate: () => [
        // The controller labels the Pods with the name and 11 characters more, which the API server does not foresee.
        ...(this.name.length > 52
          ? [`name: got "${this.name}"; up to 52 characters are allowed; give it a name`]
          : []),
        ...repeated(this.claims.map(({ name }) => name)).map(
          (name) => `claim name "${name}" is taken twice; give one of the claims another`,
        ),
      ],
    });
    this.headless = this.headlessService();
    const { timeoutMinutes = 10, claimRetention = {} } = options;
    const wait = `${timeoutMinutes}m`;
    this.resource = new StatefulSetV1(this, MAIN_CHILD, {
      metadata: { name: this.name, namespace: this.namespace.name, labels: { ...this.labels } },
      spec: { serviceName: '', selector: {}, template: { metadata: {}, spec: {} } },
      waitForRollout: true,
      timeouts: { create: wait, update: wait, delete: wait },
      ...(options.protect && { lifecycle: { preventDestroy: true } }),
    });
    atSynthesis(this.resource, () => {
      this.resource.putSpec(
        this.customized({
          ...(this.replicas !== undefined && { replicas: String(this.replicas) }),
          serviceName: this.headless.name,
          // Left out, the provider sends 0, with which there is nothing to go back to.
          revisionHistoryLimit: options.revisionHistoryLimit ?? 5,
          podManagementPolicy: options.podManagement ?? 'OrderedReady',
          ...(options.minReadySeconds !== undefined && { minReadySeconds: options.minReadySeconds }),
          selector: { matchLabels: { ...this.selector } },
          updateStrategy: [{ type: 'RollingUpdate', rollingUpdate: [{ partition: options.partition ?? 0 }] }],
          persistentVolumeClaimRetentionPolicy: [
            {
              whenDeleted: claimRetention.whenDeleted ?? 'Retain',
              whenScaled: claimRetention.whenScaled ?? 'Retain',
            },
          ],
          template: this.podTemplate({ several: this.several, gracePeriodSeconds: 60 }),
          volumeClaimTemplate: this.claims.map((claim) => claim.toTerraform()),
        }),
      );
    });
  }

  /** Gives each Pod a volume of its own, which its containers mount. */
  addClaim(name: string, options: ClaimTemplateOptions): ClaimTemplate {
    const claim = new ClaimTemplate(this, name, options);
    this.claims.push(claim);
    return claim;
  }

  protected override get scaleTarget(): ScaleTarget {
    return { kind: 'StatefulSet', name: this.resource.metadata.name };
  }

  private headlessService(): Service {
    return new Service(this, 'headless', {
      name: `${this.name}-headless`,
      workload: this,
      headless: true,
      // Pods that make up a cluster have to find each other before they are ready.
      publishNotReadyAddresses: true,
    });
  }
}
