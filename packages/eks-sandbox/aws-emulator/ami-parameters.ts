import { partitionOf } from '@kubernetes-on-aws/eks-facts/partitions';
import { createHash } from 'node:crypto';
import {
  amiRelease,
  isKnownVersion,
  KUBERNETES_VERSIONS,
} from '@kubernetes-on-aws/eks-facts/kubernetes-versions';
import { BOTTLEROCKET_RELEASE } from '../eks-emulator/eks-versions';

/** A public parameter of Systems Manager, as GetParameter gives it. */
export interface SsmParameter {
  readonly Name: string;
  readonly Type: 'String';
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: number;
  readonly ARN: string;
  readonly DataType: 'text';
}

const AMAZON_LINUX =
  /^\/aws\/service\/eks\/optimized-ami\/(1\.\d+)\/(amazon-linux-2023\/(?:x86_64|arm64)\/[a-z]+)\/recommended\/(image_id|release_version|image_name)$/;
const BOTTLEROCKET =
  /^\/aws\/service\/bottlerocket\/aws-k8s-(1\.\d+)((?:-[a-z]+)*\/(?:x86_64|arm64))\/(?:latest|\d[^/]*)\/(image_id|image_version)$/;

/**
 * The parameters by which the AMIs of EKS are found; moto has none of them, and no program may put names of AWS's own.
 * @returns undefined when no AMI goes by this name
 */
export function amiParameter(name: string, region: string): SsmParameter | undefined {
  const [, version = '', variant = '', key = ''] = AMAZON_LINUX.exec(name) ?? BOTTLEROCKET.exec(name) ?? [];
  if (!isKnownVersion(version)) return undefined;
  const known = KUBERNETES_VERSIONS[version];
  // One image for each name and region, the same one each time.
  const image = `ami-0${createHash('sha256').update(`${region} ${version} ${variant}`).digest('hex').slice(0, 16)}`;
  const values: Readonly<Record<string, string>> = {
    image_id: image,
    image_name: `amazon-eks-node-al2023-${variant.split('/')[1] ?? ''}-standard-${version}-v${known.amiDate}`,
    image_version: BOTTLEROCKET_RELEASE,
    release_version: amiRelease(version),
  };
  return {
    Name: name,
    Type: 'String',
    Value: values[key] ?? '',
    Version: 1,
    LastModifiedDate: Date.parse(known.released) / 1000,
    ARN: `arn:${partitionOf(region)}:ssm:${region}::parameter${name}`,
    DataType: 'text',
  };
}
