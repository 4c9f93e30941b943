import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { partitionOf as partitionOfRegion } from '../../../src/facts/partitions';
import { Account } from './account';

/**
 * The partition that a stack deploys to, the first word of an ARN after `arn:`: by the region of its AWS provider, or, where
 * that is not known before Terraform runs, as AWS says it then.
 */
export function partitionOf(scope: Construct): string {
  const provider = TerraformStack.of(scope).node.children.find((child) => child instanceof AwsProvider);
  const region = provider?.region;
  return region === undefined || Token.isUnresolved(region)
    ? Account.of(scope).partition
    : partitionOfRegion(region);
}
