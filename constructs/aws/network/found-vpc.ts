import { DataAwsSubnets } from '@cdktf/provider-aws/lib/data-aws-subnets';
import { DataAwsVpc } from '@cdktf/provider-aws/lib/data-aws-vpc';
import { Construct, MAIN_CHILD } from '../../terraform/construct';

/**
 * An existing VPC, from another stack or from elsewhere. It finds its subnets by the tags that load balancers use.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export class FoundVpc extends Construct {
  readonly resource: DataAwsVpc;
  private readonly found = new Map<string, DataAwsSubnets>();

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    this.resource = new DataAwsVpc(this, MAIN_CHILD, { tags: { Name: name } });
  }

  get vpcId(): string {
    return this.resource.id;
  }

  /** Its IPv4 range. */
  get cidr(): string {
    return this.resource.cidrBlock;
  }

  /** The IDs of the subnets with the tag `kubernetes.io/role/internal-elb`. */
  get privateSubnets(): string[] {
    return this.subnets('private', 'kubernetes.io/role/internal-elb');
  }

  /** The IDs of the subnets with the tag `kubernetes.io/role/elb`. */
  get publicSubnets(): string[] {
    return this.subnets('public', 'kubernetes.io/role/elb');
  }

  private subnets(tier: string, tag: string): string[] {
    const filter = [{ name: 'vpc-id', values: [this.vpcId] }];
    const found = this.found.get(tier) ?? new DataAwsSubnets(this, tier, { filter, tags: { [tag]: '1' } });
    this.found.set(tier, found);
    return found.ids;
  }
}
