import { Address4 } from 'ip-address';

/** An IPv4 range, such as 10.0.0.0/16. */
export class Cidr {
  private readonly parsed: Address4;

  /** @param text a range in the form that the schema accepts; throws an AddressError on another */
  constructor(readonly text: string) {
    this.parsed = new Address4(text);
  }

  /** Length of the prefix, 0 to 32. */
  get prefix(): number {
    return this.parsed.subnetMask;
  }

  /** The address as written, without the prefix: 10.0.0.1 for 10.0.0.1/16. */
  get address(): string {
    return this.parsed.correctForm();
  }

  /** The range's first address: 10.0.0.0 for 10.0.0.1/16. */
  get network(): string {
    return this.parsed.startAddress().correctForm();
  }

  /** The same range written from its first address: 10.0.0.0/16 for 10.0.0.1/16. */
  get canonical(): string {
    return `${this.network}/${this.prefix}`;
  }

  /** Whether the address has bits set to the right of the prefix. */
  get hasHostBits(): boolean {
    return this.address !== this.network;
  }

  /** Whether every address of this range is in the other too. */
  isWithin(other: Cidr): boolean {
    return this.parsed.isInSubnet(other.parsed);
  }

  /** Whether the ranges share an address; two ranges do only when one holds the other. */
  overlaps(other: Cidr): boolean {
    return this.isWithin(other) || other.isWithin(this);
  }

  toString(): string {
    return this.text;
  }
}

/** The ranges of RFC 1918. */
export const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => new Cidr(text));

/** The shared address space of RFC 6598, which AWS routes in a VPC like a private range. */
export const SHARED_RANGE = new Cidr('100.64.0.0/10');
