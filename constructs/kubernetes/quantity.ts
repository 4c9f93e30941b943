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
    return this.milliCores % 1000 === 0 ? String(this.milliCores / 1000) : `${this.milliCores}m`;
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

  private constructor(readonly inMebibytes: number) {}

  /** `512Mi`, or `2Gi` for whole gibibytes. */
  toString(): string {
    return this.inMebibytes % 1024 === 0 ? `${this.inMebibytes / 1024}Gi` : `${this.inMebibytes}Mi`;
  }
}

function whole(what: string, amount: number): number {
  if (!Number.isInteger(amount) || amount <= 0) {
    throw new RangeError(`${what}: got ${amount}; a whole number above 0 is allowed`);
  }
  return amount;
}
