import { Cidr, PRIVATE_RANGES, SHARED_RANGE, UNIQUE_LOCAL_RANGE } from '@kubernetes-on-aws/eks-facts/cidr';

/** Ranges that are not routed on the internet. */
const NOT_ROUTED = [...PRIVATE_RANGES, SHARED_RANGE, UNIQUE_LOCAL_RANGE].map(({ text }) => text);

/** The ranges with an address that is in none of the others. What is no range, such as a reference, is in an equal one only. */
export function rangesBeyond(ranges: readonly string[], others: readonly string[]): string[] {
  return ranges.filter((range) => !others.some((other) => range === other || isWithin(range, other)));
}

/** The ranges that reach beyond private networks. */
export function publicRanges(ranges: readonly string[]): string[] {
  return rangesBeyond(ranges, NOT_ROUTED);
}

/** Whether a text is a range of addresses. */
export function isRange(text: string): boolean {
  return Cidr.parse(text) !== undefined;
}

function isWithin(inner: string, outer: string): boolean {
  const around = Cidr.parse(outer);
  return around !== undefined && Cidr.parse(inner)?.isWithin(around) === true;
}
