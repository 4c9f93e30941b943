import type { AddOnName } from '@kubernetes-on-aws/eks-facts/add-ons';
import type { EndpointService } from '../facts/interface-endpoint-services';

/** A platform as `platform.yaml` describes it, checked and with every default applied. */
export interface Platform {
  /** Name of the EKS cluster and prefix of every AWS name; at most 32 characters. */
  readonly name: string;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /**
   * AWS account, 12 digits.
   * @default - the account of the first admin
   */
  readonly account: string;
  /**
   * Where Terraform keeps its state.
   * @default - local state files
   */
  readonly state?: StateSettings;
  /**
   * Registry, with its path, that the workloads' images are pulled from; without a trailing slash.
   * @default - `<account of the first admin>.dkr.ecr.<region>.amazonaws.com/<name>`
   */
  readonly imageRegistry: string;
  /**
   * Whether Terraform refuses every plan that would destroy or replace the VPC, the cluster, a KMS key, a file system or a
   * database.
   * @default true
   */
  readonly protect: boolean;
  readonly pipeline: PipelineSettings;
  readonly iam: IamSettings;
  readonly network: NetworkSettings;
  readonly cluster: ClusterSettings;
  /** The managed node groups by name: at least one. */
  readonly nodes: Readonly<Record<string, NodeSettings>>;
  /** The namespaces by name. */
  readonly namespaces: Readonly<Record<string, NamespaceSettings>>;
}

/** The S3 bucket of Terraform's state. */
export interface StateSettings {
  readonly bucket: string;
  /** @default - the platform's region */
  readonly region?: string;
}

/** Who plans and applies from the repository, and what their guard lets pass. */
export interface PipelineSettings {
  /**
   * Repository of GitHub, `owner/name`, whose workflows plan and apply: it gets an IAM role for each.
   * @default - none
   */
  readonly repository?: string;
  /**
   * The provider in IAM that lets GitHub sign in, of which an account has one: made with the roles, or there already.
   * @default create
   */
  readonly oidcProvider: 'create' | 'existing';
  /**
   * The most objects that one plan of all stacks may change, replace or destroy without being stopped.
   * @default 50
   */
  readonly maxChanges: number;
  /**
   * Changes that the guard would stop and that are meant.
   * @default []
   */
  readonly exceptions: readonly GuardException[];
}

/** A change that is meant, though the guard would stop it. */
export interface GuardException {
  /** Stack and Terraform address, `cluster/aws_eks_node_group.node_1`, or a stack alone, as the guard prints it. */
  readonly address: string;
  /** Which change of it, as the guard prints it: 12 hexadecimal digits. */
  readonly change: string;
  readonly reason: string;
  /** Last day on which it counts: `2026-12-31`. */
  readonly until: string;
}

/** What all IAM roles of the platform have in common. */
export interface IamSettings {
  /**
   * ARN of the IAM policy that bounds what the roles may do, whatever their own policies say.
   * @default - none
   */
  readonly permissionsBoundary?: string;
  /**
   * Path of the roles: a part of their ARNs that the policies of an administrator can name.
   * @default /
   */
  readonly path: string;
}

/** How the private subnets reach the internet. */
export type Nat = 'per-zone' | 'single' | 'none';

/** The VPC. */
export interface NetworkSettings {
  /**
   * IPv4 range of the VPC, between a /16 and a /20.
   * @default 10.0.0.0/16
   */
  readonly cidr: string;
  /**
   * Second IPv4 range of the VPC, from which Pods get their addresses.
   * @default - they get them of `cidr`
   */
  readonly secondaryCidr?: string;
  /**
   * Letters of the availability zones, at least two.
   * @default [a, b, c]
   */
  readonly zones: readonly string[];
  /** @default per-zone */
  readonly nat: Nat;
  /**
   * Whether the VPC CNI takes addresses in prefixes (/28), so that a node holds more Pods.
   * @default true
   */
  readonly prefixDelegation: boolean;
  /**
   * AWS services that are reached by an interface endpoint, without leaving the VPC.
   * @default []
   */
  readonly endpoints: readonly EndpointService[];
  /**
   * Whether the control plane's network interfaces have a small subnet of their own in each zone.
   * @default false
   */
  readonly controlPlaneSubnets: boolean;
}

