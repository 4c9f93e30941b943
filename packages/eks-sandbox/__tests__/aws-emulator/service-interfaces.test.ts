import { MotoAmendments } from '../../aws-emulator/moto-amendments';

/** An interface as moto describes it: that of a NAT gateway has a public address. */
const item = (id: string): string =>
  `<item>${id === 'eni-a1' ? '<association><publicIp>192.0.2.1</publicIp></association>' : ''}` +
  '<availabilityZone>eu-west-1a</availabilityZone><description/>' +
  '<groupSet><item><groupId>sg-1</groupId></item></groupSet><interfaceType>interface</interfaceType>' +
  `<networkInterfaceId>${id}</networkInterfaceId><requesterManaged>false</requesterManaged><status>available</status>` +
  '<tagSet/><vpcId>vpc-1</vpcId></item>';

let moto: MotoAmendments;
beforeEach(() => {
  moto = new MotoAmendments('eu-west-1');
});

function ask(service: string, body: string, answer: string, path = '/'): string {
  const rewrite = moto.for({
    service,
    method: 'POST',
    path,
    query: new URLSearchParams(),
    target: '',
    body,
  })?.rewrite;
  return rewrite ? rewrite(answer) : answer;
}

/** What of each interface AWS tells: its kind, its description, whose it is, and whether it is in use. */
const described = (...ids: string[]): string[] =>
  [
    ...ask('ec2', 'Action=DescribeNetworkInterfaces', ids.map(item).join('')).matchAll(
      /<(?:item|\/association)><avail.*?<\/vpcId>/g,
    ),
  ].map(([text]) =>
    ['interfaceType', 'description', 'requesterManaged', 'status']
      .map((name) => new RegExp(`<${name}>([^<]*)`).exec(text)?.[1] ?? '')
      .join(' | '),
  );

describe('the network interfaces of AWS services', () => {
  beforeEach(() => {
    ask(
      'ec2',
      'Action=CreateNatGateway',
      '<natGatewayAddressSet><item><networkInterfaceId>eni-a1</networkInterfaceId></item></natGatewayAddressSet><natGatewayId>nat-1</natGatewayId>',
    );
    ask(
      'ec2',
      'Action=CreateVpcEndpoint',
      '<vpcEndpointId>vpce-1</vpcEndpointId><networkInterfaceIdSet><item>eni-b1</item><item>eni-b2</item></networkInterfaceIdSet>',
    );
    ask(
      'elasticfilesystem',
      '{}',
      '{"FileSystemId":"fs-1","MountTargetId":"fsmt-1","NetworkInterfaceId":"eni-c1"}',
      '/2015-02-01/mount-targets',
    );
  });

  it('belong to them, with the description that AWS gives them', () => {
    expect(described('eni-a1', 'eni-b1', 'eni-b2', 'eni-c1', 'eni-d1')).toEqual([
      'nat_gateway | Interface for NAT Gateway nat-1 | true | in-use',
      'vpc_endpoint | VPC Endpoint Interface vpce-1 | true | in-use',
      'vpc_endpoint | VPC Endpoint Interface vpce-1 | true | in-use',
      'efs | EFS mount target for fs-1 (fsmt-1) | true | in-use',
      'interface |  | false | available',
    ]);
  });

  it('are deleted with the NAT gateway, after which moto keeps them', () => {
    ask('ec2', 'Action=DeleteNatGateway&NatGatewayId=nat-1', '<natGatewayId>nat-1</natGatewayId>');
    expect(described('eni-a1', 'eni-c1')).toEqual([
      'efs | EFS mount target for fs-1 (fsmt-1) | true | in-use',
    ]);
  });
});
