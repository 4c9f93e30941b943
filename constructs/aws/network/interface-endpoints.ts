import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import type { EndpointService } from '../../../src/facts/interface-endpoint-services';

export type { EndpointService } from '../../../src/facts/interface-endpoint-services';

export interface InterfaceEndpointsOptions {
  /** Prefix of every name: the endpoint of a service is `<name>-<service>`. */
  readonly name: string;
  /** AWS region, such as `eu-west-1`; not one in China, where endpoints have other names. */
  readonly region: string;
  readonly vpcId: string;
  /** IPv4 ranges that may use the endpoints. */
  readonly vpcCidrs: readonly string[];
  /** A subnet in each zone. */
  readonly subnetIds: readonly string[];
  readonly services: readonly EndpointService[];
}

/**
 * Interface endpoints: AWS services at addresses of the VPC, under their usual DNS names, so that what runs in the VPC needs
 * no way out to reach them. HTTPS is let in from the VPC, and nothing else.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export class InterfaceEndpoints extends Construct {
  constructor(scope: Construct, id: string, options: InterfaceEndpointsOptions) {
    super(scope, id);
    const { name, region, vpcId } = options;
    const group = new SecurityGroup(this, 'https', {
      name: `${name}-endpoints`,
      description: `HTTPS to the interface endpoints of ${name}`,
      vpcId,
      // Within the group and not as rules of their own, so that a rule that was added by hand is seen and taken away.
      ingress: [
        {
          description: 'HTTPS',
          protocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrBlocks: [...options.vpcCidrs],
        },
      ],
      tags: { Name: `${name}-endpoints` },
    });
    for (const service of options.services) {
      new VpcEndpoint(this, service, {
        vpcId,
        serviceName: `com.amazonaws.${region}.${service}`,
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        subnetIds: [...options.subnetIds],
        securityGroupIds: [group.id],
        tags: { Name: `${name}-${service}` },
      });
    }
  }
}
