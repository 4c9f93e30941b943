import { StorageClassV1 } from '@cdktf/provider-kubernetes/lib/storage-class-v1';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';

export interface StorageClassOptions {
  /** Name of the class. */
  readonly name: string;
  /**
   * Whether claims that name no class get this one. A cluster has one such class.
   * @default false
   */
  readonly default?: boolean;
  /**
   * What becomes of a volume when its claim goes.
   * @default Delete
   */
  readonly reclaimPolicy?: 'Delete' | 'Retain';
}

/**
 * EBS volumes of type gp3, encrypted, made in the zone in which the Pod is scheduled, and able to grow.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
 */
export class StorageClass extends Construct {
  readonly resource: StorageClassV1;

  constructor(scope: Construct, id: string, options: StorageClassOptions) {
    super(scope, id);
    this.resource = new StorageClassV1(this, MAIN_CHILD, {
      metadata: {
        name: options.name,
        ...(options.default && { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
      },
      storageProvisioner: 'ebs.csi.aws.com',
      parameters: { type: 'gp3', encrypted: 'true' },
      reclaimPolicy: options.reclaimPolicy ?? 'Delete',
      volumeBindingMode: 'WaitForFirstConsumer',
      allowVolumeExpansion: true,
    });
  }
}
