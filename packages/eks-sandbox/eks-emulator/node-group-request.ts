import type { CreateNodegroupRequest, NodegroupScalingConfig } from '@aws-sdk/client-eks';
import { NODE_IMAGE } from '@kubernetes-on-aws/eks-facts/node-image';
import { partitionOf, servicePrincipal } from '@kubernetes-on-aws/eks-facts/partitions';
import { messageOf } from '@kubernetes-on-aws/eks-facts/user-error';
import { minorOf, VERSION_SKEW } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import type { InstanceType, LaunchTemplateVersion, Subnet } from '../aws-emulator/emulated-account';
import { kubeletSettingsOf, userDataForm } from '@kubernetes-on-aws/eks-facts/kubelet-settings';
import type { ClusterState, EmulatorContext } from './cluster-state';
import { checking, invalidRequest, type Check, type EksErrorDetails } from './eks-errors';
import { isAmiRelease } from './eks-versions';
import type { Wire } from './wire';

/** What a node group is made from that does not say. */
export const DEFAULT_AMI_TYPE = NODE_IMAGE.al2023.amiType.x86_64;

const NODE_GROUP_NAME = /^[0-9A-Za-z][A-Za-z0-9\-_]{0,62}$/;
const LABEL_KEY = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const AMI_TYPE = /^(CUSTOM|(AL2|AL2023|BOTTLEROCKET|WINDOWS)_\w+)$/;
const CAPACITY_TYPES = ['ON_DEMAND', 'SPOT', 'CAPACITY_BLOCK'];
const TAINT_EFFECTS = ['NO_SCHEDULE', 'NO_EXECUTE', 'PREFER_NO_SCHEDULE'];
/** The most taints that a node group may have. */
const MAX_TAINTS = 50;

/** What a checked request says, completed by what the account knows. */
export interface CheckedNodeGroup {
  readonly subnets: readonly Subnet[];
  readonly instance: InstanceType;
  readonly template?: LaunchTemplateVersion;
  readonly version: string;
}

/** Refuses what EKS refuses in CreateNodegroup, in its words where they are known. */
export async function checkNodeGroupRequest(
  context: EmulatorContext,
  { cluster }: ClusterState,
  request: Wire<CreateNodegroupRequest>,
): Promise<CheckedNodeGroup> {
  const { account } = context;
  const name = request.nodegroupName ?? '';
  const details = { clusterName: cluster.name ?? '', nodegroupName: name };
  const check: Check = checking(details);
  check(NODE_GROUP_NAME.test(name), `The nodegroup name "${name}" must match ${NODE_GROUP_NAME.source}`);
  checkScaling(request.scalingConfig, check);
  checkLabels(request.labels, details);
  checkTaints(request.taints, check);
  checkUpdateConfig(request.updateConfig, check);
  const { capacityType = 'ON_DEMAND', amiType: asked } = request;
  checkOneOf('capacityType', capacityType, CAPACITY_TYPES, check);
  check(asked === undefined || AMI_TYPE.test(asked), `amiType ${String(asked)} is not one that EKS has`);
  await checkNodeRole(context, request.nodeRole ?? '', check);
  const ids = request.subnets ?? [];
  const subnets = await account.subnets(ids);
  const missing = ids.filter((id) => !subnets.some((subnet) => subnet.id === id));
  check(ids.length > 0 && missing.length === 0, `The subnet ID '${missing.join(', ')}' does not exist`);
  check(
    subnets.every((subnet) => subnet.vpcId === cluster.resourcesVpcConfig?.vpcId),
    'The subnets of a node group must be in the VPC of its cluster',
  );
  const template = await resolveLaunchTemplate(context, request.launchTemplate, details);
  check(
    !template || request.diskSize === undefined,
    'Disk size must be specified within the launch template.',
  );
  check(
    !template?.imageId || (asked === undefined && request.version === undefined),
    'You cannot specify an AMI type or version with an image ID in the launch template.',
  );
  const amiType = template?.imageId === undefined ? (asked ?? DEFAULT_AMI_TYPE) : 'CUSTOM';
  checkUserData(template?.userData, amiType, details);
  const instance = await checkInstanceTypes(context, request, template, check);
  const version = request.version ?? cluster.version ?? '';
  checkVersion(version, cluster.version ?? '', check);
  checkRelease(request.releaseVersion, version, amiType, check);
  return { subnets, instance, version, ...(template ? { template } : {}) };
}

