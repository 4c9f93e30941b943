import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { FlowLog } from '@cdktf/provider-aws/lib/flow-log';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc as VpcResource } from '@cdktf/provider-aws/lib/vpc';
import { VpcIpv4CidrBlockAssociation } from '@cdktf/provider-aws/lib/vpc-ipv4-cidr-block-association';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { MAIN_CHILD } from '../../terraform/address-name';
import { Construct } from 'constructs';
import { InterfaceEndpoints, type EndpointService } from './interface-endpoints';
import { LogGroup } from '../observability/log-group';
import { ServiceRole } from '../identity/service-role';
import { controlPlaneCidr, podCidr, privateCidr, publicCidr, type ZoneLetter } from './subnet-layout';

/** How private subnets reach the internet: a NAT gateway in each zone, one for all of them, or not at all. */
export type Nat = 'per-zone' | 'single' | 'none';

export interface VpcOptions {
  /** Prefix of every name: the VPC is `<name>`, a subnet `<name>-private-a`. */
  readonly name: string;
  /** AWS region, such as `eu-west-1`. */
  readonly region: string;
  /** IPv4 range, such as `10.0.0.0/16`. */
  readonly cidr: string;
  /**
   * A second IPv4 range, such as `100.64.0.0/16`, in which each zone has a subnet for Pods.
   * @default - none
   */
  readonly secondaryCidr?: string;
  /** Letters of the availability zones; at least two for EKS. */
  readonly zones: readonly ZoneLetter[];
  /** @default per-zone */
  readonly nat?: Nat;
  /**
   * AWS services that are reached without leaving the VPC, by an interface endpoint each. Every one costs by the hour and
   * zone. S3 needs none: its gateway endpoint is free and always there.
   * @default []
   */
  readonly endpoints?: readonly EndpointService[];
  /**
   * Whether each zone has a small subnet for the network interfaces of an EKS control plane.
   * @default false
   */
  readonly controlPlaneSubnets?: boolean;
  /**
   * Days that the flow logs are kept.
   * @default 30
   */
  readonly flowLogRetentionDays?: number;
}

/** The name of a zone's subnet: what other stacks find it by. */
export function subnetName(
  platform: string,
  tier: 'private' | 'public' | 'control-plane' | 'pods',
  zone: string,
): string {
  return `${platform}-${tier}-${zone}`;
}

/** `Name` of the default security group of a platform's VPC, through which nothing gets. */
export function defaultGroupName(platform: string): string {
  return `${platform}-default-deny`;
}

