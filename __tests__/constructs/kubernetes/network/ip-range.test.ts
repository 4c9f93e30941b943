import { Token } from 'cdktf';
import { isIn, isWithin, rangeError } from '../../../../constructs/kubernetes/network/ip-range';

it.each([
  ['10.0.0.0/16', undefined],
  ['fd00::/64', undefined],
  [Token.asString({ range: true }), undefined],
  ['10.0.0.1/16', '"10.0.0.1/16" has bits beyond its prefix; write 10.0.0.0/16'],
  [
    '10.0.0.1',
    '"10.0.0.1" is no range of addresses; CIDR notation is allowed, such as 10.0.0.0/16 or fd00::/64',
  ],
])('%s: %s', (range, error) => {
  expect(rangeError(range)).toBe(error);
});

it('a range is within a larger one, and never within itself or another family', () => {
  expect(isWithin('10.0.1.0/24', '10.0.0.0/16')).toBe(true);
  for (const inner of ['10.0.0.0/16', '10.1.0.0/24', 'fd00::/64']) {
    expect(isWithin(inner, '10.0.0.0/16')).toBe(false);
  }
  expect(isIn('10.0.1.5', '10.0.0.0/16')).toBe(true);
  expect(isIn('10.1.0.5', '10.0.0.0/16')).toBe(false);
});
