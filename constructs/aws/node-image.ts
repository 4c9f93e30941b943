/** Processor architecture of an EC2 instance type. */
export type Architecture = 'x86_64' | 'arm64';

/** The AMI type that EKS starts for each architecture: Amazon Linux 2023. */
export const AMI_TYPE: Record<Architecture, string> = {
  x86_64: 'AL2023_x86_64_STANDARD',
  arm64: 'AL2023_ARM_64_STANDARD',
};

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
