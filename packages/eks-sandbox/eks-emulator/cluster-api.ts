import { randomBytes } from 'node:crypto';
import type {
  Cluster,
  CreateClusterRequest,
  Logging,
  LogSetup,
  UpdateClusterConfigRequest,
  UpdateClusterVersionRequest,
} from '@aws-sdk/client-eks';
import { minorOf, VERSION_SKEW } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import type { ClusterRuntime } from '../control-plane/cluster-runtime';
import { withoutUndefined } from '../aws-emulator/emulated-account';
import { bootstrapAddOns } from './add-on-objects';
import { admitCreator } from './access-entry-api';
import {
  checkClusterRequest,
  checkHasPrograms,
  checkSubnets,
  completeLogging,
  logs,
  type CheckedCluster,
} from './cluster-request';
import {
  activeCluster,
  clusterNamed,
  eksArn,
  type ClusterState,
  type EmulatorContext,
} from './cluster-state';
import { checking, EksError, inUse, type Check } from './eks-errors';
import { page, type Routes } from './routes';
import { Updates } from './update-api';
import { now, type Wire } from './wire';

/** Types of updates by what of a cluster they change; the first one that is there counts. */
const PLAIN_UPDATES = [
  ['upgradePolicy', 'UpgradePolicyUpdate'],
  ['zonalShiftConfig', 'ZonalShiftConfigUpdate'],
  ['deletionProtection', 'DeletionProtectionUpdate'],
  ['remoteNetworkConfig', 'RemoteNetworkConfigUpdate'],
  ['computeConfig', 'AutoModeUpdate'],
  ['storageConfig', 'AutoModeUpdate'],
] as const;

/** Authentication modes in the only order in which they may be changed. */
const AUTHENTICATION_MODES = ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'];

/** Clusters: creation starts a control plane, deletion ends it. */
export function clusterRoutes(routes: Routes, context: EmulatorContext): void {
  routes
    .on<Wire<CreateClusterRequest>>('POST', '/clusters', async ({ body, accessKeyId }) => ({
      cluster: await createCluster(context, body, accessKeyId),
    }))
    .on('GET', '/clusters', ({ query }) => page('clusters', [...context.clusters.keys()], query))
    .on('GET', '/clusters/{name}', ({ at }) => ({ cluster: clusterNamed(context, at('name')).cluster }))
    .on('DELETE', '/clusters/{name}', async ({ at }) => ({
      cluster: await deleteCluster(context, at('name')),
    }))
    .on<Wire<UpdateClusterConfigRequest>>('POST', '/clusters/{name}/update-config', async ({ at, body }) => ({
      update: await updateConfig(context, at('name'), body),
    }))
    .on<Wire<UpdateClusterVersionRequest>>('POST', '/clusters/{name}/updates', ({ at, body }) => ({
      update: updateVersion(context, at('name'), body),
    }))
    .on<{ encryptionConfig?: Wire<Cluster>['encryptionConfig'] }>(
      'POST',
      '/clusters/{name}/encryption-config/associate',
      ({ at, body }) => {
        const { state } = activeCluster(context, at('name'));
        if (state.cluster.encryptionConfig?.length) throw inUse('Encryption config is already associated');
        const parameters = { EncryptionConfig: body.encryptionConfig };
        return {
          update: state.updates.begin('AssociateEncryptionConfig', parameters, {}, () => {
            state.cluster.encryptionConfig = body.encryptionConfig;
          }),
        };
      },
    );
}

