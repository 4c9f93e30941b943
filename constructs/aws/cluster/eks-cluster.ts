import { EksCluster as EksClusterResource } from '@cdktf/provider-aws/lib/eks-cluster';
import { ChosenIds, Construct, MAIN_CHILD } from '../../terraform/construct';
import { accessEntries, AccessEntry, type ClusterAccess } from './access-entry';
import { tagsOf } from '../account/aws-provider';
import { AddOn, type AddOnOptions } from './add-on';
import { ADD_ON_NAMES, ADD_ONS, type AddOnFacts, type AddOnName } from '@kubernetes-on-aws/eks-facts/add-ons';
import type { PodAddresses } from '@kubernetes-on-aws/eks-facts/node-figures';
import { EncryptionKey } from '../security/encryption-key';
import { LogGroup } from '../observability/log-group';
import { NodeGroup, type NodeGroupOptions } from '../nodes/node-group';
import { cniConfiguration, type PodSubnets } from '../nodes/pod-density';
import type { PolicyStatement } from '../identity/policy-document';
import { PodIdentity, type PodIdentityOptions } from '../identity/pod-identity';
import { nodePolicies, ServiceRole } from '../identity/service-role';
import { FoundCluster } from './found-cluster';
import { UpgradeGuard } from './upgrade-guard';

/** The five logs of the control plane. */
const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

export interface EksClusterOptions extends ClusterAccess {
  /** Name of the cluster and prefix of what belongs to it. */
  readonly name: string;
  /** Kubernetes minor version, such as `1.35`. */
  readonly version: string;
  /**
   * Subnets of the control plane's network interfaces, in at least two zones. They can be exchanged later, but only for others
   * in the very same zones.
   */
  readonly subnetIds: readonly string[];
  /** IPv4 ranges that reach the public endpoint. When empty, the endpoint is private. @default [] */
  readonly publicAccess?: readonly string[];
  /** IPv4 range of the Services' addresses. */
  readonly serviceCidr: string;
  /** Days that the control plane's logs are kept. */
  readonly logRetentionDays: number;
  /**
   * Add-ons that the cluster has besides those that every cluster has, and other versions than the pinned ones.
   * @default {}
   */
  readonly addOns?: Readonly<Partial<Record<AddOnName, AddOnOptions>>>;
  /**
   * Whether Application Recovery Controller may turn the traffic within the cluster away from a zone that is impaired.
   * @default true
   */
  readonly zonalShift?: boolean;
  /**
   * Whether nodes can be entered by Session Manager: Amazon Linux 2023 by a shell, Bottlerocket by its control container.
   * @default false
   */
  readonly sessionManager?: boolean;
  /**
   * Whether the VPC CNI takes addresses from the subnets in prefixes (/28), so that a node holds more Pods.
   * @default true
   */
  readonly prefixDelegation?: boolean;
  /** Subnets from which Pods get their addresses. @default - those of their nodes */
  readonly podSubnets?: PodSubnets;
  /** What nodes may do in AWS besides what every node must. @default [] */
  readonly nodeStatements?: readonly PolicyStatement[];
}

/**
 * An EKS control plane. Kubernetes Secrets are encrypted with a KMS key of its own, and all five logs have a retention. It has
 * access by access entries only (no `aws-auth`), standard support, and none of the add-ons that EKS installs by default.
 *
 * Add-ons come in two phases, which are edges in the Terraform graph. The first, which nodes need to become Ready, precede the
 * first node group. The second, which need a node, follow the last node group.
 *
 * A higher `version` is an upgrade in the order of these edges: the control plane, the first add-ons, the node groups, the other
 * add-ons. Each add-on gets the version that fits. The plan refuses a version that EKS would refuse.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/clusters.html
 */
export class EksCluster extends Construct {
  /**
   * A cluster that another stack has made, or that was there before.
   *
   * @param name of the cluster: for the platform's own, the platform's name
   */
  static lookup(scope: Construct, id: string, name: string): FoundCluster {
    return new FoundCluster(scope, id, name);
  }

  readonly resource: EksClusterResource;
  readonly name: string;
  /** What nodes may do in AWS besides what every node must. */
  readonly nodeStatements: readonly PolicyStatement[];
  private readonly version: string;
  /** Whether nodes can be entered by Session Manager. */
  readonly sessionManager: boolean;
  private readonly podAddresses: PodAddresses;
  private readonly addOns = new Map<AddOnName, AddOn>();
  private readonly groups = new ChosenIds(this, 'node-groups');
  private readonly nodeGroups: NodeGroup[] = [];
  private hasUntaintedNodes = false;
  private nodeRole: ServiceRole | undefined;

