import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { MAIN_CHILD } from '../terraform/address';

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
  /** Who the account is in a policy: everybody in it whom IAM allows what the policy allows. */
  readonly principal: string;

  private constructor(stack: TerraformStack) {
    super(stack, ID);
    this.id = new DataAwsCallerIdentity(this, MAIN_CHILD).accountId;
    const { partition } = new DataAwsPartition(this, 'partition');
    this.principal = `arn:${partition}:iam::${this.id}:root`;
  }
}
