import { zoneLetters } from '../../../../constructs/aws/network/subnet-layout';
import { Vpc, type VpcOptions } from '../../../../constructs/aws/network/vpc';
import { awsStack, type AwsStack, type Blocks } from '../aws-stack';

function vpc(
  options: Partial<Omit<VpcOptions, 'zones'>> = {},
  zones: readonly string[] = ['a', 'b', 'c'],
): Blocks {
  return stack(options, zones).resource;
}

function stack(options: Partial<Omit<VpcOptions, 'zones'>>, zones: readonly string[]): AwsStack {
  return awsStack((scope) => {
    new Vpc(scope, 'vpc', {
      name: 'seed',
      region: 'eu-west-1',
      cidr: '10.0.0.0/16',
      zones: zoneLetters(zones),
      ...options,
    });
  });
}

const endpoints = (resource: Blocks): Record<string, unknown>[] =>
  Object.values(resource['aws_vpc_endpoint'] ?? {}).filter(
    (each) => each['vpc_endpoint_type'] === 'Interface',
  );

describe('the interface endpoints of a VPC', () => {
  it('exist only if the options name them', () => {
    expect(endpoints(vpc())).toEqual([]);
    expect(vpc()).not.toHaveProperty('aws_security_group');
  });

  it('have the usual names of the services, an address in each zone, and allow HTTPS from the VPC only', () => {
    const resource = vpc({ nat: 'none', endpoints: ['ecr.api', 'eks-auth'] });
    expect(endpoints(resource)).toEqual(
      ['ecr.api', 'eks-auth'].map(
        (service) =>
          expect.objectContaining({
            service_name: `com.amazonaws.eu-west-1.${service}`,
            private_dns_enabled: true,
            subnet_ids: ['a', 'b', 'c'].map((zone) => `\${aws_subnet.vpc_private_${zone}.id}`),
            security_group_ids: ['${aws_security_group.vpc_endpoints_https.id}'],
            tags: { Name: `seed-${service}` },
          }) as unknown,
      ),
    );
    expect(resource['aws_security_group']?.['vpc_endpoints_https']).toMatchObject({
      ingress: [
        expect.objectContaining({
          protocol: 'tcp',
          from_port: 443,
          to_port: 443,
          cidr_blocks: ['10.0.0.0/16'],
        }),
      ],
    });
    expect(resource['aws_security_group']?.['vpc_endpoints_https']).not.toHaveProperty('egress');
  });
});

describe('the Pod subnets of a VPC', () => {
  it('exist only if there is a range for them', () => {
    expect(vpc()).not.toHaveProperty('aws_vpc_ipv4_cidr_block_association');
    expect(Object.keys(vpc()['aws_subnet'] ?? {}).filter((name) => name.includes('pods'))).toEqual([]);
  });

  it('are an eighth of the range in each zone, with the routes of the nodes', () => {
    const resource = vpc({ secondaryCidr: '100.64.0.0/16' }, ['a', 'c']);
    expect(resource['aws_vpc_ipv4_cidr_block_association']).toEqual({
      vpc_secondary_range: expect.objectContaining({
        vpc_id: '${aws_vpc.vpc.id}',
        cidr_block: '100.64.0.0/16',
      }) as unknown,
    });
    for (const [zone, cidr] of [
      ['a', '100.64.0.0/19'],
      ['c', '100.64.64.0/19'],
    ] as const) {
      expect(resource['aws_subnet']?.[`vpc_pods_${zone}`]).toEqual(
        expect.objectContaining({
          vpc_id: '${aws_vpc_ipv4_cidr_block_association.vpc_secondary_range.vpc_id}',
          availability_zone: `eu-west-1${zone}`,
          cidr_block: cidr,
          tags: { Name: `seed-pods-${zone}` },
        }),
      );
      expect(resource['aws_route_table_association']?.[`vpc_pods_${zone}_routes`]).toMatchObject({
        subnet_id: `\${aws_subnet.vpc_pods_${zone}.id}`,
        route_table_id: `\${aws_route_table.vpc_private_${zone}_table.id}`,
      });
    }
  });

  it('leave the other subnets where they are', () => {
    const withPods = vpc({ secondaryCidr: '100.64.0.0/16' });
    for (const [type, blocks] of Object.entries(vpc())) expect(withPods[type]).toMatchObject(blocks);
  });

  it('reach the interface endpoints', () => {
    const resource = vpc({ secondaryCidr: '100.64.0.0/16', endpoints: ['sts'] });
    expect(resource['aws_security_group']?.['vpc_endpoints_https']).toMatchObject({
      ingress: [expect.objectContaining({ cidr_blocks: ['10.0.0.0/16', '100.64.0.0/16'] })],
    });
  });
});

