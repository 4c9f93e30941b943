import { DataAwsSsmParameter } from '@cdktf/provider-aws/lib/data-aws-ssm-parameter';
import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { EksNodeGroup, type EksNodeGroupUpdateConfig } from '@cdktf/provider-aws/lib/eks-node-group';
import {
  LaunchTemplate,
  type LaunchTemplateBlockDeviceMappings,
} from '@cdktf/provider-aws/lib/launch-template';
import { Fn, type ITerraformDependable, Token } from 'cdktf';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { instanceType, type InstanceType } from '@kubernetes-on-aws/eks-facts/instance-types';
import {
  maxPods,
  nodeCapacity,
  type NodeCapacity,
  type PodAddresses,
} from '@kubernetes-on-aws/eks-facts/node-figures';
import { acceleratorOf, defaultTaints } from '@kubernetes-on-aws/eks-facts/accelerators';
import { nodeTypeErrors } from '../../../src/rules/node-type-errors';
import { tagsOf } from '../account/aws-provider';
import { userData, type KubeletSettings } from './node-config';
import {
  amiTypeOf,
  architectureOf,
  NODE_IMAGE,
  type Accelerator,
  type Architecture,
  type NodeOs,
} from '@kubernetes-on-aws/eks-facts/node-image';
import type { ServiceRole } from '../identity/service-role';

/** How the instances of a group are paid for: at the list price, or as spare capacity that EC2 may take back. */
export type CapacityType = 'on-demand' | 'spot';

/** What a taint does to Pods that do not tolerate it. */
export type TaintEffect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

/** A taint of all nodes of a group. @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export interface Taint {
  readonly key: string;
  /** @default - no value */
  readonly value?: string;
  readonly effect: TaintEffect;
}

/** Number of nodes, and who decides on it. */
export interface NodeScaling {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  /**
   * With `terraform`, Terraform keeps the number at `desired`. With `autoscaler`, it only starts with that number, and a later apply
   * does not undo what the autoscaler did.
   * @default terraform
   */
  readonly managedBy?: 'terraform' | 'autoscaler';
}

/** A managed node group: its instances, its size, its disk, its labels and its taints. */
export interface NodeGroupOptions {
  /** Name of the group and of its instances, of up to 36 characters. EKS knows the group by the name with a suffix. */
  readonly name: string;
  /** Subnets of the nodes. */
  readonly subnetIds: readonly string[];
  /** EC2 instance types, all of one architecture and with the same accelerators or none, the preferred one first. */
  readonly instanceTypes: readonly string[];
  readonly scaling: NodeScaling;
  /** @default on-demand */
  readonly capacity?: CapacityType;
  /** @default al2023 */
  readonly os?: NodeOs;
  /** Settings of the kubelets. @default {} */
  readonly kubelet?: KubeletSettings;
  /** Size in GiB of the volume that holds images, logs and `emptyDir` volumes. @default 50 */
  readonly diskGiB?: number;
  /** Kubernetes labels of the nodes. @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Taints of the nodes.
   * @default - none; with accelerators `NoSchedule` by the resource that Pods ask for, such as `nvidia.com/gpu`
   */
  readonly taints?: readonly Taint[];
  /** How many nodes an update may replace at a time: a number, or a percentage such as `25%`. @default 1 */
  readonly maxUnavailable?: number | `${number}%`;
  /** Whether EKS replaces nodes that it finds unhealthy. @default true */
  readonly repair?: boolean;
  /**
   * Release of the AMI: a version, such as `1.35.4-20260311`; or `tracked`, the newest one whenever Terraform plans.
   * @default - the newest one when the group is made or updated; between updates plans say nothing about it
   */
  readonly release?: string;
}

/** A managed node group, its cluster, its role, and what it waits for. */
export interface NodeGroupProps extends NodeGroupOptions {
  readonly cluster: EksCluster;
  /** Kubernetes minor version of the nodes. */
  readonly version: string;
  /** IAM role of the nodes. */
  readonly role: ServiceRole;
  /** Where the nodes' Pods get their addresses from. */
  readonly podAddresses: PodAddresses;
  /** What has to be there before the first node. */
  readonly after: readonly ITerraformDependable[];
}

const CAPACITY_TYPE: Record<CapacityType, string> = { 'on-demand': 'ON_DEMAND', spot: 'SPOT' };

/** A name in EKS has 63 characters, of which the provider's suffix takes 26, and the dash before it one. */
const LONGEST_NAME = 63 - 26 - 1;

const TAINT_EFFECT: Record<TaintEffect, string> = {
  NoSchedule: 'NO_SCHEDULE',
  PreferNoSchedule: 'PREFER_NO_SCHEDULE',
  NoExecute: 'NO_EXECUTE',
};

/**
 * A managed node group with a launch template of its own: IMDSv2 only, out of reach of Pods (hop limit 1), encrypted gp3
 * volumes. Everything has the platform's tags. Its kubelets allow as many Pods as the nodes have addresses, and reserve memory.
 *
 * Changes of scaling, labels, taints, updates and repair are in place. A new release, Kubernetes version, launch template or tag
 * replaces the nodes one after the other. Another capacity, operating system, zone or list of instance types replaces the group.
 * Its successor is created first. When the new nodes are ready, EKS drains and deletes the old group.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
 */
