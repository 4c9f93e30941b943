/** Processor architecture of an EC2 instance type. */
export type Architecture = 'x86_64' | 'arm64';

/** Operating system of a node: Amazon Linux 2023 or Bottlerocket. */
export type NodeOs = 'al2023' | 'bottlerocket';

/** What the images of an operating system are to EKS and to EC2. */
interface NodeImage {
  /** The AMI type of a managed node group. */
  readonly amiType: Record<Architecture, string>;
  /** Name of the public SSM parameter that holds the newest release of the AMI. */
  readonly releaseParameter: (kubernetesVersion: string, architecture: Architecture) => string;
  /** The EBS volumes that an instance boots with. */
  readonly volumes: readonly NodeVolume[];
}

/** An EBS volume of an AMI. */
export interface NodeVolume {
  readonly deviceName: string;
  /** Whether images, logs and `emptyDir` volumes are on it: then its size is the group's choice. */
  readonly holdsPods: boolean;
}

/**
 * The images that EKS starts.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html#AmazonEKS-Type-Nodegroup-amiType
 * @see https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id-bottlerocket.html
 */
export const NODE_IMAGE = {
  al2023: {
    amiType: { x86_64: 'AL2023_x86_64_STANDARD', arm64: 'AL2023_ARM_64_STANDARD' },
    releaseParameter: (version, architecture) =>
      `/aws/service/eks/optimized-ami/${version}/amazon-linux-2023/${architecture}/standard/recommended/release_version`,
    volumes: [{ deviceName: '/dev/xvda', holdsPods: true }],
  },
  bottlerocket: {
    amiType: { x86_64: 'BOTTLEROCKET_x86_64', arm64: 'BOTTLEROCKET_ARM_64' },
    releaseParameter: (version, architecture) =>
      `/aws/service/bottlerocket/aws-k8s-${version}/${architecture}/latest/image_version`,
    // The system has a volume to itself and never grows.
    volumes: [
      { deviceName: '/dev/xvda', holdsPods: false },
      { deviceName: '/dev/xvdb', holdsPods: true },
    ],
  },
} as const satisfies Record<NodeOs, NodeImage>;

/**
 * The architecture of an instance type, from its name: Graviton families carry a `g` behind the generation (`m7g`, `c6gn`,
 * `x2gd`), and `a1` was the first of them.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: string): Architecture {
  const family = instanceType.split('.')[0] ?? '';
  return family === 'a1' || /^[a-z]+\d+[a-z]*g/.test(family) ? 'arm64' : 'x86_64';
}
