import { PersistentVolumeClaimV1 } from '@cdktf/provider-kubernetes/lib/persistent-volume-claim-v1';
import { NamedObject, objectName } from '../internal/names';
import { type Construct, MAIN_CHILD } from '../../terraform/construct';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { Namespace } from '../namespaces/namespace';
import type { AccessMode } from './access-mode';
import type { PersistentVolume } from './persistent-volume';
import type { Size } from '../pods/quantity';
import type { StorageClass } from './storage-class';
import { metadata, type ObjectOptions } from '../internal/metadata';

/** The size, the class and the access mode of a claim, or its volume. */
export interface PersistentVolumeClaimOptions extends ObjectOptions {
  /**
   * What is asked for. It can grow where the class allows it, and never shrink. Of a claim to a `volume`, only the first size is
   * requested, because Kubernetes resizes no claim to such a volume.
   * @default - the size of `volume`; needed without one
   */
  readonly size?: Size;
  /** @default - that of `volume`, otherwise ReadWriteOnce */
  readonly accessMode?: AccessMode;
  /** The class that makes the volume. @default - the cluster's default class; the class of `volume` */
  readonly storageClass?: StorageClass;
  /** A volume that exists already; it is then reserved for this claim. @default - the class makes one */
  readonly volume?: PersistentVolume;
}

/**
 * A claim to a volume. Terraform does not wait until it is bound: most classes make the volume only when a Pod uses the claim,
 * and the Pod comes later.
 *
 * Neither a smaller size nor another class can replace it, because the old claim would have to go first, with its data. A claim that leaves
 * the program stays in the cluster while `addresses/` lists it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
 */
export class PersistentVolumeClaim extends NamedObject<PersistentVolumeClaimV1> {
  readonly namespace: Namespace;

  /** A claim that exists already in the namespace, for `Volume.fromClaim`. It stays as it is. */
  static fromName(scope: Construct, id: string, name: string): PersistentVolumeClaim {
    return new PersistentVolumeClaim(scope, id, { name }, true);
  }

  constructor(
    scope: Construct,
    id: string,
    options: PersistentVolumeClaimOptions,
    /** Whether it exists already; `fromName` says so. */
    exists = false,
  ) {
    super(scope, id, exists && { kind: 'PersistentVolumeClaim', name: options.name });
    const { volume, storageClass = volume?.storageClass, size = volume?.size } = options;
    const accessMode = options.accessMode ?? volume?.accessMode ?? 'ReadWriteOnce';
    const name = options.name ?? objectName(this);
    this.namespace = Namespace.of(this);
    if (exists) return;
    this.node.addValidation({
      validate: () => [
        ...(volume ? mismatches(volume, { size, accessMode, storageClass }) : []),
        ...(!volume && storageClass && !storageClass.accessModes.includes(accessMode)
          ? [
              `accessMode: got ${accessMode}, but ${storageClass.node.path} makes volumes for ` +
                `${storageClass.accessModes.join(', ')}; for many nodes at once use a class of EFS`,
            ]
          : []),
      ],
    });
    volume?.reserveFor(this.namespace, name, this.node.path);
    const className = volume?.classNameFor(this) ?? (storageClass && storageClass.nameFor(this));
    this.resource = new PersistentVolumeClaimV1(this, MAIN_CHILD, {
      metadata: metadata(options, { name, namespace: this.namespace.name }),
      spec: {
        accessModes: [accessMode],
        ...(className !== undefined && { storageClassName: className }),
        ...(volume && { volumeName: volume.nameFor(this) }),
        volumeMode: 'Filesystem',
        resources: { requests: { storage: size?.toString() ?? '0' } },
      },
      waitUntilBound: false,
      lifecycle: { ...OUTLIVES_USE, ...(volume && { ignoreChanges: ['spec[0].resources'] }) },
    });
  }
}

/** What a claim asks of its volume. */
interface Wanted {
  readonly size: Size | undefined;
  readonly accessMode: AccessMode;
  readonly storageClass: StorageClass | undefined;
}

/** Why a claim would never be bound to its volume. */
function mismatches(volume: PersistentVolume, { size, accessMode, storageClass }: Wanted): string[] {
  const errors: string[] = [];
  const path = volume.node.path;
  if (size && size.inMebibytes > volume.size.inMebibytes) {
    errors.push(`size: got ${size.toString()}, but ${path} has ${volume.size.toString()}; ask for no more`);
  }
  if (accessMode !== volume.accessMode) {
    errors.push(
      `accessMode: got ${accessMode}, but ${path} has ${volume.accessMode}; leave it out to take over the volume's`,
    );
  }
  if (storageClass !== volume.storageClass) {
    errors.push(
      `storageClass: got ${storageClass?.node.path ?? 'none'}, but ${path} has ` +
        `${volume.storageClass?.node.path ?? 'none'}; leave it out to take over the volume's`,
    );
  }
  return errors;
}
