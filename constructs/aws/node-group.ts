import type { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import { EksNodeGroup } from '@cdktf/provider-aws/lib/eks-node-group';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { type ITerraformDependable, Token } from 'cdktf';
import { MAIN_CHILD } from '../terraform/address';
import { Construct } from 'constructs';
import { AMI_TYPE, architectureOf } from './node-image';
import type { ServiceRole } from './service-role';

export interface NodeGroupOptions {
  /** Name of the group and of its instances. */
  readonly name: string;
  /** Subnets of the nodes. */
  readonly subnetIds: readonly string[];
  /** EC2 instance types, all of one architecture. */
  readonly instanceTypes: readonly string[];
  /** Number of nodes. */
  readonly scaling: { readonly min: number; readonly max: number; readonly desired: number };
  /**
   * Size of the root volume in GiB.
   * @default 50
   */
  readonly diskGiB?: number;
  /**
   * Kubernetes labels of the nodes.
   * @default {}
   */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface NodeGroupProps extends NodeGroupOptions {
  readonly cluster: EksCluster;
  /** Kubernetes minor version of the nodes. */
  readonly version: string;
  /** IAM role of the nodes. */
  readonly role: ServiceRole;
  /** What has to be there before the first node. */
  readonly after: readonly ITerraformDependable[];
}

/**
 * A managed node group with a launch template of its own: IMDSv2 only, out of reach of Pods (hop limit 1), an encrypted gp3
 * root volume, names on everything that it starts. It is repaired and updated one node at a time.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
 */
export class NodeGroup extends Construct {
  readonly resource: EksNodeGroup;

  constructor(scope: Construct, id: string, props: NodeGroupProps) {
    super(scope, id);
    const architectures = new Set(props.instanceTypes.map(architectureOf));
    this.node.addValidation({
      validate: () =>
        architectures.size > 1
          ? [
              `instance types of one architecture are needed, got ${props.instanceTypes
                .map((type) => `${type} (${architectureOf(type)})`)
                .join(', ')}; make a node group for each`,
            ]
          : [],
    });
    const [architecture = 'x86_64'] = architectures;
    const instanceName = `${props.cluster.nameInput ?? ''}-${props.name}`;

    const template = new LaunchTemplate(this, 'template', {
      name: instanceName,
      updateDefaultVersion: true,
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: {
            volumeType: 'gp3',
            volumeSize: props.diskGiB ?? 50,
            encrypted: 'true',
            deleteOnTermination: 'true',
          },
        },
      ],
      tagSpecifications: ['instance', 'volume', 'network-interface'].map((resourceType) => ({
        resourceType,
        tags: { Name: instanceName },
      })),
    });
    this.resource = new EksNodeGroup(this, MAIN_CHILD, {
      clusterName: props.cluster.name,
      nodeGroupName: props.name,
      nodeRoleArn: props.role.arn,
      subnetIds: [...props.subnetIds],
      version: props.version,
      amiType: AMI_TYPE[architecture],
      capacityType: 'ON_DEMAND',
      instanceTypes: [...props.instanceTypes],
      labels: { ...props.labels },
      // The number of the version, not `$Latest`: only the number shows in a plan that the template has changed.
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      scalingConfig: {
        minSize: props.scaling.min,
        maxSize: props.scaling.max,
        desiredSize: props.scaling.desired,
      },
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      dependsOn: [...props.role.policies, ...props.after],
    });
  }
}