async function createCluster(
  context: EmulatorContext,
  request: Wire<CreateClusterRequest>,
  accessKeyId: string,
): Promise<Wire<Cluster>> {
  const { account, clusters } = context;
  const name = request.name ?? '';
  const assertFree = (): void => {
    if (clusters.has(name)) throw inUse(`Cluster already exists with name: ${name}`, { clusterName: name });
  };
  assertFree();
  const checked = await checkClusterRequest(context, request);
  const creator = await account.principalOf(await account.callerArn(accessKeyId));
  assertFree();
  const cluster = describe(context, request, checked);
  const state: ClusterState = {
    cluster,
    ready: Promise.resolve(),
    nodeGroups: new Map(),
    addOns: new Map(),
    accessEntries: new Map(),
    podIdentities: new Map(),
    updates: new Updates(name, context.report),
  };
  clusters.set(name, state);
  if (request.accessConfig?.bootstrapClusterCreatorAdminPermissions !== false)
    admitCreator(context, state, creator);
  const bootstrap = request.bootstrapSelfManagedAddons !== false;
  state.ready = bringUp(context, state, checked, bootstrap).catch((error: unknown) => {
    const message = messageOf(error);
    cluster.status = 'FAILED';
    cluster.health = { issues: [{ code: 'InternalFailure', message, resourceIds: [name] }] };
    context.report(`cluster ${name} could not be created: ${message}`);
  });
  return structuredClone(cluster);
}

function describe(
  { account }: EmulatorContext,
  request: Wire<CreateClusterRequest>,
  { version, vpcId, serviceCidr }: CheckedCluster,
): Wire<Cluster> {
  const name = request.name ?? '';
  const vpc = request.resourcesVpcConfig ?? {};
  const issuer = `https://oidc.eks.${account.region}.amazonaws.com/id/${randomBytes(16).toString('hex').toUpperCase()}`;
  const publicAccess = vpc.endpointPublicAccess ?? true;
  return withoutUndefined({
    name,
    arn: eksArn(account, `cluster/${name}`),
    createdAt: now(),
    version,
    roleArn: request.roleArn,
    resourcesVpcConfig: {
      subnetIds: vpc.subnetIds ?? [],
      securityGroupIds: vpc.securityGroupIds ?? [],
      vpcId,
      endpointPublicAccess: publicAccess,
      endpointPrivateAccess: vpc.endpointPrivateAccess ?? false,
      publicAccessCidrs: vpc.publicAccessCidrs ?? (publicAccess ? ['0.0.0.0/0'] : []),
    },
    kubernetesNetworkConfig: {
      serviceIpv4Cidr: serviceCidr,
      ipFamily: request.kubernetesNetworkConfig?.ipFamily ?? ('ipv4' as const),
      elasticLoadBalancing: request.kubernetesNetworkConfig?.elasticLoadBalancing ?? { enabled: false },
    },
    logging: completeLogging(request.logging),
    identity: { oidc: { issuer } },
    status: 'CREATING' as const,
    platformVersion: 'eks.4',
    tags: request.tags ?? {},
    encryptionConfig: request.encryptionConfig ?? [],
    health: { issues: [] },
    accessConfig: {
      bootstrapClusterCreatorAdminPermissions:
        request.accessConfig?.bootstrapClusterCreatorAdminPermissions ?? true,
      authenticationMode: request.accessConfig?.authenticationMode ?? ('CONFIG_MAP' as const),
    },
    upgradePolicy: { supportType: request.upgradePolicy?.supportType ?? ('EXTENDED' as const) },
    deletionProtection: request.deletionProtection ?? false,
    // Unasked these are a difference to the provider, even disabled.
    zonalShiftConfig: request.zonalShiftConfig,
    computeConfig: request.computeConfig,
    storageConfig: request.storageConfig,
    remoteNetworkConfig: request.remoteNetworkConfig,
  });
}