  constructor(scope: Construct, id: string, options: EksClusterOptions) {
    super(scope, id);
    this.name = options.name;
    this.version = options.version;
    this.sessionManager = options.sessionManager ?? false;
    this.nodeStatements = options.nodeStatements ?? [];
    const { prefixDelegation = true, podSubnets } = options;
    this.podAddresses = { prefixDelegation, ownSubnets: podSubnets !== undefined };
    this.node.addValidation({ validate: () => this.addOnsWithoutNode() });
    const publicAccess = options.publicAccess ?? [];

    const key = new EncryptionKey(this, 'secrets', {
      alias: `${options.name}-secrets`,
      description: `Kubernetes Secrets of the EKS cluster ${options.name}`,
    });
    const logs = new LogGroup(this, 'logs', {
      name: `/aws/eks/${options.name}/cluster`,
      retentionDays: options.logRetentionDays,
    });
    const role = new ServiceRole(this, 'role', {
      name: `${options.name}-cluster`,
      trust: 'eks',
      managedPolicies: ['AmazonEKSClusterPolicy'],
      statements: [
        {
          Effect: 'Allow',
          Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ListGrants', 'kms:DescribeKey'],
          Resource: [key.arn],
        },
      ],
    });

    this.resource = new EksClusterResource(this, MAIN_CHILD, {
      name: options.name,
      version: options.version,
      roleArn: role.arn,
      bootstrapSelfManagedAddons: false,
      enabledClusterLogTypes: LOG_TYPES,
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      encryptionConfig: { resources: ['secrets'], provider: { keyArn: key.arn } },
      kubernetesNetworkConfig: { serviceIpv4Cidr: options.serviceCidr, ipFamily: 'ipv4' },
      upgradePolicy: { supportType: 'STANDARD' },
      zonalShiftConfig: { enabled: options.zonalShift ?? true },
      vpcConfig: {
        subnetIds: [...options.subnetIds],
        endpointPrivateAccess: true,
        endpointPublicAccess: publicAccess.length > 0,
        ...(publicAccess.length > 0 && { publicAccessCidrs: [...publicAccess] }),
      },
      // EKS makes the log group itself, without a retention, when it is not there first.
      dependsOn: [...role.policies, logs.resource],
      lifecycle: {
        precondition: [
          ...new UpgradeGuard(this, 'upgrade', { cluster: options.name, version: options.version })
            .preconditions,
        ],
      },
    });

    for (const entry of accessEntries(options)) {
      new AccessEntry(this, AccessEntry.idOf(entry.principal), { ...entry, cluster: this.resource });
    }
    const tags = tagsOf(this);
    // The EFS CSI driver's add-on takes no tags of the access points that it makes (containers-roadmap#2755).
    const configuration: Partial<Record<AddOnName, Readonly<Record<string, unknown>>>> = {
      'vpc-cni': cniConfiguration(prefixDelegation, podSubnets, tags, [this.securityGroup]),
      'aws-ebs-csi-driver': { controller: { extraVolumeTags: tags } },
    };
    for (const name of ADD_ON_NAMES) {
      const asked = options.addOns?.[name];
      if (!asked && !ADD_ONS[name].default) continue;
      const addOn = new AddOn(this, name, {
        ...asked,
        name,
        cluster: this.resource,
        kubernetesVersion: options.version,
        ...(configuration[name] && { configuration: configuration[name] }),
        after: () => this.beforeAddOn(ADD_ONS[name]),
      });
      this.addOns.set(name, addOn);
    }
  }

  /** The security group that EKS gives to the control plane and to the nodes of managed groups. */
  get securityGroup(): string {
    return this.resource.vpcConfig.clusterSecurityGroupId;
  }

  /** Adds a managed node group; it waits for the add-ons that its nodes need to become Ready. */
  addNodeGroup(id: string, options: NodeGroupOptions): NodeGroup {
    const group = new NodeGroup(this.groups, id, {
      ...options,
      cluster: this.resource,
      version: this.version,
      role: this.roleOfNodes(),
      podAddresses: this.podAddresses,
      after: [...this.addOns]
        .filter(([name]) => ADD_ONS[name].phase === 'before-nodes')
        .map(([, addOn]) => addOn.resource),
    });
    this.nodeGroups.push(group);
    this.hasUntaintedNodes ||= isUntainted(group);
    return group;
  }

  /** Gives a ServiceAccount of the cluster an IAM role of its own. */
  addPodIdentity(id: string, options: PodIdentityOptions): PodIdentity {
    return new PodIdentity(this, id, { ...options, cluster: this.resource });
  }

  /** What an add-on waits for: every node group, when it needs a node, and those add-ons of the cluster that it needs. */
  private beforeAddOn({ phase, needs }: AddOnFacts): (NodeGroup | AddOn)['resource'][] {
    return [
      ...(phase === 'after-nodes' ? this.nodeGroups.map((group) => group.resource) : []),
      ...needs.flatMap((name) => this.addOns.get(name)?.resource ?? []),
    ];
  }

  /** EKS would wait 20 minutes for each of them, and then report it as degraded. */
  private addOnsWithoutNode(): string[] {
    const waiting = [...this.addOns.keys()].filter((name) => ADD_ONS[name].runsOn === 'untainted-node');
    if (this.hasUntaintedNodes || waiting.length === 0) return [];
    return [
      `every node group has taints, so ${waiting.join(', ')} find no node. Add a node group without ` +
        'taints, or remove those of one',
    ];
  }

  /** One role for all groups: it says what a node may do, which does not differ between them. */
  private roleOfNodes(): ServiceRole {
    return (this.nodeRole ??= new ServiceRole(this, 'node-role', {
      name: `${this.name}-node`,
      trust: 'ec2',
      managedPolicies: nodePolicies(this.sessionManager),
      statements: this.nodeStatements,
    }));
  }
}

/** Whether Pods without tolerations can run on a group's nodes. `PreferNoSchedule` keeps no Pod away. */
function isUntainted({ taints }: NodeGroup): boolean {
  return taints.every(({ effect }) => effect === 'PreferNoSchedule');
}