/** min ≤ desired ≤ max, as EKS says it; for changes too. */
export function checkScaling(scaling: Wire<NodegroupScalingConfig> | undefined, check: Check): void {
  const { minSize = 1, maxSize = 2, desiredSize = 2 } = scaling ?? {};
  check(
    minSize >= 0 && maxSize >= 1 && minSize <= maxSize,
    `Minimum capacity ${minSize} can't be greater than maximum capacity ${maxSize}`,
  );
  check(
    desiredSize >= minSize,
    `Minimum capacity ${minSize} can't be greater than desired size ${desiredSize}`,
  );
  check(desiredSize <= maxSize, `desired capacity ${desiredSize} can't be greater than max size ${maxSize}`);
}

/** Labels that Kubernetes would take, none of them of its own or of EKS's. */
export function checkLabels(
  labels: Readonly<Record<string, string>> | undefined,
  details: EksErrorDetails,
): void {
  const check: Check = checking(details);
  for (const [key, value] of Object.entries(labels ?? {})) {
    check(
      LABEL_KEY.test(key) && LABEL_VALUE.test(value),
      `Label ${key}=${value} is not a valid Kubernetes label`,
    );
    // A kubelet may not give itself these (NodeRestriction); EKS keeps its own prefix.
    const [prefix = ''] = key.includes('/') ? key.split('/') : [''];
    const isReserved =
      /(^|\.)eks\.amazonaws\.com$/.test(prefix) ||
      (/(^|\.)(kubernetes|k8s)\.io$/.test(prefix) && !/(^|\.)node\.kubernetes\.io$/.test(prefix));
    if (!isReserved) continue;
    const reserved = '[kubernetes.io/, k8s.io/, eks.amazonaws.com/]';
    throw invalidRequest(`Label cannot contain reserved prefixes ${reserved}: ${key}`, details);
  }
}

/** Taints by key and effect, once each. */
export function checkTaints(taints: Wire<CreateNodegroupRequest>['taints'], check: Check): void {
  const seen = new Set<string>();
  check((taints ?? []).length <= MAX_TAINTS, `At most ${MAX_TAINTS} taints`);
  for (const { key = '', value = '', effect = '' } of taints ?? []) {
    const isValid = LABEL_KEY.test(key) && LABEL_VALUE.test(value);
    check(isValid, `Taint ${key}=${value}:${effect} is not a valid Kubernetes taint`);
    checkOneOf('effect', effect, TAINT_EFFECTS, check);
    check(!seen.has(`${key}:${effect}`), `Taint ${key}:${effect} is stated twice`);
    seen.add(`${key}:${effect}`);
  }
}

/** A number of nodes or a percentage of them, from 1 to 100. */
export function checkUpdateConfig(rollout: Wire<CreateNodegroupRequest>['updateConfig'], check: Check): void {
  if (!rollout) return;
  const { maxUnavailable: count, maxUnavailablePercentage: percentage } = rollout;
  check(
    (count === undefined) !== (percentage === undefined),
    'Exactly one of maxUnavailable and maxUnavailablePercentage must be specified in updateConfig',
  );
  const value = count ?? percentage ?? 0;
  const isInRange = Number.isInteger(value) && value >= 1 && value <= 100;
  check(isInRange, `maxUnavailable must be from 1 to 100, not ${value}`);
}

/** User data has the form that the operating system reads, unless the AMI is the user's own. */
export function checkUserData(userData: string | undefined, amiType: string, details: EksErrorDetails): void {
  if (!userData || amiType === 'CUSTOM') return;
  const [form, message] = amiType.startsWith('BOTTLEROCKET')
    ? ['toml', 'User data was not in a TOML format that could be processed.']
    : ['mime', 'User data was not in the MIME multipart format.'];
  if (userDataForm(userData) !== form) throw invalidRequest(message, details);
}

