import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
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
import { zonesWithoutEks } from '@kubernetes-on-aws/eks-facts/zones';
import type { Precondition } from 'cdktf';
import { Construct, MAIN_CHILD } from '../../terraform/construct';
import { expression } from '../../terraform/literal';
import { OUTLIVES_USE } from '../../terraform/outlives-use';
import { FoundVpc } from './found-vpc';
import { InterfaceEndpoints, type EndpointService } from './interface-endpoints';
import { LogGroup } from '../observability/log-group';
import { ServiceRole } from '../identity/service-role';
import { controlPlaneCidr, podCidr, privateCidr, publicCidr, type ZoneLetter } from './subnet-layout';

/** How private subnets reach the internet: a NAT gateway in each zone, one for all of them, or not at all. */
export type Nat = 'per-zone' | 'single' | 'none';

/** A VPC: its ranges, its zones, its NAT gateways and its endpoints. */
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
  /** Days that the flow logs are kept. @default 30 */
  readonly flowLogRetentionDays?: number;
}

type Tier = 'private' | 'public' | 'control-plane' | 'pods';

/** By which load balancers find their place. */
const LOAD_BALANCER_TAGS: Readonly<Partial<Record<Tier, Readonly<Record<string, string>>>>> = {
  public: { 'kubernetes.io/role/elb': '1' },
  private: { 'kubernetes.io/role/internal-elb': '1' },
};

/** The name of a zone's subnet: what other stacks find it by. @internal */
export function subnetName(platform: string, tier: Tier, zone: string): string {
  return `${platform}-${tier}-${zone}`;
}

/** `Name` of the default security group of a platform's VPC, through which nothing gets. */
export function defaultGroupName(platform: string): string {
  return `${platform}-default-deny`;
}

