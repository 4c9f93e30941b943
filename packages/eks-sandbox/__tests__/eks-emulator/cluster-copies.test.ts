import {
  CreateAccessEntryCommand,
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  CreatePodIdentityAssociationCommand,
  DescribeAccessEntryCommand,
  DescribeAddonCommand,
  DescribeClusterCommand,
  DescribeNodegroupCommand,
  ListAccessEntriesCommand,
  ListNodegroupsCommand,
  ListPodIdentityAssociationsCommand,
  ListUpdatesCommand,
  UpdateClusterConfigCommand,
  UpdateNodegroupConfigCommand,
  waitUntilClusterActive,
  type CreateClusterRequest,
  type CreateNodegroupRequest,
} from '@aws-sdk/client-eks';
import { roleArn } from '../aws-emulator/fake-account';
import { CLUSTER, emulatedEks, NODE_GROUP, type EmulatedEks } from './emulated-eks';

const NAMED = { clusterName: 'seed' };
const GROUP = { ...NAMED, nodegroupName: 'node-1' };
const ADMIN = { ...NAMED, principalArn: roleArn('admin') };
let eks: EmulatedEks;

beforeEach(async () => {
  eks = await emulatedEks();
  await eks.client.send(new CreateClusterCommand(CLUSTER as unknown as CreateClusterRequest));
  const waiting = { client: eks.client, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 };
  await waitUntilClusterActive(waiting, { name: 'seed' });
  await eks.client.send(new CreateAddonCommand({ ...NAMED, addonName: 'vpc-cni' }));
  await eks.client.send(new CreateAccessEntryCommand(ADMIN));
});
afterEach(() => eks.close());

const createGroup = (): Promise<unknown> =>
  eks.client.send(new CreateNodegroupCommand(NODE_GROUP as unknown as CreateNodegroupRequest));

/** What EKS says of the cluster. */
async function state(): Promise<unknown> {
  const { client } = eks;
  const answers = [
    await client.send(new DescribeClusterCommand({ name: 'seed' })),
    await client.send(new DescribeNodegroupCommand(GROUP)),
    await client.send(new ListNodegroupsCommand(NAMED)),
    await client.send(new DescribeAddonCommand({ ...NAMED, addonName: 'vpc-cni' })),
    await client.send(new ListAccessEntriesCommand(NAMED)),
    await client.send(new DescribeAccessEntryCommand(ADMIN)),
    await client.send(new ListPodIdentityAssociationsCommand(NAMED)),
    await client.send(new ListUpdatesCommand({ name: 'seed' })),
  ];
  return answers.map((answer) => ({ ...answer, $metadata: undefined }));
}

const scaleTo = (desiredSize: number): Promise<unknown> =>
  eks.client.send(new UpdateNodegroupConfigCommand({ ...GROUP, scalingConfig: { desiredSize } }));

describe('stopped clusters', () => {
  it('stop once nothing is under way, and continue from their files with all that EKS knew', async () => {
    await createGroup();
    const copies = await eks.eks.stopClusters('/snapshot');
    expect(eks.moved).toEqual(['to /snapshot/seed']);
    await eks.eks.startClusters(copies, '/snapshot');
    const before = await state();
    expect(before).toMatchObject([{}, { nodegroup: { status: 'ACTIVE' } }, {}, {}, {}, {}, {}, {}]);

    for (let times = 0; times < 2; times++) {
      await scaleTo(2);
      await eks.client.send(new UpdateClusterConfigCommand({ name: 'seed', deletionProtection: true }));
      await eks.client.send(
        new CreatePodIdentityAssociationCommand({
          ...{ ...NAMED, namespace: 'shop', serviceAccount: 'web', roleArn: roleArn('pod') },
        }),
      );
      await eks.client.send(new CreateAccessEntryCommand({ ...NAMED, principalArn: roleArn('cluster') }));
      await eks.eks.stopClusters();
      await eks.eks.startClusters(copies, '/snapshot');
      expect(await state()).toEqual(before);
    }
    expect(eks.moved).toEqual(['to /snapshot/seed', ...Array<string>(3).fill('from /snapshot/seed')]);
    expect(eks.started.at(-1)).toMatchObject({ ...eks.started[0], hasRole: expect.any(Function) as unknown });
  });

  it('are none where there was no cluster', async () => {
    await eks.eks.stopClusters();
    await eks.eks.startClusters(new Map(), '/snapshot');
    expect(eks.eks.clusterNames()).toEqual([]);
    expect(eks.stopped).toEqual(['seed']);
  });
});
