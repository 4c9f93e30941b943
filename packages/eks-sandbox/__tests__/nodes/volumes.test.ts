import type { KubernetesObject } from '../../control-plane/kubernetes-api';
import { volumeSizeGiB, watchVolumeClaims } from '../../nodes/volume-stand-in';
import { FakeAccount } from '../aws-emulator/fake-account';
import { FakeKubernetes } from '../control-plane/fake-kubernetes';

const FILE_SYSTEM = 'fs-0123456789abcdef0';
const SHARED = {
  provisioningMode: 'efs-ap',
  fileSystemId: FILE_SYSTEM,
  directoryPerms: '770',
  basePath: '/shop',
  gidRangeStart: '1000',
  gidRangeEnd: '1001',
};

let kubernetes: FakeKubernetes;
let account: FakeAccount;
let reports: string[];
let stop: AbortController;
let watching: Promise<void>;

beforeEach(() => {
  kubernetes = new FakeKubernetes();
  account = new FakeAccount();
  account.fileSystems.set(FILE_SYSTEM, []);
  reports = [];
  stop = new AbortController();
  watching = watchVolumeClaims(kubernetes, account, 'seed', stop.signal, (message) => reports.push(message));
});

afterEach(async () => {
  stop.abort();
  await watching;
  if (reports.length > 0) throw new Error(reports.join('\n'));
});

const install = (driver: string): Promise<unknown> =>
  kubernetes.create({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: driver } });

const storageClass = (name: string, fields: object): Promise<unknown> =>
  kubernetes.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    volumeBindingMode: 'Immediate',
    reclaimPolicy: 'Delete',
    ...fields,
  });

const shared = (parameters: object = SHARED, fields: object = {}): Promise<unknown> =>
  storageClass('shared', { provisioner: 'efs.csi.aws.com', parameters, ...fields });

const claim = (
  name: string,
  fields: object = {},
  annotations: Readonly<Record<string, string>> = {},
): Promise<unknown> =>
  kubernetes.create({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, annotations },
    spec: {
      storageClassName: 'shared',
      accessModes: ['ReadWriteMany'],
      resources: { requests: { storage: '5Gi' } },
      ...fields,
    },
  });

