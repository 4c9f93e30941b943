/** An AWS partition: the first word of an ARN after `arn:`. */
export type Partition =
  'aws' | 'aws-cn' | 'aws-us-gov' | 'aws-eusc' | 'aws-iso' | 'aws-iso-b' | 'aws-iso-e' | 'aws-iso-f';

interface PartitionFacts {
  /** How its regions begin. */
  readonly prefix: string;
  /** How its hosts end. */
  readonly suffix: string;
  /** Its regions: of those that differ in the number alone, the highest. */
  readonly regions: string;
}

/** Source: botocore 1.44.8, partitions.json. */
const PARTITIONS: Readonly<Record<Partition, PartitionFacts>> = {
  aws: {
    prefix: '',
    suffix: 'amazonaws.com',
    regions: `af-south-1 ap-east-2 ap-northeast-3 ap-south-2 ap-southeast-7 ca-central-1 ca-west-1 eu-central-2 eu-north-1
      eu-south-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-2 us-west-2`,
  },
  'aws-cn': { prefix: 'cn-', suffix: 'amazonaws.com.cn', regions: 'cn-north-1 cn-northwest-1' },
  'aws-us-gov': { prefix: 'us-gov-', suffix: 'amazonaws.com', regions: 'us-gov-east-1 us-gov-west-1' },
  'aws-eusc': { prefix: 'eusc-', suffix: 'amazonaws.eu', regions: 'eusc-de-east-1' },
  'aws-iso': { prefix: 'us-iso-', suffix: 'c2s.ic.gov', regions: 'us-iso-east-1 us-iso-west-1' },
  'aws-iso-b': { prefix: 'us-isob-', suffix: 'sc2s.sgov.gov', regions: 'us-isob-east-1 us-isob-west-1' },
  'aws-iso-e': { prefix: 'eu-isoe-', suffix: 'cloud.adc-e.uk', regions: 'eu-isoe-west-1' },
  'aws-iso-f': { prefix: 'us-isof-', suffix: 'csp.hci.ic.gov', regions: 'us-isof-east-1 us-isof-south-1' },
};

/** The regions of every partition. */
export const REGIONS: readonly string[] = Object.values(PARTITIONS).flatMap(({ regions }) =>
  regions.split(/\s+/).flatMap((last) => {
    const number = Number(last.slice(-1));
    return Array.from({ length: number }, (_, i) => `${last.slice(0, -1)}${i + 1}`);
  }),
);

/** The partition that a region belongs to; a prefix that is not listed is the commercial one. */
export function partitionOf(region: string): Partition {
  const names = Object.keys(PARTITIONS) as Partition[];
  return names.find((name) => name !== 'aws' && region.startsWith(PARTITIONS[name].prefix)) ?? 'aws';
}

/** Host of a service in a region: `email-smtp.eu-west-1.amazonaws.com`. */
export function serviceHost(service: string, region: string): string {
  return `${service}.${region}.${PARTITIONS[partitionOf(region)].suffix}`;
}

/** Host of an account's private ECR registry. */
export function ecrHost(account: string, region: string): string {
  return serviceHost(`${account}.dkr.ecr`, region);
}

/**
 * Names that a service's interface endpoint may have in a region. Where hosts do not end in `amazonaws.com`, some services
 * have that ending turned around before the region (`cn.com.amazonaws.cn-north-1.sqs`) and the others have the usual name.
 * Source: aws-cdk, aws-ec2/lib/vpc-endpoint.ts, which has them of `aws ec2 describe-vpc-endpoint-services`.
 */
export function endpointNames(service: string, region: string): string[] {
  const own = PARTITIONS[partitionOf(region)].suffix.split('.').reverse().join('.');
  return [...new Set(['com.amazonaws', own])].map((prefix) => `${prefix}.${region}.${service}`);
}

/** The service of an endpoint's name: `ecr.api` of `com.amazonaws.eu-west-1.ecr.api`. */
export function endpointService(name: string): string {
  return name.replace(/^.*?amazonaws\.[^.]+\./, '');
}

/**
 * Services that IAM in China knows with the ending of its hosts; only EC2 is not known by `amazonaws.com` too. Sources:
 * hashicorp/terraform-provider-aws#46209 and #47141, aws/aws-cdk#24696, terraform-aws-modules/terraform-aws-eks#2932.
 */
const KNOWN_IN_CHINA = ['codedeploy', 'ec2', 'elasticmapreduce', 'logs', 's3'];

/** Who a service is in a policy: `eks.amazonaws.com`, in China too, but `ec2.amazonaws.com.cn` there. */
export function servicePrincipal(service: string, partition: Partition): string {
  return `${service}.amazonaws.com${service === 'ec2' && partition === 'aws-cn' ? '.cn' : ''}`;
}

/** Whether IAM of the partition can know a service by this name, so far as the ending tells. */
export function isServicePrincipal(principal: string, partition: Partition): boolean {
  const { suffix } = PARTITIONS[partition];
  const [service = ''] = principal.split('.');
  if (principal.endsWith('.amazonaws.com')) return servicePrincipal(service, partition).endsWith('.com');
  return principal.endsWith(`.${suffix}`) && (partition !== 'aws-cn' || KNOWN_IN_CHINA.includes(service));
}
