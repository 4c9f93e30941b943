import { DataAwsEksCluster } from '@cdktf/provider-aws/lib/data-aws-eks-cluster';
import { Construct, MAIN_CHILD } from '../../terraform/construct';

/** A cluster that another stack has made, or that was there before. */
export class FoundCluster extends Construct {
  readonly resource: DataAwsEksCluster;

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    this.resource = new DataAwsEksCluster(this, MAIN_CHILD, { name });
  }

  get name(): string {
    return this.resource.name;
  }

  get vpcId(): string {
    return this.resource.vpcConfig.get(0).vpcId;
  }

  /** The security group that EKS gives to the control plane and to the nodes of managed groups. */
  get securityGroup(): string {
    return this.resource.vpcConfig.get(0).clusterSecurityGroupId;
  }
}