/** A release is of the Kubernetes version and the operating system. */
export function checkRelease(
  release: string | undefined,
  version: string,
  amiType: string,
  check: Check,
): void {
  check(
    release === undefined || amiType === 'CUSTOM' || isAmiRelease(release, version, amiType),
    `Requested release version ${String(release)} is not valid for kubernetes version ${version}.`,
  );
}

function checkOneOf(name: string, value: string, allowed: readonly string[], check: Check): void {
  check(allowed.includes(value), `${name} must be one of ${allowed.join(', ')}, not ${value}`);
}

async function checkNodeRole({ account }: EmulatorContext, arn: string, check: Check): Promise<void> {
  const role = await account.role(arn);
  check(role, `The role with name ${arn.split('/').at(-1) ?? ''} cannot be found; it does not exist.`);
  const ec2 = servicePrincipal('ec2', partitionOf(account.region));
  check(
    role.trustedServices.includes(ec2),
    `Following required service principals [${ec2}] were not found in the trust relationships of nodeRole ${arn}`,
  );
}

/** The version of the launch template that the group uses, with its number. */
export async function resolveLaunchTemplate(
  { account }: EmulatorContext,
  requested: Wire<CreateNodegroupRequest>['launchTemplate'],
  details: EksErrorDetails,
): Promise<LaunchTemplateVersion | undefined> {
  if (!requested) return undefined;
  const check: Check = checking(details);
  const { id, name, version = '$Default' } = requested;
  check(
    (id === undefined) !== (name === undefined),
    'Exactly one of the ID and the name of the launch template must be given',
  );
  const which = { ...(id ? { id } : {}), ...(name ? { name } : {}) };
  const template = await account.launchTemplate(which, version);
  check(template, `Launch template ${id ?? name ?? ''} version ${version} does not exist`);
  if (template.hasInstanceProfile) {
    throw invalidRequest(
      'Launch template should not specify an instance profile. The noted launch template should not be used.',
      details,
    );
  }
  if (template.hasSubnet) throw invalidRequest('Launch template should not specify a subnet.', details);
  try {
    kubeletSettingsOf(template.userData);
  } catch (error) {
    throw invalidRequest(`User data of the launch template: ${messageOf(error)}`, details);
  }
  return template;
}

async function checkInstanceTypes(
  { account }: EmulatorContext,
  request: Wire<CreateNodegroupRequest>,
  template: LaunchTemplateVersion | undefined,
  check: Check,
): Promise<InstanceType> {
  const requested = request.instanceTypes ?? [];
  check(
    !template?.instanceType || requested.length === 0,
    'You cannot specify instance types in both the launch template and the request.',
  );
  const asked = template?.instanceType ? [template.instanceType] : requested;
  const found: InstanceType[] = [];
  for (const name of asked.length > 0 ? asked : ['t3.medium']) {
    const instance = await account.instanceType(name);
    check(instance, `The following supplied instance types do not exist: [${name}]`);
    const amiType = request.amiType ?? DEFAULT_AMI_TYPE;
    const imageArchitecture = amiType.includes('ARM_64') ? 'arm64' : 'x86_64';
    check(
      amiType === 'CUSTOM' || template?.imageId || instance.architecture === imageArchitecture,
      `[${name}] is not a valid instance type for requested amiType ${amiType}`,
    );
    found.push(instance);
  }
  const [first] = found;
  check(first, 'No instance type');
  return first;
}

/** Nodes are never newer than the control plane, and at most three minor versions older. */
export function checkVersion(version: string, clusterVersion: string, check: Check): void {
  const distance = minorOf(clusterVersion) - minorOf(version);
  check(
    /^1\.\d+$/.test(version) && distance >= 0 && distance <= VERSION_SKEW,
    `Requested Nodegroup version ${version} is not supported with cluster version ${clusterVersion}`,
  );
}
