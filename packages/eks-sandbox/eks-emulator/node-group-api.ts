import { randomUUID } from 'node:crypto';
import type {
  CreateNodegroupRequest,
  Nodegroup,
  UpdateNodegroupConfigRequest,
  UpdateNodegroupVersionRequest,
} from '@aws-sdk/client-eks';
import { minorOf } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import { withoutUndefined } from '../aws-emulator/emulated-account';
import { isNodeReady, launchNodes, nodesOf, retireNode } from '../nodes/simulated-nodes';
import { waitForObjects } from '../control-plane/kubernetes-api';
import { admitNodeRole, dismissNodeRole } from './access-entry-api';
import {
  activeCluster,
  clusterNamed,
  eksArn,
  type ClusterState,
  type EmulatorContext,
} from './cluster-state';
import { checking, inUse, notFound, type Check } from './eks-errors';
import {
  checkLabels,
  checkNodeGroupRequest,
  checkRelease,
  checkScaling,
  checkTaints,
  checkUpdateConfig,
  checkUserData,
  checkVersion,
  DEFAULT_AMI_TYPE,
  resolveLaunchTemplate,
} from './node-group-request';
import type { NodeGroupState } from './node-group-state';
import { changeNodes, nodeTemplate, replaceNodes, scaleNodes } from './node-group-nodes';
import { page, type Routes } from './routes';
import { amiReleaseVersion } from './eks-versions';
import { now, type Wire } from './wire';

/** How long Nodes may take to become ready before EKS gives up; fifteen minutes on AWS. */
const JOIN_LIMIT_MS = 30_000;
/** How long the Pods of a group that is deleted are asked before they are removed. */
const DELETE_DRAIN_LIMIT_MS = 5_000;

/** Managed node groups: their Nodes are real objects of the cluster. */
export function nodeGroupRoutes(routes: Routes, context: EmulatorContext): void {
  const groups = '/clusters/{name}/node-groups';
  routes
    .on<Wire<CreateNodegroupRequest>>('POST', groups, async ({ at, body }) => ({
      nodegroup: await createNodeGroup(context, at('name'), body),
    }))
    .on('GET', groups, ({ at, query }) =>
      page('nodegroups', [...clusterNamed(context, at('name')).nodeGroups.keys()], query),
    )
    .on('GET', `${groups}/{group}`, ({ at }) => ({
      nodegroup: nodeGroupNamed(clusterNamed(context, at('name')), at('group')).nodegroup,
    }))
    .on('DELETE', `${groups}/{group}`, ({ at }) => ({
      nodegroup: deleteNodeGroup(context, at('name'), at('group')),
    }))
    .on<Wire<UpdateNodegroupConfigRequest>>('POST', `${groups}/{group}/update-config`, ({ at, body }) => ({
      update: updateConfig(context, at('name'), at('group'), body),
    }))
    .on<Wire<UpdateNodegroupVersionRequest>>(
      'POST',
      `${groups}/{group}/update-version`,
      async ({ at, body }) => ({ update: await updateVersion(context, at('name'), at('group'), body) }),
    );
}

function nodeGroupNamed({ cluster, nodeGroups }: ClusterState, name: string): NodeGroupState {
  const group = nodeGroups.get(name);
  const details = { clusterName: cluster.name ?? '', nodegroupName: name };
  if (!group) throw notFound(`No node group found for name: ${name}.`, details);
  return group;
}

