import { DataAwsVpcEndpointService } from '@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { endpointPorts } from '@kubernetes-on-aws/eks-facts/endpoint-ports';
import { endpointNames } from '@kubernetes-on-aws/eks-facts/partitions';
import { Fn, Token } from 'cdktf';
import { Construct } from '../../terraform/construct';
import { NOT_IN_EVERY_ZONE, type EndpointService } from '../../../src/facts/interface-endpoint-services';

export { ENDPOINT_SERVICES, type EndpointService } from '../../../src/facts/interface-endpoint-services';

/** The services with an interface endpoint, and the subnets of the endpoints. */
export interface InterfaceEndpointsOptions {
  /** Prefix of every name: the endpoint of a service is `<name>-<service>`. */
  readonly name: string;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  readonly vpcId: string;
  /** IPv4 ranges that may use the endpoints. */
  readonly vpcCidrs: readonly string[];
  /** A subnet in each zone, by the zone's name, such as `eu-west-1a`. */
  readonly subnetIds: Readonly<Record<string, string>>;
  readonly services: readonly EndpointService[];
}

/**
 * Interface endpoints: AWS services at addresses of the VPC, under their usual DNS names. What runs in the VPC reaches them without
 * a route to the internet. They allow only the ports of each service, and only from the VPC.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html
 * @see https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html
 */
export class InterfaceEndpoints extends Construct {
  private readonly groups = new Map<string, SecurityGroup>();

  constructor(
    scope: Construct,
    id: string,
    private readonly options: InterfaceEndpointsOptions,
  ) {
    super(scope, id);
    const { name, vpcId, services } = options;
    for (const service of services) {
      new VpcEndpoint(this, service, {
        vpcId,
        ...this.place(service),
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        securityGroupIds: [this.groupFor(service).id],
        tags: { Name: `${name}-${service}` },
      });
    }
  }

  /**
   * The service's name and the subnets. A data source reads the name in this partition, and the zones of a service that is not in
   * all of them.
   */
  private place(service: EndpointService): { serviceName: string; subnetIds: string[] } {
    const { region, subnetIds } = this.options;
    const ids = Object.values(subnetIds);
    const names = endpointNames(service, region);
    const [serviceName = ''] = names;
    if (names.length === 1 && !NOT_IN_EVERY_ZONE.includes(service)) return { serviceName, subnetIds: ids };
    const found = new DataAwsVpcEndpointService(this, `${service}-service`, {
      filter: [
        { name: 'service-name', values: names },
        { name: 'service-type', values: ['Interface'] },
      ],
    });
    const inZones = Fn.matchkeys(ids, Object.keys(subnetIds), found.availabilityZones);
    return { serviceName: found.serviceName, subnetIds: Token.asList(inZones) };
  }

  /** Services with the same ports share a group. */
  private groupFor(service: EndpointService): SecurityGroup {
    const { name, vpcId, vpcCidrs } = this.options;
    const ports = endpointPorts(service);
    const known = this.groups.get(String(ports));
    if (known) return known;
    const [id, suffix, what] = ports.includes(443)
      ? ['https', '', 'HTTPS']
      : [`${service}-ports`, `-${service}`, service];
    const group = new SecurityGroup(this, id, {
      name: `${name}-endpoints${suffix}`,
      description: `${what} to the interface endpoints of ${name}`,
      vpcId,
      // Within the group and not as rules of their own, so that a rule that was added by hand is seen and taken away.
      ingress: ports.map((port) => ({
        description: what,
        protocol: 'tcp',
        fromPort: port,
        toPort: port,
        cidrBlocks: [...vpcCidrs],
      })),
      tags: { Name: `${name}-endpoints${suffix}` },
    });
    this.groups.set(String(ports), group);
    return group;
  }
}
