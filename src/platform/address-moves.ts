import { EACH_NAMESPACE, type MovedAddress, type MovedAddresses } from '../config/moved-addresses-file';
import { unknownName } from '../facts/near-name';
import type { BaseStack } from '../../constructs/terraform/base-stack';

/** Which stacks a platform has. */
export interface MovingStacks {
  /** By their names. */
  readonly all: ReadonlyMap<string, BaseStack>;
  /** Those of the namespaces. */
  readonly namespaces: readonly BaseStack[];
}

/**
 * Tells each stack which of its objects had other addresses. A stack that a platform lacks has nothing to move, and neither has a
 * namespace without the object.
 *
 * @returns what is wrong, each with its place in the file
 */
export function moveAddresses(moved: MovedAddresses, { all, namespaces }: MovingStacks): string[] {
  const used = new Set<MovedAddress>();
  for (const [name, stack] of all) {
    const shared = namespaces.includes(stack) ? (moved[EACH_NAMESPACE] ?? []) : [];
    const moves = [...shared, ...(moved[name] ?? [])];
    const addresses = stack.resourceAddresses();
    for (const move of moves.filter((each) => addresses.has(lastAddress(each, moves)))) {
      stack.moved(move);
      used.add(move);
    }
  }
  return Object.entries(moved).flatMap(([name, moves]) => {
    const single = all.get(name);
    const stacks = name === EACH_NAMESPACE ? namespaces : single ? [single] : [];
    const known = new Set(stacks.flatMap((stack) => [...stack.resourceAddresses()]));
    const aimless = stacks.length === 0 ? [] : moves.filter((move) => !move.optional && !used.has(move));
    return aimless.map((move) => {
      const last = lastAddress(move, moves);
      const alike = [...known].filter((address) => address.startsWith(last.replace(/\..*/, '.')));
      return (
        `${move.place} to: ${unknownName('address', last, alike)}; correct it, add optional: true where only some platforms have the ` +
        'object, or remove the entry when none has it any more'
      );
    });
  });
}

/** Where an object is today that has moved more than once. */
function lastAddress({ to }: MovedAddress, moves: readonly MovedAddress[]): string {
  const next = moves.find(({ from }) => from === to);
  return next ? lastAddress(next, moves) : to;
}
