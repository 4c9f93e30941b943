import { GatewayEndpoints } from '../../aws-emulator/gateway-endpoints';

const endpoint = (id: string, ...tables: string[]): string =>
  `<item><vpcEndpointId>${id}</vpcEndpointId><vpcEndpointType>Gateway</vpcEndpointType>` +
  (tables.length === 0
    ? '<routeTableIdSet/>'
    : `<routeTableIdSet>${tables.map((table) => `<item>${table}</item>`).join('')}</routeTableIdSet>`) +
  '<subnetIdSet><item>subnet-1</item></subnetIdSet></item>';

it('a gateway endpoint has the route tables of its last change, and moto those of its creation', () => {
  const endpoints = new GatewayEndpoints();
  const asked = (body: string) => endpoints.amendment(body)?.instead?.body;
  const described = (...all: string[]) =>
    endpoints.amendment('Action=DescribeVpcEndpoints')?.rewrite?.(all.join(''));
  const before = [endpoint('vpce-1', 'rtb-1', 'rtb-2'), endpoint('vpce-2')];
  expect(described(...before)).toBe(before.join(''));

  const modify = 'Action=ModifyVpcEndpoint&VpcEndpointId=vpce-1';
  expect(asked(`${modify}&AddRouteTableId.1=rtb-3&AddRouteTableId.2=rtb-4`)).toBe(modify);
  expect(described(...before)).toBe(
    [endpoint('vpce-1', 'rtb-1', 'rtb-2', 'rtb-3', 'rtb-4'), endpoint('vpce-2')].join(''),
  );
  expect(asked(`${modify}&RemoveRouteTableId.1=rtb-3&RemoveRouteTableId.2=rtb-1`)).toBe(
    `${modify}&RemoveRouteTableId.1=rtb-1`,
  );
  expect(described(endpoint('vpce-1', 'rtb-2'))).toBe(endpoint('vpce-1', 'rtb-2', 'rtb-4'));
});

it('the gateway endpoints leave other requests to moto', () => {
  expect(new GatewayEndpoints().amendment('Action=DescribeVpcs')).toBeUndefined();
});