async function bringUp(
  context: EmulatorContext,
  state: ClusterState,
  { vpcId, vpcCidr, serviceCidr }: CheckedCluster,
  bootstrap: boolean,
): Promise<void> {
  const { cluster } = state;
  const name = cluster.name ?? '';
  const groupName = `eks-cluster-sg-${name}-${randomBytes(4).readUInt32BE()}`;
  const description =
    'EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, as well as any managed workloads.';
  const tags = { Name: groupName, 'aws:eks:cluster-name': name, [`kubernetes.io/cluster/${name}`]: 'owned' };
  const groupId = await context.account.createSecurityGroup(groupName, description, vpcId, tags);
  if (cluster.resourcesVpcConfig) cluster.resourcesVpcConfig.clusterSecurityGroupId = groupId;
  // EKS creates the log group if it does not exist. A destroy can leave it behind.
  if (logs(cluster.logging)) await context.account.ensureLogGroup(`/aws/eks/${name}/cluster`);
  state.specification = {
    name,
    serviceCidr,
    issuer: cluster.identity?.oidc?.issuer ?? '',
    vpcCidr,
    encryptSecrets: (cluster.encryptionConfig ?? []).length > 0,
    audit: logs(cluster.logging, 'audit'),
    vpcId,
  };
  const runtime = await startRuntime(context, state);
  if (bootstrap) await bootstrapAddOns(runtime.api, cluster);
  cluster.endpoint = runtime.endpoint;
  cluster.certificateAuthority = { data: Buffer.from(runtime.ca).toString('base64') };
  cluster.status = 'ACTIVE';
}

/**
 * Starts what a cluster runs on, at its version.
 *
 * @param files absolute path of a stopped cluster's files, from which it continues. @default - a new cluster
 */
export async function startRuntime(
  { runtimes }: EmulatorContext,
  state: ClusterState,
  files?: string,
): Promise<ClusterRuntime> {
  const { cluster, specification, podIdentities } = state;
  if (!specification) throw new Error(`${cluster.name ?? 'a cluster'} was not started`);
  const hasRole = (namespace: string, serviceAccount: string): boolean =>
    [...podIdentities.values()].some(
      (association) => association.namespace === namespace && association.serviceAccount === serviceAccount,
    );
  const version = cluster.version ?? '';
  return (state.runtime = await runtimes.start({ ...specification, version, hasRole }, files));
}

async function deleteCluster(context: EmulatorContext, name: string): Promise<Wire<Cluster>> {
  const state = clusterNamed(context, name);
  const details = { clusterName: name };
  if (state.nodeGroups.size > 0) {
    const groups = [...state.nodeGroups.keys()].join(', ');
    throw inUse(`Cluster has nodegroups attached: ${groups}`, details);
  }
  if (state.cluster.deletionProtection) {
    throw new EksError('InvalidRequestException', 'Cluster has deletion protection enabled', details);
  }
  state.updates.assertNoneInProgress({});
  await state.ready;
  state.cluster.status = 'DELETING';
  await state.runtime?.stop();
  const group = state.cluster.resourcesVpcConfig?.clusterSecurityGroupId;
  if (group !== undefined) await context.account.deleteSecurityGroup(group);
  context.clusters.delete(name);
  return state.cluster;
}

