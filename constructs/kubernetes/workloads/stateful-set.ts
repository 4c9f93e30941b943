import { StatefulSetV1, type StatefulSetV1Spec } from '@cdktf/provider-kubernetes/lib/stateful-set-v1';
import { dependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { StatefulSet as ApiStatefulSet } from 'kubernetes-types/apps/v1';
import { MAIN_CHILD } from '../../terraform/construct';
import { ClaimTemplate, type ClaimTemplateOptions } from '../storage/claim-template';
import { PersistentVolumeClaim, type PersistentVolumeClaimOptions } from '../storage/persistent-volume-claim';
import { repeated } from '../pods/container';
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerOptions,
  ScaleTarget,
} from '../scaling/horizontal-pod-autoscaler';
import { ReplicatedWorkload, type ReplicatedWorkloadOptions } from './replicated-workload';
import { Service } from '../network/service';

export interface StatefulSetOptions extends ReplicatedWorkloadOptions {
  /**
   * Name of its headless Service, which the DNS name of each Pod has: `<pod>.<service>`. A change makes the provider replace the
   * StatefulSet.
   * @default - its own name with `-headless`
   */
  readonly serviceName?: string;
  /**
   * Whether Pods are started and stopped one after the other, or all at once. `plan` refuses a change.
   * @default OrderedReady
   */
  readonly podManagement?: 'OrderedReady' | 'Parallel';
  /** The first Pod, by its number, that an update reaches; those below it stay as they are. @default 0 */
  readonly partition?: number;
  /** Seconds that a Pod is ready before it counts as available. @default 0 */
  readonly minReadySeconds?: number;
  /** Minutes that Terraform waits for a rollout. @default 10 */
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
 * A StatefulSet: Pods with names and volumes of their own, which outlive them. A headless Service gives each Pod a
 * DNS name: `<pod>.<name>-headless`.
 *
 * Its claims are objects of their own, with the names that the controller would give them: `data-store-0`. They exist before the
 * StatefulSet, which uses what exists, so a larger size changes the claims only. They stay when it goes or has fewer replicas.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/stateful-set-v1/
 */
export class StatefulSet extends ReplicatedWorkload<StatefulSetV1Spec, ApiStatefulSet> {
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
        ...repeated([...this.claims.map(({ name }) => name), ...this.template.volumeNames]).map(
          (name) => `claim name "${name}" is taken twice; give one of the claims another`,
        ),
        ...this.deletedClaims(),
      ],
    });
    this.headless = this.headlessService(options.serviceName ?? `${this.name}-headless`);
    const { timeoutMinutes = 10 } = options;
    const wait = `${timeoutMinutes}m`;
    this.resource = new StatefulSetV1(this, MAIN_CHILD, {
      metadata: this.objectMetadata(),
      spec: { serviceName: '', selector: {}, template: { metadata: {}, spec: {} } },
      waitForRollout: true,
      timeouts: { create: wait, update: wait, delete: wait },
    });
    this.complete(this.resource, () => {
      this.resource.dependsOn = this.ownClaims.map(({ resource }) => dependable(resource));
      this.resource.lifecycle = {
        ...(options.protect && { preventDestroy: true }),
        // A template cannot change. It stays as it was created; the claims grow, and get other labels.
        ...(this.claims.length > 0 && {
          ignoreChanges: this.claims.flatMap((_, i) =>
            ['spec[0].resources', 'metadata[0].labels', 'metadata[0].annotations'].map(
              (path) => `spec[0].volume_claim_template[${i}].${path}`,
            ),
          ),
        }),
      };
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
          persistentVolumeClaimRetentionPolicy: [{ whenDeleted: 'Retain', whenScaled: 'Retain' }],
          template: this.podTemplate({ several: true, gracePeriodSeconds: 60 }),
          volumeClaimTemplate: this.claims.map((claim) => claim.toTerraform()),
        }),
      );
    });
  }

  /** Gives each Pod a volume of its own, which its containers mount. */
  addClaim(name: string, options: ClaimTemplateOptions): ClaimTemplate {
    const claim = new ClaimTemplate(this, name, options);
    this.claims.push(claim);
    this.claimForEachPod();
    return claim;
  }

  override autoscale(options: HorizontalPodAutoscalerOptions): HorizontalPodAutoscaler {
    const autoscaler = super.autoscale(options);
    this.claimForEachPod();
    return autoscaler;
  }

  private get ownClaims(): PersistentVolumeClaim[] {
    return this.node.children.filter((child) => child instanceof PersistentVolumeClaim);
  }

  /** Makes the claims of the fewest Pods that it has, and no others. */
  private claimForEachPod(): void {
    const wanted = new Map<string, PersistentVolumeClaimOptions>(
      this.claims.flatMap(({ name, options }) =>
        Array.from({ length: this.fewestReplicas }, (_, i) => [
          `${name}-${i}`,
          { ...options, name: `${name}-${this.name}-${i}`, labels: { ...options.labels, ...this.selector } },
        ]),
      ),
    );
    for (const { node } of this.ownClaims) if (!wanted.has(node.id)) this.node.tryRemoveChild(node.id);
    for (const [id, options] of wanted) {
      if (!this.node.tryFindChild(id)) new PersistentVolumeClaim(this, id, options);
    }
  }

  /** Kubernetes would delete the claims with their data, and no plan shows it. */
  private deletedClaims(): string[] {
    const policy = 'persistentVolumeClaimRetentionPolicy';
    return JSON.stringify(this.finished?.[policy] ?? '').includes('"Delete"')
      ? [`customize() ${policy}: got Delete, which deletes the data of its Pods; Retain is allowed`]
      : [];
  }

  protected override get scaleTarget(): ScaleTarget {
    return { kind: 'StatefulSet', name: this.nameOf(this.resource) };
  }

  private headlessService(name: string): Service {
    return new Service(this, 'headless', {
      name,
      workload: this,
      headless: true,
      // Pods that make up a cluster have to find each other before they are ready.
      publishNotReadyAddresses: true,
    });
  }
}
