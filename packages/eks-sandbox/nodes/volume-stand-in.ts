import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { quantityAmount } from '@kubernetes-on-aws/eks-facts/quantity';
import type { Account } from '../aws-emulator/emulated-account';
import type { KubernetesApi, KubernetesObject } from '../control-plane/kubernetes-api';
import { Turns } from './coalesced-work';

/** The class of a claim by its older name. Where it is set, Kubernetes does not look at the field. */
const CLASS = 'volume.beta.kubernetes.io/storage-class';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
/** How long the drivers wait until they try again, in milliseconds: at first, and at most after doubling it. */
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 300_000;
interface ClaimSpec {
  readonly storageClassName?: string;
  readonly accessModes: readonly string[];
  readonly volumeMode?: string;
  readonly volumeName?: string;
  readonly resources: { readonly requests: { readonly storage: string } };
}

/** A claim that is to get a volume. */
interface VolumeRequest {
  /** Name of the PersistentVolume. */
  readonly volume: string;
  readonly namespace: string;
  readonly claim: string;
  readonly spec: ClaimSpec;
  /** Node that the scheduler has chosen for the Pod; undefined when the class binds at once. */
  readonly node: string | undefined;
  /** Of the StorageClass. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The driver's part of a PersistentVolume's spec. */
interface Volume {
  readonly capacity: { readonly storage: string };
  readonly csi: { readonly volumeHandle: string; readonly fsType?: string };
  readonly nodeAffinity?: object;
}

/** What the controller of a CSI driver does in the account. */
interface Driver {
  /**
   * @returns undefined while there is no node that the volume could be near
   * @throws Refusal for what can't be made
   */
  create(request: VolumeRequest): Promise<Volume | undefined>;
  delete(volumeHandle: string): Promise<void>;
}

/** The driver's answer to a claim that it can't fulfil; the user reads it in the claim's events. */
class Refusal extends Error {
  constructor(
    readonly code: 'InvalidArgument' | 'Internal',
    message: string,
  ) {
    super(message);
  }
}

/** Size of a volume for a request: whole GiB, rounded up. */
export function volumeSizeGiB(quantity: string): number {
  return Math.max(1, Math.ceil((quantityAmount(quantity) ?? 0) / 2 ** 30));
}

/**
 * Stands in for the controllers of the CSI drivers of EBS and EFS, each while its driver is in the cluster. It creates a volume and
 * its PersistentVolume for each claim that is ready for one. It deletes both when the claim is gone, if the policy is Delete. A
 * failure is an Event of the claim, and a retry follows.
 */
export async function watchVolumeClaims(
  api: KubernetesApi,
  account: Account,
  cluster: string,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<void> {
  const drivers = new Map<string, Driver>([
    ['ebs.csi.aws.com', new EbsDriver(api, account, cluster)],
    ['efs.csi.aws.com', new EfsDriver(account)],
  ]);
  const installed = new Set<string>();
  const waiting = new Map<string, KubernetesObject>();
  const released = new Map<string, KubernetesObject>();
  const turns = new Turns();
  const log = (what: string, error: unknown): void => {
    if (!signal.aborted) report(`volumes of ${cluster}: ${what}: ${String(error)}`);
  };

  const fulfil = async (uid: string): Promise<void> => {
    const failures = new ClaimFailures(api);
    for (let delay = FIRST_RETRY_MS; ; delay = Math.min(2 * delay, LAST_RETRY_MS)) {
      const claim = waiting.get(uid);
      if (!claim) return;
      const key = `claim ${claim.metadata.namespace ?? ''}/${claim.metadata.name}`;
      try {
        const storageClass = await classOf(api, claim);
        const name = String(storageClass?.provisioner);
        const driver = drivers.get(name);
        if (!storageClass || !driver || !installed.has(name)) return;
        try {
          if (await provision(api, name, driver, claim, storageClass)) return;
        } catch (error) {
          if (signal.aborted) return;
          if (!(error instanceof Refusal)) log(key, error);
          await failures.tell(name, claim, storageClass.metadata.name, error);
        }
      } catch (error) {
        log(key, error);
      }
      await sleep(delay, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
    }
  };
  const reclaim = async (name: string): Promise<void> => {
    const volume = released.get(name);
    const { csi } = (volume?.spec ?? {}) as { csi?: { driver: string; volumeHandle: string } };
    const driver = csi && installed.has(csi.driver) ? drivers.get(csi.driver) : undefined;
    if (!volume || !driver || !csi) return;
    try {
      await driver.delete(csi.volumeHandle);
      await api.delete(volume);
    } catch (error) {
      log(`volume ${name}`, error);
    }
  };
  const attend = (uid: string): void => {
    turns.take(uid, () => fulfil(uid));
  };
  const release = (name: string): void => {
    turns.take(name, () => reclaim(name));
  };

  /** Keeps those objects that are there and count, and attends to each. */
  const track = (
    kind: string,
    kept: Map<string, KubernetesObject>,
    keyOf: (object: KubernetesObject) => string,
    counts: (object: KubernetesObject) => boolean,
    attendTo: (key: string) => void,
  ): Promise<void> =>
    api.observe(
      { apiVersion: 'v1', kind },
      ({ type, object }) => {
        const key = keyOf(object);
        if (type === 'DELETED' || !counts(object)) {
          kept.delete(key);
          return;
        }
        kept.set(key, object);
        attendTo(key);
      },
      signal,
    );

  await Promise.all([
    api.observe(
      { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver' },
      ({ type, object }) => {
        if (type === 'DELETED') {
          installed.delete(object.metadata.name);
          return;
        }
        installed.add(object.metadata.name);
        for (const uid of waiting.keys()) attend(uid);
        for (const name of released.keys()) release(name);
      },
      signal,
    ),
    track('PersistentVolumeClaim', waiting, ({ metadata }) => metadata.uid ?? '', isWaiting, attend),
    track('PersistentVolume', released, ({ metadata }) => metadata.name, isToBeReclaimed, release),
  ]);
}

async function classOf(api: KubernetesApi, claim: KubernetesObject): Promise<KubernetesObject | undefined> {
  const { storageClassName, volumeName } = claim.spec as ClaimSpec;
  const name = claim.metadata.annotations?.[CLASS] ?? storageClassName;
  if (!name || volumeName) return undefined;
  return api.get({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name } });
}

/** @returns false when it is too early and nothing will tell when it no longer is */
async function provision(
  api: KubernetesApi,
  driverName: string,
  driver: Driver,
  { metadata, spec: claimSpec }: KubernetesObject,
  storageClass: KubernetesObject,
): Promise<boolean> {
  const { namespace = 'default', name, uid = '' } = metadata;
  const spec = claimSpec as ClaimSpec;
  const node = metadata.annotations?.[SELECTED_NODE];
  if (node === undefined && storageClass.volumeBindingMode === 'WaitForFirstConsumer') return true;
  const volume = `pvc-${uid}`;
  if (await api.get({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume } })) return true;
  const parameters = (storageClass.parameters ?? {}) as Record<string, string>;
  const made = await driver.create({ volume, namespace, claim: name, spec, node, parameters });
  if (!made) return false;
  await api.create({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volume, annotations: { [PROVISIONED_BY]: driverName } },
    spec: {
      accessModes: spec.accessModes,
      volumeMode: spec.volumeMode ?? 'Filesystem',
      storageClassName: storageClass.metadata.name,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      ...(storageClass.mountOptions ? { mountOptions: storageClass.mountOptions } : {}),
      ...made,
      csi: { driver: driverName, ...made.csi },
    },
  });
  return true;
}

function isWaiting({ metadata, status }: KubernetesObject): boolean {
  return (status as { phase?: string } | undefined)?.phase !== 'Bound' && !metadata.deletionTimestamp;
}

/** Whether a driver created a volume that is no longer bound or retained. */
function isToBeReclaimed({ metadata, spec, status }: KubernetesObject): boolean {
  const { csi, persistentVolumeReclaimPolicy: policy } = spec as {
    csi?: { driver: string };
    persistentVolumeReclaimPolicy?: string;
  };
  const { phase } = (status ?? {}) as { phase?: string };
  const isOfDriver = csi !== undefined && metadata.annotations?.[PROVISIONED_BY] === csi.driver;
  return isOfDriver && policy === 'Delete' && phase === 'Released' && !metadata.deletionTimestamp;
}

/** Tells a claim why it has no volume, by one Event that counts how often. */
class ClaimFailures {
  private readonly counts = new Map<string, { readonly first: string; count: number }>();