async function createNodeGroup(
  context: EmulatorContext,
  clusterName: string,
  request: Wire<CreateNodegroupRequest>,
): Promise<Wire<Nodegroup>> {
  const { state, runtime } = activeCluster(context, clusterName);
  const name = request.nodegroupName ?? '';
  const assertFree = (): void => {
    if (!state.nodeGroups.has(name)) return;
    const message = `NodeGroup already exists with name ${name} and cluster name ${clusterName}`;
    throw inUse(message, { clusterName, nodegroupName: name });
  };
  assertFree();
  const { subnets, instance, template, version } = await checkNodeGroupRequest(context, state, request);
  assertFree();
  const nodegroup = describe(context, state, request, version, template);
  const group: NodeGroupState = {
    nodegroup,
    subnets,
    instance,
    ...(template ? { template } : {}),
    settled: Promise.resolve(),
  };
  state.nodeGroups.set(name, group);
  admitNodeRole(context, state, request.nodeRole ?? '');
  group.settled = bringUp(context, runtime.api, group).catch((error: unknown) => {
    fail(context, group, 'InternalFailure', messageOf(error), [name]);
  });
  return structuredClone(nodegroup);
}

function describe(
  { account }: EmulatorContext,
  { cluster }: ClusterState,
  request: Wire<CreateNodegroupRequest>,
  version: string,
  template: NodeGroupState['template'],
): Wire<Nodegroup> {
  const name = request.nodegroupName ?? '';
  const id = randomUUID();
  const custom = template?.imageId !== undefined;
  const amiType = custom ? ('CUSTOM' as const) : (request.amiType ?? DEFAULT_AMI_TYPE);
  return withoutUndefined({
    nodegroupName: name,
    nodegroupArn: eksArn(account, `nodegroup/${cluster.name ?? ''}/${name}/${id}`),
    clusterName: cluster.name,
    version,
    releaseVersion: custom
      ? template.imageId
      : (request.releaseVersion ?? amiReleaseVersion(version, amiType)),
    createdAt: now(),
    modifiedAt: now(),
    status: 'CREATING' as const,
    capacityType: request.capacityType ?? ('ON_DEMAND' as const),
    scalingConfig: {
      minSize: 1,
      maxSize: 2,
      desiredSize: 2,
      ...withoutUndefined(request.scalingConfig ?? {}),
    },
    instanceTypes: template?.instanceType ? undefined : (request.instanceTypes ?? ['t3.medium']),
    subnets: request.subnets,
    amiType,
    nodeRole: request.nodeRole,
    labels: request.labels ?? {},
    taints: request.taints ?? [],
    diskSize: template ? undefined : (request.diskSize ?? 20),
    resources: { autoScalingGroups: [{ name: `eks-${name}-${id}` }] },
    health: { issues: [] },
    updateConfig: request.updateConfig ?? { maxUnavailable: 1 },
    nodeRepairConfig: request.nodeRepairConfig ?? { enabled: false },
    launchTemplate: template && { id: template.id, name: template.name, version: template.version },
    tags: request.tags ?? {},
  });
}

async function bringUp(
  context: EmulatorContext,
  api: Parameters<typeof launchNodes>[0],
  group: NodeGroupState,
): Promise<void> {
  const { nodegroup } = group;
  const count = nodegroup.scalingConfig?.desiredSize ?? 0;
  const names = await launchNodes(api, await nodeTemplate(context, group), count);
  const joined = await waitForObjects(
    api,
    nodesOf(nodegroup.nodegroupName ?? ''),
    (nodes) => names.every((name) => nodes.some((node) => node.metadata.name === name && isNodeReady(node))),
    JOIN_LIMIT_MS,
  );
  if (joined) {
    nodegroup.status = 'ACTIVE';
    nodegroup.modifiedAt = now();
  } else {
    const message =
      'Unhealthy nodes in the kubernetes cluster: container runtime network not ready, cni plugin not initialized' +
      ' (no Pod of the add-on vpc-cni runs on them)';
    fail(context, group, 'NodeCreationFailure', message, names);
  }
}

function fail(
  context: EmulatorContext,
  { nodegroup }: NodeGroupState,
  code: 'NodeCreationFailure' | 'InternalFailure',
  message: string,
  resourceIds: string[],
): void {
  nodegroup.status = 'CREATE_FAILED';
  nodegroup.health = { issues: [{ code, message, resourceIds }] };
  context.report(`node group ${nodegroup.nodegroupName ?? ''} of ${nodegroup.clusterName ?? ''}: ${message}`);
}

