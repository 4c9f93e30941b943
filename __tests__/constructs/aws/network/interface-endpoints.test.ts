import { InterfaceEndpoints } from '../../../../constructs/aws/network/interface-endpoints';
import { awsStack } from '../aws-stack';

const { resource } = awsStack((stack) => {
  new InterfaceEndpoints(stack, 'endpoints', {
    name: 'seed',
    region: 'eu-west-1',
    vpcId: 'vpc-1',
    vpcCidrs: ['10.0.0.0/16', '100.64.0.0/16'],
    subnetIds: ['subnet-1', 'subnet-2'],
    services: ['sqs', 'ecr.api'],
  });
});

it('each service has one in every zone, under its usual name', () => {
  expect(Object.keys(resource['aws_vpc_endpoint'] ?? {}).sort()).toEqual([
    'endpoints_ecr_api',
    'endpoints_sqs',
  ]);
  expect(resource['aws_vpc_endpoint']?.['endpoints_sqs']).toMatchObject({
    vpc_id: 'vpc-1',
    service_name: 'com.amazonaws.eu-west-1.sqs',
    vpc_endpoint_type: 'Interface',
    private_dns_enabled: true,
    subnet_ids: ['subnet-1', 'subnet-2'],
    security_group_ids: ['${aws_security_group.endpoints_https.id}'],
    tags: { Name: 'seed-sqs' },
  });
});

it('lets in HTTPS from the VPC, and nothing else', () => {
  const group = resource['aws_security_group']?.['endpoints_https'];
  expect(group?.['ingress']).toMatchObject([
    { protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['10.0.0.0/16', '100.64.0.0/16'] },
  ]);
  expect(group).not.toHaveProperty('egress');
});
