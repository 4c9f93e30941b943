import { EksCluster as EksClusterResource } from '@cdktf/provider-aws/lib/eks-cluster';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';
import { AccessEntry } from './access-entry';
import { AddOn, type AddOnName } from './add-on';
import { EncryptionKey } from './encryption-key';
import { LogGroup } from './log-group';
import { NodeGroup, type NodeGroupOptions } from './node-group';
import { PodIdentity, type PodIdentityOptions } from './pod-identity';
import { ServiceRole } from './service-role';

/** The five logs of the control plane. */
const LOG_TYPES = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

export interface EksClusterOptions {
  /** Name of the cluster and prefix of what belongs to it. */
  readonly name: string;
  /** Kubernetes minor version, such as `1.35`. */
  readonly version: string;
  /** Subnets of the control plane's network interfaces, in at least two zones. */
  readonly subnetIds: readonly string[];
  /** ARNs of the IAM roles and users that administer the cluster. The caller of Terraform is not among them by itself. */
  readonly admins: readonly string[];
  /**
   * IPv4 ranges that reach the public endpoint. When empty, the endpoint is private.
   * @default []
   */
  readonly publicAccess?: readonly string[];
  /** IPv4 range of the Services' addresses. */
  readonly serviceCidr: string;
  /** Days that the control plane's logs are kept. */
  readonly logRetentionDays: number;
}

/**
 * An EKS control plane: Kubernetes Secrets encrypted with a KMS key of its own, all five logs with a retention, access by
 * access entries only (no `aws-auth`), standard support, and none of the add-ons that EKS would install unasked.
 *
 * Add-ons come in two phases, which are edges in the Terraform graph: those that a node needs to become Ready are there before
 * the first node group, those that need a node come after the last.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/clusters.html
 */
export class EksCluster extends Construct {
  readonly resource: EksClusterResource;
  readonly name: string;
  private readonly version: string;
  private readonly beforeNodes: AddOn[] = [];
  private readonly nodeGroups: NodeGroup[] = [];
  private nodeRole: ServiceRole | undefined;

  constructor(scope: Construct, id: string, options: EksClusterOptions) {
    super(scope, id);
    this.name = options.name;
    this.version = options.version;
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
      vpcConfig: {
        subnetIds: [...options.subnetIds],
        endpointPrivateAccess: true,
        endpointPublicAccess: publicAccess.length > 0,
        ...(publicAccess.length > 0 && { publicAccessCidrs: [...publicAccess] }),
      },
      // EKS makes the log group itself, without a retention, when it is not there first.
      dependsOn: [...role.policies, logs.resource],
    });

    for (const principal of options.admins) {
      new AccessEntry(this, `admin-${principal.replace(/^.*:/, '').replace(/\//g, '-')}`, {
        cluster: this.resource,
        principal,
        policy: 'AmazonEKSClusterAdminPolicy',
      });
    }
    for (const addOn of ['vpc-cni', 'kube-proxy', 'eks-pod-identity-agent'] as const) {
      this.beforeNodes.push(this.addOn(addOn, []));
    }
  }

  /** The security group that EKS gives to the control plane and to the nodes of managed groups. */
  get nodeSecurityGroupId(): string {
    return this.resource.vpcConfig.clusterSecurityGroupId;
  }

  /** Adds a managed node group; it waits for the add-ons that its nodes need to become Ready. */
  addNodeGroup(id: string, options: NodeGroupOptions): NodeGroup {
    const group = new NodeGroup(this, id, {
      ...options,
      cluster: this.resource,
      version: this.version,
      role: this.roleOfNodes(),
      after: this.beforeNodes.map((addOn) => addOn.resource),
    });
    this.nodeGroups.push(group);
    return group;
  }

  /** Adds an add-on that needs a node to run on; it waits for every node group that was added before. */
  addAddOn(name: AddOnName): AddOn {
    return this.addOn(
      name,
      this.nodeGroups.map((group) => group.resource),
    );
  }

  /** Gives a ServiceAccount of the cluster an IAM role of its own. */
  addPodIdentity(id: string, options: PodIdentityOptions): PodIdentity {
    return new PodIdentity(this, id, { ...options, cluster: this.resource });
  }

  private addOn(name: AddOnName, after: NodeGroup['resource'][]): AddOn {
    return new AddOn(this, name, { name, cluster: this.resource, after });
  }

  /** One role for all groups: it says what a node may do, which does not differ between them. */
  private roleOfNodes(): ServiceRole {
    return (this.nodeRole ??= new ServiceRole(this, 'node-role', {
      name: `${this.name}-node`,
      trust: 'ec2',
      managedPolicies: ['AmazonEKSWorkerNodePolicy', 'AmazonEC2ContainerRegistryPullOnly'],
    }));
  }
}
