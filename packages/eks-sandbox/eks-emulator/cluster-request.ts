import type { Cluster, CreateClusterRequest, VpcConfigRequest } from '@aws-sdk/client-eks';
import { Cidr, EKS_SERVICE_RANGES, PRIVATE_RANGES } from '@kubernetes-on-aws/eks-facts/cidr';
import { DEFAULT_KUBERNETES_VERSION } from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { zonesOf, zonesWithoutEks } from '@kubernetes-on-aws/eks-facts/zones';
import type { Subnet } from '../aws-emulator/emulated-account';
import type { ClusterRuntimes } from '../control-plane/cluster-runtime';
import type { EmulatorContext } from './cluster-state';
import { checking, EksError, type Check } from './eks-errors';
import type { Wire } from './wire';
import { startCommand } from '@kubernetes-on-aws/eks-facts/start-command';

const CLUSTER_NAME = /^[0-9A-Za-z][A-Za-z0-9\-_]{0,99}$/;
/** The parts of a cluster's configuration that have been checked and completed by their defaults. */
export interface CheckedCluster {
  readonly version: string;
  readonly subnets: readonly Subnet[];
  readonly vpcId: string;
  readonly vpcCidr: string;
  readonly serviceCidr: string;
}

/** Refuses what EKS refuses in CreateCluster, in its words where they are known. */
export async function checkClusterRequest(
  context: EmulatorContext,
  request: Wire<CreateClusterRequest>,
): Promise<CheckedCluster> {
  const { account, runtimes } = context;
  const name = request.name ?? '';
  const check: Check = checking({ clusterName: name });
  check(CLUSTER_NAME.test(name), `The cluster name "${name}" must match ${CLUSTER_NAME.source}`);
  const version = request.version ?? DEFAULT_KUBERNETES_VERSION;
  checkHasPrograms(runtimes, version, check);
  await checkClusterRole(context, request.roleArn, check);
  for (const encryption of request.encryptionConfig ?? []) {
    const key = encryption.provider?.keyArn ?? '';
    check(
      await account.kmsKeyExists(key),
      `The keyArn in encryptionConfig provider is invalid or not enabled: ${key}`,
    );
  }
  const subnets = await checkSubnets(context, request.resourcesVpcConfig, name);
  const vpcId = subnets[0]?.vpcId ?? '';
  const vpcCidr = await account.vpcCidr(vpcId);
  const serviceCidr = checkServiceCidr(request.kubernetesNetworkConfig?.serviceIpv4Cidr, vpcCidr, check);
  return { version, subnets, vpcId, vpcCidr, serviceCidr };
}

/** The machine may lack the programs of a version that EKS has. */
export function checkHasPrograms({ versions }: ClusterRuntimes, version: string, check: Check): void {
  check(
    versions.includes(version),
    `unsupported Kubernetes version: ${version}; this sandbox has the programs of ${versions.join(', ')}: ${startCommand(version)} builds them`,
  );
}

async function checkClusterRole(
  { account }: EmulatorContext,
  arn: string | undefined,
  check: Check,
): Promise<void> {
  const role = arn === undefined ? undefined : await account.role(arn);
  check(
    role?.trustedServices.includes('eks.amazonaws.com'),
    `Role with arn: ${arn ?? '(none)'}, could not be assumed because it does not exist or the trusted entity is not correct`,
  );
}

/** Subnets in at least two zones of one VPC, and security groups that exist; also for changes of them. */
export async function checkSubnets(
  { account }: EmulatorContext,
  config: Wire<VpcConfigRequest> | undefined,
  clusterName: string,
): Promise<Subnet[]> {
  const check: Check = checking({ clusterName });
  const ids = config?.subnetIds ?? [];
  check(ids.length > 0, 'subnetIds must not be empty');
  const subnets = await account.subnets(ids);
  const missing = ids.filter((id) => !subnets.some((subnet) => subnet.id === id));
  check(missing.length === 0, `The subnet ID '${missing.join(', ')}' does not exist`);
  const without = zonesWithoutEks(account.region);
  const unserved = subnets.find(({ zoneId }) => without.includes(zoneId));
  if (unserved) {
    const validZones = [...zonesOf(account.accountId, account.region)]
      .filter(([, id]) => !without.includes(id))
      .map(([name]) => name);
    throw new EksError(
      'UnsupportedAvailabilityZoneException',
      `Cannot create cluster '${clusterName}' because ${unserved.zone}, the targeted availability zone, does not currently have ` +
        `sufficient capacity to support the cluster. Retry and choose from these availability zones: ${validZones.join(', ')}`,
      { clusterName, validZones },
    );
  }
  const different = (key: 'zone' | 'vpcId'): number => new Set(subnets.map((subnet) => subnet[key])).size;
  check(different('zone') >= 2, 'Subnets specified must be in at least two different AZs');
  check(different('vpcId') === 1, 'Subnets specified must belong to the same VPC');
  for (const id of config?.securityGroupIds ?? []) {
    check(await account.securityGroupExists(id), `The security group '${id}' does not exist`);
  }
  return subnets;
}

function checkServiceCidr(requested: string | undefined, vpcCidr: string, check: Check): string {
  const vpc = new Cidr(vpcCidr);
  if (requested === undefined) {
    return EKS_SERVICE_RANGES.find((cidr) => !new Cidr(cidr).overlaps(vpc)) ?? '';
  }
  const range = Cidr.parse(requested);
  check(range, `${requested} is not an IPv4 CIDR block`);
  check(
    PRIVATE_RANGES.some((each) => range.isWithin(each)) && range.prefix >= 12 && range.prefix <= 24,
    `serviceIpv4Cidr ${requested} must lie within ${PRIVATE_RANGES.join(', ')} and be between /24 and /12`,
  );
  check(!range.overlaps(vpc), `serviceIpv4Cidr ${requested} overlaps with the VPC's ${vpcCidr}`);
  return requested;
}

/** The log types that EKS knows. */
const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'] as const;

/** The logging configuration as DescribeCluster gives it: every type, in one of two groups. */
export function completeLogging(requested: Wire<Cluster>['logging']): NonNullable<Wire<Cluster>['logging']> {
  const groups = requested?.clusterLogging ?? [];
  const enabled = LOG_TYPES.filter((type) =>
    groups.some((group) => group.enabled === true && group.types?.includes(type) === true),
  );
  const disabled = LOG_TYPES.filter((type) => !enabled.includes(type));
  return {
    clusterLogging: [
      ...(enabled.length > 0 ? [{ types: enabled, enabled: true }] : []),
      ...(disabled.length > 0 ? [{ types: disabled, enabled: false }] : []),
    ],
  };
}

/** Whether the type is logged. */
export function logs(logging: Wire<Cluster>['logging'], type?: (typeof LOG_TYPES)[number]): boolean {
  return (logging?.clusterLogging ?? []).some(
    (group) => group.enabled === true && (type === undefined || group.types?.includes(type) === true),
  );
}
