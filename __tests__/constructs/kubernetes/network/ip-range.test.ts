import { Token } from 'cdktf';
import { rangeError } from '../../../../constructs/kubernetes/network/ip-range';

it.each([
  ['10.0.0.0/16', undefined],
  ['fd00::/64', undefined],
  [Token.asString({ range: true }), undefined],
  ['2001:db8:0::/64', '"2001:db8:0::/64" is another spelling of 2001:db8::/64; write 2001:db8::/64'],
  ['2001:DB8::/64', '"2001:DB8::/64" is another spelling of 2001:db8::/64; write 2001:db8::/64'],
  ['10.0.0.1/16', '"10.0.0.1/16" has bits beyond its prefix; write 10.0.0.0/16'],
  [
    '10.0.0.1',
    '"10.0.0.1" is no range of addresses; CIDR notation is allowed, such as 10.0.0.0/16 or fd00::/64',
  ],
])('the IP range %s is checked: %s', (range, error) => {
  expect(rangeError(range)).toBe(error);
});
