import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';

export interface AwsProviderOptions {
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /** Name of the platform; every resource is tagged with it. */
  readonly platform: string;
}

/**
 * The AWS provider of a stack. Everything that it makes carries the tags `Platform` and `ManagedBy`, so that what belongs to
 * the platform can be found in the account.
 */
export function useAws(stack: Construct, options: AwsProviderOptions): AwsProvider {
  return new AwsProvider(stack, 'aws', {
    region: options.region,
    defaultTags: [{ tags: { Platform: options.platform, ManagedBy: 'terraform' } }],
  });
}
