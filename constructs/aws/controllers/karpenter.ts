import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { Construct } from '../../terraform/construct';
import { Account } from '../account/account';
import { servicePrincipal } from '../account/partition';
import type { EksCluster } from '../cluster/eks-cluster';
import { actions, grant, words } from '../identity/grant';
import { PodIdentity } from '../identity/pod-identity';
import { onlyThroughTls, policyDocument, type PolicyStatement } from '../identity/policy-document';
import { nodePolicies, ServiceRole } from '../identity/service-role';

/** Where Karpenter's chart is installed by its manual, and the ServiceAccount that it makes there. */
const NAMESPACE = 'kube-system';
const SERVICE_ACCOUNT = 'karpenter';

/** Karpenter reads a message within seconds; an older one tells of an instance that is gone. */
const MESSAGE_RETENTION_SECONDS = 300;

/** What tells that an instance is about to go, or has gone. The names, after the cluster's, stay within the 64 of EventBridge. */
const EVENTS = {
  'spot-interruption': { source: 'aws.ec2', detailType: 'EC2 Spot Instance Interruption Warning' },
  rebalance: { source: 'aws.ec2', detailType: 'EC2 Instance Rebalance Recommendation' },
  'state-change': { source: 'aws.ec2', detailType: 'EC2 Instance State-change Notification' },
  'capacity-reservation': {
    source: 'aws.ec2',
    detailType: 'EC2 Capacity Reservation Instance Interruption Warning',
  },
  health: { source: 'aws.health', detailType: 'AWS Health Event' },
} as const;

/** The cluster whose nodes Karpenter starts, and its region. */
export interface KarpenterOptions {
  readonly cluster: EksCluster;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
}

/**
 * The AWS side of Karpenter, which starts and terminates EC2 instances as Pods need them. It has the IAM role of its Pods, and
 * a queue for AWS' notices of interruption. Its nodes have a role, an instance profile and an access entry.
 *
 * The controller itself is a chart, which finds its role by the name of its ServiceAccount and needs no annotation:
 *
 * ```sh
 * helm install karpenter oci://public.ecr.aws/karpenter/karpenter --namespace kube-system \
 *   --set settings.clusterName=<cluster> --set settings.interruptionQueue=<cluster>-karpenter
 * ```
 *
 * Where Pods have a range of their own, `--set settings.reservedENIs=1` tells it that a node's first interface has none of them.
 *
 * The matching `EC2NodeClass` follows. The instance profile exists already, so the controller needs no right to change IAM. With
 * `role` instead, it would need one. The subnets and the security group have tags that identify them, without
 * `karpenter.sh/discovery`:
 *
 * ```yaml
 * spec:
 *   amiSelectorTerms: [{ alias: al2023@latest }]
 *   instanceProfile: <cluster>-karpenter-node
 *   subnetSelectorTerms: [{ tags: { Platform: <cluster>, Name: <cluster>-private-* } }]
 *   securityGroupSelectorTerms: [{ tags: { aws:eks:cluster-name: <cluster> } }]
 *   tags: { Platform: <cluster> } # and those of `tags:` in platform.yaml
 * ```
 *
 * The rights are those that the controller asks for, each limited to instances and templates with the tags of this cluster. Not
 * among them: what `ENABLE_ZONAL_SHIFT` needs, which is off unless it is turned on.
 *
 * Instances of Karpenter are in no Terraform state. Before you destroy the cluster, delete the NodePools, and wait until their
 * nodes are gone. Remaining instances keep their network interfaces, and with them the subnets.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/
 */
export class Karpenter extends Construct {
  readonly identity: PodIdentity;
  /** The role of the nodes. */
  readonly nodeRole: ServiceRole;
  readonly instanceProfile: IamInstanceProfile;
  /** What tells of instances that will go. */
  readonly queue: SqsQueue;

  constructor(scope: Construct, id: string, { cluster, region }: KarpenterOptions) {
    super(scope, id);
    const name = `${cluster.name}-karpenter`;
    this.nodeRole = new ServiceRole(this, 'node-role', {
      name: `${name}-node`,
      trust: 'ec2',
      managedPolicies: nodePolicies(cluster.sessionManager),
      statements: cluster.nodeStatements,
    });
    this.instanceProfile = new IamInstanceProfile(this, 'node-profile', {
      name: `${name}-node`,
      role: this.nodeRole.resource.name,
    });
    // EKS makes this entry itself for managed groups only. The type gives the group `system:nodes`, and takes no policy.
    new EksAccessEntry(this, 'nodes', {
      clusterName: cluster.resource.name,
      principalArn: this.nodeRole.arn,
      type: 'EC2_LINUX',
    });
    this.queue = new SqsQueue(this, 'interruptions', {
      name,
      messageRetentionSeconds: MESSAGE_RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
    });
    this.fillQueue(name);
    const account = Account.of(this);
    this.identity = new PodIdentity(this, 'identity', {
      cluster: cluster.resource,
      namespace: NAMESPACE,
      serviceAccount: SERVICE_ACCOUNT,
      statements: [
        ...discovery(account, region, cluster.name),
        ...instances(account, region, cluster.name),
        ...this.ownStatements(account),
      ],
    });
  }

