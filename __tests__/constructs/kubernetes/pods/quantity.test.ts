import { canonicalQuantity } from '@kubernetes-on-aws/eks-facts/quantity';
import fc from 'fast-check';
import { Cpu, Size } from '../../../../constructs/kubernetes/pods/quantity';

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

it('an amount of any size is spelled in its canonical form', () => {
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

it.each([
  [Cpu.millis(250), '250m'],
  [Cpu.millis(2000), '2'],
  [Cpu.units(0.5), '500m'],
  [Size.mebibytes(512), '512Mi'],
  [Size.mebibytes(1024), '1Gi'],
  [Size.gibibytes(1.5), '1536Mi'],
])('a quantity is spelled as the API server spells it: %s', (quantity, expected) => {
  expect(quantity.toString()).toBe(expected);
});

it.each([(): unknown => Cpu.millis(0), (): unknown => Cpu.units(0.0001), (): unknown => Size.gibibytes(-1)])(
  'a quantity that is no whole number above 0 is refused',
  (make) => {
    expect(make).toThrow(/a whole number above 0 is allowed/);
  },
);
