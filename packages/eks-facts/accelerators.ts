import type { Accelerator, NodeOs } from './node-image';

interface AcceleratorFacts {
  /** The instance families that have it. */
  readonly families: RegExp;
  /** The resource by which Pods ask for a device. It is the key of the taint of such nodes too. */
  readonly resource: string;
  /** The device plug-in that offers the devices to Pods. */
  readonly plugin: { readonly name: string; readonly image: string };
  /** Operating systems whose image has the plug-in already. */
  readonly builtIn: readonly NodeOs[];
  /** AMI types of EKS that have the drivers. */
  readonly amiTypes: RegExp;
}

/**
 * What each kind needs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-optimized-ami.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/ml-eks-k8s-device-plugin.html
 */
export const ACCELERATORS: Readonly<Record<Accelerator, AcceleratorFacts>> = {
  nvidia: {
    families: /^(g|gr|p)\d(?!ad$)/,
    resource: 'nvidia.com/gpu',
    plugin: { name: 'nvidia-device-plugin', image: 'nvcr.io/nvidia/k8s-device-plugin:v0.17.4' },
    builtIn: ['bottlerocket'],
    amiTypes: /_NVIDIA$|_GPU$/,
  },
  neuron: {
    families: /^(inf|trn)\d/,
    resource: 'aws.amazon.com/neuron',
    plugin: { name: 'neuron-device-plugin', image: 'public.ecr.aws/neuron/neuron-device-plugin:2.23.30.0' },
    builtIn: [],
    amiTypes: /_NEURON$|_GPU$|^BOTTLEROCKET_x86_64(_FIPS)?$/,
  },
};

const KINDS = Object.keys(ACCELERATORS) as readonly Accelerator[];

/** Families whose accelerators no image of EKS has drivers for: GPUs of AMD, Gaudi, Qualcomm, FPGAs and video transcoders. */
const WITHOUT_DRIVERS = /^(g4ad|dl1|dl2q|f\d|vt\d)$/;

/** The accelerators of an instance type such as `g6.xlarge`. @returns undefined for a type that has none with drivers */
export function acceleratorOf(instanceType: string): Accelerator | undefined {
  return KINDS.find((kind) => ACCELERATORS[kind].families.test(familyOf(instanceType)));
}

/** Whether the instance type has accelerators that no image of EKS has drivers for. */
export function lacksDrivers(instanceType: string): boolean {
  return WITHOUT_DRIVERS.test(familyOf(instanceType));
}

/** The accelerators that an AMI type of EKS has drivers for. An AMI of the user's own may have any. */
export function driversOf(amiType: string): Accelerator[] {
  return KINDS.filter((kind) => amiType === 'CUSTOM' || ACCELERATORS[kind].amiTypes.test(amiType));
}

/** The taints of nodes of these instance types that are told none: what asks for no device stays away. */
export function defaultTaints(
  instanceTypes: readonly string[],
): { readonly key: string; readonly effect: 'NoSchedule' }[] {
  const [kind] = instanceTypes.map(acceleratorOf);
  return kind === undefined ? [] : [{ key: ACCELERATORS[kind].resource, effect: 'NoSchedule' }];
}

function familyOf(instanceType: string): string {
  return instanceType.split('.')[0] ?? '';
}
