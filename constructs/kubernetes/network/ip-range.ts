import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';
import { Token } from 'cdktf';

/**
 * What is wrong with a range of addresses in CIDR notation, or nothing. A range that is known only to Terraform is not looked
 * into.
 */
export function rangeError(range: string): string | undefined {
  if (Token.isUnresolved(range)) return undefined;
  const parsed = Cidr.parse(range);
  if (!parsed) {
    return `"${range}" is no range of addresses; CIDR notation is allowed, such as 10.0.0.0/16 or fd00::/64`;
  }
  const { canonical } = parsed;
  if (parsed.hasHostBits) return `"${range}" has bits beyond its prefix; write ${canonical}`;
  // Two spellings would be two policies. An IPv4 address within IPv6 has dots, and the API server refuses it.
  return range === canonical || range.includes('.')
    ? undefined
    : `"${range}" is another spelling of ${canonical}; write ${canonical}`;
}
