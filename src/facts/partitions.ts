/** An AWS partition: the first word of an ARN after `arn:`. */
export type Partition =
  'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-eusc' | 'aws-iso' | 'aws-iso-b' | 'aws-iso-e' | 'aws-iso-f';

/** How each partition's regions begin and its hosts end. Source: botocore, partitions.json. */
const PARTITIONS: Readonly<Record<Partition, { regionPrefix: string; dnsSuffix: string }>> = {
  aws: { regionPrefix: '', dnsSuffix: 'amazonaws.com' },
  'aws-cn': { regionPrefix: 'cn-', dnsSuffix: 'amazonaws.com.cn' },
  'aws-us-gov': { regionPrefix: 'us-gov-', dnsSuffix: 'amazonaws.com' },
  'aws-eusc': { regionPrefix: 'eusc-', dnsSuffix: 'amazonaws.eu' },
  'aws-iso': { regionPrefix: 'us-iso-', dnsSuffix: 'c2s.ic.gov' },
  'aws-iso-b': { regionPrefix: 'us-isob-', dnsSuffix: 'sc2s.sgov.gov' },
  'aws-iso-e': { regionPrefix: 'eu-isoe-', dnsSuffix: 'cloud.adc-e.uk' },
  'aws-iso-f': { regionPrefix: 'us-isof-', dnsSuffix: 'csp.hci.ic.gov' },
};

/** The partition that a region belongs to; a prefix that is not listed is the commercial one. */
export function partitionOf(region: string): Partition {
  const names = Object.keys(PARTITIONS) as Partition[];
  return names.find((name) => name !== 'aws' && region.startsWith(PARTITIONS[name].regionPrefix)) ?? 'aws';
}

/** Host of an account's private ECR registry. */
export function ecrHost(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.${PARTITIONS[partitionOf(region)].dnsSuffix}`;
}