/** The EKS control plane. */
export interface ClusterSettings {
  /** Kubernetes minor version, such as `1.35`. */
  readonly version: string;
  /** ARNs of the IAM roles and users that administer the cluster: at least one. */
  readonly admins: readonly string[];
  /**
   * ARNs of the IAM roles and users that read everything in the cluster, Secrets too.
   * @default []
   */
  readonly viewers: readonly string[];
  /**
   * ARNs of the IAM roles that deploy the Kubernetes stacks, which takes all rights in the cluster.
   * @default []
   */
  readonly pipelines: readonly string[];
  /**
   * IPv4 ranges that reach the public endpoint; when empty, the endpoint is private.
   * @default []
   */
  readonly publicAccess: readonly string[];
  /**
   * IPv4 range of the Services' addresses.
   * @default 172.20.0.0/16
   */
  readonly serviceCidr: string;
  /**
   * Days that CloudWatch keeps the control plane's logs.
   * @default 90
   */
  readonly logRetentionDays: number;
  /**
   * Letters of the zones of the control plane's network interfaces: those that the cluster was made with.
   * @default - the network's zones
   */
  readonly zones: readonly string[];
  /**
   * Whether Application Recovery Controller may turn traffic away from an impaired zone.
   * @default true
   */
  readonly zonalShift: boolean;
  /**
   * Add-ons besides those that every cluster has, and other versions than the pinned ones.
   * @default {}
   */
  readonly addOns: Readonly<Partial<Record<AddOnName, AddOnSettings>>>;
  readonly controllers: ControllerSettings;
  /**
   * Who collects metrics.
   * @default none
   */
  readonly metrics: Metrics;
}

/** Who collects metrics: nobody, or Amazon Managed Service for Prometheus. */
export type Metrics = 'none' | 'managed-prometheus';

/** The controllers that are there, or whose AWS side is. */
export interface ControllerSettings {
  /**
   * Whether the AWS Load Balancer Controller is there: it serves Ingresses and Services of the type LoadBalancer.
   * @default false
   */
  readonly loadBalancer: boolean;
  /** Where that controller's chart is: a chart repository, or a registry by `oci://`. @default https://aws.github.io/eks-charts */
  readonly chartRepository: string;
  /**
   * Whether Karpenter has its IAM roles, instance profile and interruption queue.
   * @default false
   */
  readonly karpenter: boolean;
  /** @default - ExternalDNS has no IAM role */
  readonly externalDns?: ExternalDnsSettings;
}

/** What ExternalDNS may write. */
export interface ExternalDnsSettings {
  /** Ids of hosted zones of Route 53: at least one. */
  readonly zones: readonly string[];
}

/** An add-on of EKS. */
export interface AddOnSettings {
  /**
   * Version, such as `v1.13.2-eksbuild.11`, or `default`: EKS chooses it.
   * @default - the one that is pinned for the Kubernetes version
   */
  readonly version?: string;
}

/** One managed node group, in one availability zone. */
export interface NodeSettings {
  /** Letter of the availability zone, one of the network's. */
  readonly zone: string;
  /** EC2 instance types in order of preference: at least one. */
  readonly instanceTypes: readonly string[];
  /** @default on-demand */
  readonly capacity: Capacity;
  /** @default al2023 */
  readonly os: NodeOs;
  /** Smallest number of EC2 instances. */
  readonly min: number;
  /** Largest number of EC2 instances. */
  readonly max: number;
  /**
   * Number of EC2 instances; where an autoscaler changes it, the one to start with.
   * @default - min
   */
  readonly desired: number;
  /**
   * Who decides on the number of instances.
   * @default terraform
   */
  readonly scaling: Scaling;
  /**
   * Size in GiB of each instance's volume for images, logs and `emptyDir` volumes.
   * @default 50
   */
  readonly diskGiB: number;
  /** @default {} */
  readonly kubelet: KubeletSettings;
  /**
   * Kubernetes labels of the nodes, besides those that EKS and the platform give them.
   * @default {}
   */
  readonly labels: Readonly<Record<string, string>>;
  /** @default [] */
  readonly taints: readonly TaintSettings[];
  /**
   * How many nodes an update may replace at a time: a number, or a percentage such as `25%`.
   * @default 1
   */
  readonly maxUnavailable: number | `${number}%`;
  /**
   * Whether EKS replaces nodes that it finds unhealthy.
   * @default true
   */
  readonly repair: boolean;
  /**
   * Release of the AMI, such as `1.35.4-20260311`; or `tracked`, the newest whenever Terraform plans.
   * @default - the newest at each change of the group that replaces nodes
   */
  readonly release?: string;
}

