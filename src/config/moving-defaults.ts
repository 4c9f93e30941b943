import { Cidr, EKS_SERVICE_RANGES } from '@kubernetes-on-aws/eks-facts/cidr';

/** What the VPC and the Services have unless the file says so: the first that leaves the other one its range. */
const VPC_RANGES = ['10.0.0.0/16', '172.16.0.0/16'] as const;
const SERVICE_RANGES = EKS_SERVICE_RANGES.toReversed();

/** How far below the threshold the kubelet stops to remove images, when it is told one of the two only. */
const THRESHOLD_DISTANCE = 5;

interface Ranges {
  readonly network?: { readonly cidr?: string | undefined } | undefined;
  readonly cluster?: { readonly serviceCidr?: string | undefined } | undefined;
}

/**
 * The file with the ranges that it leaves out. They depend on no key that can change while the cluster lives: another range of
 * the VPC or of the Services is another cluster. So network.secondaryCidr, which can be added, moves nothing.
 */
export function withRanges<T extends Ranges>(file: T) {
  const cidr = file.network?.cidr ?? apart(VPC_RANGES, file.cluster?.serviceCidr);
  const serviceCidr = file.cluster?.serviceCidr ?? apart(SERVICE_RANGES, cidr);
  return {
    ...file,
    network: { ...file.network, cidr },
    cluster: { ...file.cluster, serviceCidr },
  } as T & { network: { cidr: string }; cluster: { serviceCidr: string } };
}

interface Thresholds {
  readonly imageGCHighThresholdPercent?: number | undefined;
  readonly imageGCLowThresholdPercent?: number | undefined;
}

/** Settings of a kubelet with the threshold that it leaves out, where the kubelet's own one (85, 80) is on the wrong side. */
export function withThresholds<T extends Thresholds>(kubelet: T): T {
  const { imageGCHighThresholdPercent: high, imageGCLowThresholdPercent: low } = kubelet;
  if (low === undefined && high !== undefined && high <= 80) {
    return { ...kubelet, imageGCLowThresholdPercent: Math.max(high - THRESHOLD_DISTANCE, 0) };
  }
  if (high === undefined && low !== undefined && low >= 85) {
    return { ...kubelet, imageGCHighThresholdPercent: Math.min(low + THRESHOLD_DISTANCE, 100) };
  }
  return kubelet;
}

function apart(ranges: readonly string[], other: string | undefined): string {
  const [first = ''] = ranges;
  return ranges.find((range) => other === undefined || !new Cidr(range).overlaps(new Cidr(other))) ?? first;
}
