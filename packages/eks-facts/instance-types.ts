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
}

/** Month of the table below. */
export const INSTANCE_TYPES_AS_OF = '2026-05';

type Figures = readonly [
  vcpus: number,
  memoryGiB: number,
  networkInterfaces: number,
  ipv4PerInterface: number,
];

/**
 * Every type of the Nitro System without accelerators, by family and size. Left out are A1, which Amazon Linux 2023 does not
 * support, types with accelerators, which need an AMI with drivers, and Xen, on which there are no prefixes.
 *
 * Source: Amazon EC2, DescribeInstanceTypes: `VCpuInfo.DefaultVCpus`, `MemoryInfo.SizeInMiB`, `MaximumNetworkInterfaces` of the
 * default network card and `NetworkInfo.Ipv4AddressesPerInterface`.
 */
// prettier-ignore
const FAMILIES: Record<Architecture, Readonly<Record<string, Readonly<Record<string, Figures>>>>> = {
  x86_64: {
    c5: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '9xlarge': [36, 72, 8, 30], '12xlarge': [48, 96, 8, 30], '18xlarge': [72, 144, 15, 50], '24xlarge': [96, 192, 15, 50], metal: [96, 192, 15, 50] },
    c5a: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50] },
    c5ad: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50] },
    c5d: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '9xlarge': [36, 72, 8, 30], '12xlarge': [48, 96, 8, 30], '18xlarge': [72, 144, 15, 50], '24xlarge': [96, 192, 15, 50], metal: [96, 192, 15, 50] },
    c5n: { large: [2, 5.25, 3, 10], xlarge: [4, 10.5, 4, 15], '2xlarge': [8, 21, 4, 15], '4xlarge': [16, 42, 8, 30], '9xlarge': [36, 96, 8, 30], '18xlarge': [72, 192, 15, 50], metal: [72, 192, 15, 50] },
    c6a: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '32xlarge': [128, 256, 15, 50], '48xlarge': [192, 384, 15, 50], metal: [192, 384, 15, 50] },
    c6i: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '32xlarge': [128, 256, 15, 50], metal: [128, 256, 15, 50] },
    c6id: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '32xlarge': [128, 256, 15, 50], metal: [128, 256, 15, 50] },
    c6in: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '32xlarge': [128, 256, 8, 50], metal: [128, 256, 8, 50] },
    c7a: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '32xlarge': [128, 256, 15, 50], '48xlarge': [192, 384, 15, 50], 'metal-48xl': [192, 384, 15, 50] },
    c7i: { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '48xlarge': [192, 384, 15, 50], 'metal-24xl': [96, 192, 15, 50], 'metal-48xl': [192, 384, 15, 50] },
    'c7i-flex': { large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50] },
    c8a: { medium: [1, 2, 2, 4], large: [2, 4, 3, 20], xlarge: [4, 8, 4, 20], '2xlarge': [8, 16, 4, 40], '4xlarge': [16, 32, 8, 40], '8xlarge': [32, 64, 10, 40], '12xlarge': [48, 96, 12, 64], '16xlarge': [64, 128, 16, 64], '24xlarge': [96, 192, 16, 64], '48xlarge': [192, 384, 24, 64], 'metal-24xl': [96, 192, 16, 64], 'metal-48xl': [192, 384, 24, 64] },
    c8i: { large: [2, 4, 3, 20], xlarge: [4, 8, 4, 30], '2xlarge': [8, 16, 4, 30], '4xlarge': [16, 32, 8, 50], '8xlarge': [32, 64, 10, 50], '12xlarge': [48, 96, 12, 50], '16xlarge': [64, 128, 16, 64], '24xlarge': [96, 192, 16, 64], '32xlarge': [128, 256, 24, 64], '48xlarge': [192, 384, 24, 64], '96xlarge': [384, 768, 24, 64], 'metal-48xl': [192, 384, 24, 64], 'metal-96xl': [384, 768, 24, 64] },
    'c8i-flex': { large: [2, 4, 3, 20], xlarge: [4, 8, 4, 30], '2xlarge': [8, 16, 4, 30], '4xlarge': [16, 32, 8, 50], '8xlarge': [32, 64, 10, 50], '12xlarge': [48, 96, 12, 50], '16xlarge': [64, 128, 16, 64] },
    c8ib: { large: [2, 4, 4, 20], xlarge: [4, 8, 4, 30], '2xlarge': [8, 16, 4, 30], '4xlarge': [16, 32, 8, 50], '8xlarge': [32, 64, 8, 50], '12xlarge': [48, 96, 12, 50], '16xlarge': [64, 128, 16, 64], '24xlarge': [96, 192, 16, 64], '32xlarge': [128, 256, 16, 64], '48xlarge': [192, 384, 24, 64], '96xlarge': [384, 768, 12, 64], 'metal-48xl': [192, 384, 24, 64], 'metal-96xl': [384, 768, 12, 64] },
    c8id: { large: [2, 4, 3, 20], xlarge: [4, 8, 4, 30], '2xlarge': [8, 16, 4, 30], '4xlarge': [16, 32, 8, 50], '8xlarge': [32, 64, 10, 50], '12xlarge': [48, 96, 12, 50], '16xlarge': [64, 128, 16, 64], '24xlarge': [96, 192, 16, 64], '32xlarge': [128, 256, 24, 64], '48xlarge': [192, 384, 24, 64], '96xlarge': [384, 768, 24, 64], 'metal-48xl': [192, 384, 24, 64], 'metal-96xl': [384, 768, 24, 64] },
    c8in: { large: [2, 4, 4, 20], xlarge: [4, 8, 4, 30], '2xlarge': [8, 16, 4, 30], '4xlarge': [16, 32, 8, 50], '8xlarge': [32, 64, 8, 50], '12xlarge': [48, 96, 12, 50], '16xlarge': [64, 128, 16, 64], '24xlarge': [96, 192, 16, 64], '32xlarge': [128, 256, 16, 64], '48xlarge': [192, 384, 24, 64], '96xlarge': [384, 768, 12, 64], 'metal-48xl': [192, 384, 24, 64], 'metal-96xl': [384, 768, 12, 64] },
    c8ine: { large: [2, 4, 4, 20], xlarge: [4, 8, 4, 30], '2xlarge': [8, 16, 4, 30], '4xlarge': [16, 32, 8, 50], '8xlarge': [32, 64, 8, 50], '12xlarge': [48, 96, 12, 50] },
    d3: { xlarge: [4, 32, 4, 3], '2xlarge': [8, 64, 4, 5], '4xlarge': [16, 128, 4, 10], '8xlarge': [32, 256, 3, 20] },
    d3en: { xlarge: [4, 16, 4, 3], '2xlarge': [8, 32, 4, 5], '4xlarge': [16, 64, 4, 10], '6xlarge': [24, 96, 4, 15], '8xlarge': [32, 128, 4, 20], '12xlarge': [48, 192, 3, 30] },
    hpc6a: { '48xlarge': [96, 384, 2, 50] },
    hpc6id: { '32xlarge': [64, 1024, 1, 50] },
    hpc7a: { '12xlarge': [24, 768, 2, 50], '24xlarge': [48, 768, 2, 50], '48xlarge': [96, 768, 2, 50], '96xlarge': [192, 768, 2, 50] },
    hpc8a: { '96xlarge': [192, 768, 2, 50] },
    i3en: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '3xlarge': [12, 96, 4, 15], '6xlarge': [24, 192, 8, 30], '12xlarge': [48, 384, 8, 30], '24xlarge': [96, 768, 15, 50], metal: [96, 768, 15, 50] },
    i4i: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 30], '32xlarge': [128, 1024, 15, 50], metal: [128, 1024, 15, 50] },
    i7i: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '48xlarge': [192, 1536, 15, 50], 'metal-24xl': [96, 768, 15, 50], 'metal-48xl': [192, 1536, 15, 50] },
    i7ie: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '3xlarge': [12, 96, 4, 15], '6xlarge': [24, 192, 8, 30], '12xlarge': [48, 384, 8, 50], '18xlarge': [72, 576, 15, 50], '24xlarge': [96, 768, 15, 50], '48xlarge': [192, 1536, 15, 50], 'metal-24xl': [96, 768, 15, 50], 'metal-48xl': [192, 1536, 15, 50] },
    m5: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], metal: [96, 384, 15, 50] },
    m5a: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50] },
    m5ad: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50] },
    m5d: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], metal: [96, 384, 15, 50] },
    m5dn: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], metal: [96, 384, 15, 50] },
    m5n: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], metal: [96, 384, 15, 50] },
    m5zn: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '3xlarge': [12, 48, 8, 30], '6xlarge': [24, 96, 8, 30], '12xlarge': [48, 192, 15, 50], metal: [48, 192, 15, 50] },
    m6a: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '32xlarge': [128, 512, 15, 50], '48xlarge': [192, 768, 15, 50], metal: [192, 768, 15, 50] },
    m6i: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '32xlarge': [128, 512, 15, 50], metal: [128, 512, 15, 50] },
    m6id: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '32xlarge': [128, 512, 15, 50], metal: [128, 512, 15, 50] },
    m6idn: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '32xlarge': [128, 512, 8, 50], metal: [128, 512, 8, 50] },
    m6in: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '32xlarge': [128, 512, 8, 50], metal: [128, 512, 8, 50] },
    m7a: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '32xlarge': [128, 512, 15, 50], '48xlarge': [192, 768, 15, 50], 'metal-48xl': [192, 768, 15, 50] },
    m7i: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '48xlarge': [192, 768, 15, 50], 'metal-24xl': [96, 384, 15, 50], 'metal-48xl': [192, 768, 15, 50] },
    'm7i-flex': { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50] },
    m8a: { medium: [1, 4, 2, 4], large: [2, 8, 3, 20], xlarge: [4, 16, 4, 20], '2xlarge': [8, 32, 4, 40], '4xlarge': [16, 64, 8, 40], '8xlarge': [32, 128, 10, 40], '12xlarge': [48, 192, 12, 64], '16xlarge': [64, 256, 16, 64], '24xlarge': [96, 384, 16, 64], '48xlarge': [192, 768, 24, 64], 'metal-24xl': [96, 384, 16, 64], 'metal-48xl': [192, 768, 24, 64] },
    m8azn: { medium: [1, 4, 3, 4], large: [2, 8, 4, 20], xlarge: [4, 16, 4, 20], '3xlarge': [12, 48, 8, 40], '6xlarge': [24, 96, 8, 40], '12xlarge': [48, 192, 16, 64], '24xlarge': [96, 384, 16, 64], 'metal-12xl': [48, 192, 16, 64], 'metal-24xl': [96, 384, 16, 64] },
    m8i: { large: [2, 8, 3, 20], xlarge: [4, 16, 4, 30], '2xlarge': [8, 32, 4, 30], '4xlarge': [16, 64, 8, 50], '8xlarge': [32, 128, 10, 50], '12xlarge': [48, 192, 12, 50], '16xlarge': [64, 256, 16, 64], '24xlarge': [96, 384, 16, 64], '32xlarge': [128, 512, 24, 64], '48xlarge': [192, 768, 24, 64], '96xlarge': [384, 1536, 24, 64], 'metal-48xl': [192, 768, 24, 64], 'metal-96xl': [384, 1536, 24, 64] },
    'm8i-flex': { large: [2, 8, 3, 20], xlarge: [4, 16, 4, 30], '2xlarge': [8, 32, 4, 30], '4xlarge': [16, 64, 8, 50], '8xlarge': [32, 128, 10, 50], '12xlarge': [48, 192, 12, 50], '16xlarge': [64, 256, 16, 64] },
    m8ib: { large: [2, 8, 4, 20], xlarge: [4, 16, 4, 30], '2xlarge': [8, 32, 4, 30], '4xlarge': [16, 64, 8, 50], '8xlarge': [32, 128, 8, 50], '12xlarge': [48, 192, 12, 50], '16xlarge': [64, 256, 16, 64], '24xlarge': [96, 384, 16, 64], '32xlarge': [128, 512, 16, 64], '48xlarge': [192, 768, 24, 64], '96xlarge': [384, 1536, 12, 64] },
    m8id: { large: [2, 8, 3, 20], xlarge: [4, 16, 4, 30], '2xlarge': [8, 32, 4, 30], '4xlarge': [16, 64, 8, 50], '8xlarge': [32, 128, 10, 50], '12xlarge': [48, 192, 12, 50], '16xlarge': [64, 256, 16, 64], '24xlarge': [96, 384, 16, 64], '32xlarge': [128, 512, 24, 64], '48xlarge': [192, 768, 24, 64], '96xlarge': [384, 1536, 24, 64], 'metal-48xl': [192, 768, 24, 64], 'metal-96xl': [384, 1536, 24, 64] },
    m8in: { large: [2, 8, 4, 20], xlarge: [4, 16, 4, 30], '2xlarge': [8, 32, 4, 30], '4xlarge': [16, 64, 8, 50], '8xlarge': [32, 128, 8, 50], '12xlarge': [48, 192, 12, 50], '16xlarge': [64, 256, 16, 64], '24xlarge': [96, 384, 16, 64], '32xlarge': [128, 512, 16, 64], '48xlarge': [192, 768, 24, 64], '96xlarge': [384, 1536, 12, 64] },
    m8ine: { large: [2, 8, 4, 20], xlarge: [4, 16, 4, 30], '2xlarge': [8, 32, 4, 30], '4xlarge': [16, 64, 8, 50], '8xlarge': [32, 128, 8, 50], '12xlarge': [48, 192, 12, 50] },
    r5: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], metal: [96, 768, 15, 50] },
    r5a: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50] },
    r5ad: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50] },
    r5b: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], metal: [96, 768, 15, 50] },
    r5d: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], metal: [96, 768, 15, 50] },
    r5dn: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], metal: [96, 768, 15, 50] },
    r5n: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], metal: [96, 768, 15, 50] },
    r6a: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '32xlarge': [128, 1024, 15, 50], '48xlarge': [192, 1536, 15, 50], metal: [192, 1536, 15, 50] },
    r6i: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '32xlarge': [128, 1024, 15, 50], metal: [128, 1024, 15, 50] },
    r6id: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '32xlarge': [128, 1024, 15, 50], metal: [128, 1024, 15, 50] },
    r6idn: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '32xlarge': [128, 1024, 8, 50], metal: [128, 1024, 8, 50] },
    r6in: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '32xlarge': [128, 1024, 8, 50], metal: [128, 1024, 8, 50] },
    r7a: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '32xlarge': [128, 1024, 15, 50], '48xlarge': [192, 1536, 15, 50], 'metal-48xl': [192, 1536, 15, 50] },
    r7i: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '48xlarge': [192, 1536, 15, 50], 'metal-24xl': [96, 768, 15, 50], 'metal-48xl': [192, 1536, 15, 50] },
    r7iz: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '32xlarge': [128, 1024, 15, 50], 'metal-16xl': [64, 512, 15, 50], 'metal-32xl': [128, 1024, 15, 50] },
    r8a: { medium: [1, 8, 2, 4], large: [2, 16, 3, 20], xlarge: [4, 32, 4, 20], '2xlarge': [8, 64, 4, 40], '4xlarge': [16, 128, 8, 40], '8xlarge': [32, 256, 10, 40], '12xlarge': [48, 384, 12, 64], '16xlarge': [64, 512, 16, 64], '24xlarge': [96, 768, 16, 64], '48xlarge': [192, 1536, 24, 64], 'metal-24xl': [96, 768, 16, 64], 'metal-48xl': [192, 1536, 24, 64] },
    r8i: { large: [2, 16, 3, 20], xlarge: [4, 32, 4, 30], '2xlarge': [8, 64, 4, 30], '4xlarge': [16, 128, 8, 50], '8xlarge': [32, 256, 10, 50], '12xlarge': [48, 384, 12, 50], '16xlarge': [64, 512, 16, 64], '24xlarge': [96, 768, 16, 64], '32xlarge': [128, 1024, 24, 64], '48xlarge': [192, 1536, 24, 64], '96xlarge': [384, 3072, 24, 64], 'metal-48xl': [192, 1536, 24, 64], 'metal-96xl': [384, 3072, 24, 64] },
    'r8i-flex': { large: [2, 16, 3, 20], xlarge: [4, 32, 4, 30], '2xlarge': [8, 64, 4, 30], '4xlarge': [16, 128, 8, 50], '8xlarge': [32, 256, 10, 50], '12xlarge': [48, 384, 12, 50], '16xlarge': [64, 512, 16, 64] },
    r8ib: { large: [2, 16, 4, 20], xlarge: [4, 32, 4, 30], '2xlarge': [8, 64, 4, 30], '4xlarge': [16, 128, 8, 50], '8xlarge': [32, 256, 8, 50], '12xlarge': [48, 384, 12, 50], '16xlarge': [64, 512, 16, 64], '24xlarge': [96, 768, 16, 64], '32xlarge': [128, 1024, 16, 64], '48xlarge': [192, 1536, 24, 64], '96xlarge': [384, 3072, 12, 64] },
    r8id: { large: [2, 16, 3, 20], xlarge: [4, 32, 4, 30], '2xlarge': [8, 64, 4, 30], '4xlarge': [16, 128, 8, 50], '8xlarge': [32, 256, 10, 50], '12xlarge': [48, 384, 12, 50], '16xlarge': [64, 512, 16, 64], '24xlarge': [96, 768, 16, 64], '32xlarge': [128, 1024, 24, 64], '48xlarge': [192, 1536, 24, 64], '96xlarge': [384, 3072, 24, 64], 'metal-48xl': [192, 1536, 24, 64], 'metal-96xl': [384, 3072, 24, 64] },
    r8in: { large: [2, 16, 4, 20], xlarge: [4, 32, 4, 30], '2xlarge': [8, 64, 4, 30], '4xlarge': [16, 128, 8, 50], '8xlarge': [32, 256, 8, 50], '12xlarge': [48, 384, 12, 50], '16xlarge': [64, 512, 16, 64], '24xlarge': [96, 768, 16, 64], '32xlarge': [128, 1024, 16, 64], '48xlarge': [192, 1536, 24, 64], '96xlarge': [384, 3072, 12, 64] },
    t3: { nano: [2, 0.5, 2, 2], micro: [2, 1, 2, 2], small: [2, 2, 3, 4], medium: [2, 4, 3, 6], large: [2, 8, 3, 12], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15] },
    t3a: { nano: [2, 0.5, 2, 2], micro: [2, 1, 2, 2], small: [2, 2, 2, 4], medium: [2, 4, 3, 6], large: [2, 8, 3, 12], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15] },
    'u-3tb1': { '56xlarge': [224, 3072, 8, 30] },
    'u-6tb1': { '56xlarge': [224, 6144, 15, 50], '112xlarge': [448, 6144, 15, 50] },
    'u7i-12tb': { '224xlarge': [896, 12288, 15, 50] },
    'u7i-6tb': { '112xlarge': [448, 6144, 15, 50] },
    'u7i-8tb': { '112xlarge': [448, 8192, 15, 50] },
    'u7in-16tb': { '224xlarge': [896, 16384, 8, 50] },
    'u7in-24tb': { '224xlarge': [896, 24576, 8, 50] },
    'u7in-32tb': { '224xlarge': [896, 32768, 8, 50] },
    x2idn: { '16xlarge': [64, 1024, 15, 50], '24xlarge': [96, 1536, 15, 50], '32xlarge': [128, 2048, 15, 50], metal: [128, 2048, 15, 50] },
    x2iedn: { xlarge: [4, 128, 4, 15], '2xlarge': [8, 256, 4, 15], '4xlarge': [16, 512, 8, 30], '8xlarge': [32, 1024, 8, 30], '16xlarge': [64, 2048, 15, 50], '24xlarge': [96, 3072, 15, 50], '32xlarge': [128, 4096, 15, 50], metal: [128, 4096, 15, 50] },
    x2iezn: { '2xlarge': [8, 256, 4, 15], '4xlarge': [16, 512, 8, 30], '6xlarge': [24, 768, 8, 30], '8xlarge': [32, 1024, 8, 30], '12xlarge': [48, 1536, 15, 50], metal: [48, 1536, 15, 50] },
    x8aedz: { large: [2, 64, 4, 20], xlarge: [4, 128, 4, 20], '3xlarge': [12, 384, 8, 40], '6xlarge': [24, 768, 8, 40], '12xlarge': [48, 1536, 16, 64], '24xlarge': [96, 3072, 16, 64], 'metal-12xl': [48, 1536, 16, 64], 'metal-24xl': [96, 3072, 16, 64] },
    x8i: { large: [2, 32, 3, 20], xlarge: [4, 64, 4, 30], '2xlarge': [8, 128, 4, 30], '4xlarge': [16, 256, 8, 50], '8xlarge': [32, 512, 10, 50], '12xlarge': [48, 768, 12, 50], '16xlarge': [64, 1024, 16, 64], '24xlarge': [96, 1536, 16, 64], '32xlarge': [128, 2048, 24, 64], '48xlarge': [192, 3072, 24, 64], '64xlarge': [256, 4096, 24, 64], '96xlarge': [384, 6144, 24, 64], 'metal-48xl': [192, 3072, 24, 64], 'metal-96xl': [384, 6144, 24, 64] },
    z1d: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '3xlarge': [12, 96, 8, 30], '6xlarge': [24, 192, 8, 30], '12xlarge': [48, 384, 15, 50], metal: [48, 384, 15, 50] },
  },
  arm64: {
    c6g: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], metal: [64, 128, 15, 50] },
    c6gd: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], metal: [64, 128, 15, 50] },
    c6gn: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50] },
    c7g: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], metal: [64, 128, 15, 50] },
    c7gd: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], metal: [64, 128, 15, 50] },
    c7gn: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], metal: [64, 128, 15, 50] },
    c8g: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '48xlarge': [192, 384, 15, 50], 'metal-24xl': [96, 192, 15, 50], 'metal-48xl': [192, 384, 15, 50] },
    c8gb: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 10, 30], '12xlarge': [48, 96, 12, 30], '16xlarge': [64, 128, 16, 50], '24xlarge': [96, 192, 24, 50], '48xlarge': [192, 384, 12, 50], 'metal-24xl': [96, 192, 24, 50], 'metal-48xl': [192, 384, 12, 50] },
    c8gd: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 8, 30], '12xlarge': [48, 96, 8, 30], '16xlarge': [64, 128, 15, 50], '24xlarge': [96, 192, 15, 50], '48xlarge': [192, 384, 15, 50], 'metal-24xl': [96, 192, 15, 50], 'metal-48xl': [192, 384, 15, 50] },
    c8gn: { medium: [1, 2, 2, 4], large: [2, 4, 3, 10], xlarge: [4, 8, 4, 15], '2xlarge': [8, 16, 4, 15], '4xlarge': [16, 32, 8, 30], '8xlarge': [32, 64, 10, 30], '12xlarge': [48, 96, 12, 30], '16xlarge': [64, 128, 16, 50], '24xlarge': [96, 192, 24, 50], '48xlarge': [192, 384, 12, 50], 'metal-24xl': [96, 192, 24, 50], 'metal-48xl': [192, 384, 12, 50] },
    hpc7g: { '4xlarge': [16, 128, 4, 50], '8xlarge': [32, 128, 4, 50], '16xlarge': [64, 128, 4, 50] },
    i4g: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '16xlarge': [64, 512, 15, 50] },
    i8g: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '48xlarge': [192, 1536, 15, 50], 'metal-24xl': [96, 768, 15, 50], 'metal-48xl': [192, 1536, 15, 50] },
    i8ge: { large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '3xlarge': [12, 96, 6, 30], '6xlarge': [24, 192, 10, 30], '12xlarge': [48, 384, 12, 30], '18xlarge': [72, 576, 16, 50], '24xlarge': [96, 768, 16, 50], '48xlarge': [192, 1536, 24, 50], 'metal-24xl': [96, 768, 16, 50], 'metal-48xl': [192, 1536, 24, 50] },
    im4gn: { large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '16xlarge': [64, 256, 15, 50] },
    is4gen: { medium: [1, 6, 2, 4], large: [2, 12, 3, 10], xlarge: [4, 24, 4, 15], '2xlarge': [8, 48, 4, 15], '4xlarge': [16, 96, 8, 30], '8xlarge': [32, 192, 8, 30] },
    m6g: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], metal: [64, 256, 15, 50] },
    m6gd: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], metal: [64, 256, 15, 50] },
    m7g: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], metal: [64, 256, 15, 50] },
    m7gd: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], metal: [64, 256, 15, 50] },
    m8g: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '48xlarge': [192, 768, 15, 50], 'metal-24xl': [96, 384, 15, 50], 'metal-48xl': [192, 768, 15, 50] },
    m8gb: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 10, 30], '12xlarge': [48, 192, 12, 30], '16xlarge': [64, 256, 16, 50], '24xlarge': [96, 384, 24, 50], '48xlarge': [192, 768, 12, 50], 'metal-24xl': [96, 384, 24, 50], 'metal-48xl': [192, 768, 12, 50] },
    m8gd: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 8, 30], '12xlarge': [48, 192, 8, 30], '16xlarge': [64, 256, 15, 50], '24xlarge': [96, 384, 15, 50], '48xlarge': [192, 768, 15, 50], 'metal-24xl': [96, 384, 15, 50], 'metal-48xl': [192, 768, 15, 50] },
    m8gn: { medium: [1, 4, 2, 4], large: [2, 8, 3, 10], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15], '4xlarge': [16, 64, 8, 30], '8xlarge': [32, 128, 10, 30], '12xlarge': [48, 192, 12, 30], '16xlarge': [64, 256, 16, 50], '24xlarge': [96, 384, 24, 50], '48xlarge': [192, 768, 12, 50], 'metal-24xl': [96, 384, 24, 50], 'metal-48xl': [192, 768, 12, 50] },
    r6g: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], metal: [64, 512, 15, 50] },
    r6gd: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], metal: [64, 512, 15, 50] },
    r7g: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], metal: [64, 512, 15, 50] },
    r7gd: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], metal: [64, 512, 15, 50] },
    r8g: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '48xlarge': [192, 1536, 15, 50], 'metal-24xl': [96, 768, 15, 50], 'metal-48xl': [192, 1536, 15, 50] },
    r8gb: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 10, 30], '12xlarge': [48, 384, 12, 30], '16xlarge': [64, 512, 16, 50], '24xlarge': [96, 768, 24, 50], '48xlarge': [192, 1536, 12, 50], 'metal-24xl': [96, 768, 24, 50], 'metal-48xl': [192, 1536, 12, 50] },
    r8gd: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 8, 30], '12xlarge': [48, 384, 8, 30], '16xlarge': [64, 512, 15, 50], '24xlarge': [96, 768, 15, 50], '48xlarge': [192, 1536, 15, 50], 'metal-24xl': [96, 768, 15, 50], 'metal-48xl': [192, 1536, 15, 50] },
    r8gn: { medium: [1, 8, 2, 4], large: [2, 16, 3, 10], xlarge: [4, 32, 4, 15], '2xlarge': [8, 64, 4, 15], '4xlarge': [16, 128, 8, 30], '8xlarge': [32, 256, 10, 30], '12xlarge': [48, 384, 12, 30], '16xlarge': [64, 512, 16, 50], '24xlarge': [96, 768, 24, 50], '48xlarge': [192, 1536, 12, 50], 'metal-24xl': [96, 768, 24, 50], 'metal-48xl': [192, 1536, 12, 50] },
    t4g: { nano: [2, 0.5, 2, 2], micro: [2, 1, 2, 2], small: [2, 2, 3, 4], medium: [2, 4, 3, 6], large: [2, 8, 3, 12], xlarge: [4, 16, 4, 15], '2xlarge': [8, 32, 4, 15] },
    x2gd: { medium: [1, 16, 2, 4], large: [2, 32, 3, 10], xlarge: [4, 64, 4, 15], '2xlarge': [8, 128, 4, 15], '4xlarge': [16, 256, 8, 30], '8xlarge': [32, 512, 8, 30], '12xlarge': [48, 768, 8, 30], '16xlarge': [64, 1024, 15, 50], metal: [64, 1024, 15, 50] },
    x8g: { medium: [1, 16, 2, 4], large: [2, 32, 3, 10], xlarge: [4, 64, 4, 15], '2xlarge': [8, 128, 4, 15], '4xlarge': [16, 256, 8, 30], '8xlarge': [32, 512, 8, 30], '12xlarge': [48, 768, 8, 30], '16xlarge': [64, 1024, 15, 50], '24xlarge': [96, 1536, 15, 50], '48xlarge': [192, 3072, 15, 50], 'metal-24xl': [96, 1536, 15, 50], 'metal-48xl': [192, 3072, 15, 50] },
  },
};

/** The figures of an instance type such as `m7i.large`; nothing when the table lacks it. */
export function instanceType(name: string): InstanceType | undefined {
  const [family = '', size = ''] = name.split('.');
  for (const architecture of ['x86_64', 'arm64'] as const) {
    const figures = own(own(FAMILIES[architecture], family) ?? {}, size);
    if (!figures) continue;
    const [vcpus, memoryGiB, networkInterfaces, ipv4PerInterface] = figures;
    return { architecture, vcpus, memoryMiB: memoryGiB * 1024, networkInterfaces, ipv4PerInterface };
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