/**
 * A VPC for EKS: in each zone a private subnet for the nodes and a public one for load balancers, keyed by the zone's letter;
 * NAT by choice, flow logs of all traffic, an S3 gateway endpoint (free, and what image layers come through), the subnet tags
 * by which load balancers find their place, and a default security group that lets nothing through.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export class Vpc extends Construct {
  readonly resource: VpcResource;

  constructor(scope: Construct, id: string, options: VpcOptions) {
    super(scope, id);
    const { name, region, cidr, secondaryCidr, zones, nat = 'per-zone', endpoints = [] } = options;

    this.resource = new VpcResource(this, MAIN_CHILD, {
      cidrBlock: cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
    });
    const vpcId = this.resource.id;
    new DefaultSecurityGroup(this, 'default', { vpcId, tags: { Name: defaultGroupName(name) } });

    const gateway = new InternetGateway(this, 'internet', { vpcId, tags: { Name: name } });
    const publicTable = new RouteTable(this, 'public', { vpcId, tags: { Name: `${name}-public` } });
    new Route(this, 'public-internet', {
      routeTableId: publicTable.id,
      destinationCidrBlock: '0.0.0.0/0',
      gatewayId: gateway.id,
    });

    const privateTables = new Map<ZoneLetter, RouteTable>();
    const privateSubnets: Subnet[] = [];
    const natGateways = new Map<ZoneLetter, NatGateway>();
    for (const zone of zones) {
      const publicSubnet = new Subnet(this, `public-${zone}`, {
        vpcId,
        availabilityZone: `${region}${zone}`,
        cidrBlock: publicCidr(cidr, zone),
        tags: { Name: subnetName(name, 'public', zone), 'kubernetes.io/role/elb': '1' },
      });
      new RouteTableAssociation(this, `public-${zone}-routes`, {
        subnetId: publicSubnet.id,
        routeTableId: publicTable.id,
      });
      if (nat === 'per-zone' || (nat === 'single' && zone === zones[0])) {
        const address = new Eip(this, `nat-${zone}-address`, {
          domain: 'vpc',
          tags: { Name: `${name}-nat-${zone}` },
          dependsOn: [gateway],
        });
        natGateways.set(
          zone,
          new NatGateway(this, `nat-${zone}`, {
            allocationId: address.id,
            subnetId: publicSubnet.id,
            tags: { Name: `${name}-${zone}` },
            dependsOn: [gateway],
          }),
        );
      }
    }
    for (const zone of zones) {
      const subnet = new Subnet(this, `private-${zone}`, {
        vpcId,
        availabilityZone: `${region}${zone}`,
        cidrBlock: privateCidr(cidr, zone),
        tags: { Name: subnetName(name, 'private', zone), 'kubernetes.io/role/internal-elb': '1' },
      });
      const table = new RouteTable(this, `private-${zone}-table`, {
        vpcId,
        tags: { Name: subnetName(name, 'private', zone) },
      });
      privateTables.set(zone, table);
      privateSubnets.push(subnet);
      new RouteTableAssociation(this, `private-${zone}-routes`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
      const natGateway = natGateways.get(zone) ?? natGateways.values().next().value;
      if (natGateway) {
        new Route(this, `private-${zone}-internet`, {
          routeTableId: table.id,
          destinationCidrBlock: '0.0.0.0/0',
          natGatewayId: natGateway.id,
        });
      }
    }

    new VpcEndpoint(this, 's3', {
      vpcId,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: 'Gateway',
      routeTableIds: [...privateTables.values()].map((table) => table.id),
      tags: { Name: `${name}-s3` },
    });
    if (endpoints.length > 0) {
      new InterfaceEndpoints(this, 'endpoints', {
        name,
        region,
        vpcId,
        vpcCidrs: [cidr, ...(secondaryCidr === undefined ? [] : [secondaryCidr])],
        subnetIds: privateSubnets.map((subnet) => subnet.id),
        services: endpoints,
      });
    }
    if (secondaryCidr !== undefined) this.addPodSubnets(options, secondaryCidr, privateTables);
    if (options.controlPlaneSubnets) this.addControlPlaneSubnets(options);
    this.recordTraffic(name, options.flowLogRetentionDays ?? 30);
  }

  /** Pods go the ways of their zone's nodes. No load balancer looks for its place here, so the subnets have no tag for it. */
  private addPodSubnets(
    { name, region }: VpcOptions,
    cidrBlock: string,
    tables: ReadonlyMap<ZoneLetter, RouteTable>,
  ): void {
    const association = new VpcIpv4CidrBlockAssociation(this, 'secondary-range', {
      vpcId: this.resource.id,
      cidrBlock,
    });
    for (const [zone, table] of tables) {
      const subnet = new Subnet(this, `pods-${zone}`, {
        // Of the association, so that the range is there first.
        vpcId: association.vpcId,
        availabilityZone: `${region}${zone}`,
        cidrBlock: podCidr(cidrBlock, zone),
        tags: { Name: subnetName(name, 'pods', zone) },
      });
      new RouteTableAssociation(this, `pods-${zone}-routes`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
    }
  }

  /** The control plane talks to nodes and load balancers in the VPC only, so its subnets have no route out. */
  private addControlPlaneSubnets({ name, region, cidr, zones }: VpcOptions): void {
    const vpcId = this.resource.id;
    const table = new RouteTable(this, 'control-plane', { vpcId, tags: { Name: `${name}-control-plane` } });
    for (const zone of zones) {
      const subnet = new Subnet(this, `control-plane-${zone}`, {
        vpcId,
        availabilityZone: `${region}${zone}`,
        cidrBlock: controlPlaneCidr(cidr, zone),
        tags: { Name: subnetName(name, 'control-plane', zone) },
      });
      new RouteTableAssociation(this, `control-plane-${zone}-routes`, {
        subnetId: subnet.id,
        routeTableId: table.id,
      });
    }
  }

  private recordTraffic(name: string, retentionDays: number): void {
    const logs = new LogGroup(this, 'flow-logs', { name: `/aws/vpc/${name}/flow-logs`, retentionDays });
    const role = new ServiceRole(this, 'flow-logs-role', {
      name: `${name}-flow-logs`,
      trust: 'flow-logs',
      statements: [
        {
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          Resource: [logs.arn, `${logs.arn}:*`],
        },
        // A list, for which AWS knows no narrower resource.
        { Effect: 'Allow', Action: ['logs:DescribeLogGroups'], Resource: ['*'] },
      ],
    });
    new FlowLog(this, 'flow-log', {
      vpcId: this.resource.id,
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: logs.arn,
      iamRoleArn: role.arn,
      tags: { Name: name },
      dependsOn: role.policies,
    });
  }
}
