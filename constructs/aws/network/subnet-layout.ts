import { Cidr } from '@kubernetes-on-aws/eks-facts/cidr';

/** Letter of an availability zone within its region. */
export type ZoneLetter = 'a' | 'b' | 'c' | 'd' | 'e' | 'f';

const SLOT: Record<ZoneLetter, number> = { a: 0, b: 1, c: 2, d: 3, e: 4, f: 5 };
const ZONE_BITS = 3; // eight parts of the VPC: six zones, the public subnets, the control plane's and a reserve
const PUBLIC_PART = 6;
const RESERVE_PART = 7;
/** The least that AWS allows, and the 16 addresses that EKS recommends for its network interfaces. */
const CONTROL_PLANE_PREFIX = 28;

/** The letters as zones of the layout. @throws RangeError for a letter that the layout has no place for */
export function zoneLetters(letters: readonly string[]): ZoneLetter[] {
  return letters.map((letter) => {
    if (!(letter in SLOT)) {
      throw new RangeError(`zone "${letter}": allowed are ${Object.keys(SLOT).join(', ')}`);
    }
    return letter as ZoneLetter;
  });
}

/**
 * The IPv4 range of a zone's private subnet: one eighth of the VPC. The letter determines which one, so that adding or removing a
 * zone moves no other zone's addresses.
 *
 * @param vpcCidr range of the VPC, such as `10.0.0.0/16`
 */
export function privateCidr(vpcCidr: string, zone: ZoneLetter): string {
  return new Cidr(vpcCidr).part(ZONE_BITS, SLOT[zone]).text;
}

/** The IPv4 range of a zone's public subnet: one sixty-fourth of the VPC. See {@link privateCidr}. */
export function publicCidr(vpcCidr: string, zone: ZoneLetter): string {
  return new Cidr(vpcCidr).part(ZONE_BITS, PUBLIC_PART).part(ZONE_BITS, SLOT[zone]).text;
}

/** The IPv4 range of a zone's subnet for the control plane: a /28 in the last eighth of the VPC. See {@link privateCidr}. */
export function controlPlaneCidr(vpcCidr: string, zone: ZoneLetter): string {
  const reserve = new Cidr(vpcCidr).part(ZONE_BITS, RESERVE_PART);
  return reserve.part(CONTROL_PLANE_PREFIX - reserve.prefix, SLOT[zone]).text;
}

/** The IPv4 range of a zone's Pod subnet: one eighth of the VPC's second range. See {@link privateCidr}. */
export function podCidr(secondaryCidr: string, zone: ZoneLetter): string {
  return new Cidr(secondaryCidr).part(ZONE_BITS, SLOT[zone]).text;
}
