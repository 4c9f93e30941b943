import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  ListAccessEntriesCommand,
  UpdateNodegroupConfigCommand,
  UpdateNodegroupVersionCommand,
  waitUntilClusterActive,
  waitUntilNodegroupActive,
  waitUntilNodegroupDeleted,
  type CreateClusterRequest,
  type CreateNodegroupRequest,
  type Nodegroup,
} from '@aws-sdk/client-eks';
import { roleArn } from '../aws-emulator/fake-account';
import { CLUSTER, emulatedEks, NODE_GROUP, type EmulatedEks } from './emulated-eks';

const FAST = { maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 };
const GROUP = { clusterName: 'seed', nodegroupName: 'node-1' };
let eks: EmulatedEks;
beforeEach(async () => {
  eks = await emulatedEks();
  await eks.client.send(new CreateClusterCommand(CLUSTER as unknown as CreateClusterRequest));
  await waitUntilClusterActive({ client: eks.client, ...FAST }, { name: 'seed' });
  await eks.client.send(new CreateAddonCommand({ clusterName: 'seed', addonName: 'vpc-cni' }));
});
afterEach(() => eks.close());

async function createGroup(more: Partial<CreateNodegroupRequest> = {}): Promise<Nodegroup | undefined> {
  const request = { ...(NODE_GROUP as unknown as CreateNodegroupRequest), ...more };
  await eks.client.send(new CreateNodegroupCommand(request));
  await waitUntilNodegroupActive({ client: eks.client, ...FAST }, GROUP);
  return (await eks.client.send(new DescribeNodegroupCommand(GROUP))).nodegroup;
}

