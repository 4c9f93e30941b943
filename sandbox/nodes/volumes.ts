import type { Account } from '../aws-emulator/account';
import type { KubernetesApi, KubernetesObject } from '../control-plane/kubernetes-api';

/** Name of the driver that the add-on `aws-ebs-csi-driver` brings. */
const EBS_DRIVER = 'ebs.csi.aws.com';
const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
const GIB: Readonly<Record<string, number>> = {
  Ki: 2 ** -20,
  Mi: 2 ** -10,
  Gi: 1,
  Ti: 2 ** 10,
  G: 1e9 / 2 ** 30,
  M: 1e6 / 2 ** 30,
};

interface ClaimSpec {
  readonly storageClassName?: string;
  readonly accessModes: readonly string[];
  readonly volumeMode?: string;
  readonly volumeName?: string;
  readonly resources: { readonly requests: { readonly storage: string } };
}

/** Size of a volume for a request: whole GiB, rounded up. */
export function volumeSizeGiB(quantity: string): number {
  const match = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(quantity);
  return Math.max(1, Math.ceil(Number(match?.[1] ?? 0) * (GIB[match?.[2] ?? ''] ?? 2 ** -30)));
}

/**
 * Stands in for the controller of the EBS CSI driver while the driver is in the cluster: makes a volume and its
 * PersistentVolume for each claim that has a node, and takes both away when the claim is gone and the policy says so.
 */
export async function watchVolumeClaims(
  api: KubernetesApi,
  account: Account,
  cluster: string,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<void> {
  const waiting = new Map<string, KubernetesObject>();
  const working = new Set<string>();
  let hasDriver = false;

  const once = (key: string, work: () => Promise<void>): void => {
    if (working.has(key)) return;
    working.add(key);
    work()
      .catch((error: unknown) => {
        if (!signal.aborted) report(`EBS volumes of ${cluster}: ${key}: ${String(error)}`);
      })
      .finally(() => working.delete(key));
  };
  const tryToProvision = (claim: KubernetesObject): void => {
    if (!hasDriver) return;
    once(`claim ${claim.metadata.namespace ?? ''}/${claim.metadata.name}`, () =>
      provision(api, account, cluster, claim),
    );
  };

  await Promise.all([
    api.observe(
      { apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver' },
      ({ type, object }) => {
        if (object.metadata.name !== EBS_DRIVER) return;
        hasDriver = type !== 'DELETED';
        if (hasDriver) for (const claim of waiting.values()) tryToProvision(claim);
      },
      signal,
    ),
    api.observe(
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim' },
      ({ type, object }) => {
        const uid = object.metadata.uid ?? '';
        const { phase } = (object.status ?? {}) as { phase?: string };
        if (type === 'DELETED' || phase === 'Bound' || object.metadata.deletionTimestamp) {
          waiting.delete(uid);
          return;
        }
        waiting.set(uid, object);
        tryToProvision(object);
      },
      signal,
    ),
    api.observe(
      { apiVersion: 'v1', kind: 'PersistentVolume' },
      ({ type, object }) => {
        if (type !== 'DELETED' && hasDriver) {
          once(`volume ${object.metadata.name}`, () => reclaim(api, account, object));
        }
      },
      signal,
    ),
  ]);
}

async function provision(
  api: KubernetesApi,
  account: Account,
  cluster: string,
  claim: KubernetesObject,
): Promise<void> {
  const { namespace = 'default', name, uid = '' } = claim.metadata;
  const spec = claim.spec as ClaimSpec;
  if (!spec.storageClassName || spec.volumeName) return;
  const storageClass = await api.get({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: spec.storageClassName },
  });
  if (storageClass?.provisioner !== EBS_DRIVER) return;
  const selected = claim.metadata.annotations?.[SELECTED_NODE];
  const immediate = storageClass.volumeBindingMode !== 'WaitForFirstConsumer';
  if (!selected && !immediate) return;
  const nodes = selected
    ? [await api.get({ apiVersion: 'v1', kind: 'Node', metadata: { name: selected } })]
    : await api.list({ apiVersion: 'v1', kind: 'Node' });
  const zone = nodes[0]?.metadata.labels?.['topology.kubernetes.io/zone'];
  if (!zone) return;
  const volume = `pvc-${uid}`;
  if (await api.get({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume } })) return;
  const size = volumeSizeGiB(spec.resources.requests.storage);
  const handle = await account.createVolume(zone, size, {
    Name: `${cluster}-dynamic-${volume}`,
    KubernetesCluster: cluster,
    [`kubernetes.io/cluster/${cluster}`]: 'owned',
    'kubernetes.io/created-for/pvc/namespace': namespace,
    'kubernetes.io/created-for/pvc/name': name,
    'kubernetes.io/created-for/pv/name': volume,
    'ebs.csi.aws.com/cluster': 'true',
  });
  const parameters = (storageClass.parameters ?? {}) as Record<string, string>;
  await api.create({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: volume, annotations: { 'pv.kubernetes.io/provisioned-by': EBS_DRIVER } },
    spec: {
      capacity: { storage: `${size}Gi` },
      accessModes: spec.accessModes,
      volumeMode: spec.volumeMode ?? 'Filesystem',
      storageClassName: spec.storageClassName,
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
      csi: {
        driver: EBS_DRIVER,
        volumeHandle: handle,
        fsType: parameters['csi.storage.k8s.io/fstype'] ?? 'ext4',
      },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [zone] }] },
          ],
        },
      },
    },
  });
}

async function reclaim(api: KubernetesApi, account: Account, volume: KubernetesObject): Promise<void> {
  const { csi, persistentVolumeReclaimPolicy } = volume.spec as {
    csi?: { driver: string; volumeHandle: string };
    persistentVolumeReclaimPolicy?: string;
  };
  const { phase } = (volume.status ?? {}) as { phase?: string };
  const isOurs = csi?.driver === EBS_DRIVER && persistentVolumeReclaimPolicy === 'Delete';
  if (!isOurs || phase !== 'Released' || volume.metadata.deletionTimestamp) return;
  await account.deleteVolume(csi.volumeHandle);
  await api.delete(volume);
}