function deleteNodeGroup(context: EmulatorContext, clusterName: string, name: string): Wire<Nodegroup> {
  const state = clusterNamed(context, clusterName);
  const group = nodeGroupNamed(state, name);
  if (group.nodegroup.status === 'DELETING') return group.nodegroup;
  state.updates.assertNoneInProgress({ nodegroupName: name });
  group.nodegroup.status = 'DELETING';
  const before = group.settled;
  const remove = async (): Promise<void> => {
    await before;
    group.nodegroup.status = 'DELETING';
    const api = state.runtime?.api;
    if (api) {
      const nodes = await api.list(nodesOf(name));
      await Promise.all(
        nodes.map((node) => retireNode(api, node.metadata.name, DELETE_DRAIN_LIMIT_MS, true)),
      );
    }
    state.nodeGroups.delete(name);
    dismissNodeRole(state, group.nodegroup.nodeRole ?? '');
  };
  group.settled = remove().catch((error: unknown) => {
    group.nodegroup.status = 'DELETE_FAILED';
    const message = messageOf(error);
    group.nodegroup.health = { issues: [{ code: 'InternalFailure', message, resourceIds: [name] }] };
    context.report(`node group ${name} of ${clusterName} could not be deleted: ${message}`);
  });
  return structuredClone(group.nodegroup);
}

function updateConfig(
  context: EmulatorContext,
  clusterName: string,
  name: string,
  request: Wire<UpdateNodegroupConfigRequest>,
): unknown {
  const { state, runtime } = activeCluster(context, clusterName);
  const group = activeGroup(state, name);
  const { nodegroup } = group;
  const details = { clusterName, nodegroupName: name };
  const { scalingConfig, labels, taints, updateConfig: rollout, nodeRepairConfig } = request;
  const scaling = { ...nodegroup.scalingConfig, ...withoutUndefined(scalingConfig ?? {}) };
  const check: Check = checking(details);
  checkScaling(scaling, check);
  checkLabels(labels?.addOrUpdateLabels, details);
  checkTaints(taints?.addOrUpdateTaints, check);
  checkUpdateConfig(rollout, check);
  nodegroup.status = 'UPDATING';
  const parameters = {
    MinSize: scalingConfig?.minSize,
    MaxSize: scalingConfig?.maxSize,
    DesiredSize: scalingConfig?.desiredSize,
    LabelsToAdd: labels?.addOrUpdateLabels,
    LabelsToRemove: labels?.removeLabels,
    TaintsToAdd: taints?.addOrUpdateTaints,
    TaintsToRemove: taints?.removeTaints,
    MaxUnavailable: rollout?.maxUnavailable,
    MaxUnavailablePercentage: rollout?.maxUnavailablePercentage,
    NodeRepairEnabled: nodeRepairConfig?.enabled,
  };
  return state.updates.begin('ConfigUpdate', parameters, { nodegroupName: name }, () =>
    settle(group, async () => {
      const oldLabels = Object.keys(nodegroup.labels ?? {});
      const kept = Object.entries({ ...nodegroup.labels, ...labels?.addOrUpdateLabels });
      nodegroup.labels = Object.fromEntries(kept.filter(([key]) => !labels?.removeLabels?.includes(key)));
      const changed = [...(taints?.removeTaints ?? []), ...(taints?.addOrUpdateTaints ?? [])];
      const untouched = (nodegroup.taints ?? []).filter(
        (taint) => !changed.some(({ key, effect }) => key === taint.key && effect === taint.effect),
      );
      nodegroup.taints = [...untouched, ...(taints?.addOrUpdateTaints ?? [])];
      nodegroup.scalingConfig = scaling;
      if (rollout) nodegroup.updateConfig = rollout;
      if (nodeRepairConfig) nodegroup.nodeRepairConfig = nodeRepairConfig;
      if (labels ?? taints) {
        const gone = oldLabels.filter((key) => !(key in (nodegroup.labels ?? {})));
        await changeNodes(runtime.api, await nodeTemplate(context, group), gone);
      }
      if (scalingConfig) await scaleNodes(runtime.api, context, group, JOIN_LIMIT_MS);
    }),
  );
}

