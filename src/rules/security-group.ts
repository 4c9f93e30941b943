import { blocksOf, scalarText, textOf, textsOf } from '../manifests/attributes';
import type { Json, JsonObject } from '../manifests/terraform-document';

/** Whom a security group lets in, and to which ports. */
export interface Opening {
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  /** A range of addresses, or the ID of a security group or prefix list. */
  readonly source: string;
  /** Whether it is a range or a list of ranges, known or not. */
  readonly isRange: boolean;
}

type Ports = Omit<Opening, 'source' | 'isRange'>;

/** What stands for every protocol. */
export const ALL_PROTOCOLS = '-1';

/** What a security group or one of its rules, by its type of Terraform, opens; nothing for other types. */
export function openings(type: string, values: JsonObject): Opening[] {
  switch (type) {
    case 'aws_security_group':
    case 'aws_default_security_group':
      return blocksOf(values['ingress']).flatMap(ofBlock);
    case 'aws_security_group_rule':
      return values['type'] === 'ingress'
        ? ofBlock({ ...values, security_groups: values['source_security_group_id'] ?? null })
        : [];
    case 'aws_vpc_security_group_ingress_rule':
      return SOURCES.map((name) => ({
        source: textOf(values[name]),
        isRange: name !== 'referenced_security_group_id',
      }))
        .filter(({ source }) => source !== '')
        .map((from) => ({ ...portRange(values, 'ip_protocol'), ...from }));
    default:
      return [];
  }
}

/** Where a rule of its own says who is let in. */
const SOURCES = ['cidr_ipv4', 'cidr_ipv6', 'prefix_list_id', 'referenced_security_group_id'];

/** Where a block says it; each is a list. */
const BLOCK_SOURCES = ['cidr_blocks', 'ipv6_cidr_blocks', 'prefix_list_ids', 'security_groups'];

function ofBlock(block: JsonObject): Opening[] {
  const sources = [
    ...BLOCK_SOURCES.flatMap((name) =>
      textsOf(block[name]).map((source) => ({ source, isRange: name !== 'security_groups' })),
    ),
    ...(block['self'] === true ? [{ source: 'itself', isRange: false }] : []),
  ];
  return sources.map((from) => ({ ...portRange(block, 'protocol'), ...from }));
}

function portRange(values: JsonObject, protocolName: string): Ports {
  // The provider takes names in any case, and numbers of IANA.
  const protocol = scalarText(values[protocolName]).toLowerCase();
  const all = protocol === ALL_PROTOCOLS || protocol === 'all';
  const number = (value: Json | undefined, otherwise: number): number =>
    typeof value === 'number' ? value : otherwise;
  return all
    ? { protocol: ALL_PROTOCOLS, from: 0, to: 65_535 }
    : { protocol, from: number(values['from_port'], 0), to: number(values['to_port'], 65_535) };
}
