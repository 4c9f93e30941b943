import { deploymentV1SpecTemplateToTerraform } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { Manifest } from '@cdktf/provider-kubernetes/lib/manifest';
import type { Construct } from 'constructs';
import type { ReplicaSet as ApiReplicaSet } from 'kubernetes-types/apps/v1';
import { MAIN_CHILD, verbatim } from '../../terraform/construct';
import { resolveLiterally } from '../../terraform/fast-tokens';
import { type PodTemplateManifest, podTemplateManifest } from '../../../src/manifests/pod-template';
import type { JsonObject } from '../../../src/manifests/terraform-document';
import type { ScaleTarget } from '../scaling/horizontal-pod-autoscaler';
import { writeManifestDefaults } from '../internal/manifest-defaults';
import { manifestErrors, TAKES_BACK } from '../internal/manifest-errors';
import { ReplicatedWorkload, type ReplicatedWorkloadOptions } from './replicated-workload';

/** A ReplicaSet, and when its Pods count as available. */
export interface ReplicaSetOptions extends Omit<ReplicatedWorkloadOptions, 'via'> {
  /** Seconds that a Pod is ready before it counts as available. @default 0 */
  readonly minReadySeconds?: number;
}

/**
 * The spec of a ReplicaSet as in the API. Quantities must be canonical (`500m`, not `0.5`). Lists must not be empty, and values not
 * null: the provider would report an error, or a difference at every plan.
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
export class ReplicaSet extends ReplicatedWorkload<ReplicaSetSpec, ApiReplicaSet> {
  readonly resource: Manifest;

  private readonly minReadySeconds: number | undefined;

  constructor(scope: Construct, id: string, options: ReplicaSetOptions = {}) {
    super(scope, id, options);
    this.minReadySeconds = options.minReadySeconds;
    this.node.addValidation({
      validate: () => [...this.converted().errors, ...manifestErrors(this.spec(), 'spec')],
    });
    this.resource = new Manifest(this, MAIN_CHILD, {
      manifest: {},
      ...TAKES_BACK,
      timeouts: { create: '6m', update: '6m', delete: '5m' },
    });
    this.complete(this.resource, () => {
      const { replicas } = this;
      this.resource.manifest = {
        apiVersion: 'apps/v1',
        kind: 'ReplicaSet',
        metadata: this.objectMetadata(),
        spec: this.spec(),
      };
      // With no Pod wanted, the field never comes.
      if (replicas !== 0) {
        this.resource.putWait({
          fields: { 'status.readyReplicas': replicas === undefined ? '^[1-9]' : `^${replicas}$` },
        });
      }
    });
  }

  protected override get takesNativeSidecars(): boolean {
    return true;
  }

  protected override get scaleTarget(): ScaleTarget {
    return { kind: 'ReplicaSet', name: this.name };
  }

  private spec(): ReplicaSetSpec {
    const { replicas, minReadySeconds } = this;
    const template = this.template.withNativeSidecars(this.converted().template);
    writeManifestDefaults({ kind: 'ReplicaSet', spec: { template } });
    return this.customized({
      ...(replicas !== undefined && { replicas }),
      ...(minReadySeconds && { minReadySeconds }),
      selector: { matchLabels: { ...this.selector } },
      template: verbatim(template),
    });
  }

  private converted(): PodTemplateManifest {
    const template = deploymentV1SpecTemplateToTerraform(this.podTemplate({ several: true })) as object;
    return podTemplateManifest(resolveLiterally(this, template) as JsonObject);
  }
}