/** Waits, for ten seconds at most, until `look` sees something. */
async function eventually<T>(look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error('it did not happen within ten seconds');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const volumeOf = (name: string): Promise<KubernetesObject> =>
  eventually(() =>
    kubernetes.all('PersistentVolume').find(({ metadata }) => metadata.name === `pvc-uid-${name}`),
  );

const eventSaying = (text: string): Promise<KubernetesObject> =>
  eventually(() => kubernetes.all('Event').find(({ message }) => (message as string).includes(text)));

/** Lets everything happen that is under way. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));

async function releaseVolume(name: string): Promise<void> {
  const { metadata } = await volumeOf(name);
  await kubernetes.patch(
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata },
    { status: { phase: 'Released' } },
  );
}

it('the older annotation names the class of a claim', async () => {
  await shared();
  await install('efs.csi.aws.com');
  await claim(
    'old',
    { storageClassName: undefined },
    { 'volume.beta.kubernetes.io/storage-class': 'shared' },
  );
  expect((await volumeOf('old')).spec).toMatchObject({ storageClassName: 'shared' });
});

describe('a claim of a class of EFS', () => {
  it('gets an access point of its file system, to its own folder, and a volume for any node', async () => {
    await shared(SHARED, { mountOptions: ['noatime'] });
    await install('efs.csi.aws.com');
    await claim('uploads');
    const { metadata, spec } = await volumeOf('uploads');
    expect(account.fileSystems.get(FILE_SYSTEM)).toEqual([
      {
        id: 'fsap-1000',
        clientToken: 'pvc-uid-uploads',
        uid: 1000,
        gid: 1000,
        path: '/shop/pvc-uid-uploads',
        permissions: '770',
      },
    ]);
    expect(metadata.annotations).toEqual({ 'pv.kubernetes.io/provisioned-by': 'efs.csi.aws.com' });
    expect(spec).toEqual({
      capacity: { storage: '5Gi' },
      accessModes: ['ReadWriteMany'],
      volumeMode: 'Filesystem',
      storageClassName: 'shared',
      persistentVolumeReclaimPolicy: 'Delete',
      mountOptions: ['noatime'],
      claimRef: {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        namespace: 'shop',
        name: 'uploads',
        uid: 'uid-uploads',
      },
      csi: { driver: 'efs.csi.aws.com', volumeHandle: `${FILE_SYSTEM}::fsap-1000` },
    });
  });

  it('has its own group, though others are created at the same time', async () => {
    await shared();
    await claim('uploads');
    await claim('exports');
    await install('efs.csi.aws.com');
    await Promise.all([volumeOf('uploads'), volumeOf('exports')]);
    expect(account.fileSystems.get(FILE_SYSTEM)?.map(({ gid }) => gid)).toEqual([1000, 1001]);
    await claim('more');
    await expect(eventSaying('no free group ID in 1000 to 1001')).resolves.toMatchObject({
      involvedObject: { name: 'more' },
    });
  });

  it('waits for the driver', async () => {
    await shared();
    await claim('uploads');
    await install('ebs.csi.aws.com');
    await settle();
    expect(kubernetes.all('PersistentVolume')).toEqual([]);
    await install('efs.csi.aws.com');
    await volumeOf('uploads');
  });

  it('has an event that says why there is no volume, and gets one when possible', async () => {
    account.fileSystems.clear();
    await shared();
    await install('efs.csi.aws.com');
    await claim('uploads');
    expect(await eventSaying('File System does not exist')).toMatchObject({
      metadata: { namespace: 'shop' },
      involvedObject: { kind: 'PersistentVolumeClaim', name: 'uploads', uid: 'uid-uploads' },
      type: 'Warning',
      reason: 'ProvisioningFailed',
      message: `failed to provision volume with StorageClass "shared": rpc error: code = InvalidArgument desc = File System does not exist: ${FILE_SYSTEM}`,
      count: 1,
    });
    expect(kubernetes.all('PersistentVolume')).toEqual([]);
    account.fileSystems.set(FILE_SYSTEM, []);
    await volumeOf('uploads');
  });

  it.each([
    ['Missing fileSystemId parameter', { ...SHARED, fileSystemId: undefined }, {}],
    ['Missing provisioningMode parameter', { ...SHARED, provisioningMode: undefined }, {}],
    ['Provisioning mode efs-dir is not supported', { ...SHARED, provisioningMode: 'efs-dir' }, {}],
    ['only filesystem volumes are supported', SHARED, { volumeMode: 'Block' }],
  ])('is refused as the driver would: %s', async (message, parameters, fields) => {
    await shared(parameters);
    await install('efs.csi.aws.com');
    await claim('uploads', fields);
    await eventSaying(message);
    expect(kubernetes.all('PersistentVolume')).toEqual([]);
  });

  it('gets no second access point if only its PersistentVolume is missing', async () => {
    const before = {
      id: 'fsap-9',
      clientToken: 'pvc-uid-uploads',
      gid: 9,
      uid: 9,
      path: '/',
      permissions: '',
    };
    account.fileSystems.set(FILE_SYSTEM, [before]);
    await shared();
    await install('efs.csi.aws.com');
    await claim('uploads');
    await expect(volumeOf('uploads')).resolves.toMatchObject({
      spec: { csi: { volumeHandle: `${FILE_SYSTEM}::fsap-9` } },
    });
    expect(account.fileSystems.get(FILE_SYSTEM)).toEqual([before]);
  });
});

describe('a volume without its claim', () => {
  it.each([
    ['Delete', 0],
    ['Retain', 1],
  ])('follows the policy of its class: %s', async (reclaimPolicy, left) => {
    await shared(SHARED, { reclaimPolicy });
    await install('efs.csi.aws.com');
    await claim('uploads');
    await releaseVolume('uploads');
    await settle();
    expect(account.fileSystems.get(FILE_SYSTEM)).toHaveLength(left);
    expect(kubernetes.all('PersistentVolume')).toHaveLength(left);
  });

  it('stays if no driver has created it', async () => {
    await install('efs.csi.aws.com');
    const csi = { driver: 'efs.csi.aws.com', volumeHandle: `${FILE_SYSTEM}::fsap-9` };
    await kubernetes.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'by-hand' },
      spec: { csi, persistentVolumeReclaimPolicy: 'Delete' },
      status: { phase: 'Released' },
    });
    await settle();
    expect(kubernetes.all('PersistentVolume')).toHaveLength(1);
  });
});

describe('a claim of a class of EBS', () => {
  const zonal = (node: string): KubernetesObject => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: node, labels: { 'topology.kubernetes.io/zone': 'eu-west-1b' } },
  });
  const select = (name: string, node: string): Promise<unknown> =>
    kubernetes.patch(
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, namespace: 'shop' } },
      { metadata: { annotations: { 'volume.kubernetes.io/selected-node': node } } },
    );

  it('gets a disk in the zone of the node that the scheduler has chosen, and not before', async () => {
    await storageClass('shared', {
      provisioner: 'ebs.csi.aws.com',
      volumeBindingMode: 'WaitForFirstConsumer',
      parameters: { 'csi.storage.k8s.io/fstype': 'xfs' },
    });
    await install('ebs.csi.aws.com');
    await kubernetes.create(zonal('node-1'));
    await claim('data', { resources: { requests: { storage: '1500Mi' } } });
    await settle();
    expect(account.volumes.size).toBe(0);
    await select('data', 'node-1');
    await expect(volumeOf('data')).resolves.toMatchObject({
      spec: {
        capacity: { storage: '2Gi' },
        csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1', fsType: 'xfs' },
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              { matchExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['eu-west-1b'] }] },
            ],
          },
        },
      },
    });
    await releaseVolume('data');
    await settle();
    expect(account.volumes.size).toBe(0);
    expect(kubernetes.all('PersistentVolume')).toEqual([]);
  });

  it('waits for a node if its class binds at once', async () => {
    await storageClass('shared', { provisioner: 'ebs.csi.aws.com' });
    await install('ebs.csi.aws.com');
    await claim('data');
    await settle();
    await kubernetes.create(zonal('node-1'));
    await volumeOf('data');
    expect(account.volumes).toEqual(new Map([['vol-1', 5]]));
  });
});

it.each([
  ['1Gi', 1],
  ['1500Mi', 2],
  ['1', 1],
  ['2Ti', 2048],
])('a disk for %s has %d GiB', (quantity, size) => {
  expect(volumeSizeGiB(quantity)).toBe(size);
});
