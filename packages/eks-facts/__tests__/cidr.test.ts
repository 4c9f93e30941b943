import fc from 'fast-check';
import { Cidr } from '../cidr';

it.each([
  '10.0.0.0',
  '10.0.0.0/33',
  '10.0.0/16',
  '010.0.0.0/8',
  'fd00::/129',
  'fe80::1%eth0/64',
  '10.0.0.0/8/8',
  '',
])('%j is not a range', (text) => {
  expect(Cidr.parse(text)).toBeUndefined();
});

it.each([
  ['10.0.0.1/16', '10.0.0.0/16'],
  ['fd00::1/64', 'fd00::/64'],
])('%s is canonically %s', (text, canonical) => {
  const range = new Cidr(text);
  expect([range.canonical, range.hasHostBits]).toEqual([canonical, true]);
});

it('IPv4 and IPv6 ranges hold nothing of each other', () => {
  expect(new Cidr('10.0.0.0/8').isWithin(new Cidr('::/0'))).toBe(false);
  expect(new Cidr('::ffff:a00:0/104').overlaps(new Cidr('10.0.0.0/8'))).toBe(false);
});

const ranges = fc
  .tuple(fc.ipV4(), fc.integer({ min: 8, max: 24 }))
  .map(([address, prefix]) => new Cidr(new Cidr(`${address}/${prefix}`).canonical));

it('the equal parts of a range are within it, do not overlap, and fill it', () => {
  fc.assert(
    fc.property(ranges, fc.integer({ min: 1, max: 4 }), (range, bits) => {
      const parts = Array.from({ length: 2 ** bits }, (_, index) => range.part(bits, index));
      expect(parts.every((part) => part.isWithin(range) && !part.hasHostBits)).toBe(true);
      expect(parts.some((part, i) => parts.some((other, j) => i < j && part.overlaps(other)))).toBe(false);
      expect(parts.reduce((sum, { size }) => sum + size, 0n)).toBe(range.size);
    }),
    { numRuns: 50 },
  );
});

it('the addresses of a range begin with its network and end before the next range', () => {
  fc.assert(
    fc.property(ranges, (range) => {
      expect(range.at(0)).toBe(range.network);
      expect(new Cidr(range.at(range.size - 1n)).isWithin(range)).toBe(true);
    }),
  );
});
