/** Processor architecture of an EC2 instance type. */
export type Architecture = 'x86_64' | 'arm64';

/** Operating system of a node: Amazon Linux 2023 or Bottlerocket. */
export type NodeOs = 'al2023' | 'bottlerocket';

/** A kind of accelerator that images of EKS have drivers for: GPUs of NVIDIA, or Inferentia and Trainium of AWS. */
export type Accelerator = 'nvidia' | 'neuron';

/** What the images of an operating system are to EKS and to EC2. */
interface NodeImage {
  /** The AMI type of a managed node group. */
  readonly amiType: Record<Architecture, string>;
  /** The AMI types with drivers, where they are not the plain one. */
  readonly accelerated: Partial<Record<Accelerator, Partial<Record<Architecture, string>>>>;
  /** Name of the public SSM parameter that holds the newest release of the AMI. */
  readonly releaseParameter: (
    kubernetesVersion: string,
    architecture: Architecture,
    accelerator?: Accelerator,
  ) => string;
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
    accelerated: {
      nvidia: { x86_64: 'AL2023_x86_64_NVIDIA', arm64: 'AL2023_ARM_64_NVIDIA' },
      neuron: { x86_64: 'AL2023_x86_64_NEURON' },
    },
    releaseParameter: (version, architecture, accelerator) =>
      `/aws/service/eks/optimized-ami/${version}/amazon-linux-2023/${architecture}/${accelerator ?? 'standard'}/recommended/release_version`,
    volumes: [{ deviceName: '/dev/xvda', holdsPods: true }],
  },
  bottlerocket: {
    amiType: { x86_64: 'BOTTLEROCKET_x86_64', arm64: 'BOTTLEROCKET_ARM_64' },
    // Its plain image has the drivers of Inferentia and Trainium.
    accelerated: { nvidia: { x86_64: 'BOTTLEROCKET_x86_64_NVIDIA', arm64: 'BOTTLEROCKET_ARM_64_NVIDIA' } },
    releaseParameter: (version, architecture, accelerator) =>
      `/aws/service/bottlerocket/aws-k8s-${version}${accelerator === 'nvidia' ? '-nvidia' : ''}/${architecture}/latest/image_version`,
    // The system has a volume to itself and never grows.
    volumes: [
      { deviceName: '/dev/xvda', holdsPods: false },
      { deviceName: '/dev/xvdb', holdsPods: true },
    ],
  },
} as const satisfies Record<NodeOs, NodeImage>;

/** The AMI type of an operating system for an architecture and, where there are any, accelerators. */
export function amiTypeOf(os: NodeOs, architecture: Architecture, accelerator?: Accelerator): string {
  const image: NodeImage = NODE_IMAGE[os];
  return (accelerator && image.accelerated[accelerator]?.[architecture]) ?? image.amiType[architecture];
}

/** Families of the Xen hypervisor, which has no prefixes. Source: Amazon EC2, DescribeInstanceTypes: `Hypervisor`. */
const XEN = /^(c[134]|cc2|cr1|d2|f1|g2|g3s?|h1|hs1|i[23]|m[1-4]|p[23]|r[34]|t[12]|x1e?)$/;

/** Whether a type runs on the Xen hypervisor. Bare metal has none. */
export function runsOnXen(instanceType: string): boolean {
  const [family = '', size = ''] = instanceType.split('.');
  return XEN.test(family) && !size.startsWith('metal');
}

/**
 * The architecture of an instance type, from its name. Graviton families have a `g` behind the generation: `m7g`, `c6gn`, `x2gd`.
 * The first of them, `a1`, has none, and `p6e-gb200` has Grace of NVIDIA.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
 */
export function architectureOf(instanceType: string): Architecture {
  const family = instanceType.split('.')[0] ?? '';
  return family === 'a1' || /^[a-z]+\d+[a-z]*(g|-gb\d)/.test(family) ? 'arm64' : 'x86_64';
}
