import { Address4, Address6 } from 'ip-address';

/** Ranges that are not routed on the internet: RFC 1918, RFC 6598 and RFC 4193. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** The ranges with an address that is in none of the others. What is no range, such as a reference, is in an equal one only. */
export function rangesBeyond(ranges: readonly string[], others: readonly string[]): string[] {
  return ranges.filter((range) => !others.some((other) => range === other || isWithin(range, other)));
}

/** The ranges that reach beyond private networks. */
export function publicRanges(ranges: readonly string[]): string[] {
  return rangesBeyond(ranges, PRIVATE);
}

/** Whether a text is a range of addresses. */
export function isRange(text: string): boolean {
  return parse(text) !== undefined;
}

function isWithin(inner: string, outer: string): boolean {
  const [within, around] = [parse(inner), parse(outer)];
  // A range holds addresses of its own family only.
  return within !== undefined && within.constructor === around?.constructor && within.isInSubnet(around);
}

function parse(range: string): Address4 | Address6 | undefined {
  if (Address4.isValid(range)) return new Address4(range);
  return Address6.isValid(range) ? new Address6(range) : undefined;
}
