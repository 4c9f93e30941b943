import type { StatefulSetV1SpecVolumeClaimTemplate } from '@cdktf/provider-kubernetes/lib/stateful-set-v1';
import type { Construct } from 'constructs';
import type { Size } from '../pods/quantity';
import type { StorageClass } from './storage-class';
import { metadata, type MetadataOptions } from '../internal/metadata';

/** The claim that each Pod of a StatefulSet gets. */
export interface ClaimTemplateOptions extends MetadataOptions {
  /**
   * Size of each Pod's volume. It can grow where the class allows it, and never shrink. What an autoscaler adds beyond its `min` gets
   * the size that the StatefulSet was created with.
   */
  readonly size: Size;
  /** @default - the cluster's default class */
  readonly storageClass?: StorageClass;
  /** @default ReadWriteOnce */
  readonly accessMode?: 'ReadWriteOnce' | 'ReadWriteOncePod' | 'ReadWriteMany';
}

/**
 * A volume of which each Pod of a StatefulSet gets its own, by a claim that outlives the Pod. `StatefulSet.addClaim` makes
 * one; its containers mount it.
 */
export class ClaimTemplate {
  constructor(
    /** The StatefulSet whose Pods get the volume. */
    readonly owner: Construct,
    readonly name: string,
    readonly options: ClaimTemplateOptions,
  ) {}

  /** @internal */
  toTerraform(): StatefulSetV1SpecVolumeClaimTemplate {
    const { size, storageClass, accessMode } = this.options;
    return {
      // Left out, the provider sends the namespace `default`, which the API server then takes away: a difference for ever.
      metadata: metadata(this.options, { name: this.name, namespace: '' }),
      spec: {
        accessModes: [accessMode ?? 'ReadWriteOnce'],
        ...(storageClass && { storageClassName: storageClass.nameFor(this.owner) }),
        resources: { requests: { storage: size.toString() } },
      },
    };
  }
}
