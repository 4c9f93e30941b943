import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  DeleteAddonCommand,
  DescribeAddonCommand,
  DescribeAddonVersionsCommand,
  DescribePodIdentityAssociationCommand,
  DescribeUpdateCommand,
  UpdateAddonCommand,
  waitUntilAddonActive,
  waitUntilClusterActive,
  waitUntilNodegroupActive,
  type CreateAddonRequest,
  type CreateClusterRequest,
  type CreateNodegroupRequest,
} from '@aws-sdk/client-eks';
import { roleArn } from '../aws-emulator/fake-account';
import { CLUSTER, emulatedEks, NODE_GROUP, type EmulatedEks } from './emulated-eks';

const FAST = { maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 };
let eks: EmulatedEks;
beforeEach(async () => {
  eks = await emulatedEks();
  await eks.client.send(new CreateClusterCommand(CLUSTER as unknown as CreateClusterRequest));
  await waitUntilClusterActive({ client: eks.client, ...FAST }, { name: 'seed' });
});
afterEach(() => eks.close());

function create(more: Partial<CreateAddonRequest>): Promise<unknown> {
  return eks.client.send(new CreateAddonCommand({ clusterName: 'seed', addonName: 'coredns', ...more }));
}

async function statusOf(addonName: string): Promise<string | undefined> {
  const { addon } = await eks.client.send(new DescribeAddonCommand({ clusterName: 'seed', addonName }));
  return addon?.status;
}

async function addNodes(): Promise<void> {
  await create({ addonName: 'vpc-cni' });
  await eks.client.send(new CreateNodegroupCommand(NODE_GROUP as unknown as CreateNodegroupRequest));
  await waitUntilNodegroupActive({ client: eks.client, ...FAST }, NODE_GROUP);
}

describe('add-ons', () => {
  it('create their objects in the cluster and delete them', async () => {
    await create({ addonName: 'kube-proxy', addonVersion: 'v1.36.0-eksbuild.14' });
    expect(await statusOf('kube-proxy')).toBe('ACTIVE');
    expect(eks.kubernetes.all('DaemonSet').map(({ metadata }) => metadata.name)).toEqual(['kube-proxy']);
    await eks.client.send(new DeleteAddonCommand({ clusterName: 'seed', addonName: 'kube-proxy' }));
    expect(eks.kubernetes.all('DaemonSet')).toEqual([]);
    await expect(statusOf('kube-proxy')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('are not ACTIVE before their Pods have a node', async () => {
    await create({ addonName: 'coredns' });
    expect(await statusOf('coredns')).toBe('CREATING');
    await addNodes();
    expect(await statusOf('coredns')).toBe('ACTIVE');
  });

  it('keep a configuration byte for byte and do what it says', async () => {
    await addNodes();
    const configurationValues = '{ "replicaCount" : 3 }';
    await create({ configurationValues });
    await waitUntilAddonActive(
      { client: eks.client, ...FAST },
      { clusterName: 'seed', addonName: 'coredns' },
    );
    const { addon } = await eks.client.send(
      new DescribeAddonCommand({ clusterName: 'seed', addonName: 'coredns' }),
    );
    expect(addon?.configurationValues).toBe(configurationValues);
    expect(eks.kubernetes.all('Deployment')[0]?.spec).toMatchObject({ replicas: 3 });
  });

  it('are updated in place', async () => {
    await addNodes();
    await create({ addonVersion: 'v1.12.4-eksbuild.1' });
    const command = new UpdateAddonCommand({
      clusterName: 'seed',
      addonName: 'coredns',
      addonVersion: 'v1.13.1-eksbuild.1',
      configurationValues: 'replicaCount: 4',
      resolveConflicts: 'PRESERVE',
    });
    const { update } = await eks.client.send(command);
    let status: string | undefined = 'InProgress';
    while (status === 'InProgress') {
      const describe = new DescribeUpdateCommand({
        name: 'seed',
        addonName: 'coredns',
        updateId: update?.id,
      });
      status = (await eks.client.send(describe)).update?.status;
    }
    expect(status).toBe('Successful');
    const { addon } = await eks.client.send(
      new DescribeAddonCommand({ clusterName: 'seed', addonName: 'coredns' }),
    );
    expect(addon).toMatchObject({ addonVersion: 'v1.13.1-eksbuild.1', status: 'ACTIVE' });
    expect(eks.kubernetes.all('Deployment')[0]?.spec).toMatchObject({ replicas: 4 });
  });

  it('create their Pod Identity associations, and delete them', async () => {
    await create({
      addonName: 'aws-ebs-csi-driver',
      podIdentityAssociations: [{ serviceAccount: 'ebs-csi-controller-sa', roleArn: roleArn('pod') }],
    });
    const describe = new DescribeAddonCommand({ clusterName: 'seed', addonName: 'aws-ebs-csi-driver' });
    const { addon } = await eks.client.send(describe);
    const [arn = ''] = addon?.podIdentityAssociations ?? [];
    expect(arn).toMatch(/podidentityassociation\/seed\/a-[0-9a-f]{17}$/);
    const association = new DescribePodIdentityAssociationCommand({
      clusterName: 'seed',
      associationId: arn.split('/').at(-1),
    });
    await expect(eks.client.send(association)).resolves.toMatchObject({
      association: {
        namespace: 'kube-system',
        serviceAccount: 'ebs-csi-controller-sa',
        ownerArn: addon?.addonArn,
      },
    });
    await eks.client.send(new DeleteAddonCommand({ clusterName: 'seed', addonName: 'aws-ebs-csi-driver' }));
    await expect(eks.client.send(association)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each<[string, Partial<CreateAddonRequest>, RegExp]>([
    [
      'an unknown version',
      { addonVersion: 'v9.9.9' },
      /not supported: v9\.9\.9; for Kubernetes 1\.36 the sandbox knows v1\.13/,
    ],
    [
      'an unknown name',
      { addonName: 'core-dns' },
      /Addon core-dns specified is not supported; the sandbox knows vpc-cni/,
    ],
    ['a configuration that is no YAML', { configurationValues: '{' }, /not in valid JSON or YAML/],
    [
      'an unknown setting',
      { configurationValues: '{"replicas": 3}' },
      /\$\.replicas: is not defined in the schema/,
    ],
  ])('are refused with %s', async (_, more, message) => {
    await expect(create(more)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message) as unknown,
    });
  });

  it('have versions for each Kubernetes version', async () => {
    const command = new DescribeAddonVersionsCommand({ addonName: 'kube-proxy', kubernetesVersion: '1.35' });
    const { addons } = await eks.client.send(command);
    const versions = addons?.[0]?.addonVersions ?? [];
    expect(versions.length).toBeGreaterThan(1);
    expect(versions.every(({ addonVersion }) => addonVersion?.startsWith('v1.35.') === true)).toBe(true);
    const defaults = versions.map(({ compatibilities }) => compatibilities?.[0]?.defaultVersion);
    expect(defaults).toEqual([true, ...defaults.slice(1).map(() => false)]);
  });
});
