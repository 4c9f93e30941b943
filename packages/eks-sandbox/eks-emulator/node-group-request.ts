import type { CreateNodegroupRequest } from '@aws-sdk/client-eks';
import { NODE_IMAGE } from '@kubernetes-on-aws/eks-facts/node-image';
import { partitionOf, servicePrincipal } from '@kubernetes-on-aws/eks-facts/partitions';
import { minorOf, VERSION_SKEW } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import type { InstanceType, LaunchTemplateVersion, Subnet } from '../aws-emulator/emulated-account';
import { kubeletSettingsOf, userDataForm } from '../nodes/kubelet-settings';
import type { ClusterState, EmulatorContext } from './cluster-state';
import { invalidParameter, invalidRequest, type EksErrorDetails } from './eks-errors';
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
  if (!NODE_GROUP_NAME.test(name)) {
    throw invalidParameter(`The nodegroup name "${name}" must match ${NODE_GROUP_NAME.source}`, details);
  }
  checkScaling(request.scalingConfig, details);
  checkLabels(request.labels, details);
  checkTaints(request.taints, details);
  checkUpdateConfig(request.updateConfig, details);
  checkOneOf('capacityType', request.capacityType, CAPACITY_TYPES, details);
  if (request.amiType !== undefined && !AMI_TYPE.test(request.amiType)) {
    throw invalidParameter(`amiType ${request.amiType} is not one that EKS has`, details);
  }
  await checkNodeRole(context, request.nodeRole ?? '', details);
  const ids = request.subnets ?? [];
  const subnets = await account.subnets(ids);
  const missing = ids.filter((id) => !subnets.some((subnet) => subnet.id === id));
  if (ids.length === 0 || missing.length > 0) {
    throw invalidParameter(`The subnet ID '${missing.join(', ')}' does not exist`, details);
  }
  if (subnets.some((subnet) => subnet.vpcId !== cluster.resourcesVpcConfig?.vpcId)) {
    throw invalidParameter('The subnets of a node group must be in the VPC of its cluster', details);
  }
  const template = await resolveLaunchTemplate(context, request.launchTemplate, details);
  if (template && request.diskSize !== undefined) {
    throw invalidParameter('Disk size must be specified within the launch template.', details);
  }
  if (template?.imageId && (request.amiType !== undefined || request.version !== undefined)) {
    throw invalidParameter(
      'You cannot specify an AMI type or version with an image id in the launch template.',
      details,
    );
  }
  const amiType = template?.imageId === undefined ? (request.amiType ?? DEFAULT_AMI_TYPE) : 'CUSTOM';
  checkUserData(template?.userData, amiType, details);
  const instance = await checkInstanceTypes(context, request, template, details);
  const version = request.version ?? cluster.version ?? '';
  checkVersion(version, cluster.version ?? '', details);
  checkRelease(request.releaseVersion, version, amiType, details);
  return { subnets, instance, version, ...(template ? { template } : {}) };
}

/** min ≤ desired ≤ max, as EKS says it; for changes too. */
export function checkScaling(
  scaling:
    | { minSize?: number | undefined; maxSize?: number | undefined; desiredSize?: number | undefined }
    | undefined,
  details: EksErrorDetails,
): void {
  const { minSize = 1, maxSize = 2, desiredSize = 2 } = scaling ?? {};
  if (minSize < 0 || maxSize < 1 || minSize > maxSize) {
    throw invalidParameter(
      `Minimum capacity ${minSize} can't be greater than maximum capacity ${maxSize}`,
      details,
    );
  }
  if (desiredSize < minSize) {
    throw invalidParameter(
      `Minimum capacity ${minSize} can't be greater than desired size ${desiredSize}`,
      details,
    );
  }
  if (desiredSize > maxSize) {
    throw invalidParameter(
      `desired capacity ${desiredSize} can't be greater than max size ${maxSize}`,
      details,
    );
  }
}

/** Labels that Kubernetes would take, none of them of its own or of EKS's. */
export function checkLabels(
  labels: Readonly<Record<string, string>> | undefined,
  details: EksErrorDetails,
): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(value)) {
      throw invalidParameter(`Label ${key}=${value} is not a valid Kubernetes label`, details);
    }
    // A kubelet may not give itself these (NodeRestriction); EKS keeps its own prefix.
    const [prefix = ''] = key.includes('/') ? key.split('/') : [''];
    const isReserved =
      /(^|\.)eks\.amazonaws\.com$/.test(prefix) ||
      (/(^|\.)(kubernetes|k8s)\.io$/.test(prefix) && !/(^|\.)node\.kubernetes\.io$/.test(prefix));
    if (isReserved) {
      throw invalidRequest(
        `Label cannot contain reserved prefixes [kubernetes.io/, k8s.io/, eks.amazonaws.com/]: ${key}`,
        details,
      );
    }
  }
}

/** Taints by key and effect, once each. */
export function checkTaints(taints: Wire<CreateNodegroupRequest>['taints'], details: EksErrorDetails): void {
  const seen = new Set<string>();
  if ((taints ?? []).length > MAX_TAINTS) throw invalidParameter(`At most ${MAX_TAINTS} taints`, details);
  for (const { key = '', value = '', effect = '' } of taints ?? []) {
    if (!LABEL_KEY.test(key) || !LABEL_VALUE.test(value)) {
      throw invalidParameter(`Taint ${key}=${value}:${effect} is not a valid Kubernetes taint`, details);
    }
    checkOneOf('effect', effect, TAINT_EFFECTS, details);
    if (seen.has(`${key}:${effect}`))
      throw invalidParameter(`Taint ${key}:${effect} is stated twice`, details);
    seen.add(`${key}:${effect}`);
  }
}

