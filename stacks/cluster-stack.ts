import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import type { App } from 'cdktf';
import type { Platform } from '../src/config/platform';
import { EksCluster } from '../constructs/aws/cluster/eks-cluster';
import { ExternalDns } from '../constructs/aws/controllers/external-dns';
import { FileSystem, sharedFilesName } from '../constructs/aws/storage/file-system';
import { Karpenter } from '../constructs/aws/controllers/karpenter';
import { LoadBalancerController } from '../constructs/aws/controllers/load-balancer-controller';
import { ImageCache } from '../constructs/aws/nodes/image-cache';
import { LogGroup } from '../constructs/aws/observability/log-group';
import { ManagedPrometheus } from '../constructs/aws/observability/managed-prometheus';
import { subnetName } from '../constructs/aws/network/vpc';
import { EVENT_COLLECTOR_ACCOUNT } from '../constructs/kubernetes/observability/event-collector';
import { LOG_COLLECTOR_ACCOUNT } from '../constructs/kubernetes/observability/log-collector';
import { NODE_GROUP_LABEL } from '../src/facts/affinity-patch';
import { takingLiterally } from '../constructs/terraform/construct';
import { type Collected, loggedNamespaces, logGroupPrefix } from './log-groups';
import { pipelineArns } from './pipeline-stack';
import { LOGGING_NAMESPACE, STACK } from '../src/facts/stack-names';
import { Stack } from './stack';

/** The EKS cluster, its node groups and add-ons, and what of AWS all namespaces share. */
export class ClusterStack extends Stack {
  constructor(app: App, platform: Platform) {
    super(app, STACK.cluster, platform);

    const subnetsOf = (tier: 'private' | 'control-plane' | 'pods', zones: readonly string[]) =>
      new Map(
        zones.map((zone) => [
          zone,
          takingLiterally(
            new DataAwsSubnet(this, `${tier}-${zone}`, {
              filter: [{ name: 'tag:Name', values: [subnetName(platform.name, tier, zone)] }],
            }),
          ),
        ]),
      );
    const subnets = subnetsOf('private', platform.network.zones);
    const controlPlane = platform.network.controlPlaneSubnets
      ? subnetsOf('control-plane', platform.cluster.zones)
      : subnets;
    const pipeline = pipelineArns(platform);
    const pods =
      platform.network.secondaryCidr === undefined ? undefined : subnetsOf('pods', platform.network.zones);
    const cluster = new EksCluster(this, 'eks', {
      name: platform.name,
      version: platform.cluster.version,
      subnetIds: platform.cluster.zones.flatMap((zone) => controlPlane.get(zone)?.id ?? []),
      admins: platform.cluster.admins,
      pipelines: [...platform.cluster.pipelines, ...(pipeline ? [pipeline.apply] : [])],
      viewers: [...platform.cluster.viewers, ...(pipeline ? [pipeline.plan] : [])],
      teams: Object.fromEntries(
        Object.entries(platform.namespaces).map(([namespace, { teams }]) => [namespace, teams]),
      ),
      publicAccess: platform.cluster.publicAccess,
      serviceCidr: platform.cluster.serviceCidr,
      prefixDelegation: platform.network.prefixDelegation,
      ...(pods && {
        podSubnets: {
          region: platform.region,
          subnetIds: Object.fromEntries([...pods].map(([zone, { id }]) => [`${platform.region}${zone}`, id])),
        },
      }),
      logRetentionDays: platform.cluster.logRetentionDays,
      addOns: platform.cluster.addOns,
      zonalShift: platform.cluster.zonalShift,
      sessionManager: platform.cluster.sessionManager,
      ...(platform.images.cache && { nodeStatements: new ImageCache(this, 'image-cache').statements }),
    });
    for (const [name, node] of Object.entries(platform.nodes)) {
      const subnet = subnets.get(node.zone);
      if (!subnet) throw new Error(`node "${name}" is in zone "${node.zone}", which the network lacks`);
      cluster.addNodeGroup(name, {
        name,
        subnetIds: [subnet.id],
        instanceTypes: node.instanceTypes,
        capacity: node.capacity,
        os: node.os,
        scaling: { min: node.min, max: node.max, desired: node.desired, managedBy: node.scaling },
        kubelet: node.kubelet,
        diskGiB: node.diskGiB,
        labels: { ...node.labels, [NODE_GROUP_LABEL]: name },
        taints: node.taints,
        maxUnavailable: node.maxUnavailable,
        repair: node.repair,
        ...(node.release !== undefined && { release: node.release }),
      });
    }
    this.collect(platform, cluster, 'pod', LOG_COLLECTOR_ACCOUNT);
    this.collect(platform, cluster, 'event', EVENT_COLLECTOR_ACCOUNT);
    this.sharedFiles(platform, cluster, subnets);
    this.controllers(platform, cluster, subnets);
  }

  /** The AWS side of what runs in the cluster by choice. */
  private controllers(
    { region, cluster: settings }: Platform,
    cluster: EksCluster,
    subnets: ReadonlyMap<string, DataAwsSubnet>,
  ): void {
    const { loadBalancer, karpenter, externalDns } = settings.controllers;
    if (loadBalancer) new LoadBalancerController(this, 'load-balancer-controller', { cluster, region });
    if (karpenter) new Karpenter(this, 'karpenter', { cluster, region });
    if (externalDns) new ExternalDns(this, 'external-dns', { cluster, zones: externalDns.zones });
    if (settings.metrics === 'managed-prometheus') {
      new ManagedPrometheus(this, 'metrics', {
        cluster,
        subnetIds: settings.zones.flatMap((zone) => subnets.get(zone)?.id ?? []),
        logRetentionDays: settings.logRetentionDays,
      });
    }
  }

  /** The file system of the workloads' shared volumes. */
  private sharedFiles(
    { name }: Platform,
    cluster: EksCluster,
    subnets: ReadonlyMap<string, DataAwsSubnet>,
  ): void {
    const [first] = subnets.values();
    new FileSystem(this, 'shared-files', {
      name: sharedFilesName(name),
      vpcId: first?.vpcId ?? '',
      subnetIds: Object.fromEntries([...subnets].map(([zone, { id }]) => [zone, id])),
      clients: { securityGroupIds: [cluster.securityGroup] },
    });
  }

  /** One log group a namespace, and the right to write to them for the collector. */
  private collect(
    platform: Platform,
    cluster: EksCluster,
    collected: Collected,
    serviceAccount: string,
  ): void {
    const prefix = logGroupPrefix(platform.name, collected);
    const groups = loggedNamespaces(platform).map(
      (namespace) =>
        new LogGroup(this, `${collected}-logs-${namespace}`, {
          name: `${prefix}/${namespace}`,
          retentionDays: platform.cluster.logRetentionDays,
        }),
    );
    cluster.addPodIdentity(serviceAccount, {
      namespace: LOGGING_NAMESPACE,
      serviceAccount,
      statements: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: groups.flatMap((group) => [group.arn, `${group.arn}:*`]),
        },
      ],
    });
  }
}
