import { ALL_PROTOCOLS, openings, type Opening } from '../../../rules/security-group';
import { publicRanges, rangesBeyond } from './open-ranges';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { refersToNew } from '../change/own-objects';

/** What a change of a security group or of one of its rules opens that was closed, in words; nothing for other types. */
export function opened(change: GuardedChange, stack: GuardedStack): string[] {
  const { before = {}, after = {}, type } = change;
  const was = openings(type, before);
  // A new security group belongs to something new, and opens it to the network around it.
  const isNewGroup =
    change.action === 'create' &&
    (GROUPS.includes(type) || refersToNew(change, stack, 'security_group_id', 'aws_security_group'));
  return openings(type, after)
    .filter((opening) => !was.some((other) => holds(other, opening)))
    .filter(({ source, isRange }) => !isNewGroup || (isRange && publicRanges([source]).length > 0))
    .map(({ source, ...ports }) => `${portsOf(ports)} to ${source}`);
}

const GROUPS = ['aws_security_group', 'aws_default_security_group'];

function holds(outer: Opening, inner: Opening): boolean {
  return (
    (outer.protocol === ALL_PROTOCOLS || outer.protocol === inner.protocol) &&
    outer.from <= inner.from &&
    inner.to <= outer.to &&
    rangesBeyond([inner.source], [outer.source]).length === 0
  );
}

function portsOf({ protocol, from, to }: Omit<Opening, 'source' | 'isRange'>): string {
  if (protocol === ALL_PROTOCOLS) return 'all ports';
  return from === to ? `${protocol} port ${from}` : `${protocol} ports ${from} to ${to}`;
}
