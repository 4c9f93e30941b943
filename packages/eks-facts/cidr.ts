import { isIP } from 'node:net';
import { Address4, Address6 } from 'ip-address';

/** A range of IPv4 or IPv6 addresses in CIDR notation, such as 10.0.0.0/16 or fd00::/64. */
export class Cidr {
  /** @returns undefined when the text is not a range */
  static parse(text: string): Cidr | undefined {
    const [address = '', prefix = '', ...rest] = text.split('/');
    const family = address.includes('%') ? 0 : isIP(address);
    if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
    return Number(prefix) <= (family === 4 ? 32 : 128) ? new Cidr(text) : undefined;
  }

  private readonly parsed: Address4 | Address6;

  /** @throws AddressError when the text is not an address, with a prefix or without */
  constructor(readonly text: string) {
    this.parsed = text.includes(':') ? new Address6(text) : new Address4(text);
  }

  /** Length of the prefix: 0 to 32, of IPv6 to 128. */
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

  /** Number of its addresses. */
  get size(): bigint {
    return 1n << BigInt(this.bits - this.prefix);
  }

  /** The address so many after the first: 10.0.0.10 for 10 in 10.0.0.0/16. */
  at(index: number | bigint): string {
    const value = this.parsed.startAddress().bigInt() + BigInt(index);
    const family = this.parsed instanceof Address4 ? Address4 : Address6;
    return family.fromBigInt(value).correctForm();
  }

  /** The part `index` of its 2^bits equal parts: 10.0.32.0/19 is the part 1 for 3 bits of 10.0.0.0/16. */
  part(bits: number, index: number): Cidr {
    const prefix = this.prefix + bits;
    return new Cidr(`${this.at(BigInt(index) << BigInt(this.bits - prefix))}/${prefix}`);
  }

  /** Whether every address of this range is in the other too; a range holds addresses of its own family only. */
  isWithin(other: Cidr): boolean {
    return this.bits === other.bits && this.parsed.isInSubnet(other.parsed);
  }

  /** Whether the ranges share an address; two ranges do only when one holds the other. */
  overlaps(other: Cidr): boolean {
    return this.isWithin(other) || other.isWithin(this);
  }

  toString(): string {
    return this.text;
  }

  private get bits(): number {
    return this.parsed instanceof Address4 ? 32 : 128;
  }
}

/** Every address there is, of IPv4 and of IPv6. */
export const EVERYWHERE: readonly string[] = ['0.0.0.0/0', '::/0'];

/** The ranges of RFC 1918. */
export const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => new Cidr(text));

/** The shared address space of RFC 6598, which AWS routes in a VPC like a private range. */
export const SHARED_RANGE = new Cidr('100.64.0.0/10');

/** The unique local addresses of RFC 4193. */
export const UNIQUE_LOCAL_RANGE = new Cidr('fc00::/7');

/** Ranges of Services that EKS chooses from, the first one that is apart from the VPC. Source: EKS API, KubernetesNetworkConfigRequest. */
export const EKS_SERVICE_RANGES = ['10.100.0.0/16', '172.20.0.0/16'];
