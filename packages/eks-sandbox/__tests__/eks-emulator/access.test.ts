import {
  AssociateAccessPolicyCommand,
  CreateAccessEntryCommand,
  CreateClusterCommand,
  CreatePodIdentityAssociationCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  ListAccessPoliciesCommand,
  ListAssociatedAccessPoliciesCommand,
  UpdateAccessEntryCommand,
  waitUntilClusterActive,
  type CreateAccessEntryRequest,
  type CreateClusterRequest,
} from '@aws-sdk/client-eks';
import { roleArn } from '../aws-emulator/fake-account';
import { CLUSTER, emulatedEks, type EmulatedEks } from './emulated-eks';

const ADMIN = { clusterName: 'seed', principalArn: roleArn('admin') };
const POLICY = { ...ADMIN, policyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy' };
let eks: EmulatedEks;
beforeEach(async () => {
  eks = await emulatedEks();
});
afterEach(() => eks.close());

async function createCluster(accessConfig: object): Promise<void> {
  await eks.client.send(
    new CreateClusterCommand({ ...(CLUSTER as unknown as CreateClusterRequest), accessConfig }),
  );
  await waitUntilClusterActive(
    { client: eks.client, maxWaitTime: 5, minDelay: 0.01, maxDelay: 0.05 },
    { name: 'seed' },
  );
}

const API = { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false };

describe('access entries', () => {
  it('give the creator all rights only if asked', async () => {
    await createCluster({ authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: true });
    const { associatedAccessPolicies } = await eks.client.send(
      new ListAssociatedAccessPoliciesCommand(ADMIN),
    );
    expect(associatedAccessPolicies?.map(({ policyArn }) => policyArn)).toEqual([
      'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy',
    ]);
  });

  it('live from creation to deletion, with their policies', async () => {
    await createCluster(API);
    await eks.client.send(new CreateAccessEntryCommand({ ...ADMIN, kubernetesGroups: ['readers'] }));
    await eks.client.send(new UpdateAccessEntryCommand({ ...ADMIN, kubernetesGroups: ['writers'] }));
    const { accessEntry } = await eks.client.send(new DescribeAccessEntryCommand(ADMIN));
    expect(accessEntry).toMatchObject({
      type: 'STANDARD',
      kubernetesGroups: ['writers'],
      username: 'arn:aws:sts::111122223333:assumed-role/admin/{{SessionName}}',
      tags: {},
    });
    await eks.client.send(
      new AssociateAccessPolicyCommand({
        ...POLICY,
        accessScope: { type: 'namespace', namespaces: ['dev'] },
      }),
    );
    const listed = await eks.client.send(new ListAssociatedAccessPoliciesCommand(ADMIN));
    expect(listed.associatedAccessPolicies).toEqual([
      expect.objectContaining({
        policyArn: POLICY.policyArn,
        accessScope: { type: 'namespace', namespaces: ['dev'] },
      }),
    ]);
    await eks.client.send(new DisassociateAccessPolicyCommand(POLICY));
    await eks.client.send(new DeleteAccessEntryCommand(ADMIN));
    await expect(eks.client.send(new DescribeAccessEntryCommand(ADMIN))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it.each<[string, Partial<CreateAccessEntryRequest>, RegExp]>([
    ['a principal that does not exist', { principalArn: roleArn('missing') }, /invalid principal/],
    ['a group of Kubernetes itself', { kubernetesGroups: ['system:masters'] }, /cannot start with system:/],
    ['groups for nodes', { type: 'EC2_LINUX', kubernetesGroups: ['x'] }, /cannot be set for type EC2_LINUX/],
  ])('are refused for %s', async (_, more, message) => {
    await createCluster(API);
    await expect(eks.client.send(new CreateAccessEntryCommand({ ...ADMIN, ...more }))).rejects.toThrow(
      message,
    );
  });

  it('are for people of other accounts too, and for nodes of this one only', async () => {
    await createCluster(API);
    const principalArn = 'arn:aws:iam::444455556666:role/team/auditor';
    const foreign = { clusterName: 'seed', principalArn };
    await expect(
      eks.client.send(new CreateAccessEntryCommand({ ...foreign, type: 'EC2_LINUX' })),
    ).rejects.toThrow(/invalid principal/);
    const { accessEntry } = await eks.client.send(new CreateAccessEntryCommand(foreign));
    expect(accessEntry).toMatchObject({
      username: 'arn:aws:sts::444455556666:assumed-role/auditor/{{SessionName}}',
      principalArn,
    });
  });

  it('are one for a principal, with each policy once: a second scope replaces the first', async () => {
    await createCluster(API);
    await eks.client.send(new CreateAccessEntryCommand(ADMIN));
    await expect(eks.client.send(new CreateAccessEntryCommand(ADMIN))).rejects.toMatchObject({
      name: 'ResourceInUseException',
    });
    for (const namespaces of [['dev'], ['dev', 'qa']]) {
      await eks.client.send(
        new AssociateAccessPolicyCommand({ ...POLICY, accessScope: { type: 'namespace', namespaces } }),
      );
    }
    const { associatedAccessPolicies } = await eks.client.send(
      new ListAssociatedAccessPoliciesCommand(ADMIN),
    );
    expect(associatedAccessPolicies?.map(({ accessScope }) => accessScope)).toEqual([
      { type: 'namespace', namespaces: ['dev', 'qa'] },
    ]);
  });

  it('are not for clusters that use the config map', async () => {
    await createCluster({ authenticationMode: 'CONFIG_MAP' });
    await expect(eks.client.send(new CreateAccessEntryCommand(ADMIN))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });

  it('accept only policies that exist', async () => {
    await createCluster(API);
    await eks.client.send(new CreateAccessEntryCommand(ADMIN));
    const { accessPolicies } = await eks.client.send(new ListAccessPoliciesCommand({}));
    expect(accessPolicies?.map(({ name }) => name)).toContain('AmazonEKSAdminViewPolicy');
    const unknown = {
      ...POLICY,
      policyArn: `${POLICY.policyArn}X`,
      accessScope: { type: 'cluster' } as const,
    };
    await expect(eks.client.send(new AssociateAccessPolicyCommand(unknown))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('Pod Identity associations', () => {
  it('are one for each service account, of a role for Pods', async () => {
    await createCluster(API);
    const associate = (role: string): Promise<unknown> =>
      eks.client.send(
        new CreatePodIdentityAssociationCommand({
          clusterName: 'seed',
          namespace: 'dev',
          serviceAccount: 'web',
          roleArn: roleArn(role),
        }),
      );
    await expect(associate('node')).rejects.toThrow(/pods\.eks\.amazonaws\.com/);
    await associate('pod');
    await expect(associate('pod')).rejects.toMatchObject({ name: 'ResourceInUseException' });
  });
});
