import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  DeleteClusterCommand,
  DeleteNodegroupCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  ListAccessEntriesCommand,
  UpdateAddonCommand,
  UpdateNodegroupConfigCommand,
  UpdateNodegroupVersionCommand,
  waitUntilClusterActive,
  waitUntilNodegroupActive,
  waitUntilNodegroupDeleted,
  type CreateClusterRequest,
  type CreateNodegroupRequest,
  type Nodegroup,
  type UpdateNodegroupConfigRequest,
  type UpdateNodegroupVersionRequest,
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
  await eks.client.send(
    new CreateAddonCommand({
      clusterName: 'seed',
      addonName: 'vpc-cni',
      configurationValues: '{ "env": { "ENABLE_PREFIX_DELEGATION": "true" } }',
    }),
  );
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

/** Puts a version of the launch template `lt-1` into the account. */
function launchTemplate(version: string, userData?: string): void {
  eks.account.launchTemplates.set(`lt-1:${version}`, {
    id: 'lt-1',
    name: 'template',
    version,
    hasInstanceProfile: false,
    hasSubnet: false,
    ...(userData === undefined ? {} : { userData: Buffer.from(userData).toString('base64') }),
  });
}

/** A NodeConfig in a MIME message. */
function mime(kubelet: string): string {
  return [
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="//"',
    '',
    '--//',
    'Content-Type: application/node.eks.aws',
    '',
    `{ apiVersion: node.eks.aws/v1alpha1, kind: NodeConfig, spec: { kubelet: { config: ${kubelet} } } }`,
    '--//--',
  ].join('\n');
}