async function updateConfig(
  context: EmulatorContext,
  name: string,
  request: Wire<UpdateClusterConfigRequest>,
): Promise<unknown> {
  const { state } = activeCluster(context, name);
  const { cluster, updates } = state;
  const check: Check = checking({ clusterName: name });
  updates.assertNoneInProgress({});
  const { logging, resourcesVpcConfig: vpc, accessConfig, upgradePolicy, zonalShiftConfig } = request;
  if (logging) {
    const merged = completeLogging({
      clusterLogging: [...(logging.clusterLogging ?? []), ...keptLogging(cluster, logging)],
    });
    return updates.begin('LoggingUpdate', { ClusterLogging: logging.clusterLogging }, {}, async () => {
      if (logs(merged)) await context.account.ensureLogGroup(`/aws/eks/${name}/cluster`);
      cluster.logging = merged;
    });
  }
  if (vpc) {
    if (vpc.subnetIds || vpc.securityGroupIds) {
      const subnetIds = vpc.subnetIds ?? cluster.resourcesVpcConfig?.subnetIds;
      const zonesOf = async (ids: string[] | undefined): Promise<string> => {
        const subnets = await checkSubnets(context, { ...vpc, subnetIds: ids }, name);
        return [...new Set(subnets.map(({ zone }) => zone))].sort().join(', ');
      };
      const before = await zonesOf(cluster.resourcesVpcConfig?.subnetIds);
      const after = await zonesOf(subnetIds);
      check(
        before === after,
        `Provided subnets belong to the AZs '${after}'. But they should match the exact set of AZs '${before}' in which ` +
          'subnets were provided during cluster creation',
      );
    }
    const changed = { ...cluster.resourcesVpcConfig, ...withoutUndefined(vpc) };
    check(
      changed.endpointPublicAccess === true || changed.endpointPrivateAccess === true,
      'Private and public endpoint access cannot both be disabled',
    );
    const type = vpc.subnetIds || vpc.securityGroupIds ? 'VpcConfigUpdate' : 'EndpointAccessUpdate';
    return updates.begin(type, { ...vpc }, {}, () => {
      Object.assign(cluster.resourcesVpcConfig ?? {}, withoutUndefined(vpc));
    });
  }
  if (accessConfig?.authenticationMode) {
    const to = accessConfig.authenticationMode;
    const from = cluster.accessConfig?.authenticationMode ?? '';
    check(
      AUTHENTICATION_MODES.indexOf(to) > AUTHENTICATION_MODES.indexOf(from),
      `Unsupported authentication mode update from ${from} to ${to}`,
    );
    return updates.begin('AccessConfigUpdate', { AuthenticationMode: to }, {}, () => {
      if (cluster.accessConfig) cluster.accessConfig.authenticationMode = to;
    });
  }
  const plain = withoutUndefined({
    upgradePolicy,
    zonalShiftConfig,
    deletionProtection: request.deletionProtection,
    computeConfig: request.computeConfig,
    storageConfig: request.storageConfig,
    remoteNetworkConfig: request.remoteNetworkConfig,
  });
  const [, type] = PLAIN_UPDATES.find(([key]) => key in plain) ?? [];
  check(type, 'No changes needed');
  return updates.begin(type, plain, {}, () => {
    Object.assign(cluster, plain);
  });
}

/** What stays enabled of the logging when a request names only some of the types. */
function keptLogging(cluster: Wire<Cluster>, requested: Wire<Logging>): Wire<LogSetup>[] {
  const named = new Set((requested.clusterLogging ?? []).flatMap(({ types = [] }) => types));
  const enabled = (cluster.logging?.clusterLogging ?? []).filter((group) => group.enabled === true);
  return enabled.map(({ types = [] }) => ({
    enabled: true,
    types: types.filter((type) => !named.has(type)),
  }));
}

function updateVersion(
  context: EmulatorContext,
  name: string,
  request: Wire<UpdateClusterVersionRequest>,
): unknown {
  const { state, runtime } = activeCluster(context, name);
  const { cluster, updates } = state;
  const check: Check = checking({ clusterName: name });
  const from = cluster.version ?? '';
  const to = request.version ?? '';
  updates.assertNoneInProgress({});
  check(to !== from, `Cluster is already at version ${to}`);
  check(
    minorOf(to) === minorOf(from) + 1,
    `Unsupported Kubernetes minor version update from ${from} to ${to}: one minor version at a time; this sandbox takes no upgrade back`,
  );
  checkHasPrograms(context.runtimes, to, check);
  for (const [group, { nodegroup }] of state.nodeGroups) {
    check(
      minorOf(to) - minorOf(nodegroup.version ?? to) <= VERSION_SKEW,
      `Node group ${group} at ${nodegroup.version ?? ''} is too old for ${to}`,
    );
  }
  cluster.status = 'UPDATING';
  return updates.begin('VersionUpdate', { Version: to, PlatformVersion: 'eks.4' }, {}, async () => {
    try {
      await runtime.upgrade(to);
      cluster.version = to;
    } finally {
      cluster.status = 'ACTIVE';
    }
  });
}
