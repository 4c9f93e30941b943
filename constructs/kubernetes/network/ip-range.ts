import { Token } from 'cdktf';
import { Address4, Address6 } from 'ip-address';
import { isIP } from 'node:net';

/**
 * What is wrong with a range of addresses in CIDR notation, or nothing. A range that is known only to Terraform is not looked
 * into.
 */
export function rangeError(range: string): string | undefined {
  if (Token.isUnresolved(range)) return undefined;
  const parsed = parse(range);
  if (!parsed) {
    return `"${range}" is no range of addresses; CIDR notation is allowed, such as 10.0.0.0/16 or fd00::/64`;
  }
  const network = parsed.startAddress().correctForm();
  return parsed.correctForm() === network
    ? undefined
    : `"${range}" has bits beyond its prefix; write ${network}/${parsed.subnetMask}`;
}

/** Whether every address of the inner range is in the outer one, which is larger. */
export function isWithin(inner: string, outer: string): boolean {
  return inner !== outer && contains(parse(outer), parse(inner));
}

/** Whether an address is in a range. */
export function isIn(address: string, range: string): boolean {
  return contains(parse(range), parse(`${address}/${isIP(address) === 4 ? 32 : 128}`));
}

function contains(outer: Address4 | Address6 | undefined, inner: Address4 | Address6 | undefined): boolean {
  // A range holds addresses of its own family only, however they are written.
  return outer !== undefined && outer.constructor === inner?.constructor && inner.isInSubnet(outer);
}

function parse(range: string): Address4 | Address6 | undefined {
  const [address = '', prefix = '', ...rest] = range.split('/');
  const family = address.includes('%') ? 0 : isIP(address);
  if (family === 0 || rest.length > 0 || !/^\d{1,3}$/.test(prefix)) return undefined;
  if (Number(prefix) > (family === 4 ? 32 : 128)) return undefined;
  return family === 4 ? new Address4(range) : new Address6(range);
}
