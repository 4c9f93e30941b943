import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { takingLiterally } from '../../terraform/construct';
import { awsOf } from '../account/aws-provider';

/**
 * The platform's cluster, found by its name: for stacks that do not make it. The Kubernetes provider has found it already in a
 * stack that has one.
 *
 * @throws when the stack has no AWS provider
 */
export function findCluster(scope: Construct): DataAwsEksCluster {
  const stack = TerraformStack.of(scope);
  const name = awsOf(scope).platform;
  const found = stack.node.children.find(
    (child): child is DataAwsEksCluster => child instanceof DataAwsEksCluster && child.nameInput === name,
  );
  return found ?? takingLiterally(new DataAwsEksCluster(stack, 'cluster', { name }));
}
