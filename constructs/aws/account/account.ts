import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { TerraformStack } from 'cdktf';
import { Construct, MAIN_CHILD } from '../../terraform/construct';

const ID = 'account';

/** The AWS account that Terraform deploys to. Its number is known when Terraform runs, and stands in no file before. */
export class Account extends Construct {
  /** The account of a construct's stack. */
  static of(scope: Construct): Account {
    const stack = TerraformStack.of(scope);
    const found = stack.node.tryFindChild(ID);
    return found instanceof Account ? found : new Account(stack);
  }

  /** Twelve digits. */
  readonly id: string;
  /** First word of an ARN after `arn:`, such as `aws`. */
  readonly partition: string;
  /** Who the account is in a policy: everybody in it whom IAM allows what the policy allows. */
  readonly principal: string;

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    this.id = new DataAwsCallerIdentity(this, MAIN_CHILD).accountId;
    this.partition = new DataAwsPartition(this, 'partition').partition;
    this.principal = `arn:${this.partition}:iam::${this.id}:root`;
  }

  /**
   * ARN of what is in the account, or the pattern of many.
   * @param region empty for a service that is in no region, such as IAM
   */
  arn(service: string, region: string, resource: string): string {
    return `arn:${this.partition}:${service}:${region}:${this.id}:${resource}`;
  }
}