  constructor(private readonly api: KubernetesApi) {}

  async tell(driver: string, claim: KubernetesObject, storageClass: string, error: unknown): Promise<void> {
    const { namespace = 'default', name, uid, resourceVersion } = claim.metadata;
    const code = error instanceof Refusal ? error.code : 'Internal';
    const reason = error instanceof Error ? error.message : String(error);
    const message = `failed to provision volume with StorageClass "${storageClass}": rpc error: code = ${code} desc = ${reason}`;
    const now = new Date().toISOString().replace(/\.\d+Z$/, 'Z');
    const seen = this.counts.get(message) ?? { first: now, count: 0 };
    this.counts.set(message, seen);
    seen.count++;
    const hash = createHash('sha256')
      .update(`${uid ?? ''} ${message}`)
      .digest('hex')
      .slice(0, 16);
    const event: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${hash}`, namespace },
      involvedObject: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace,
        name,
        uid,
        resourceVersion,
      },
      type: 'Warning',
      reason: 'ProvisioningFailed',
      message,
      source: { component: driver },
      firstTimestamp: seen.first,
      lastTimestamp: now,
      count: seen.count,
    };
    await this.api.apply(event, driver, true);
  }
}

/** Makes disks, in the zone of the node that is to use them. */
class EbsDriver implements Driver {
  constructor(
    private readonly api: KubernetesApi,
    private readonly account: Account,
    private readonly cluster: string,
  ) {}

  async create(request: VolumeRequest): Promise<Volume | undefined> {
    const { volume, namespace, claim, spec, node, parameters } = request;
    const nodes =
      node === undefined
        ? await this.api.list({ apiVersion: 'v1', kind: 'Node' })
        : [await this.api.get({ apiVersion: 'v1', kind: 'Node', metadata: { name: node } })];
    const zone = nodes[0]?.metadata.labels?.['topology.kubernetes.io/zone'];
    if (!zone) return undefined;
    const size = volumeSizeGiB(spec.resources.requests.storage);
    const volumeHandle = await this.account.createVolume(zone, size, {
      Name: `${this.cluster}-dynamic-${volume}`,
      KubernetesCluster: this.cluster,
      [`kubernetes.io/cluster/${this.cluster}`]: 'owned',
      'kubernetes.io/created-for/pvc/namespace': namespace,
      'kubernetes.io/created-for/pvc/name': claim,
      'kubernetes.io/created-for/pv/name': volume,
      'ebs.csi.aws.com/cluster': 'true',
    });
    return {
      capacity: { storage: `${size}Gi` },
      csi: { volumeHandle, fsType: parameters['csi.storage.k8s.io/fstype'] ?? 'ext4' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
          ],
        },
      },
    };
  }

  delete(volumeHandle: string): Promise<void> {
    return this.account.deleteVolume(volumeHandle);
  }
}

/**
 * Makes access points of a file system, each to a folder of its own that belongs to a group of its own.
 *
 * @see https://github.com/kubernetes-sigs/aws-efs-csi-driver/blob/master/docs/parameters.md
 */
class EfsDriver implements Driver {
  /** One at a time: the next free group is known once the one before has its access point. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly account: Account) {}

  create(request: VolumeRequest): Promise<Volume> {
    const made = this.last.then(() => this.createNext(request));
    this.last = made.catch(() => undefined);
    return made;
  }

  async delete(volumeHandle: string): Promise<void> {
    const [, accessPoint] = volumeHandle.split('::');
    if (accessPoint) await this.account.deleteAccessPoint(accessPoint);
  }

  private async createNext({ volume, spec, parameters }: VolumeRequest): Promise<Volume> {
    const { fileSystemId = '', provisioningMode, basePath = '', directoryPerms = '700' } = parameters;
    if (spec.volumeMode === 'Block') {
      throw new Refusal(
        'InvalidArgument',
        'Volume capabilities not supported: only filesystem volumes are supported',
      );
    }
    for (const parameter of ['provisioningMode', 'fileSystemId']) {
      if (!parameters[parameter]) throw new Refusal('InvalidArgument', `Missing ${parameter} parameter`);
    }
    if (provisioningMode !== 'efs-ap') {
      throw new Refusal(
        'InvalidArgument',
        `Provisioning mode ${provisioningMode ?? ''} is not supported: only efs-ap is`,
      );
    }
    const others = await this.account.accessPoints(fileSystemId);
    if (!others) throw new Refusal('InvalidArgument', `File System does not exist: ${fileSystemId}`);

    let id = others.find(({ clientToken }) => clientToken === volume)?.id;
    if (id === undefined) {
      const gid = freeGroup(
        fileSystemId,
        parameters,
        others.map((other) => other.gid),
      );
      const path = `/${[...basePath.split('/'), volume].filter((part) => part !== '').join('/')}`;
      id = await this.account.createAccessPoint(
        fileSystemId,
        { clientToken: volume, uid: gid, gid, path, permissions: directoryPerms },
        { 'efs.csi.aws.com/cluster': 'true' },
      );
    }
    // A file system has no size: the volume has the one that was asked for.
    return {
      capacity: { storage: spec.resources.requests.storage },
      csi: { volumeHandle: `${fileSystemId}::${id}` },
    };
  }
}

function freeGroup(
  fileSystem: string,
  { gidRangeStart = '50000', gidRangeEnd = '7000000' }: Readonly<Record<string, string>>,
  taken: readonly (number | undefined)[],
): number {
  const inUse = new Set(taken);
  for (let gid = Number(gidRangeStart); gid <= Number(gidRangeEnd); gid++) if (!inUse.has(gid)) return gid;
  throw new Refusal('Internal', `no free group ID in ${gidRangeStart} to ${gidRangeEnd} on ${fileSystem}`);
}
