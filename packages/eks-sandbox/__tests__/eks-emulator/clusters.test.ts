import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeClusterCommand,
  DescribeClusterVersionsCommand,
  DescribeUpdateCommand,
  ListClustersCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateClusterConfigCommand,
  UpdateClusterVersionCommand,
  waitUntilClusterActive,
  type CreateClusterRequest,
} from '@aws-sdk/client-eks';
import { roleArn } from '../aws-emulator/fake-account';
import { CLUSTER, emulatedEks, type EmulatedEks } from './emulated-eks';

let eks: EmulatedEks;
beforeEach(async () => {
  eks = await emulatedEks();
});
afterEach(() => eks.close());

async function createCluster(more: Partial<CreateClusterRequest> = {}): Promise<void> {
  await eks.client.send(
    new CreateClusterCommand({ ...(CLUSTER as unknown as CreateClusterRequest), ...more }),
  );
  await waitUntilClusterActive(
    { client: eks.client, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 },
    { name: 'seed' },
  );
}

describe('clusters', () => {
  it('are created with every field that Terraform reads', async () => {
    await createCluster({ tags: { team: 'blue' } });
    const { cluster } = await eks.client.send(new DescribeClusterCommand({ name: 'seed' }));
    expect(cluster).toMatchObject({
      name: 'seed',
      arn: 'arn:aws:eks:eu-west-1:111122223333:cluster/seed',
      version: '1.36',
      status: 'ACTIVE',
      endpoint: 'https://127.0.0.1:6443',
      certificateAuthority: { data: Buffer.from('PEM').toString('base64') },
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      kubernetesNetworkConfig: { serviceIpv4Cidr: '10.100.0.0/16', ipFamily: 'ipv4' },
      resourcesVpcConfig: { vpcId: 'vpc-1', endpointPublicAccess: true, publicAccessCidrs: ['0.0.0.0/0'] },
      upgradePolicy: { supportType: 'EXTENDED' },
      tags: { team: 'blue' },
    });
    expect(cluster?.createdAt).toBeInstanceOf(Date);
    expect(cluster?.identity?.oidc?.issuer).toMatch(
      /^https:\/\/oidc\.eks\.eu-west-1\.amazonaws\.com\/id\/[0-9A-F]{32}$/,
    );
    // Unasked, even a disabled one is a difference to the provider.
    expect(cluster).not.toHaveProperty('computeConfig');
    expect(cluster).not.toHaveProperty('zonalShiftConfig');
  });

  it('start a control plane as requested, and stop it', async () => {
    await createCluster({
      kubernetesNetworkConfig: { serviceIpv4Cidr: '172.20.0.0/16' },
      encryptionConfig: [{ provider: { keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' } }],
      logging: { clusterLogging: [{ types: ['api', 'audit'], enabled: true }] },
    });
    expect(eks.started).toEqual([
      expect.objectContaining({
        name: 'seed',
        serviceCidr: '172.20.0.0/16',
        encryptSecrets: true,
        audit: true,
      }),
    ]);
    expect(eks.account.logGroups).toEqual(new Set(['/aws/eks/seed/cluster']));
    expect(eks.account.securityGroups.size).toBe(1);

    await eks.client.send(new DeleteClusterCommand({ name: 'seed' }));
    expect(eks.stopped).toEqual(['seed']);
    expect(eks.account.securityGroups.size).toBe(0);
    await expect(eks.client.send(new DescribeClusterCommand({ name: 'seed' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'No cluster found for name: seed.',
      clusterName: 'seed',
    });
  });

  it('get their network add-ons by default', async () => {
    await createCluster({ bootstrapSelfManagedAddons: true });
    expect(eks.kubernetes.all('DaemonSet').map(({ metadata }) => metadata.name)).toEqual([
      'aws-node',
      'kube-proxy',
    ]);
    expect(eks.kubernetes.all('Service')).toEqual([
      expect.objectContaining({ spec: expect.objectContaining({ clusterIP: '10.100.0.10' }) as unknown }),
    ]);
  });

  it.each<[string, Partial<CreateClusterRequest>, RegExp]>([
    ['a name with a dot', { name: 'a.b' }, /must match/],
    [
      'a version without programs',
      { version: '1.30' },
      /unsupported Kubernetes version: 1\.30.*1\.35, 1\.36/,
    ],
    [
      'a role that is missing',
      { roleArn: roleArn('missing') },
      /does not exist or the trusted entity is not correct/,
    ],
    ['a role for others', { roleArn: roleArn('node') }, /trusted entity is not correct/],
    ['one zone', { resourcesVpcConfig: { subnetIds: ['subnet-a'] } }, /at least two different AZs/],
    [
      'no such subnet',
      { resourcesVpcConfig: { subnetIds: ['subnet-a', 'subnet-z'] } },
      /'subnet-z' does not exist/,
    ],
    ['Services in the VPC', { kubernetesNetworkConfig: { serviceIpv4Cidr: '10.0.64.0/20' } }, /overlaps/],
    ['public Services', { kubernetesNetworkConfig: { serviceIpv4Cidr: '8.8.0.0/16' } }, /must lie within/],
  ])('are refused with %s', async (_, more, message) => {
    const creation = eks.client.send(
      new CreateClusterCommand({ ...(CLUSTER as unknown as CreateClusterRequest), ...more }),
    );
    await expect(creation).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message) as unknown,
    });
    expect(eks.started).toEqual([]);
  });

  it('are refused in a zone without EKS, whose letter the account has', async () => {
    eks.account.region = 'us-east-1';
    const creation = eks.client.send(
      new CreateClusterCommand({
        ...(CLUSTER as unknown as CreateClusterRequest),
        resourcesVpcConfig: { subnetIds: ['subnet-a', 'subnet-f'] },
      }),
    );
    await expect(creation).rejects.toMatchObject({
      name: 'UnsupportedAvailabilityZoneException',
      message: expect.stringContaining('because us-east-1f, the targeted availability zone') as unknown,
      validZones: ['a', 'b', 'c', 'd', 'e'].map((letter) => `us-east-1${letter}`),
    });
    expect(eks.started).toEqual([]);
  });

  it('have unique names', async () => {
    await createCluster();
    await expect(createCluster()).rejects.toMatchObject({ name: 'ResourceInUseException' });
    await expect(eks.client.send(new ListClustersCommand({}))).resolves.toMatchObject({ clusters: ['seed'] });
  });

  it('are upgraded one minor version at a time', async () => {
    await createCluster({ version: '1.35' });
    const upgrade = (version: string): Promise<unknown> =>
      eks.client.send(new UpdateClusterVersionCommand({ name: 'seed', version }));
    await expect(upgrade('1.37')).rejects.toThrow(/one minor version at a time/);
    await expect(upgrade('1.34')).rejects.toThrow(/takes no upgrade back/);
    const { update } = await eks.client.send(
      new UpdateClusterVersionCommand({ name: 'seed', version: '1.36' }),
    );
    expect(update).toMatchObject({ type: 'VersionUpdate', status: 'InProgress' });
    const described = await eks.client.send(
      new DescribeUpdateCommand({ name: 'seed', updateId: update?.id }),
    );
    expect(described.update?.status).toBe('Successful');
    expect(eks.upgrades).toEqual(['1.36']);
    const { cluster } = await eks.client.send(new DescribeClusterCommand({ name: 'seed' }));
    expect(cluster).toMatchObject({ version: '1.36', status: 'ACTIVE' });
  });

  it('change their configuration, and the authentication mode only forward', async () => {
    await createCluster({ logging: { clusterLogging: [{ types: ['api'], enabled: true }] } });
    const config = (more: object): Promise<unknown> =>
      eks.client.send(new UpdateClusterConfigCommand({ name: 'seed', ...more }));
    await config({ logging: { clusterLogging: [{ types: ['audit'], enabled: true }] } });
    await config({
      resourcesVpcConfig: { endpointPrivateAccess: true, publicAccessCidrs: ['203.0.113.0/24'] },
    });
    const { cluster } = await eks.client.send(new DescribeClusterCommand({ name: 'seed' }));
    expect(cluster?.logging?.clusterLogging).toEqual([
      { enabled: true, types: ['api', 'audit'] },
      { enabled: false, types: ['authenticator', 'controllerManager', 'scheduler'] },
    ]);
    expect(cluster?.resourcesVpcConfig).toMatchObject({
      endpointPublicAccess: true,
      endpointPrivateAccess: true,
      publicAccessCidrs: ['203.0.113.0/24'],
    });
    await expect(config({ accessConfig: { authenticationMode: 'CONFIG_MAP' } })).rejects.toThrow(
      /Unsupported authentication mode/,
    );
    await expect(config({})).rejects.toThrow(/No changes needed/);
  });

  it('keep the zones of their subnets', async () => {
    await createCluster({ resourcesVpcConfig: { subnetIds: ['subnet-a', 'subnet-b'] } });
    const move = (...subnetIds: string[]): Promise<unknown> =>
      eks.client.send(new UpdateClusterConfigCommand({ name: 'seed', resourcesVpcConfig: { subnetIds } }));
    await expect(move('subnet-a', 'subnet-b', 'subnet-c')).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(
        /match the exact set of AZs 'eu-west-1a, eu-west-1b' in which subnets were provided during cluster creation/,
      ) as unknown,
    });
    await move('subnet-b', 'subnet-a');
    const { cluster } = await eks.client.send(new DescribeClusterCommand({ name: 'seed' }));
    expect(cluster?.resourcesVpcConfig?.subnetIds).toEqual(['subnet-b', 'subnet-a']);
  });

  it('have tags', async () => {
    await createCluster({ tags: { a: '1', b: '2' } });
    const resourceArn = 'arn:aws:eks:eu-west-1:111122223333:cluster/seed';
    await eks.client.send(new TagResourceCommand({ resourceArn, tags: { c: '3' } }));
    await eks.client.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'b'] }));
    await expect(eks.client.send(new ListTagsForResourceCommand({ resourceArn }))).resolves.toMatchObject({
      tags: { c: '3' },
    });
    const unknown = new ListTagsForResourceCommand({ resourceArn: `${resourceArn}x` });
    await expect(eks.client.send(unknown)).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('have a default among their versions', async () => {
    const { clusterVersions } = await eks.client.send(
      new DescribeClusterVersionsCommand({ defaultOnly: true }),
    );
    expect(clusterVersions).toEqual([
      expect.objectContaining({ clusterVersion: '1.36', defaultVersion: true }),
    ]);
  });
});