describe('the control plane subnets of a VPC', () => {
  it('exist only if the options ask for them', () => {
    expect(Object.keys(vpc()['aws_subnet'] ?? {}).filter((name) => name.includes('control_plane'))).toEqual(
      [],
    );
  });

  it('are one /28 in each zone, found by name, with no route out and no load balancer tags', () => {
    const resource = vpc({ controlPlaneSubnets: true });
    for (const [i, zone] of ['a', 'b', 'c'].entries()) {
      const subnet = resource['aws_subnet']?.[`vpc_control_plane_${zone}`];
      expect(subnet).toMatchObject({
        availability_zone: `eu-west-1${zone}`,
        cidr_block: `10.0.224.${i * 16}/28`,
      });
      expect(subnet?.['tags']).toEqual({ Name: `seed-control-plane-${zone}` });
      expect(resource['aws_route_table_association']?.[`vpc_control_plane_${zone}_routes`]).toMatchObject({
        route_table_id: '${aws_route_table.vpc_control_plane.id}',
      });
    }
    const routes = Object.values(resource['aws_route'] ?? {}).map((route) => route['route_table_id']);
    expect(routes).not.toContain('${aws_route_table.vpc_control_plane.id}');
  });
});

it('a zone that is added changes no existing resource, except where its ID is listed', () => {
  const all = { endpoints: ['sts'], controlPlaneSubnets: true } as const;
  const before = vpc(all, ['a', 'c']);
  const after = vpc(all, ['a', 'b', 'c']);
  const changed = Object.entries(before).flatMap(([type, named]) =>
    Object.entries(named)
      .filter(([name, block]) => JSON.stringify(block) !== JSON.stringify(after[type]?.[name]))
      .map(([name]) => `${type}.${name}`),
  );
  // The endpoints get an address, and the S3 routes a table, in the new zone; of the VPC the condition alone changes.
  expect(changed.sort()).toEqual([
    'aws_vpc.vpc',
    'aws_vpc_endpoint.vpc_endpoints_sts',
    'aws_vpc_endpoint.vpc_s3',
  ]);
});

it('the VPC checks the zone letters of the account with AWS before it creates anything, except for zones without EKS', () => {
  const { data, resource } = stack({ region: 'us-west-1' }, ['a', 'c']);
  expect(data['aws_availability_zones']?.['vpc_zones']).toMatchObject({
    exclude_zone_ids: ['usw1-az2'],
    filter: [{ name: 'zone-type', values: ['availability-zone'] }],
  });
  const names = 'data.aws_availability_zones.vpc_zones.names';
  expect(resource['aws_vpc']?.['vpc']?.['lifecycle']).toEqual({
    precondition: [
      {
        condition: `\${length(setsubtract(["us-west-1a","us-west-1c"], ${names})) == 0}`,
        error_message: expect.stringContaining(
          `allowed: \${join(", ", [for n in ${names} : trimprefix(n, "us-west-1")])}`,
        ) as unknown,
      },
    ],
  });
  expect(Object.keys(resource['aws_subnet'] ?? {}).sort()).toEqual(
    ['private', 'public'].flatMap((tier) => [`vpc_${tier}_a`, `vpc_${tier}_c`]),
  );
});