const TOML = '[settings.kubernetes]\nmax-pods = 58\n';

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
      version: '1.36',
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
        nodeInfo: { kubeletVersion: expect.stringMatching(/^v1\.36\./) as unknown },
      },
    });
  });

  it('let their nodes in by an access entry, while it exists', async () => {
    await createGroup();
    const entries = new ListAccessEntriesCommand({ clusterName: 'seed' });
    await expect(eks.client.send(entries)).resolves.toMatchObject({ accessEntries: [roleArn('node')] });
    await eks.client.send(new DeleteNodegroupCommand(GROUP));
    await waitUntilNodegroupDeleted({ client: eks.client, ...FAST }, GROUP);
    await expect(eks.client.send(entries)).resolves.toMatchObject({ accessEntries: [] });
    expect(eks.kubernetes.all('Node')).toEqual([]);
  });

  it('block the deletion of their cluster', async () => {
    await createGroup();
    await expect(eks.client.send(new DeleteClusterCommand({ name: 'seed' }))).rejects.toMatchObject({
      name: 'ResourceInUseException',
      message: expect.stringContaining('node-1') as unknown,
    });
  });

  it('have the settings of a version of a launch template', async () => {
    launchTemplate('1');
    launchTemplate('2', mime('{ maxPods: 110 }'));
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

  it('can be spot capacity of Bottlerocket, with its release and its settings', async () => {
    launchTemplate('1', TOML);
    const group = await createGroup({
      capacityType: 'SPOT',
      amiType: 'BOTTLEROCKET_x86_64',
      instanceTypes: ['m7i.large', 't3.medium'],
      launchTemplate: { id: 'lt-1', version: '1' },
      updateConfig: { maxUnavailablePercentage: 50 },
      nodeRepairConfig: { enabled: true },
    });
    expect(group).toMatchObject({
      capacityType: 'SPOT',
      amiType: 'BOTTLEROCKET_x86_64',
      instanceTypes: ['m7i.large', 't3.medium'],
      releaseVersion: expect.stringMatching(/^1\.\d+\.\d+-[0-9a-f]{8}$/) as unknown,
      updateConfig: { maxUnavailablePercentage: 50 },
      nodeRepairConfig: { enabled: true },
    });
    expect(group?.updateConfig).not.toHaveProperty('maxUnavailable');
    const [node] = eks.kubernetes.all('Node');
    expect(node).toMatchObject({
      metadata: { labels: { 'eks.amazonaws.com/capacityType': 'SPOT' } },
      status: {
        capacity: { pods: '58' },
        nodeInfo: { osImage: expect.stringMatching(/^Bottlerocket OS .*\(aws-k8s-1\.36\)$/) as unknown },
      },
    });
  });

  it('limit their Pods, as EKS does in the user data', async () => {
    launchTemplate('1', mime('{ maxPods: 200 }'));
    await createGroup({ launchTemplate: { id: 'lt-1', version: '1' } });
    expect(eks.kubernetes.all('Node')[0]?.status).toMatchObject({
      capacity: { pods: '110' },
      allocatable: { pods: '110' },
    });
  });

  /** The add-on with subnets of the Pods' own. */
  const withPodSubnets = (subnets: object, env: object = {}) =>
    eks.client.send(
      new UpdateAddonCommand({
        clusterName: 'seed',
        addonName: 'vpc-cni',
        configurationValues: JSON.stringify({
          env: {
            AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG: 'true',
            ENI_CONFIG_LABEL_DEF: 'topology.kubernetes.io/zone',
            ...env,
          },
          eniConfig: { create: true, region: 'eu-west-1', subnets },
        }),
      }),
    );

  it('accept no more Pods than the VPC CNI has addresses for, in the Pod subnet of their zone', async () => {
    await withPodSubnets({ 'eu-west-1a': { id: 'subnet-a', securityGroups: ['sg-1'] } });
    launchTemplate('1', mime('{ maxPods: 110 }'));
    await createGroup({ launchTemplate: { id: 'lt-1', version: '1' } });
    expect(eks.kubernetes.all('Node')[0]).toMatchObject({
      spec: { podCIDR: '10.0.0.0/20', podCIDRs: ['10.0.0.0/20'] },
      // (3 − 1) × (10 − 1) + 2
      status: { capacity: { pods: '20' } },
    });
  });

  it.each([
    ['is named for their zone', { 'eu-west-1b': { id: 'subnet-b' } }, {}],
    ['of their zone is named', { 'eu-west-1a': { id: 'subnet-b' } }, {}],
    ['that exists is named', { 'eu-west-1a': { id: 'subnet-gone' } }, {}],
    ['is found by the zone', { 'eu-west-1a': { id: 'subnet-a' } }, { ENI_CONFIG_LABEL_DEF: 'rack' }],
  ])('fail if Pods have their own subnets and none %s', async (_, subnets, env) => {
    await withPodSubnets(subnets, env);
    await expect(createGroup()).rejects.toThrow(/CREATE_FAILED.*no ENIConfig names a subnet in eu-west-1a/);
  });

  it('keep a requested release, and use the newest if an update names none', async () => {
    launchTemplate('1');
    launchTemplate('2', mime('{ maxPods: 58 }'));
    const first = await createGroup({
      launchTemplate: { id: 'lt-1', version: '1' },
      releaseVersion: '1.36.0-20260201',
    });
    expect(first?.releaseVersion).toBe('1.36.0-20260201');
    const to = async (request: Partial<UpdateNodegroupVersionRequest>): Promise<string | undefined> => {
      const update = eks.client.send(new UpdateNodegroupVersionCommand({ ...GROUP, ...request }));
      await expect(finish(update)).resolves.toBe('Successful');
      return (await eks.client.send(new DescribeNodegroupCommand(GROUP))).nodegroup?.releaseVersion;
    };
    await expect(to({ releaseVersion: '1.36.1-20260214' })).resolves.toBe('1.36.1-20260214');
    await expect(to({ launchTemplate: { id: 'lt-1', version: '2' } })).resolves.toMatch(/^1\.36\.4-/);
    await expect(to({ releaseVersion: '1.35.1-20260214' })).rejects.toThrow(
      'Requested release version 1.35.1-20260214 is not valid for kubernetes version 1.36.',
    );
  });

  it.each([
    [{ maxUnavailable: 2 }, 2],
    [{ maxUnavailablePercentage: 100 }, 3],
    [{ maxUnavailablePercentage: 1 }, 1],
  ])('are replaced %j at a time', async (updateConfig, most) => {
    launchTemplate('1');
    launchTemplate('2', mime('{ maxPods: 58 }'));
    await createGroup({
      launchTemplate: { id: 'lt-1', version: '1' },
      scalingConfig: { minSize: 3, desiredSize: 3, maxSize: 3 },
      updateConfig,
    });
    const old = eks.kubernetes.all('Node').map(({ metadata }) => metadata.name);
    const create = eks.kubernetes.create.bind(eks.kubernetes);
    let surplus = 0;
    jest.spyOn(eks.kubernetes, 'create').mockImplementation(async (object) => {
      const created = await create(object);
      surplus = Math.max(surplus, eks.kubernetes.all('Node').length - old.length);
      return created;
    });
    const update = eks.client.send(
      new UpdateNodegroupVersionCommand({ ...GROUP, launchTemplate: { id: 'lt-1', version: '2' } }),
    );
    await expect(finish(update)).resolves.toBe('Successful');
    expect(surplus).toBe(most);
    const fresh = eks.kubernetes.all('Node').map(({ metadata }) => metadata.name);
    expect(fresh).toHaveLength(3);
    expect(fresh.filter((name) => old.includes(name))).toEqual([]);
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

  it('change and lose taints in place, and keep those of Kubernetes', async () => {
    await createGroup({ taints: [{ key: 'dedicated', value: 'x', effect: 'NO_SCHEDULE' }] });
    const [node] = eks.kubernetes.all('Node');
    const unschedulable = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
    const { taints = [] } = node?.spec as { taints?: object[] };
    if (node) await eks.kubernetes.patch(node, { spec: { taints: [unschedulable, ...taints] } });
    const change = async (request: Partial<UpdateNodegroupConfigRequest>): Promise<unknown> => {
      const update = eks.client.send(new UpdateNodegroupConfigCommand({ ...GROUP, ...request }));
      await expect(finish(update)).resolves.toBe('Successful');
      const after = eks.kubernetes.all('Node');
      expect(after.map(({ metadata }) => metadata.name)).toEqual([node?.metadata.name]);
      return (after[0]?.spec as { taints?: unknown }).taints;
    };
    const taint = { key: 'dedicated', value: 'y', effect: 'NO_SCHEDULE' } as const;
    await expect(change({ taints: { addOrUpdateTaints: [taint] } })).resolves.toEqual([
      unschedulable,
      { key: 'dedicated', value: 'y', effect: 'NoSchedule' },
    ]);
    await expect(change({ taints: { removeTaints: [taint] } })).resolves.toEqual([unschedulable]);
  });

  it('change their update, repair and scaling settings without a change of nodes', async () => {
    await createGroup();
    const before = eks.kubernetes.all('Node');
    const update = eks.client.send(
      new UpdateNodegroupConfigCommand({
        ...GROUP,
        updateConfig: { maxUnavailablePercentage: 25 },
        nodeRepairConfig: { enabled: true },
      }),
    );
    await expect(finish(update)).resolves.toBe('Successful');
    const { nodegroup } = await eks.client.send(new DescribeNodegroupCommand(GROUP));
    expect(nodegroup).toMatchObject({
      status: 'ACTIVE',
      updateConfig: { maxUnavailablePercentage: 25 },
      nodeRepairConfig: { enabled: true },
    });
    expect(nodegroup?.updateConfig).not.toHaveProperty('maxUnavailable');
    expect(eks.kubernetes.all('Node')).toEqual(before);
  });

  it('refuse an invalid update', async () => {
    await createGroup();
    const update = (updateConfig: UpdateNodegroupConfigRequest['updateConfig']): Promise<unknown> =>
      eks.client.send(new UpdateNodegroupConfigCommand({ ...GROUP, updateConfig }));
    await expect(update({ maxUnavailable: 101 })).rejects.toThrow(/from 1 to 100/);
    await expect(update({ maxUnavailable: 1, maxUnavailablePercentage: 1 })).rejects.toThrow(/Exactly one/);
    await expect(update({})).rejects.toThrow(/Exactly one/);
  });

  it.each([
    ['AL2023_x86_64_STANDARD', TOML, /not in the MIME multipart format/],
    ['AL2023_x86_64_STANDARD', '#!/bin/bash\n', /not in the MIME multipart format/],
    ['BOTTLEROCKET_x86_64', mime('{}'), /not in a TOML format/],
    ['BOTTLEROCKET_x86_64', '[settings.kubernetes]\nmax-pods: 3\n', /line 2 is no TOML/],
  ] as const)('of %s are refused with user data of another form: %j', async (amiType, userData, message) => {
    launchTemplate('1', userData);
    const request = { amiType, launchTemplate: { id: 'lt-1', version: '1' } };
    await expect(createGroup(request)).rejects.toThrow(message);
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
    ['a newer version than the cluster', { version: '1.37' }, /not supported with cluster version 1\.36/],
    ['a subnet that is missing', { subnets: ['subnet-z'] }, /'subnet-z' does not exist/],
    [
      'a launch template that is missing',
      { launchTemplate: { id: 'lt-9', version: '1' } },
      /lt-9 version 1 does not exist/,
    ],
    [
      'a capacity type that there is not',
      { capacityType: 'CHEAP' as 'SPOT' },
      /capacityType must be one of ON_DEMAND, SPOT, CAPACITY_BLOCK, not CHEAP/,
    ],
    ['an AMI type that there is not', { amiType: 'DEBIAN' as 'CUSTOM' }, /amiType DEBIAN is not one/],
    [
      'the effect of a taint as Kubernetes writes it',
      { taints: [{ key: 'a', effect: 'NoSchedule' as 'NO_SCHEDULE' }] },
      /effect must be one of NO_SCHEDULE, NO_EXECUTE, PREFER_NO_SCHEDULE, not NoSchedule/,
    ],
    [
      'a release of another Kubernetes version',
      { releaseVersion: '1.35.4-20260311' },
      /release version 1\.35\.4-20260311 is not valid for kubernetes version 1\.36/,
    ],
    [
      'two measures of an update',
      { updateConfig: { maxUnavailable: 1, maxUnavailablePercentage: 50 } },
      /Exactly one of maxUnavailable/,
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

  it('require a cluster', async () => {
    await expect(createGroup({ clusterName: 'other' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