/** How instances are paid for: at the list price, or as spare capacity that EC2 may take back. */
export type Capacity = 'on-demand' | 'spot';

/** Operating system of a node: Amazon Linux 2023 or Bottlerocket. */
export type NodeOs = 'al2023' | 'bottlerocket';

/** Who decides on the number of a node group's instances. */
export type Scaling = 'terraform' | 'autoscaler';

/** A taint of all nodes of a group. */
export interface TaintSettings {
  readonly key: string;
  /** @default - no value */
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** Settings of a kubelet by the names of KubeletConfiguration; what is left out stays as the AMI has it. */
export interface KubeletSettings {
  /**
   * The most Pods of a node.
   * @default - as many as its network interfaces have addresses for
   */
  readonly maxPods?: number;
  /**
   * What the kubelet and the container runtime keep.
   * @default - memory by the number of Pods
   */
  readonly kubeReserved?: ReservedResources;
  /** What the operating system keeps besides. @default - nothing */
  readonly systemReserved?: ReservedResources;
  /** What must stay free, by signal: quantities or percentages. @default - as Kubernetes has it */
  readonly evictionHard?: Readonly<Partial<Record<EvictionSignal, string>>>;
  /** Percentage of the disk at which unused images are removed. @default 85 */
  readonly imageGCHighThresholdPercent?: number;
  /** Percentage of the disk to which they are removed. @default 80 */
  readonly imageGCLowThresholdPercent?: number;
  /** Size at which a container's log is rotated. @default 10Mi */
  readonly containerLogMaxSize?: string;
  /** Files that are kept of a container's log. @default 5 */
  readonly containerLogMaxFiles?: number;
  /** The most processes of a Pod. @default - no limit but the node's */
  readonly podPidsLimit?: number;
}

/** Resources of a node that no Pod gets, as Kubernetes quantities. */
export interface ReservedResources {
  readonly cpu?: string;
  readonly memory?: string;
  readonly 'ephemeral-storage'?: string;
}

/** A signal by which a kubelet sees that its node runs out of something. */
export type EvictionSignal =
  | 'memory.available'
  | 'nodefs.available'
  | 'nodefs.inodesFree'
  | 'imagefs.available'
  | 'imagefs.inodesFree'
  | 'pid.available';

/** The Pod Security Standard that a namespace enforces. */
export type PodSecurity = 'restricted' | 'baseline';

/** One namespace: its row in the topology, its limits and what runs in it. */
export interface NamespaceSettings {
  /** The row: names of the node groups that the namespace's Pods may run on, at least one. */
  readonly nodes: readonly string[];
  /** @default restricted */
  readonly podSecurity: PodSecurity;
  readonly quota: QuotaSettings;
  /**
   * What IAM roles and users may do in the namespace, by their ARN.
   * @default {}
   */
  readonly teams: Readonly<Record<string, TeamRole>>;
  /** @default {} */
  readonly workloads: WorkloadSettings;
}

/** What a team may do in a namespace; the last one may give rights to others too. */
export type TeamRole = 'view' | 'edit' | 'admin';

/** The most that all Pods of a namespace may request together. */
export interface QuotaSettings {
  /**
   * CPU requests as a canonical Kubernetes quantity: `4`, `500m`.
   * @default 4
   */
  readonly cpu: string;
  /**
   * Memory requests as a canonical Kubernetes quantity: `8Gi`, `512Mi`.
   * @default 8Gi
   */
  readonly memory: string;
  /**
   * Number of Pods that are not finished.
   * @default 50
   */
  readonly pods: number;
}

/** What runs in a namespace: the options of each workload by its name; a workload that is left out does not run. */
export type WorkloadSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
