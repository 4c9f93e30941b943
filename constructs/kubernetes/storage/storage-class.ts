import { StorageClassV1 } from '@cdktf/provider-kubernetes/lib/storage-class-v1';
import { clusterObjectName, NamedObject } from '../internal/names';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { specHash } from '../internal/content-hash';
import type { AccessMode } from './access-mode';
import type { FileMode } from './file-mode';
import { metadata, type ObjectOptions, reservedErrors } from '../internal/metadata';
import { DEFAULT_CLASS } from '../../../src/rules/storage-classes';

/** The volumes of a StorageClass of EBS. */
export interface EbsOptions {
  /** Input and output operations a second, from 3000. @default - 3000, which gp3 includes */
  readonly iops?: number;
  /** MiB a second, from 125. @default - 125, which gp3 includes */
  readonly throughput?: number;
  /** ARN of the KMS key that encrypts the volumes. @default - the account's key for EBS */
  readonly kmsKeyId?: string;
  /** @default - ext4, the driver's own */
  readonly fsType?: 'ext4' | 'xfs';
  /**
   * Availability zones in which volumes may be made, such as `eu-west-1a`.
   * @default - the zone of the node that the Pod is scheduled to
   */
  readonly zones?: readonly string[];
}

/** The access points of a StorageClass of EFS. */
export interface EfsOptions {
  /** ID of the EFS file system, such as `fs-0123456789abcdef0`. */
  readonly fileSystemId: string;
  /** Mode of each volume's folder. @default 0700 */
  readonly directoryPerms?: FileMode;
  /** Folder of the file system in which the volumes' folders are made. @default - its root */
  readonly basePath?: string;
  /**
   * Group and user IDs that the access points are given, from the first to the last; each volume gets its own.
   * @default - 50000 to 7000000, the driver's own
   */
  readonly gidRange?: { readonly first: number; readonly last: number };
}

/** The parameters of a StorageClass of another driver. */
export interface OtherProvisionerOptions {
  /** What the driver is told, by its own documentation. @default {} */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether a volume waits for the node of its Pod. @default WaitForFirstConsumer */
  readonly bindingMode?: 'WaitForFirstConsumer' | 'Immediate';
  /** Whether its volumes can grow. @default false */
  readonly expandable?: boolean;
}

const ACCESS_MODES: readonly AccessMode[] = [
  'ReadWriteOnce',
  'ReadWriteOncePod',
  'ReadOnlyMany',
  'ReadWriteMany',
];

/** What makes the volumes of a class, and how. */
export class Provisioner {
  /**
   * Disks of EBS, of type gp3, encrypted, made in the zone in which the Pod is scheduled.
   *
   * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
   */
  static ebs(options: EbsOptions = {}): Provisioner {
    const { iops, throughput, kmsKeyId, fsType, zones = [] } = options;
    return new Provisioner(
      'ebs.csi.aws.com',
      {
        type: 'gp3',
        encrypted: 'true',
        ...(iops !== undefined && { iops: String(iops) }),
        ...(throughput !== undefined && { throughput: String(throughput) }),
        ...(kmsKeyId !== undefined && { kmsKeyId }),
        ...(fsType !== undefined && { 'csi.storage.k8s.io/fstype': fsType }),
      },
      'WaitForFirstConsumer',
      true,
      ['ReadWriteOnce', 'ReadWriteOncePod'],
      [...zones],
    );
  }

  /**
   * Folders of an EFS file system, each behind an access point of its own, for Pods on any number of nodes. The EFS CSI driver
   * makes the access points, and so has to be installed.
   *
   * @see https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/README.md#storage-class-parameters-for-dynamic-provisioning
   */
  static efs(options: EfsOptions): Provisioner {
    const { fileSystemId, directoryPerms = '0700', basePath, gidRange } = options;
    return new Provisioner(
      'efs.csi.aws.com',
      {
        provisioningMode: 'efs-ap',
        fileSystemId,
        directoryPerms: directoryPerms.replace(/^0/, ''),
        ...(basePath !== undefined && { basePath }),
        ...(gidRange && { gidRangeStart: String(gidRange.first), gidRangeEnd: String(gidRange.last) }),
      },
      'Immediate',
      // A file system has no size that could grow.
      false,
      ACCESS_MODES,
      [],
    );
  }

