import { AccountZones } from '../../aws-emulator/account-zones';
import { parseAwsXml, type XmlElement } from '../../aws-emulator/aws-query';

const EVEN = new AccountZones('111122223334', 'us-east-1');
const ODD = new AccountZones('111122223333', 'us-east-1');
const CALIFORNIA = new AccountZones('111122223333', 'us-west-1');

const answered = (zones: AccountZones, body: string): XmlElement =>
  parseAwsXml(zones.amendment(body)?.answer?.body ?? '');

const described = (zones: AccountZones, filters = ''): (string | undefined)[] =>
  answered(zones, `Action=DescribeAvailabilityZones${filters}`)
    .items('availabilityZoneInfo')
    .map((zone) => `${zone.value('zoneName')} ${zone.value('zoneId')}`);

it('two accounts have different letters for the zone without EKS', () => {
  const filter = '&Filter.1.Name=zone-id&Filter.1.Value.1=use1-az3&Filter.1.Value.2=use1-az9';
  expect(described(EVEN, filter)).toEqual(['us-east-1e use1-az3']);
  expect(described(ODD, filter)).toEqual(['us-east-1f use1-az3']);
});

it('zones are found by name, ID and every filter that Terraform uses', () => {
  expect(described(CALIFORNIA)).toEqual(['us-west-1a usw1-az1', 'us-west-1b usw1-az3']);
  expect(described(CALIFORNIA, '&ZoneName.1=us-west-1b')).toEqual(['us-west-1b usw1-az3']);
  expect(described(CALIFORNIA, '&ZoneId.1=usw1-az1')).toEqual(['us-west-1a usw1-az1']);
  const both =
    '&Filter.1.Name=zone-type&Filter.1.Value.1=availability-zone&Filter.2.Name=opt-in-status&Filter.2.Value.1=opt-in-not-required';
  expect(described(CALIFORNIA, both)).toHaveLength(2);
  expect(described(CALIFORNIA, '&Filter.1.Name=zone-type&Filter.1.Value.1=local-zone')).toEqual([]);
});

it.each(['AvailabilityZone=us-west-1c', 'AvailabilityZone=us-east-1a', 'AvailabilityZoneId=usw1-az2'])(
  'a subnet with %s is refused as EC2 refuses it',
  (zone) => {
    const answer = CALIFORNIA.amendment(`Action=CreateSubnet&${zone}`)?.answer;
    expect(answer?.status).toBe(400);
    const error = parseAwsXml(answer?.body ?? '').find('Errors.Error');
    expect(error?.value('Code')).toBe('InvalidParameterValue');
    expect(error?.value('Message')).toBe(
      `Value (${zone.split('=')[1]}) for parameter availabilityZone is invalid. Subnets can currently only be created in ` +
        'the following availability zones: us-west-1a, us-west-1b.',
    );
  },
);

it('a subnet is in the zone of the account, whose ID it has', () => {
  const amendment = CALIFORNIA.amendment('Action=CreateSubnet&VpcId=vpc-1&AvailabilityZoneId=usw1-az3');
  expect(amendment?.instead?.body).toBe('Action=CreateSubnet&VpcId=vpc-1&AvailabilityZone=us-west-1b');
  const item = (id: string, zone: string): string =>
    `<item><availabilityZoneId>${id}</availabilityZoneId><tagSet><item/></tagSet><availabilityZone>us-west-1${zone}</availabilityZone></item>`;
  expect(
    CALIFORNIA.amendment('Action=DescribeSubnets')?.rewrite?.(item('usw1-az3', 'a') + item('usw1-az1', 'b')),
  ).toBe(item('usw1-az1', 'a') + item('usw1-az3', 'b'));
});

it('endpoint services of the region are in every zone of the account', () => {
  const names = ['com.amazonaws.us-west-1.email-smtp', 'cn.com.amazonaws.us-west-1.email-smtp'];
  const filter = names.map((name, i) => `&Filter.1.Value.${i + 1}=${name}`).join('');
  const found = answered(
    CALIFORNIA,
    `Action=DescribeVpcEndpointServices&Filter.1.Name=service-name${filter}`,
  ).items('serviceDetailSet');
  expect(found.map((service) => service.value('serviceName'))).toEqual([
    'com.amazonaws.us-west-1.email-smtp',
  ]);
  expect(found[0]?.items('availabilityZoneSet').map(({ text }) => text)).toEqual([
    'us-west-1a',
    'us-west-1b',
  ]);
});

it('the zones of the account leave other requests to moto', () => {
  expect(CALIFORNIA.amendment('Action=DescribeVpcs')).toBeUndefined();
});
