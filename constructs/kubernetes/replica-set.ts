import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import type { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';
import { atSynthesis } from '../terraform/at-synthesis';
import type { ScaleTarget } from './horizontal-pod-autoscaler';
import { type PodTemplateManifest, podTemplateManifest } from './pod-template-manifest';
import { ReplicatedWorkload, type ReplicatedWorkloadOptions } from './replicated-workload';

export interface ReplicaSetOptions extends ReplicatedWorkloadOptions {
  /**
   * Seconds that a Pod is ready before it counts as available.
   * @default 0
   */
  readonly minReadySeconds?: number;
}

/**
 * The spec of a ReplicaSet as the API has it. Quantities are to be canonical (`500m`, not `0.5`) and no list empty: the
 * provider ends with an error otherwise.
 */
export interface ReplicaSetSpec {
  readonly replicas?: number;
  readonly minReadySeconds?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: Readonly<Record<string, unknown>>;
}

/**
 * A ReplicaSet of its own. It replaces no Pod when its template changes, as a Deployment would: take that where you can.
 *
 * It is a `kubernetes_manifest`, because the provider has no typed resource for it. Terraform waits until its Pods are ready.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/replica-set-v1/
 */
export class ReplicaSet extends ReplicatedWorkload<ReplicaSetSpec> {
  readonly resource: Manifest;

  constructor(scope: Construct, id: string, options: ReplicaSetOptions) {
    super(scope, id, options);
    this.node.addValidation({ validate: () => this.converted().errors.slice() });
    this.resource = new Manifest(this, MAIN_CHILD, {
      manifest: {},
      timeouts: { create: '6m', update: '6m', delete: '5m' },
    });
    atSynthesis(this.resource, () => {
      const { replicas } = this;
      const { minReadySeconds } = options;
      this.resource.manifest = {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: { name: this.name, namespace: this.namespace.name, labels: { ...this.labels } },
        spec: this.customised({
          ...(replicas !== undefined && { replicas }),
          ...(minReadySeconds && { minReadySeconds }),
          selector: { matchLabels: { ...this.selector } },
          template: this.converted().template,
        }),
      };
      // With no Pod wanted, the field never comes.
      if (replicas !== 0) {
        this.resource.putWait({
          fields: { 'status.readyReplicas': replicas === undefined ? '^[1-9]' : `^${replicas}$` },
        });
      }
    });
  }

  protected override get scaleTarget(): ScaleTarget {
    return { kind: 'ReplicaSet', name: this.name };
  }

  private converted(): PodTemplateManifest {
    return podTemplateManifest(this.podTemplate({ several: this.several }));
  }
}
