import { Address4 } from 'ip-address';
import {
  controlPlaneCidr,
  podCidr,
  privateCidr,
  publicCidr,
  zoneLetters,
  type ZoneLetter,
} from '../../../../constructs/aws/network/subnet-layout';

const ZONES: readonly ZoneLetter[] = ['a', 'b', 'c', 'd', 'e', 'f'];

it.each([16, 17, 18, 19, 20])(
  'the subnets of every zone fit within a /%s, and none overlaps another',
  (prefix) => {
    const vpc = new Address4(`10.32.0.0/${prefix}`);
    const subnets = ZONES.flatMap((zone) =>
      [privateCidr, publicCidr, controlPlaneCidr].map((cidr) => new Address4(cidr(vpc.address, zone))),
    );
    expect(subnets).toHaveLength(18);
    subnets.forEach((subnet, i) => {
      expect(subnet.isInSubnet(vpc)).toBe(true);
      expect(subnet.startAddress().correctForm()).toBe(subnet.correctForm());
      const overlapping = subnets.filter(
        (other, j) => i !== j && (subnet.isInSubnet(other) || other.isInSubnet(subnet)),
      );
      expect(overlapping).toEqual([]);
    });
  },
);

it('a zone letter has the same subnets, regardless of the other zones', () => {
  expect(ZONES.map((zone) => controlPlaneCidr('10.0.0.0/16', zone))).toEqual([
    '10.0.224.0/28',
    '10.0.224.16/28',
    '10.0.224.32/28',
    '10.0.224.48/28',
    '10.0.224.64/28',
    '10.0.224.80/28',
  ]);
  expect(controlPlaneCidr('10.0.0.0/20', 'f')).toBe('10.0.14.80/28');
});

it('the layout has a place for these letters only', () => {
  expect(zoneLetters(['a', 'f'])).toEqual(['a', 'f']);
  expect(() => zoneLetters(['g'])).toThrow('zone "g": allowed are a, b, c, d, e, f');
});

it.each([16, 20, 24])('the Pod subnets of every zone fit within a /%s, an eighth each', (prefix) => {
  const range = new Address4(`100.64.0.0/${prefix}`);
  const subnets = ZONES.map((zone) => new Address4(podCidr(range.address, zone)));
  expect(new Set(subnets.map(({ address }) => address)).size).toBe(ZONES.length);
  for (const subnet of subnets) {
    expect(subnet.isInSubnet(range)).toBe(true);
    expect(subnet.subnetMask).toBe(prefix + 3);
  }
});
