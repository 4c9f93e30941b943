import { type AwsQuery, parseAwsXml } from '@kubernetes-on-aws/eks-sandbox/aws-emulator/aws-query';
import { proveImages } from '../../../src/sandbox/image-proof';
import { ProofError, type Proof } from '../../../src/sandbox/placement-proof';

const ECR = '602401143452.dkr.ecr.eu-west-1.amazonaws.com';
const item = (inner: string): string => `<item>${inner}</item>`;
const tag = (name: string, inner: string): string => `<${name}>${inner}</${name}>`;
const LOCAL = item(
  '<destinationCidrBlock>10.0.0.0/16</destinationCidrBlock><gatewayId>local</gatewayId><state>active</state>',
);
const route = (state: string): string =>
  item(
    `<destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>nat-1</natGatewayId><state>${state}</state>`,
  );
const interfaceOf = (service: string): string =>
  item(
    `<vpcEndpointType>Interface</vpcEndpointType><serviceName>com.amazonaws.eu-west-1.${service}</serviceName>`,
  );
const s3 = (table: string): string =>
  item(
    '<vpcEndpointType>Gateway</vpcEndpointType><serviceName>com.amazonaws.eu-west-1.s3</serviceName>' +
      tag('routeTableIdSet', item(table)),
  );
const ENDPOINTS = [interfaceOf('ecr.api'), interfaceOf('ecr.dkr'), s3('rtb-a')].join('');

/** An account whose cluster has a node in the subnet-a, by a route table of its own or by the main one. */
function account({
  routes = LOCAL,
  endpoints = ENDPOINTS,
  association = '<subnetId>subnet-a</subnetId>',
}): AwsQuery {
  const sets: Record<string, string> = {
    DescribeSubnets: tag(
      'subnetSet',
      item('<subnetId>subnet-a</subnetId><cidrBlock>10.0.0.0/20</cidrBlock>'),
    ),
    DescribeRouteTables: tag(
      'routeTableSet',
      item(
        `<routeTableId>rtb-a</routeTableId>${tag('associationSet', item(association))}${tag('routeSet', routes)}`,
      ),
    ),
    DescribeVpcEndpoints: tag('vpcEndpointSet', endpoints),
  };
  return {
    rest: () =>
      Promise.resolve({
        status: 200,
        body: JSON.stringify({ cluster: { resourcesVpcConfig: { vpcId: 'vpc-1' } } }),
      }),
    query: (_: string, action: string) => Promise.resolve(parseAwsXml(tag('Response', sets[action] ?? ''))),
  } as unknown as AwsQuery;
}

async function findings(
  images: readonly string[],
  of: Parameters<typeof account>[0],
  reachable: readonly string[] = [],
) {
  const proof = {
    nodes: [{ name: 'n', address: '10.0.3.4' }],
    pods: [{ namespace: 'dev', name: 'web-1', node: 'n', images }],
  } as unknown as Proof;
  const platform = { name: 'seed', region: 'eu-west-1', images: { cache: false, mirrors: {}, reachable } };
  try {
    await proveImages(proof, platform, account(of));
    return '';
  } catch (error) {
    if (error instanceof ProofError) return `${error.exitStatus} ${error.message}`;
    throw error;
  }
}

describe('a node without a route to the internet', () => {
  it.each([
    'public.ecr.aws/x/y:1',
    'nginx',
    'docker.io/library/nginx:1',
    `${ECR.replace('eu-west-1', 'us-east-1')}/x:1`,
  ])('does not pull %s', async (image) => {
    expect(await findings([image], {})).toBe(
      `1 ${image} cannot be pulled on AWS: subnet-a has no route to the internet. Pods dev/web-1 would not start. Add network.endpoints, ` +
        'or name a registry that nodes reach under images in platform.yaml',
    );
  });

  it('pulls what ECR of its region has, by the endpoints', async () => {
    expect(await findings([`${ECR}/eks/coredns:v1`], {})).toBe('');
    expect(await findings([`${ECR}/eks/coredns:v1`], { association: '<main>true</main>' })).toBe('');
  });

  it.each([
    ['ecr.dkr', interfaceOf('ecr.api') + s3('rtb-a')],
    ['s3', interfaceOf('ecr.api') + interfaceOf('ecr.dkr') + s3('rtb-b')],
  ])('pulls nothing without the endpoint of %s', async (service, endpoints) => {
    expect(await findings([`${ECR}/eks/coredns:v1`], { endpoints })).toContain(
      `subnet-a has no route to the internet, no endpoint of ${service}. Pods dev/web-1 would not start`,
    );
  });

  it('pulls from a registry that the file states as reachable', async () => {
    expect(await findings(['registry.example.com/x'], {}, ['registry.example.com'])).toBe('');
  });

  it('is also one whose NAT gateway is deleted', async () => {
    expect(await findings(['nginx'], { routes: LOCAL + route('blackhole') })).toContain(
      'no route to the internet',
    );
  });
});

it('a node with NAT pulls everything', async () => {
  expect(await findings(['nginx'], { routes: LOCAL + route('active'), endpoints: '' })).toBe('');
});
