import {
  InterfaceEndpoints,
  type EndpointService,
} from '../../../../constructs/aws/network/interface-endpoints';
import { awsStack, type AwsStack } from '../aws-stack';

const endpoints = (services: readonly EndpointService[], region = 'eu-west-1'): AwsStack =>
  awsStack((stack) => {
    new InterfaceEndpoints(stack, 'endpoints', {
      name: 'seed',
      region,
      vpcId: 'vpc-1',
      vpcCidrs: ['10.0.0.0/16', '100.64.0.0/16'],
      subnetIds: { [`${region}a`]: 'subnet-1', [`${region}b`]: 'subnet-2' },
      services,
    });
  });

const ports = ({ resource }: AwsStack, group: string): unknown =>
  (resource['aws_security_group']?.[group]?.['ingress'] as { from_port: number; to_port: number }[]).map(
    ({ from_port: from, to_port: to }) => (from === to ? from : [from, to]),
  );

it('each service has one interface endpoint with an address in every zone, under its usual name', () => {
  const { resource, data } = endpoints(['sqs', 'ecr.api']);
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
  expect(data).toEqual({});
});

it('the security group of the endpoints allows HTTPS from the VPC, and nothing else', () => {
  const group = endpoints(['sqs', 'ecr.api']).resource['aws_security_group'];
  expect(Object.keys(group ?? {})).toEqual(['endpoints_https']);
  expect(group?.['endpoints_https']?.['ingress']).toMatchObject([
    { protocol: 'tcp', from_port: 443, to_port: 443, cidr_blocks: ['10.0.0.0/16', '100.64.0.0/16'] },
  ]);
  expect(group?.['endpoints_https']).not.toHaveProperty('egress');
});

it('the endpoint of email-smtp allows the ports of mail, where AWS has one', () => {
  const mail = endpoints(['sqs', 'email-smtp']);
  expect(ports(mail, 'endpoints_https')).toEqual([443]);
  expect(ports(mail, 'endpoints_email_smtp_ports')).toEqual([25, 465, 587, 2465, 2587]);
  const found = 'data.aws_vpc_endpoint_service.endpoints_email_smtp_service';
  expect(mail.resource['aws_vpc_endpoint']?.['endpoints_email_smtp']).toMatchObject({
    service_name: `\${${found}.service_name}`,
    subnet_ids: `\${matchkeys(["subnet-1", "subnet-2"], ["eu-west-1a", "eu-west-1b"], tolist(${found}.availability_zones))}`,
    security_group_ids: ['${aws_security_group.endpoints_email_smtp_ports.id}'],
  });
});

it('Terraform asks AWS for the service name where a partition has two', () => {
  const { data, resource } = endpoints(['sqs', 'kms'], 'cn-north-1');
  expect(data['aws_vpc_endpoint_service']?.['endpoints_sqs_service']).toMatchObject({
    filter: [
      { name: 'service-name', values: ['com.amazonaws.cn-north-1.sqs', 'cn.com.amazonaws.cn-north-1.sqs'] },
      { name: 'service-type', values: ['Interface'] },
    ],
  });
  expect(resource['aws_vpc_endpoint']?.['endpoints_kms']).toMatchObject({
    service_name: '${data.aws_vpc_endpoint_service.endpoints_kms_service.service_name}',
  });
});