  /** Events go from EventBridge to the queue by the queue's policy; a principal without a right to it by IAM has none. */
  private fillQueue(name: string): void {
    const rules = Object.entries(EVENTS).map(([event, { source, detailType }]) => {
      const rule = new CloudwatchEventRule(this, event, {
        name: `${name}-${event}`,
        description: `${detailType}, for Karpenter`,
        eventPattern: JSON.stringify({ source: [source], 'detail-type': [detailType] }),
      });
      new CloudwatchEventTarget(this, `${event}-target`, {
        rule: rule.name,
        targetId: 'karpenter',
        arn: this.queue.arn,
      });
      return rule;
    });
    new SqsQueuePolicy(this, 'interruptions-policy', {
      queueUrl: this.queue.url,
      policy: policyDocument(
        {
          Sid: 'Events',
          Effect: 'Allow',
          Principal: { Service: servicePrincipal(this, 'events') },
          Action: ['sqs:SendMessage'],
          Resource: [this.queue.arn],
          Condition: { ArnEquals: { 'aws:SourceArn': rules.map((rule) => rule.arn) } },
        },
        onlyThroughTls('sqs:*', this.queue.arn),
      ),
    });
  }

  /** The rights on what is made here. */
  private ownStatements(account: Account): PolicyStatement[] {
    return [
      grant('Interruptions', actions('sqs', 'DeleteMessage GetQueueUrl ReceiveMessage'), [this.queue.arn]),
      grant('RoleOfTheNodes', ['iam:PassRole'], [this.nodeRole.arn], {
        StringEquals: { 'iam:PassedToService': servicePrincipal(this, 'ec2') },
      }),
      grant('ProfilesOfNodes', ['iam:GetInstanceProfile'], [account.arn('iam', '', 'instance-profile/*')]),
    ];
  }
}

/** What there is to choose from: instance types with their prices, AMIs, subnets, security groups. */
function discovery(account: Account, region: string, cluster: string): PolicyStatement[] {
  return [
    // AWS knows no narrower resource for these.
    grant(
      'Discovery',
      actions(
        'ec2',
        `DescribeCapacityReservations DescribeImages DescribeInstanceStatus DescribeInstanceTypeOfferings
          DescribeInstanceTypes DescribeInstances DescribeLaunchTemplates DescribePlacementGroups DescribeSecurityGroups
          DescribeSpotPriceHistory DescribeSubnets`,
      ),
      ['*'],
      { StringEquals: { 'aws:RequestedRegion': region } },
    ),
    // No narrower resource here either, and both are in other regions: prices are asked for in one of a few, IAM is in none.
    grant('DiscoveryOutsideOfTheRegion', ['iam:ListInstanceProfiles', 'pricing:GetProducts'], ['*']),
    // AWS publishes the ids of its AMIs there, in an account of its own.
    grant(
      'Images',
      ['ssm:GetParameter'],
      [`arn:${account.partition}:ssm:${region}::parameter/aws/service/*`],
    ),
    grant('Cluster', ['eks:DescribeCluster'], [account.arn('eks', region, `cluster/${cluster}`)]),
  ];
}

/** The instances, and the launch templates and fleets by which they are started. */
function instances(account: Account, region: string, cluster: string): PolicyStatement[] {
  const ec2 = (types: string): string[] =>
    words(types).map((type) => account.arn('ec2', region, `${type}/*`));
  const images = ['image', 'snapshot'].map((type) => `arn:${account.partition}:ec2:${region}::${type}/*`);
  const made = ec2('fleet instance launch-template network-interface spot-instances-request volume');
  const owned = {
    StringEquals: { [`aws:ResourceTag/kubernetes.io/cluster/${cluster}`]: 'owned' },
    StringLike: { 'aws:ResourceTag/karpenter.sh/nodepool': '*' },
  };
  const requested = {
    StringEquals: {
      [`aws:RequestTag/kubernetes.io/cluster/${cluster}`]: 'owned',
      'aws:RequestTag/eks:eks-cluster-name': cluster,
    },
    StringLike: { 'aws:RequestTag/karpenter.sh/nodepool': '*' },
  };
  return [
    grant('IngredientsOfInstances', actions('ec2', 'CreateFleet RunInstances'), [
      ...images,
      ...ec2('capacity-reservation placement-group security-group subnet'),
    ]),
    grant('TemplatesOfInstances', actions('ec2', 'CreateFleet RunInstances'), ec2('launch-template'), owned),
    grant('NewInstances', actions('ec2', 'CreateFleet CreateLaunchTemplate RunInstances'), made, requested),
    grant('TagsOfNewInstances', ['ec2:CreateTags'], made, requested, {
      StringEquals: { 'ec2:CreateAction': words('CreateFleet CreateLaunchTemplate RunInstances') },
    }),
    // The name of the NodeClaim is known after the instance has started.
    grant('TagsOfInstances', ['ec2:CreateTags'], ec2('instance'), owned, {
      StringEqualsIfExists: { 'aws:RequestTag/eks:eks-cluster-name': cluster },
      'ForAllValues:StringEquals': {
        'aws:TagKeys': ['Name', 'eks:eks-cluster-name', 'karpenter.sh/nodeclaim'],
      },
    }),
    grant(
      'EndOfInstances',
      actions('ec2', 'DeleteLaunchTemplate TerminateInstances'),
      ec2('instance launch-template'),
      owned,
    ),
  ];
}