/**
 * A VPC for EKS. Each zone has a private subnet for nodes and a public one for load balancers, keyed by the zone's letter. They
 * have the tags that load balancers look for. NAT is optional. The VPC has flow logs of all traffic, and a default security group that
 * allows none. Image layers come through an S3 gateway endpoint, which is free.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export class Vpc extends Construct {
  /**
   * A VPC that another stack has made, or that was there before.
   *
   * @param name value of its tag `Name`: for the platform's own, the platform's name
   */
  static lookup(scope: Construct, id: string, name: string): FoundVpc {
    return new FoundVpc(scope, id, name);
  }

  readonly resource: VpcResource;
  /** The IDs of the private subnets, by the zone's letter. */
  readonly privateSubnets: Readonly<Partial<Record<ZoneLetter, string>>>;

  constructor(scope: Construct, id: string, options: VpcOptions) {
    super(scope, id);
    const { name, region, cidr, secondaryCidr, zones, nat = 'per-zone', endpoints = [] } = options;

    this.resource = new VpcResource(this, MAIN_CHILD, {
      cidrBlock: cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
      lifecycle: { precondition: [this.zonesServe(options)] },
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
    const privateSubnets: Partial<Record<ZoneLetter, string>> = {};
    this.privateSubnets = privateSubnets;
    const natGateways = new Map<ZoneLetter, NatGateway>();
    for (const zone of zones) {
      const subnet = this.addSubnet(options, 'public', zone, publicCidr(cidr, zone), publicTable);
      if (nat === 'per-zone' || (nat === 'single' && zone === zones[0])) {
        const address = new Eip(this, `nat-${zone}-address`, {
          domain: 'vpc',
          tags: { Name: `${name}-nat-${zone}` },
          dependsOn: [gateway],
          // The address of the gateway that is replaced is still in use.
          lifecycle: {
            ...OUTLIVES_USE,
            replaceTriggeredBy: [`${subnet.terraformResourceType}.${subnet.friendlyUniqueId}.id`],
          },
        });
        natGateways.set(
          zone,
          new NatGateway(this, `nat-${zone}`, {
            allocationId: address.id,
            subnetId: subnet.id,
            tags: { Name: `${name}-${zone}` },
            dependsOn: [gateway],
            // A zone's route has another gateway before its own is deleted.
            lifecycle: OUTLIVES_USE,
          }),
        );
      }
    }
    for (const zone of zones) {
      const table = new RouteTable(this, `private-${zone}-table`, {
        vpcId,
        tags: { Name: subnetName(name, 'private', zone) },
      });
      privateTables.set(zone, table);
      privateSubnets[zone] = this.addSubnet(options, 'private', zone, privateCidr(cidr, zone), table).id;
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
        subnetIds: Object.fromEntries(
          Object.entries(privateSubnets).map(([zone, subnet]) => [`${region}${zone}`, subnet]),
        ),
        services: endpoints,
      });
    }
    if (secondaryCidr !== undefined) this.addPodSubnets(options, secondaryCidr, privateTables);
    if (options.controlPlaneSubnets) this.addControlPlaneSubnets(options);
    this.recordTraffic(name, options.flowLogRetentionDays ?? 30);
  }

  get vpcId(): string {
    return this.resource.id;
  }

  /** Which letters an account has in a region, and which of them EKS has no place in, is known when AWS is asked. */
  private zonesServe({ region, zones }: VpcOptions): Precondition {
    const without = zonesWithoutEks(region);
    const found = new DataAwsAvailabilityZones(this, 'zones', {
      filter: [{ name: 'zone-type', values: ['availability-zone'] }],
      ...(without.length > 0 && { excludeZoneIds: [...without] }),
    });
    const names = `data.${found.terraformResourceType}.${found.friendlyUniqueId}.names`;
    const wanted = JSON.stringify(zones.map((zone) => region + zone));
    const letters = (list: string): string =>
      expression(`join(", ", [for n in ${list} : trimprefix(n, "${region}")])`);
    return {
      condition: expression(`length(setsubtract(${wanted}, ${names})) == 0`),
      errorMessage:
        `zones: in ${region}, this account has no zone ${letters(`setsubtract(${wanted}, ${names})`)} that EKS serves. ` +
        `Found: ${zones.join(', ')}; allowed: ${letters(names)}. Write letters of these under network.zones.`,
    };
  }

  /** Pods go the ways of their zone's nodes. No load balancer looks for its place here, so the subnets have no tag for it. */
  private addPodSubnets(
    options: VpcOptions,
    cidrBlock: string,
    tables: ReadonlyMap<ZoneLetter, RouteTable>,
  ): void {
    const association = new VpcIpv4CidrBlockAssociation(this, 'secondary-range', {
      vpcId: this.resource.id,
      cidrBlock,
    });
    // Of the association, so that the range is there first.
    const { vpcId } = association;
    for (const [zone, table] of tables) {
      this.addSubnet(options, 'pods', zone, podCidr(cidrBlock, zone), table, vpcId);
    }
  }

  /** The control plane talks to nodes and load balancers in the VPC only, so its subnets have no route out. */
  private addControlPlaneSubnets(options: VpcOptions): void {
    const { name, cidr, zones } = options;
    const tags = { Name: `${name}-control-plane` };
    const table = new RouteTable(this, 'control-plane', { vpcId: this.resource.id, tags });
    for (const zone of zones) {
      this.addSubnet(options, 'control-plane', zone, controlPlaneCidr(cidr, zone), table);
    }
  }

  /** A zone's subnet, keyed by the zone's letter and found by its name, with its routes. */
  private addSubnet(
    { name, region }: VpcOptions,
    tier: Tier,
    zone: ZoneLetter,
    cidrBlock: string,
    { id: routeTableId }: RouteTable,
    vpcId = this.resource.id,
  ): Subnet {
    const subnet = new Subnet(this, `${tier}-${zone}`, {
      vpcId,
      availabilityZone: `${region}${zone}`,
      cidrBlock,
      tags: { Name: subnetName(name, tier, zone), ...LOAD_BALANCER_TAGS[tier] },
    });
    new RouteTableAssociation(this, `${tier}-${zone}-routes`, { subnetId: subnet.id, routeTableId });
    return subnet;
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
