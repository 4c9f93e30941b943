import { Token } from 'cdktf';

/** An amount of CPU, in the one spelling that the API server gives back. */
export class Cpu {
  /** Thousandths of a core. */
  static millis(amount: number): Cpu {
    return new Cpu(whole('Cpu.millis', amount));
  }

  /** Cores; `Cpu.units(0.5)` is 500 thousandths. */
  static units(amount: number): Cpu {
    return new Cpu(whole('Cpu.units × 1000', amount * 1000));
  }

  private constructor(readonly milliCores: number) {}

  /** `250m`, or `2` for whole cores. */
  toString(): string {
    return canonical(`${this.milliCores}m`);
  }
}

/** An amount of memory or storage, in the one spelling that the API server gives back. */
export class Size {
  static mebibytes(amount: number): Size {
    return new Size(whole('Size.mebibytes', amount));
  }

  static gibibytes(amount: number): Size {
    return new Size(whole('Size.gibibytes × 1024', amount * 1024));
  }

  static tebibytes(amount: number): Size {
    return new Size(whole('Size.tebibytes × 1048576', amount * 1024 * 1024));
  }

  private constructor(readonly inMebibytes: number) {}

  /** `512Mi`, or `2Gi` and `1Ti` for whole gibibytes and tebibytes. */
  toString(): string {
    return canonical(`${this.inMebibytes}Mi`);
  }
}

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'];

/** Thousand-millionths: the least that a quantity can tell apart. */
const NANO = 1_000_000_000n;

/**
 * The spelling that the API server gives a quantity: the largest suffix that leaves a whole number. `1000m` is `1`, `1000` is
 * `1k`, `0.5Gi` is `512Mi`. Any other spelling differs from what Terraform reads back.
 *
 * @returns undefined when the text is no amount of 0 or more, or has an exponent, which nothing here needs
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function canonicalQuantity(text: string): string | undefined {
  const [, integer = '', fraction = '', suffix = ''] =
    /^(\d*)(?:\.(\d{0,9}))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)$/.exec(text) ?? [];
  if (integer === '' && fraction === '') return undefined;
  const amount = BigInt(integer) * NANO + BigInt(fraction.padEnd(9, '0'));
  const power = BINARY.indexOf(suffix);
  if (power > 0) {
    const bytes = amount * 1024n ** BigInt(power);
    if (bytes >= 1024n * NANO && bytes % NANO === 0n) return largest(bytes / NANO, 1024n, BINARY);
    return decimal(bytes);
  }
  // `n` is thousand-millionths, and so on by thousands.
  const nanos = amount * 1000n ** BigInt(DECIMAL.indexOf(suffix));
  return nanos % NANO === 0n ? decimal(nanos / NANO) : undefined;
}

/**
 * What is wrong with a quantity that a user has written, or nothing. One that is known only to Terraform is not looked into.
 *
 * @param path where it is written
 */
export function quantityError(path: string, text: string): string | undefined {
  if (Token.isUnresolved(text)) return undefined;
  const canonical = canonicalQuantity(text);
  if (canonical === undefined) return `${path}: got "${text}"; a quantity such as 4, 500m or 8Gi is allowed`;
  return canonical === text
    ? undefined
    : `${path}: got "${text}", which the API server gives back as "${canonical}"; write that`;
}

function decimal(nanos: bigint): string {
  return nanos === 0n ? '0' : largest(nanos, 1000n, DECIMAL);
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

function canonical(text: string): string {
  return canonicalQuantity(text) ?? text;
}

function whole(what: string, amount: number): number {
  const rounded = Math.round(amount);
  // 0.57 × 1000 is 569.9999999999999 to a computer.
  if (!(Math.abs(amount - rounded) < 1e-6) || rounded <= 0) {
    throw new RangeError(`${what}: got ${amount}; a whole number above 0 is allowed`);
  }
  return rounded;
}