async function updateVersion(
  context: EmulatorContext,
  clusterName: string,
  name: string,
  request: Wire<UpdateNodegroupVersionRequest>,
): Promise<unknown> {
  const { state, runtime } = activeCluster(context, clusterName);
  const group = activeGroup(state, name);
  const { nodegroup } = group;
  const details = { clusterName, nodegroupName: name };
  const from = nodegroup.version ?? '';
  const to = request.version ?? from;
  const check: Check = checking(details);
  checkVersion(to, state.cluster.version ?? '', check);
  check(
    minorOf(to) >= minorOf(from),
    `Nodegroup Kubernetes version cannot be downgraded from ${from} to ${to}`,
  );
  check(
    !request.launchTemplate || nodegroup.launchTemplate,
    'A node group without a launch template cannot be given one',
  );
  const template = await resolveLaunchTemplate(context, request.launchTemplate, details);
  check(
    !template || template.id === nodegroup.launchTemplate?.id,
    'The launch template of a node group cannot be exchanged, only its version',
  );
  const amiType = nodegroup.amiType ?? DEFAULT_AMI_TYPE;
  checkUserData(template?.userData, amiType, details);
  checkRelease(request.releaseVersion, to, amiType, check);
  const instance = template?.instanceType
    ? await context.account.instanceType(template.instanceType)
    : group.instance;
  check(instance, `[${template?.instanceType ?? ''}] is not an instance type`);
  state.updates.assertNoneInProgress({ nodegroupName: name });
  nodegroup.status = 'UPDATING';
  // An update that names no release takes the newest.
  const releaseVersion = request.releaseVersion ?? amiReleaseVersion(to, amiType);
  const parameters = {
    Version: to,
    ReleaseVersion: releaseVersion,
    LaunchTemplateId: template?.id,
    LaunchTemplateVersion: template?.version,
  };
  return state.updates.begin('VersionUpdate', parameters, { nodegroupName: name }, () =>
    settle(group, async () => {
      const before = { template: group.template, instance: group.instance };
      if (template) group.template = template;
      group.instance = instance;
      nodegroup.version = to;
      try {
        await replaceNodes(runtime.api, context, group, JOIN_LIMIT_MS, request.force === true);
      } catch (error) {
        // EKS rolls a failed update back: the group states what it had.
        if (before.template) group.template = before.template;
        group.instance = before.instance;
        nodegroup.version = from;
        throw error;
      }
      if (template)
        nodegroup.launchTemplate = { id: template.id, name: template.name, version: template.version };
      nodegroup.releaseVersion = template?.imageId ?? releaseVersion;
    }),
  );
}

/** @throws {EksError} ResourceInUseException while something is under way with the group */
function activeGroup(state: ClusterState, name: string): NodeGroupState {
  const group = nodeGroupNamed(state, name);
  state.updates.assertNoneInProgress({ nodegroupName: name });
  const { status } = group.nodegroup;
  if (status !== 'ACTIVE' && status !== 'DEGRADED') {
    throw inUse(`Nodegroup cannot be updated as it is currently not in Active State: ${String(status)}`, {
      clusterName: state.cluster.name ?? '',
      nodegroupName: name,
    });
  }
  return group;
}

/** Does work on the group's Nodes and lets it be ACTIVE again, however the work ended. */
async function settle(group: NodeGroupState, work: () => Promise<void>): Promise<void> {
  const running = work();
  group.settled = running.catch(() => undefined);
  try {
    await running;
  } finally {
    group.nodegroup.status = 'ACTIVE';
    group.nodegroup.modifiedAt = now();
  }
}
