import { DataAwsSubnet } from '@cdktf/provider-aws/lib/data-aws-subnet';
import type { App } from 'cdktf';
import type { Platform } from '../config/platform';
import { useAws } from '../constructs/aws/aws-provider';
import { EksCluster } from '../constructs/aws/eks-cluster';
import { FileSystem } from '../constructs/aws/file-system';
import { LogGroup } from '../constructs/aws/log-group';
import { subnetName } from '../constructs/aws/vpc';
import { LOG_COLLECTOR_ACCOUNT } from '../constructs/kubernetes/log-collector';
import { NODE_LABEL } from '../constructs/kubernetes/placement';
import { BaseStack } from '../constructs/terraform/base-stack';
import { StorefrontBacking } from '../workloads/storefront-backing';
import { LOGGING_NAMESPACE, podLogGroup } from './logging';
import { stateOf } from './state';

/** The EKS cluster, its node groups and add-ons, and the AWS side of what runs in it. */
export class ClusterStack extends BaseStack {
  constructor(app: App, platform: Platform) {
    super(app, 'cluster', stateOf(platform));
    useAws(this, { region: platform.region, platform: platform.name });

    const subnets = new Map(
      platform.network.zones.map((zone) => [
        zone,
        new DataAwsSubnet(this, `private-${zone}`, {
          filter: [{ name: 'tag:Name', values: [subnetName(platform.name, 'private', zone)] }],
        }),
      ]),
    );
    const cluster = new EksCluster(this, 'eks', {
      name: platform.name,
      version: platform.cluster.version,
      subnetIds: [...subnets.values()].map((subnet) => subnet.id),
      admins: platform.cluster.admins,
      publicAccess: platform.cluster.publicAccess,
      serviceCidr: platform.cluster.serviceCidr,
      logRetentionDays: platform.cluster.logRetentionDays,
    });
    for (const [name, node] of Object.entries(platform.nodes)) {
      const subnet = subnets.get(node.zone);
      if (!subnet) throw new Error(`node "${name}" is in zone "${node.zone}", which the network lacks`);
      cluster.addNodeGroup(name, {
        name,
        subnetIds: [subnet.id],
        instanceTypes: node.instanceTypes,
        scaling: { min: node.min, max: node.max, desired: node.desired },
        diskGiB: node.diskGiB,
        labels: { [NODE_LABEL]: name },
      });
    }
    for (const addOn of ['coredns', 'aws-ebs-csi-driver', 'aws-efs-csi-driver', 'metrics-server'] as const) {
      cluster.addAddOn(addOn);
    }
    this.collectLogs(platform, cluster);
    this.backStorefronts(platform, cluster, subnets);
  }

  /** What the storefronts need of AWS. It is here because stacks of namespaces hold Kubernetes objects only. */
  private backStorefronts(
    { name, namespaces }: Platform,
    cluster: EksCluster,
    subnets: ReadonlyMap<string, DataAwsSubnet>,
  ): void {
    const [first] = subnets.values();
    const shared = new FileSystem(this, 'shared-files', {
      name: `${name}-shared`,
      vpcId: first?.vpcId ?? '',
      subnetIds: Object.fromEntries([...subnets].map(([zone, { id }]) => [zone, id])),
      clients: { securityGroupIds: [cluster.nodeSecurityGroupId] },
    });
    for (const [namespace, { workloads }] of Object.entries(namespaces)) {
      if (!workloads.storefront) continue;
      new StorefrontBacking(this, `storefront-${namespace}`, {
        platform: name,
        namespace,
        fileSystemId: shared.id,
        loginRevision: workloads.storefront.loginRevision,
      });
    }
  }

  /** One log group a namespace, and the right to write to them for the log collector. */
  private collectLogs(platform: Platform, cluster: EksCluster): void {
    const groups = ['kube-system', LOGGING_NAMESPACE, 'default', ...Object.keys(platform.namespaces)].map(
      (namespace) =>
        new LogGroup(this, `pod-logs-${namespace}`, {
          name: podLogGroup(platform.name, namespace),
          retentionDays: platform.cluster.logRetentionDays,
        }),
    );
    cluster.addPodIdentity('log-collector', {
      namespace: LOGGING_NAMESPACE,
      serviceAccount: LOG_COLLECTOR_ACCOUNT,
      statements: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          Resource: groups.flatMap((group) => [group.arn, `${group.arn}:*`]),
        },
      ],
    });
  }
}
