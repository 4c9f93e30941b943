import {
  PersistentVolumeV1,
  type PersistentVolumeV1Spec,
  type PersistentVolumeV1SpecPersistentVolumeSourceCsi,
} from '@cdktf/provider-kubernetes/lib/persistent-volume-v1';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { clusterObjectName, NamedObject } from '../internal/names';
import type { Namespace } from '../namespaces/namespace';
import { Size } from '../pods/quantity';
import type { AccessMode } from './access-mode';
import type { StorageClass } from './storage-class';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** The class of volumes that no class has made. It need not exist, but volume and claim have to say the same one. */
const STATIC_CLASS = 'static';

/** The class and the claim of a PersistentVolume, and what happens to it after its claim. */
export interface PersistentVolumeOptions extends ObjectOptions {
  /**
   * The class whose claims it is for; it lets an EBS volume grow.
   * @default - the class `static`, which need not exist
   */
  readonly storageClass?: StorageClass;
  /** What becomes of the disk or file system when its claim goes. @default Retain */
  readonly reclaimPolicy?: 'Retain' | 'Delete';
  /**
   * The claim that alone gets the volume, where a StatefulSet makes it: `data-db-0`. A PersistentVolumeClaim of this program
   * is given the volume instead, and is then entered here.
   * @default - the PersistentVolumeClaim that is given the volume
   */
  readonly claim?: { readonly namespace: Namespace; readonly name: string };
  /** Options that it is mounted with, such as `noatime`. @default [] */
  readonly mountOptions?: readonly string[];
}

/** An EBS volume that exists. */
export interface EbsVolumeOptions extends PersistentVolumeOptions {
  /** ID of the EBS volume, such as `vol-0123456789abcdef0`. */
  readonly volumeId: string;
  /** Availability zone of the EBS volume, such as `eu-west-1a`. Its Pods run on nodes of the zone only. */
  readonly zone: string;
  /** Size of the EBS volume. */
  readonly size: Size;
  /** @default ext4 */
  readonly fsType?: 'ext4' | 'xfs';
  /** @default ReadWriteOnce */
  readonly accessMode?: 'ReadWriteOnce' | 'ReadWriteOncePod';
}

/** An EFS file system that exists, or one of its access points. */
export interface EfsVolumeOptions extends PersistentVolumeOptions {
  /** ID of the EFS file system, such as `fs-0123456789abcdef0`. */
  readonly fileSystemId: string;
  /** ID of an access point, such as `fsap-0123456789abcdef0`. @default - the root of the file system */
  readonly accessPointId?: string;
  /** A claim asks for no more than this. EFS itself knows no sizes. @default - 1 GiB */
  readonly size?: Size;
  /** @default ReadWriteMany */
  readonly accessMode?: AccessMode;
}

/** What distinguishes one sort of volume from another. */
interface Backing {
  readonly csi: PersistentVolumeV1SpecPersistentVolumeSourceCsi;
  readonly size: Size;
  readonly accessMode: AccessMode;
  readonly zone?: string;
}

/**
 * A disk or file system that exists already, for one claim. It and the namespace of the claim do not depend on each
 * other. With such an edge, the destruction of the stack would wait for what a StatefulSet leaves behind.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/
 */
export class PersistentVolume extends NamedObject<PersistentVolumeV1> {
  /** An EBS volume. @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/examples/kubernetes/static-provisioning */
  static fromEbs(scope: Construct, id: string, options: EbsVolumeOptions): PersistentVolume {
    const { volumeId, zone, size, fsType = 'ext4', accessMode = 'ReadWriteOnce' } = options;
    const csi = { driver: 'ebs.csi.aws.com', volumeHandle: volumeId, fsType };
    return new PersistentVolume(scope, id, options, { csi, size, accessMode, zone });
  }

  /** An EFS file system. @see https://github.com/kubernetes-sigs/aws-efs-csi-driver/tree/master/examples/kubernetes/static_provisioning */
  static fromEfs(scope: Construct, id: string, options: EfsVolumeOptions): PersistentVolume {
    const { fileSystemId, accessPointId, size = Size.gibibytes(1), accessMode = 'ReadWriteMany' } = options;
    const volumeHandle = accessPointId === undefined ? fileSystemId : `${fileSystemId}::${accessPointId}`;
    const csi = { driver: 'efs.csi.aws.com', volumeHandle, volumeAttributes: { encryptInTransit: 'true' } };
    return new PersistentVolume(scope, id, options, { csi, size, accessMode });
  }

  readonly size: Size;
  readonly accessMode: AccessMode;
  readonly storageClass: StorageClass | undefined;
  private readonly claims: string[] = [];
  private spec: PersistentVolumeV1Spec;

  private constructor(scope: Construct, id: string, options: PersistentVolumeOptions, backing: Backing) {
    super(scope, id);
    const { csi, size, accessMode, zone } = backing;
    this.size = size;
    this.accessMode = accessMode;
    this.storageClass = options.storageClass;
    this.node.addValidation({
      validate: () =>
        this.claims.length > 1
          ? [
              `claimed by ${this.claims.join(' and ')}; a volume is bound to one claim: make a volume for each`,
            ]
          : [],
    });
    this.spec = {
      capacity: { storage: size.toString() },
      accessModes: [accessMode],
      storageClassName: this.classNameFor(this),
      persistentVolumeReclaimPolicy: options.reclaimPolicy ?? 'Retain',
      volumeMode: 'Filesystem',
      ...(options.mountOptions?.length && { mountOptions: [...options.mountOptions] }),
      ...(zone !== undefined && {
        nodeAffinity: {
          required: {
            nodeSelectorTerm: [
              { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
            ],
          },
        },
      }),
      persistentVolumeSource: { csi },
    };
    this.resource = new PersistentVolumeV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name: clusterObjectName(this) }),
      spec: [this.spec],
    });
    if (options.claim) this.reserveFor(options.claim.namespace, options.claim.name, options.claim.name);
  }

  /** The name of its class, which its claim has to say too: an empty one would not be sent. */
  classNameFor(user: Construct): string {
    return this.storageClass?.nameFor(user) ?? STATIC_CLASS;
  }

  /** Enters the claim that alone gets the volume, by its bare names. */
  reserveFor(namespace: Namespace, name: string, claimant: string): void {
    this.claims.push(claimant);
    this.spec = { ...this.spec, claimRef: { namespace: namespace.literalName, name } };
    this.resource.putSpec([this.spec]);
  }
}