async function finish(
  update: Promise<{ update?: { id?: string | undefined } | undefined }>,
): Promise<string | undefined> {
  const updateId = (await update).update?.id;
  for (;;) {
    const command = new DescribeUpdateCommand({ name: 'seed', nodegroupName: 'node-1', updateId });
    const { update: now } = await eks.client.send(command);
    if (now?.status !== 'InProgress') return now?.status;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('node groups', () => {
  it('are Nodes with labels, taints, a zone and the capacity of their instances', async () => {
    const group = await createGroup({
      labels: { 'platform/node': 'node-1' },
      taints: [{ key: 'dedicated', value: 'x', effect: 'NO_SCHEDULE' }],
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 3 },
      subnets: ['subnet-a', 'subnet-b'],
    });
    expect(group).toMatchObject({
      status: 'ACTIVE',
      amiType: 'AL2023_x86_64_STANDARD',
      capacityType: 'ON_DEMAND',
      version: '1.35',
      updateConfig: { maxUnavailable: 1 },
    });
    // Even an empty one makes the provider replace the group.
    expect(group).not.toHaveProperty('remoteAccess');
    const nodes = eks.kubernetes.all('Node');
    expect(nodes.map(({ metadata }) => metadata.labels?.['topology.kubernetes.io/zone']).sort()).toEqual([
      'eu-west-1a',
      'eu-west-1b',
    ]);
    expect(nodes[0]).toMatchObject({
      metadata: {
        name: expect.stringMatching(/^ip-10-0-\d+-\d+\.eu-west-1\.compute\.internal$/) as unknown,
        labels: {
          'platform/node': 'node-1',
          'eks.amazonaws.com/nodegroup': 'node-1',
          'node.kubernetes.io/instance-type': 'm7i.large',
          'kubernetes.io/arch': 'amd64',
        },
      },
      spec: {
        providerID: expect.stringMatching(/^aws:\/\/\/eu-west-1[ab]\/i-0[0-9a-f]{16}$/) as unknown,
        taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }],
      },
      status: {
        capacity: { cpu: '2', pods: '29' },
        nodeInfo: { kubeletVersion: expect.stringMatching(/^v1\.35\./) as unknown },
      },
    });
  });

  it('let their nodes in by an access entry, as long as there is one', async () => {
    await createGroup();
    const entries = new ListAccessEntriesCommand({ clusterName: 'seed' });
    await expect(eks.client.send(entries)).resolves.toMatchObject({ accessEntries: [roleArn('node')] });
    await eks.client.send(new DeleteNodegroupCommand(GROUP));
    await waitUntilNodegroupDeleted({ client: eks.client, ...FAST }, GROUP);
    await expect(eks.client.send(entries)).resolves.toMatchObject({ accessEntries: [] });
    expect(eks.kubernetes.all('Node')).toEqual([]);
  });

  it('keep their cluster from being deleted', async () => {
    await createGroup();
    await expect(eks.client.send(new DeleteClusterCommand({ name: 'seed' }))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: expect.stringContaining('node-1') as unknown,
    });
  });

  it('take their settings from a version of a launch template', async () => {
    const userData = Buffer.from(
      'apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {kubelet: {config: {maxPods: 110}}}',
    );
    const template = { id: 'lt-1', name: 'template', hasInstanceProfile: false, hasSubnet: false };
    eks.account.launchTemplates.set('lt-1:1', { ...template, version: '1' });
    eks.account.launchTemplates.set('lt-1:2', {
      ...template,
      version: '2',
      userData: userData.toString('base64'),
    });
    const group = await createGroup({ launchTemplate: { id: 'lt-1', version: '1' } });
    expect(group?.launchTemplate).toEqual({ id: 'lt-1', name: 'template', version: '1' });
    const [before] = eks.kubernetes.all('Node');

    const update = eks.client.send(
      new UpdateNodegroupVersionCommand({ ...GROUP, launchTemplate: { id: 'lt-1', version: '2' } }),
    );
    await expect(finish(update)).resolves.toBe('Successful');
    const [after, ...more] = eks.kubernetes.all('Node');
    expect(more).toEqual([]);
    expect(after?.metadata.name).not.toBe(before?.metadata.name);
    expect(after?.status).toMatchObject({ capacity: { pods: '110' } });
  });

  it('are changed in place', async () => {
    await createGroup({ labels: { old: '1' } });
    const [node] = eks.kubernetes.all('Node');
    const update = eks.client.send(
      new UpdateNodegroupConfigCommand({
        ...GROUP,
        labels: { addOrUpdateLabels: { team: 'blue' }, removeLabels: ['old'] },
        taints: { addOrUpdateTaints: [{ key: 'dedicated', value: 'x', effect: 'NO_EXECUTE' }] },
        scalingConfig: { minSize: 2, maxSize: 3, desiredSize: 3 },
      }),
    );
    await expect(finish(update)).resolves.toBe('Successful');
    const nodes = eks.kubernetes.all('Node');
    expect(nodes).toHaveLength(3);
    const same = nodes.find(({ metadata }) => metadata.name === node?.metadata.name);
    expect(same?.metadata.labels).toMatchObject({ team: 'blue' });
    expect(same?.metadata.labels).not.toHaveProperty('old');
    expect(same?.spec).toMatchObject({ taints: [{ key: 'dedicated', value: 'x', effect: 'NoExecute' }] });
  });

  it.each<[string, Partial<CreateNodegroupRequest>, RegExp]>([
    [
      'more desired than allowed',
      { scalingConfig: { minSize: 1, desiredSize: 4, maxSize: 3 } },
      /can't be greater than max size/,
    ],
    [
      'fewer desired than needed',
      { scalingConfig: { minSize: 2, desiredSize: 1, maxSize: 3 } },
      /can't be greater than desired size/,
    ],
    ['an unknown instance type', { instanceTypes: ['m99.huge'] }, /do not exist: \[m99\.huge\]/],
    [
      'the wrong architecture',
      { instanceTypes: ['m7g.large'] },
      /not a valid instance type for requested amiType/,
    ],
    ['a role that is not for nodes', { nodeRole: roleArn('cluster') }, /ec2\.amazonaws\.com/],
    ['a newer version than the cluster', { version: '1.36' }, /not supported with cluster version 1\.35/],
    ['a subnet that is missing', { subnets: ['subnet-z'] }, /'subnet-z' does not exist/],
    [
      'a launch template that is missing',
      { launchTemplate: { id: 'lt-9', version: '1' } },
      /lt-9 version 1 does not exist/,
    ],
    ['a reserved label', { labels: { 'eks.amazonaws.com/x': '1' } }, /reserved prefixes/],
    [
      'the same taint twice',
      {
        taints: [
          { key: 'a', effect: 'NO_SCHEDULE' },
          { key: 'a', effect: 'NO_SCHEDULE' },
        ],
      },
      /stated twice/,
    ],
  ])('are refused with %s', async (_, more, message) => {
    await expect(createGroup(more)).rejects.toThrow(message);
    expect(eks.kubernetes.all('Node')).toEqual([]);
  });

  it('need a cluster', async () => {
    await expect(createGroup({ clusterName: 'other' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
