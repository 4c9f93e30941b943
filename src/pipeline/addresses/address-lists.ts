import type { TerraformDocument } from '../../manifests/terraform-document';
import { CLAIM } from '../../manifests/kinds';
import { likelyMoves, type LikelyMove } from './likely-moves';

/** A stack's addresses as they are and as they are listed. */
export interface ListedStack {
  readonly stack: string;
  /** What the list says; left out where there is no list. */
  readonly listed?: readonly string[] | undefined;
  /** The stack's Terraform JSON; left out when there is no such stack any more. */
  readonly now?: TerraformDocument | undefined;
  /** What was synthesized before, where it is still known. */
  readonly before?: TerraformDocument | undefined;
}

/** How a stack's addresses differ from the list. */
export interface AddressChanges {
  readonly stack: string;
  /** All of its addresses, as they are to be listed. */
  readonly addresses: readonly string[];
  /** New addresses, of new objects and of those that have moved. */
  readonly added: readonly string[];
  /** Objects whose move is said already. */
  readonly moved: readonly { readonly from: string; readonly to: string }[];
  /** Objects whose move is said, but to the address of another object, which the state has already. */
  readonly clashing: readonly { readonly from: string; readonly to: string }[];
  /** Objects that most likely have another address now, whose move is to be written. */
  readonly likely: readonly LikelyMove[];
  /** Objects that another stack has now. */
  readonly handedOver: readonly string[];
  /** Objects that really go, as the user has said. */
  readonly removed: readonly string[];
  /** Addresses that are gone to an unknown place: each with the new ones that it might be. */
  readonly open: readonly { readonly address: string; readonly candidates: readonly string[] }[];
}

/**
 * The addresses of a stack's resources and modules, sorted; what is in a module is its own concern. Data sources are not among
 * them: no state of theirs is worth keeping.
 */
export function addressesOf(document: TerraformDocument): string[] {
  const resources = Object.entries(document.resource ?? {}).flatMap(([type, named]) =>
    Object.keys(named).map((name) => `${type}.${name}`),
  );
  const modules = Object.keys(document['module'] ?? {}).map((name) => `module.${name}`);
  return [...resources, ...modules].sort();
}

/**
 * Holds a stack against its list.
 *
 * @param isRemoved whether the user has said that the object of an address goes
 */
export function addressChanges(
  { stack, listed = [], now, before }: ListedStack,
  isRemoved: (address: string) => boolean,
): AddressChanges {
  const document = now ?? {};
  const declared = addressesOf(document);
  const forgotten = forgottenIn(document);
  // A claim that is forgotten stays in the cluster, and listed: the list is what keeps it.
  const kept = listed.filter(
    (address) => address.startsWith(`${CLAIM}.`) && forgotten.includes(address) && !isRemoved(address),
  );
  const addresses = [...new Set([...declared, ...kept])].sort();
  const said = movesOf(document);
  const added = addresses.filter((address) => !listed.includes(address));
  const gone = [...new Set(listed)].filter((address) => !addresses.includes(address)).sort();
  const moves = gone.flatMap((from) => {
    const to = destination(from, said);
    return to === undefined ? [] : [{ from, to }];
  });
  const taken = new Set(said.map(({ to }) => to));
  const left = gone.filter(
    (address) =>
      !moves.some(({ from }) => from === address) && (isRemoved(address) || !forgotten.includes(address)),
  );
  const { moves: likely, open } = likelyMoves({
    gone: left.filter((address) => !isRemoved(address)),
    added: added.filter((address) => !taken.has(address)),
    before,
    now: document,
  });
  return {
    stack,
    addresses,
    added,
    moved: moves.filter(({ to }) => !listed.includes(to)),
    clashing: moves.filter(({ to }) => listed.includes(to)),
    likely,
    handedOver: gone.filter((address) => forgotten.includes(address) && !left.includes(address)),
    removed: left.filter(isRemoved),
    open,
  };
}

/** Whether a list has to be written again: also when nothing but its order is wrong. */
export function isListed({ addresses }: AddressChanges, listed: readonly string[] | undefined): boolean {
  return JSON.stringify(addresses) === JSON.stringify(listed ?? []);
}

/** A move to be written, for a stack or for all that `everyNamespace` stands for. */
export interface MoveToWrite {
  readonly stack: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The moves to write. An object that moved in the same way in each of its namespaces is one rename in the code. The list has it once,
 * so that it holds for the namespaces of other platforms too.
 *
 * @param namespaces the names of the stacks of namespaces
 * @param everyNamespace what stands for all of them
 */
export function movesToWrite(
  changes: readonly AddressChanges[],
  namespaces: readonly string[],
  everyNamespace: string,
): MoveToWrite[] {
  const inNamespaces = changes.filter(({ stack }) => namespaces.includes(stack));
  const isShared = ({ from, to }: LikelyMove): boolean => {
    const having = inNamespaces.filter(({ addresses }) => addresses.includes(to));
    return (
      having.length > 1 &&
      having.every(({ likely }) => likely.some((move) => move.from === from && move.to === to)) &&
      inNamespaces.every(({ addresses }) => !addresses.includes(from))
    );
  };
  const written = new Map<string, MoveToWrite>();
  for (const { stack, likely } of changes) {
    for (const move of likely) {
      const shared = namespaces.includes(stack) && isShared(move);
      const entry = { stack: shared ? everyNamespace : stack, from: move.from, to: move.to };
      written.set(JSON.stringify(entry), entry);
    }
  }
  return [...written.values()];
}

/** The moves that a stack's Terraform JSON has. */
function movesOf(document: TerraformDocument): readonly { readonly from: string; readonly to: string }[] {
  return (document['moved'] ?? []) as { from: string; to: string }[];
}

/** The addresses that a stack's state forgets, because another stack has the objects now. */
function forgottenIn(document: TerraformDocument): string[] {
  return ((document['removed'] ?? []) as { from: string }[]).map(({ from }) => from);
}

/** Where an object of an address is now; undefined when it has not moved. */
function destination(
  from: string,
  moves: readonly { readonly from: string; readonly to: string }[],
): string | undefined {
  const next = moves.find((move) => move.from === from)?.to;
  return next === undefined ? undefined : (destination(next, moves) ?? next);
}
