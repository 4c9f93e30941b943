import { canonicalQuantity } from '@kubernetes-on-aws/eks-facts/quantity';
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
  /** 1,048,576 bytes each. */
  static mebibytes(amount: number): Size {
    return new Size(whole('Size.mebibytes', amount));
  }

  /** 1,024 mebibytes each. */
  static gibibytes(amount: number): Size {
    return new Size(whole('Size.gibibytes × 1024', amount * 1024));
  }

  /** 1,024 gibibytes each. */
  static tebibytes(amount: number): Size {
    return new Size(whole('Size.tebibytes × 1048576', amount * 1024 * 1024));
  }

  private constructor(readonly inMebibytes: number) {}

  /** `512Mi`, or `2Gi` and `1Ti` for whole gibibytes and tebibytes. */
  toString(): string {
    return canonical(`${this.inMebibytes}Mi`);
  }
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
