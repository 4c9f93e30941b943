const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];
const EXPONENTS = ['e-9', 'e-6', 'e-3', '', 'e3', 'e6', 'e9', 'e12', 'e15', 'e18'];

/** Thousand-millionths: the least that a quantity can tell apart. */
const NANO = 1_000_000_000n;
/** The most that a quantity can be. */
const MOST = (2n ** 63n - 1n) * NANO;

const FORM = /^(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)|[eE]([+-]?\d{1,2}))$/;

interface Quantity {
  readonly nanos: bigint;
  /** What its canonical form is written with. */
  readonly suffixes: readonly string[];
}

/** @returns undefined when the text is not a quantity from 0 to 2^63-1 in whole thousand-millionths */
function parse(text: string): Quantity | undefined {
  const [, integer = '', fraction = '', suffix, exponent] = FORM.exec(text) ?? [];
  if (integer === '' && fraction === '') return undefined;
  const binary = BINARY.indexOf(suffix ?? '') > 0;
  const powerOfTen =
    exponent === undefined
      ? binary
        ? 0
        : 3 * (DECIMAL.indexOf(suffix ?? '') - DECIMAL.indexOf(''))
      : Number(exponent);
  const digits = BigInt(integer + fraction) * (binary ? 1024n ** BigInt(BINARY.indexOf(suffix ?? '')) : 1n);
  const shift = powerOfTen + 9 - fraction.length;
  const divisor = shift < 0 ? 10n ** BigInt(-shift) : 1n;
  const nanos = shift < 0 ? digits / divisor : digits * 10n ** BigInt(shift);
  if (digits % divisor !== 0n || nanos > MOST) return undefined;
  return { nanos, suffixes: binary ? BINARY : exponent === undefined ? DECIMAL : EXPONENTS };
}

/**
 * The amount of a Kubernetes quantity: 0.5 for `500m`, 2147483648 for `2Gi`. Exact below 2^53.
 *
 * @returns undefined when the text is not a quantity of 0 or more
 */
export function quantityAmount(text: string): number | undefined {
  const nanos = parse(text)?.nanos;
  return nanos === undefined ? undefined : Number(nanos / NANO) + Number(nanos % NANO) / Number(NANO);
}

/**
 * The form in which the API server returns a quantity: the largest suffix that leaves a whole number. `1000m` is `1`, `1000`
 * is `1k`, `0.5Gi` is `512Mi`. Terraform plans a change forever for any other form.
 *
 * @returns undefined when the text is not a quantity of 0 or more
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function canonicalQuantity(text: string): string | undefined {
  const quantity = parse(text);
  if (!quantity) return undefined;
  const { nanos, suffixes } = quantity;
  if (nanos === 0n) return '0';
  if (suffixes !== BINARY) return largest(nanos, 1000n, suffixes);
  // Less than 1Ki, and what is no whole number of bytes, has a decimal suffix.
  return nanos >= 1024n * NANO && nanos % NANO === 0n
    ? largest(nanos / NANO, 1024n, BINARY)
    : largest(nanos, 1000n, DECIMAL);
}

/** The amount with the largest of the suffixes, each `base` times the one before, that leaves a whole number. */
function largest(amount: bigint, base: bigint, suffixes: readonly string[]): string {
  let rest = amount;
  let index = 0;
  while (index < suffixes.length - 1 && rest % base === 0n) {
    rest /= base;
    index += 1;
  }
  return `${rest}${suffixes[index] ?? ''}`;
}
