import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Fn, Op, TerraformStack, Token } from 'cdktf';
import type { Construct } from 'constructs';
import {
  partitionOf as partitionOfRegion,
  servicePrincipal as principalIn,
  type Partition,
} from '../../../src/facts/partitions';
import { Account } from './account';

export { serviceHost } from '../../../src/facts/partitions';

/**
 * The partition that a stack deploys to: the first word of an ARN after `arn:`. The region of the stack's AWS provider determines
 * it. If Terraform alone knows the region, a data source reads the partition.
 */
export function partitionOf(scope: Construct): string {
  const provider = TerraformStack.of(scope).node.children.find((child) => child instanceof AwsProvider);
  const region = provider?.region;
  return region === undefined || Token.isUnresolved(region)
    ? Account.of(scope).partition
    : partitionOfRegion(region);
}

/**
 * Who an AWS service is in the policies of a stack: `ec2.amazonaws.com`, in China `ec2.amazonaws.com.cn`.
 * @param service such as `ec2` or `pods.eks`
 */
export function servicePrincipal(scope: Construct, service: string): string {
  const partition = partitionOf(scope);
  const [inChina, elsewhere] = [principalIn(service, 'aws-cn'), principalIn(service, 'aws')];
  if (!Token.isUnresolved(partition) || inChina === elsewhere)
    return principalIn(service, partition as Partition);
  return Token.asString(Fn.conditional(Op.eq(partition, 'aws-cn'), inChina, elsewhere));
}
