import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { takingLiterally } from '../../terraform/construct';

/** The region and the account of the AWS provider, and the tags that it sets. */
export interface AwsProviderOptions {
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /** Name of the platform, which its EKS cluster has too; every resource is tagged with it. */
  readonly platform: string;
  /**
   * AWS account, 12 digits: with the credentials of another account, Terraform refuses to plan.
   * @default - any account
   * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs#allowed_account_ids-1
   */
  readonly account?: string;
  /** Further tags of every resource. @default {} */
  readonly tags?: Readonly<Record<string, string>>;
}

const settings = new WeakMap<TerraformStack, AwsProviderOptions>();

/**
 * The AWS provider of a stack. Everything that it creates has the tags `Platform` and `ManagedBy` and those of `tags`. They identify
 * the platform's objects in the account. Constructs below the stack get platform and region from `awsOf`.
 */
export function useAws(stack: Construct, options: AwsProviderOptions): AwsProvider {
  settings.set(TerraformStack.of(stack), options);
  const defaultTags = [{ tags: { ...tagsOf(stack), ManagedBy: 'terraform' } }];
  const { region, account } = options;
  const allowed = account === undefined ? {} : { allowedAccountIds: [account] };
  return takingLiterally(new AwsProvider(stack, 'aws', { region, ...allowed, defaultTags }));
}

/**
 * Tags for what others than the provider create in AWS for the stack's platform: instances of EKS, volumes of drivers,
 * load balancers of controllers.
 *
 * @throws when the stack has no AWS provider
 */
export function tagsOf(scope: Construct): Readonly<Record<string, string>> {
  const { platform, tags } = awsOf(scope);
  return { ...tags, Platform: platform };
}

/** Platform and region of the stack that a construct is in. @throws when the stack has no AWS provider */
export function awsOf(scope: Construct): AwsProviderOptions {
  const stack = TerraformStack.of(scope);
  const found = settings.get(stack);
  if (!found) {
    throw new Error(
      `${scope.node.path}: the stack "${stack.node.id}" has no AWS provider, which names the platform and its region. ` +
        'Call useAws(stack, { region, platform }) first, or build it in a stack that has one',
    );
  }
  return found;
}
