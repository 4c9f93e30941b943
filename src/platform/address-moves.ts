import { EACH_NAMESPACE, type MovedAddress, type MovedAddresses } from '../config/moved-addresses-file';
import { changesForm } from '../facts/attribute-table';
import { unknownName } from '../facts/near-name';
import { CLAIM } from '../manifests/kinds';
import type { HandedOver } from '../manifests/platform-record';
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
    const moves = [...shared, ...(moved[name] ?? [])].filter(staysInStack);
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
    const staying = moves.filter(staysInStack);
    const aimless = stacks.length === 0 ? [] : staying.filter((move) => !move.optional && !used.has(move));
    return aimless.map((move) => {
      const last = lastAddress(move, staying);
      const alike = [...known].filter((address) => address.startsWith(last.replace(/\..*/, '.')));
      return (
        `${move.place} to: ${unknownName('address', last, alike)}. Correct it, add optional: true if only some platforms have the ` +
        'object, or remove the entry if none has it any more'
      );
    });
  });
}

/**
 * Lets the state forget each listed claim that the program no longer has, unless it has moved: its data stays in the cluster. A claim that
 * is not listed any more is destroyed by a state that still has it.
 *
 * @param listed the committed addresses of each stack, by its name
 */
export function keepClaims(
  listed: ReadonlyMap<string, readonly string[]>,
  moved: MovedAddresses,
  { all }: MovingStacks,
): void {
  const from = new Set(Object.values(moved).flatMap((moves) => moves.map((move) => move.from)));
  for (const [name, stack] of all) {
    const addresses = stack.resourceAddresses();
    const gone = (listed.get(name) ?? []).filter(
      (address) => address.startsWith(`${CLAIM}.`) && !addresses.has(address) && !from.has(address),
    );
    for (const address of gone) stack.forget(address);
  }
}

/** Whether Terraform moves the object: within its stack, and to the same type. */
function staysInStack({ stack, from, to }: MovedAddress): boolean {
  return stack === undefined && !changesForm(from, to);
}

/**
 * Lets stacks take over objects of other stacks. The stack that created an object forgets it. The one that has it now gets it by
 * `plan`, which writes `import` blocks. A stack without the object takes nothing over, and nothing is forgotten for it. So does a stack
 * with its own object that has another Terraform type.
 *
 * @returns what each stack takes over, by its name, and what is wrong
 */
export function handOver(
  moved: MovedAddresses,
  { all, namespaces }: MovingStacks,
): { readonly handedOver: Map<string, HandedOver[]>; readonly errors: string[] } {
  const handedOver = new Map<string, HandedOver[]>();
  const errors: string[] = [];
  for (const [fromStack, moves] of Object.entries(moved)) {
    for (const move of moves.filter((each) => !staysInStack(each))) {
      const { stack: into = fromStack } = move;
      const single = all.get(into);
      const takers = into === EACH_NAMESPACE ? namespaces : single ? [single] : [];
      const having = takers.filter((taker) => taker.resourceAddresses().has(move.to));
      for (const taker of having) {
        const part = taker.node.id.replace(/[^A-Za-z0-9_]/g, '_');
        const from = move.from.replaceAll(EACH_NAMESPACE, part);
        const giver = move.stack === undefined ? taker : all.get(fromStack);
        giver?.forget(from);
        handedOver.set(taker.node.id, [
          ...(handedOver.get(taker.node.id) ?? []),
          { to: move.to, fromStack: giver?.node.id ?? fromStack, from },
        ]);
      }
      if (having.length === 0 && takers.length > 0 && !move.optional) {
        errors.push(
          `${move.place} to: no stack has ${move.to}. Correct it, add optional: true if only some platforms have the object, or ` +
            'remove the entry if none has it any more',
        );
      }
    }
  }
  return { handedOver, errors };
}

/** Where an object is today that has moved more than once. */
function lastAddress({ to }: MovedAddress, moves: readonly MovedAddress[]): string {
  const next = moves.find(({ from }) => from === to);
  return next ? lastAddress(next, moves) : to;
}
