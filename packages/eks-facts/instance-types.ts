import figures from './instance-types.json';
import type { Architecture } from './node-image';

/** What an EC2 instance type offers to a node. */
export interface InstanceType {
  readonly architecture: Architecture;
  readonly vcpus: number;
  readonly memoryMiB: number;
  /** Network interfaces of the default network card: the VPC CNI uses no other. */
  readonly networkInterfaces: number;
  /** IPv4 addresses of each network interface, its own included. */
  readonly ipv4PerInterface: number;
  /** GPUs of NVIDIA, or Neuron devices. */
  readonly devices: number;
}

/** Month of the table. */
export const INSTANCE_TYPES_AS_OF = '2026-05';

type Figures = readonly [
  vcpus: number,
  memoryGiB: number,
  networkInterfaces: number,
  ipv4PerInterface: number,
  devices?: number,
];

/** Figures by size, by family. */
type Families = Readonly<Record<string, Readonly<Record<string, Figures>>>>;

/**
 * Every type of the Nitro System, by family and size. Left out are A1, which Amazon Linux 2023 does not support, types with
 * accelerators that no image of EKS has drivers for, and Xen, on which there are no prefixes. A fraction of a GPU counts as one.
 *
 * Source: Amazon EC2, DescribeInstanceTypes: `VCpuInfo.DefaultVCpus`, `MemoryInfo.SizeInMiB`, `MaximumNetworkInterfaces` of the
 * default network card, `NetworkInfo.Ipv4AddressesPerInterface`, `GpuInfo` and `NeuronInfo`.
 */
const FAMILIES = figures as unknown as Readonly<Record<Architecture, Families>>;

/** The figures of an instance type such as `m7i.large`; nothing when the table lacks it. */
export function instanceType(name: string): InstanceType | undefined {
  const [family = '', size = ''] = name.split('.');
  for (const architecture of ['x86_64', 'arm64'] as const) {
    const found = own(own(FAMILIES[architecture], family) ?? {}, size);
    if (!found) continue;
    const [vcpus, memoryGiB, networkInterfaces, ipv4PerInterface, devices = 0] = found;
    return { architecture, vcpus, memoryMiB: memoryGiB * 1024, networkInterfaces, ipv4PerInterface, devices };
  }
  return undefined;
}

/** Names of all types in the table. */
export function instanceTypeNames(): string[] {
  return Object.values(FAMILIES).flatMap((families) =>
    Object.entries(families).flatMap(([family, sizes]) =>
      Object.keys(sizes).map((size) => `${family}.${size}`),
    ),
  );
}

/** Sizes that the table has of a family, such as those of `m7i`. */
export function sizesOf(family: string): string[] {
  return Object.values(FAMILIES).flatMap((families) => Object.keys(own(families, family) ?? {}));
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
