import fc from 'fast-check';
import { canonicalQuantity, quantityAmount } from '../quantity';

// What ParseQuantity, Marshal and MarshalJSON of k8s.io/apimachinery v0.35.4 make of each text.
it.each([
  ['1000m', '1', 1],
  ['0.5', '500m', 0.5],
  ['.5', '500m', 0.5],
  ['1000', '1k', 1000],
  ['1500', '1500', 1500],
  ['0', '0', 0],
  ['0Gi', '0', 0],
  ['1023', '1023', 1023],
  ['1000Ki', '1000Ki', 1_024_000],
  ['1024Mi', '1Gi', 2 ** 30],
  ['1025Mi', '1025Mi', 1025 * 2 ** 20],
  ['0.5Gi', '512Mi', 2 ** 29],
  ['0.5Ki', '512', 512],
  ['0.9Ki', '921600m', 921.6],
  ['1.1Ki', '1126400m', 1126.4],
  ['1.5Ki', '1536', 1536],
  ['1.5Mi', '1536Ki', 1536 * 2 ** 10],
  ['1048576Ti', '1Ei', 2 ** 60],
  ['7Ei', '7Ei', 7 * 2 ** 60],
  ['1E', '1E', 1e18],
  ['1000M', '1G', 1e9],
  ['1000000u', '1', 1],
  ['100n', '100n', 1e-7],
  ['0.5m', '500u', 0.0005],
  ['0.0001Ki', '102400u', 0.1024],
  ['1234.5678m', '1234567800n', 1.2345678],
  ['1e3', '1e3', 1000],
  ['1E6', '1e6', 1e6],
  ['10e2', '1e3', 1000],
  ['5e4', '50e3', 50_000],
  ['1e1', '10', 10],
  ['1e-4', '100e-6', 0.0001],
  ['0e3', '0', 0],
  ['1000e15', '1e18', 1e18],
])('the API server returns %s as %s', (text, canonical, amount) => {
  expect(canonicalQuantity(text)).toBe(canonical);
  expect(quantityAmount(text)).toBe(amount);
});

// The API server rounds the last three instead; an amount that changes is refused here.
it.each(['', '.', 'm', '-1', '1 Gi', '1gi', '1e', '1GiB', '0.1n', '8Ei', '9.5Ei'])(
  '%j is not a quantity',
  (text) => {
    expect(canonicalQuantity(text)).toBeUndefined();
    expect(quantityAmount(text)).toBeUndefined();
  },
);

it.each([
  ['1.', '1'],
  ['001', '1'],
])('the digits of %s are written as %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
});

const quantities = fc
  .tuple(
    fc.bigInt({ min: 0n, max: 10n ** 9n }),
    fc.stringMatching(/^(\.\d{1,3})?$/),
    fc.constantFrom('m', '', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'E-3'),
  )
  .map(([whole, fraction, suffix]) => `${whole}${fraction}${suffix}`);

it('a canonical form is the same amount, and canonical itself', () => {
  fc.assert(
    fc.property(quantities, (text) => {
      const canonical = canonicalQuantity(text) ?? '';
      expect(quantityAmount(canonical)).toBe(quantityAmount(text));
      expect(canonicalQuantity(canonical)).toBe(canonical);
    }),
  );
});

it('equal amounts of one format have one canonical form', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (amount) => {
      expect(canonicalQuantity(`${amount}`)).toBe(canonicalQuantity(`${amount * 1000}m`));
      expect(canonicalQuantity(`${amount}Gi`)).toBe(canonicalQuantity(`${amount * 1024}Mi`));
    }),
  );
});