  /**
   * Another CSI driver, which has to be installed.
   *
   * @param driver name of the driver, such as `fsx.csi.aws.com`
   */
  static other(driver: string, options: OtherProvisionerOptions = {}): Provisioner {
    const { parameters = {}, bindingMode = 'WaitForFirstConsumer', expandable = false } = options;
    return new Provisioner(driver, parameters, bindingMode, expandable, ACCESS_MODES, []);
  }

  private constructor(
    readonly driver: string,
    readonly parameters: Readonly<Record<string, string>>,
    readonly bindingMode: 'WaitForFirstConsumer' | 'Immediate',
    readonly expandable: boolean,
    readonly accessModes: readonly AccessMode[],
    readonly zones: readonly string[],
  ) {}
}

/** The name of a StorageClass, whether it is the default, and what its volumes have. */
export interface StorageClassOptions extends ObjectOptions {
  /**
   * Name of the class. What cannot change in a class must then change together with its name. Otherwise `plan` refuses it, except for
   * `reclaimPolicy`, whose change the provider never applies.
   * @default - from the stack and the path of the construct, with a hash of what can't be changed
   */
  readonly name?: string;
  /** @default Provisioner.ebs() */
  readonly provisioner?: Provisioner;
  /** Whether claims that name no class get this one. A cluster has one such class. @default false */
  readonly default?: boolean;
  /** What becomes of a volume when its claim goes. @default Delete */
  readonly reclaimPolicy?: 'Delete' | 'Retain';
  /** Whether claims can grow. @default - true for EBS, false for EFS */
  readonly allowVolumeExpansion?: boolean;
  /** Options that the volumes are mounted with, such as `noatime`. @default [] */
  readonly mountOptions?: readonly string[];
}

/**
 * A sort of volumes: by default of EBS, type gp3, encrypted, made in the zone in which the Pod is scheduled, and able to grow.
 *
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/
 */
export class StorageClass extends NamedObject<StorageClassV1> {
  /** A class that exists already, such as `gp2`. It stays as it is. */
  static fromName(scope: Construct, id: string, name: string): StorageClass {
    return new StorageClass(scope, id, { name }, true);
  }

  /** The access modes that its volumes have. */
  readonly accessModes: readonly AccessMode[];

  constructor(
    scope: Construct,
    id: string,
    options: StorageClassOptions = {},
    /** Whether it exists already; `fromName` says so. */
    exists = false,
  ) {
    super(scope, id, exists && { kind: 'StorageClass', name: options.name });
    const { provisioner = Provisioner.ebs(), mountOptions = [] } = options;
    const { driver, parameters, bindingMode, zones } = provisioner;
    this.accessModes = exists ? ACCESS_MODES : provisioner.accessModes;
    if (exists) return;
    const immutable = {
      storageProvisioner: driver,
      parameters: { ...parameters },
      reclaimPolicy: options.reclaimPolicy ?? 'Delete',
      volumeBindingMode: bindingMode,
      ...(mountOptions.length > 0 && { mountOptions: [...mountOptions] }),
      ...(zones.length > 0 && {
        allowedTopologies: {
          matchLabelExpressions: [{ key: 'topology.ebs.csi.aws.com/zone', values: [...zones] }],
        },
      }),
    };
    const hash = specHash(this, immutable);
    const reserved = new RegExp(`^${DEFAULT_CLASS}$`);
    this.node.addValidation({ validate: () => reservedErrors(options, reserved, 'default sets') });
    this.resource = new StorageClassV1(this, MAIN_CHILD, {
      metadata: metadata(options, {
        name: `${clusterObjectName(this)}-${hash}`,
        // Said either way: what is not declared could be changed by hand and never be seen.
        annotations: { [DEFAULT_CLASS]: String(options.default ?? false) },
      }),
      ...immutable,
      allowVolumeExpansion: options.allowVolumeExpansion ?? provisioner.expandable,
      lifecycle: OUTLIVES_USE,
    });
  }
}
