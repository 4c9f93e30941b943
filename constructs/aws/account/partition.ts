import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { Account } from './account';

/** How the regions of each partition but the commercial one begin. Source: botocore, partitions.json. */
const REGION_PREFIXES = {
  'aws-cn': 'cn-',
  'aws-us-gov': 'us-gov-',
  'aws-eusc': 'eusc-',
  'aws-iso': 'us-iso-',
  'aws-iso-b': 'us-isob-',
  'aws-iso-e': 'eu-isoe-',
  'aws-iso-f': 'us-isof-',
} as const;

/**
 * The partition that a stack deploys to, the first word of an ARN after `arn:`: by the region of its AWS provider, or, where
 * that is not known before Terraform runs, as AWS says it then.
 */
export function partitionOf(scope: Construct): string {
  const provider = TerraformStack.of(scope).node.children.find((child) => child instanceof AwsProvider);
  const region = provider?.region;
  if (region === undefined || Token.isUnresolved(region)) return Account.of(scope).partition;
  const found = Object.entries(REGION_PREFIXES).find(([, prefix]) => region.startsWith(prefix));
  return found?.[0] ?? 'aws';
}
