import fc from 'fast-check';
import { canonicalQuantity, Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';

it.each([
  ['1000m', '1'],
  ['0.5', '500m'],
  ['.5', '500m'],
  ['1.', '1'],
  ['1000', '1k'],
  ['1500', '1500'],
  ['0', '0'],
  ['0Gi', '0'],
  ['1024Mi', '1Gi'],
  ['1025Mi', '1025Mi'],
  ['0.5Gi', '512Mi'],
  ['0.5Ki', '512'],
  ['1.5Mi', '1536Ki'],
  ['1048576Ti', '1Ei'],
  ['1000M', '1G'],
  ['1000000u', '1'],
  ['100n', '100n'],
])('the API server spells %s as %s', (text, expected) => {
  expect(canonicalQuantity(text)).toBe(expected);
});

it.each(['', '.', 'm', '-1', '1 Gi', '1gi', '1e3', '1GiB', '0.1n'])(
  '%j is no quantity that is taken',
  (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
  },
);

it.each([
  [Cpu.units(0.57), '570m'],
  [Cpu.units(1000), '1k'],
  [Cpu.millis(1_000_000), '1k'],
  [Size.mebibytes(1024 * 1024), '1Ti'],
  [Size.gibibytes(2048), '2Ti'],
  [Size.tebibytes(0.5), '512Gi'],
])('%s is spelled as the API server spells it', (quantity, expected) => {
  expect(quantity.toString()).toBe(expected);
});

it('whatever the amount, its spelling is its own canonical form', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), (amount) => {
      for (const text of [Cpu.millis(amount).toString(), Size.mebibytes(amount).toString()]) {
        expect(canonicalQuantity(text)).toBe(text);
      }
    }),
  );
});

it.each([
  (): unknown => Cpu.millis(0.5),
  (): unknown => Cpu.units(0.0001),
  (): unknown => Cpu.millis(Number.NaN),
  (): unknown => Cpu.units(Number.POSITIVE_INFINITY),
  (): unknown => Size.tebibytes(0),
])('an amount that is no whole number above 0 is refused', (make) => {
  expect(make).toThrow(/a whole number above 0 is allowed/);
});