export class NodeGroup extends Construct {
  readonly resource: EksNodeGroup;
  /** What each node has for Pods, by the smallest of the instance types; nothing for types that the table lacks. */
  readonly capacity: NodeCapacity | undefined;
  readonly taints: readonly Taint[];

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const { instanceTypes, os = 'al2023', kubelet = {} } = props;
    const types = instanceTypes.flatMap((name) => instanceType(name) ?? []);
    const limit = Math.min(...types.map((type) => maxPods(type, props.podAddresses)));
    const pods = kubelet.maxPods ?? limit;
    this.capacity = types.length === instanceTypes.length ? smallest(types, pods) : undefined;
    const typesAndPods = {
      instanceTypes,
      maxPods: kubelet.maxPods,
      reservedMemory: kubelet.kubeReserved?.memory,
    };
    this.node.addValidation({
      validate: () => [
        ...nodeTypeErrors(typesAndPods, props.podAddresses).map(({ message }) => message),
        ...badScaling(props.scaling),
        ...badName(props.name),
      ],
    });
    const [architecture = 'x86_64'] = instanceTypes.map(architectureOf);
    const [accelerator] = instanceTypes.map(acceleratorOf);
    this.taints = props.taints ?? defaultTaints(instanceTypes);
    const instanceName = `${props.cluster.nameInput ?? ''}-${props.name}`;

    const template = new LaunchTemplate(this, 'template', {
      name: instanceName,
      updateDefaultVersion: true,
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: volumes(os, props.diskGiB ?? 50),
      userData: Fn.base64encode(Fn.rawString(userData(os, { ...kubelet, maxPods: pods }))),
      // Not of requests for spot instances: EC2 refuses the tags of such a request to a group that is on demand.
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { ...tagsOf(this), Name: instanceName },
      })),
    });
    this.resource = new EksNodeGroup(this, MAIN_CHILD, {
      clusterName: props.cluster.name,
      // EKS has one group of a name, and the successor of a group exists beside it.
      nodeGroupNamePrefix: `${props.name}-`,
      nodeRoleArn: props.role.arn,
      subnetIds: [...props.subnetIds],
      version: props.version,
      amiType: amiTypeOf(os, architecture, accelerator),
      ...this.releaseOf(props, architecture, accelerator),
      capacityType: CAPACITY_TYPE[props.capacity ?? 'on-demand'],
      instanceTypes: [...instanceTypes],
      labels: { ...props.labels },
      ...(this.taints.length > 0 && {
        taint: this.taints.map(({ effect, ...taint }) => ({ ...taint, effect: TAINT_EFFECT[effect] })),
      }),
      // The number of the version, not `$Latest`: only the number shows in a plan that the template has changed.
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      scalingConfig: {
        minSize: props.scaling.min,
        maxSize: props.scaling.max,
        desiredSize: props.scaling.desired,
      },
      lifecycle: {
        createBeforeDestroy: true,
        ignoreChanges: [
          // A group from before the prefix keeps its name until something else replaces it.
          ...['node_group_name', 'node_group_name_prefix'],
          ...(props.scaling.managedBy === 'autoscaler' ? ['scaling_config[0].desired_size'] : []),
        ],
      },
      updateConfig: updateConfig(props.maxUnavailable ?? 1),
      nodeRepairConfig: { enabled: props.repair ?? true },
      dependsOn: [...props.role.policies, ...props.after],
    });
  }

  private releaseOf(
    { release, os = 'al2023', version }: NodeGroupProps,
    architecture: Architecture,
    accelerator: Accelerator | undefined,
  ): { releaseVersion?: string } {
    if (release === undefined) return {};
    if (release !== 'tracked') return { releaseVersion: release };
    const name = NODE_IMAGE[os].releaseParameter(version, architecture, accelerator);
    // A public number: as `value`, which is for secrets too, plans would hide it.
    return { releaseVersion: new DataAwsSsmParameter(this, 'release', { name }).insecureValue };
  }
}

function volumes(os: NodeOs, diskGiB: number): LaunchTemplateBlockDeviceMappings[] {
  return NODE_IMAGE[os].volumes.map(({ deviceName, holdsPods }) => ({
    deviceName,
    ebs: {
      volumeType: 'gp3',
      ...(holdsPods && { volumeSize: diskGiB }),
      encrypted: 'true',
      deleteOnTermination: 'true',
    },
  }));
}

function updateConfig(maxUnavailable: number | `${number}%`): EksNodeGroupUpdateConfig {
  return typeof maxUnavailable === 'number'
    ? { maxUnavailable }
    : { maxUnavailablePercentage: Number(maxUnavailable.slice(0, -1)) };
}

/** The smallest of each figure, because EKS chooses the type of a node. */
function smallest(types: readonly InstanceType[], pods: number): NodeCapacity {
  const each = types.map((type) => nodeCapacity(type, pods));
  return {
    millicores: Math.min(...each.map(({ millicores }) => millicores)),
    memoryMiB: Math.min(...each.map(({ memoryMiB }) => memoryMiB)),
    pods,
  };
}

function badScaling({ min, max, desired }: NodeScaling): string[] {
  return min <= desired && desired <= max
    ? []
    : [`scaling: min ≤ desired ≤ max is needed, got min ${min}, desired ${desired}, max ${max}`];
}

function badName(name: string): string[] {
  return name.length <= LONGEST_NAME
    ? []
    : [`name: at most ${LONGEST_NAME} characters are allowed, got ${name.length} in "${name}"; shorten it`];
}