/** A number of nodes or a percentage of them, from 1 to 100. */
export function checkUpdateConfig(
  rollout: Wire<CreateNodegroupRequest>['updateConfig'],
  details: EksErrorDetails,
): void {
  if (!rollout) return;
  const { maxUnavailable: count, maxUnavailablePercentage: percentage } = rollout;
  if ((count === undefined) === (percentage === undefined)) {
    throw invalidParameter(
      'Exactly one of maxUnavailable and maxUnavailablePercentage must be specified in updateConfig',
      details,
    );
  }
  const value = count ?? percentage ?? 0;
  if (!Number.isInteger(value) || value < 1 || value > 100) {
    throw invalidParameter(`maxUnavailable must be from 1 to 100, not ${value}`, details);
  }
}

/** User data has the form that the operating system reads, unless the AMI is the user's own. */
export function checkUserData(userData: string | undefined, amiType: string, details: EksErrorDetails): void {
  if (!userData || amiType === 'CUSTOM') return;
  const form = userDataForm(userData);
  if (amiType.startsWith('BOTTLEROCKET')) {
    if (form !== 'toml')
      throw invalidRequest('User data was not in a TOML format that could be processed.', details);
  } else if (form !== 'mime') {
    throw invalidRequest('User data was not in the MIME multipart format.', details);
  }
}

/** A release is of the Kubernetes version and the operating system. */
export function checkRelease(
  release: string | undefined,
  version: string,
  amiType: string,
  details: EksErrorDetails,
): void {
  if (release === undefined || amiType === 'CUSTOM' || isAmiRelease(release, version, amiType)) return;
  throw invalidParameter(
    `Requested release version ${release} is not valid for kubernetes version ${version}.`,
    details,
  );
}

function checkOneOf(
  name: string,
  value: string | undefined,
  allowed: readonly string[],
  details: EksErrorDetails,
): void {
  if (value === undefined || allowed.includes(value)) return;
  throw invalidParameter(`${name} must be one of ${allowed.join(', ')}, not ${value}`, details);
}

async function checkNodeRole(
  { account }: EmulatorContext,
  arn: string,
  details: EksErrorDetails,
): Promise<void> {
  const role = await account.role(arn);
  if (!role) {
    throw invalidParameter(
      `The role with name ${arn.split('/').at(-1) ?? ''} cannot be found; it does not exist.`,
      details,
    );
  }
  const ec2 = servicePrincipal('ec2', partitionOf(account.region));
  if (!role.trustedServices.includes(ec2)) {
    throw invalidParameter(
      `Following required service principals [${ec2}] were not found in the trust relationships of nodeRole ${arn}`,
      details,
    );
  }
}

/** The version of the launch template that the group uses, with its number. */
export async function resolveLaunchTemplate(
  { account }: EmulatorContext,
  requested: Wire<CreateNodegroupRequest>['launchTemplate'],
  details: EksErrorDetails,
): Promise<LaunchTemplateVersion | undefined> {
  if (!requested) return undefined;
  const { id, name, version = '$Default' } = requested;
  if ((id === undefined) === (name === undefined)) {
    throw invalidParameter(
      'Exactly one of the id and the name of the launch template must be given',
      details,
    );
  }
  const template = await account.launchTemplate(
    { ...(id ? { id } : {}), ...(name ? { name } : {}) },
    version,
  );
  if (!template) {
    throw invalidParameter(`Launch template ${id ?? name ?? ''} version ${version} does not exist`, details);
  }
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
    throw invalidRequest(
      `User data of the launch template: ${error instanceof Error ? error.message : String(error)}`,
      details,
    );
  }
  return template;
}

async function checkInstanceTypes(
  { account }: EmulatorContext,
  request: Wire<CreateNodegroupRequest>,
  template: LaunchTemplateVersion | undefined,
  details: EksErrorDetails,
): Promise<InstanceType> {
  const requested = request.instanceTypes ?? [];
  if (template?.instanceType && requested.length > 0) {
    throw invalidParameter(
      'You cannot specify instance types in both the launch template and the request.',
      details,
    );
  }
  const names = template?.instanceType
    ? [template.instanceType]
    : requested.length > 0
      ? requested
      : ['t3.medium'];
  const found: InstanceType[] = [];
  for (const name of names) {
    const instance = await account.instanceType(name);
    if (!instance)
      throw invalidParameter(`The following supplied instance types do not exist: [${name}]`, details);
    const amiType = request.amiType ?? DEFAULT_AMI_TYPE;
    const wants =
      amiType === 'CUSTOM' || template?.imageId
        ? instance.architecture
        : /ARM_64/.test(amiType)
          ? 'arm64'
          : 'x86_64';
    if (instance.architecture !== wants) {
      throw invalidParameter(
        `[${name}] is not a valid instance type for requested amiType ${amiType}`,
        details,
      );
    }
    found.push(instance);
  }
  const [first] = found;
  if (!first) throw invalidParameter('No instance type', details);
  return first;
}

/** Nodes are never newer than the control plane, and at most three minor versions older. */
export function checkVersion(version: string, clusterVersion: string, details: EksErrorDetails): void {
  const distance = minorOf(clusterVersion) - minorOf(version);
  if (!/^1\.\d+$/.test(version) || distance < 0 || distance > VERSION_SKEW) {
    throw invalidParameter(
      `Requested Nodegroup version ${version} is not supported with cluster version ${clusterVersion}`,
      details,
    );
  }
}
