import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readAddressLists } from '../../config/address-list-files';
import {
  EACH_NAMESPACE,
  loadMovedAddresses,
  MOVED_FILE,
  parseMovedAddresses,
  readMovedAddresses,
  withMoves,
} from '../../config/moved-addresses-file';
import { didYouMean, unknownName } from '../../facts/near-name';
import { npmRun, selectedPlatform } from '../../facts/selected-platform';
import { readStacks, type Stack } from '../../manifests/stacks';
import type { TerraformDocument } from '../../manifests/terraform-document';
import {
  addressChanges,
  isListed,
  movesToWrite,
  type AddressChanges,
} from '../../pipeline/addresses/address-lists';
import type { Likeness } from '../../pipeline/addresses/likely-moves';
import { synthesizedNow } from '../synthesized-now';
import { EXIT } from '../terminal/exit';
import { printWarning } from '../terminal/print-warning';
import { replaceFile } from '../replace-file';
import { table, terminalWidth } from '../terminal/table';

interface AddressesOptions {
  /** Write the lists and the moves. */
  readonly write?: boolean;
  /** What is meant to go: `<stack>/<address>`, an address in whichever stack, or a whole stack. */
  readonly removed?: readonly string[];
  readonly json?: boolean;
}

/** `addresses`: holds the Terraform addresses of every stack against the committed lists, and writes these. */
export function addresses({ write = false, removed = [], json }: AddressesOptions): void {
  const { outdir, addresses: folder } = selectedPlatform();
  const before = documents(existsSync(join(outdir, 'manifest.json')) ? readStacks(outdir) : []);
  const { platform, stacks: made } = synthesizedNow({ onWarning: printWarning });
  const now = documents(made);
  const lists = readAddressLists(folder);
  const names = [...now.keys(), ...[...lists.keys()].filter((stack) => !now.has(stack))];
  const stacks = names.map((stack) => ({
    stack,
    listed: lists.get(stack),
    now: now.get(stack),
    before: before.get(stack),
  }));
  const changes = stacks.map((listed) =>
    addressChanges(listed, (address) => removed.some((given) => isMeant(given, listed.stack, address))),
  );
  const moves = movesToWrite(changes, Object.keys(platform.namespaces), EACH_NAMESPACE);
  const differing = changes.filter((change) => !isListed(change, lists.get(change.stack)));
  warnOfUnknownStacks(names);

  const errors = [
    ...unknownRemovals(removed, changes),
    ...changes.flatMap((change) => whatWouldVanish(change, folder)),
  ];
  const writes = write && errors.length === 0;
  if (writes) {
    if (moves.length > 0) writeMoves(moves);
    for (const change of differing) writeList(folder, change);
  } else if (differing.length > 0 && errors.length === 0) {
    const files = [folder, ...(moves.length > 0 ? [MOVED_FILE] : [])].join(' and ');
    errors.push(`${files}: out of date; run ${npmRun('addresses', '--write')}, and commit what it writes`);
  }
  process.stdout.write(
    json
      ? `${JSON.stringify({ stacks: changes, moves, written: writes && differing.length > 0, errors })}\n`
      : drawAddresses(
          changes,
          `${folder}: ${total(changes)}, ${differing.length === 0 ? 'as listed' : writes ? 'written' : 'not as listed'}`,
          terminalWidth(),
        ),
  );
  if (errors.length === 0) return;
  process.stderr.write(`${errors.join('\n')}\n`);
  process.exitCode = EXIT.wrong;
}

function documents(stacks: readonly Stack[]): Map<string, TerraformDocument> {
  return new Map(stacks.map(({ name, document }) => [name, document]));
}

function writeList(folder: string, { stack, addresses: all }: AddressChanges): void {
  const file = join(folder, `${stack}.txt`);
  if (all.length === 0) rmSync(file);
  else replaceFile(file, all.map((address) => `${address}\n`).join(''));
}

function writeMoves(moves: Parameters<typeof withMoves>[1]): void {
  const text = withMoves(readMovedAddresses(), moves);
  parseMovedAddresses(text);
  replaceFile(MOVED_FILE, text);
}

function isMeant(given: string, stack: string, address: string): boolean {
  return given === stack || given === address || given === `${stack}/${address}`;
}

function unknownRemovals(removed: readonly string[], changes: readonly AddressChanges[]): string[] {
  const going = changes.flatMap((change) =>
    [...change.removed, ...change.open.map(({ address }) => address)].map((address) => ({
      stack: change.stack,
      address,
    })),
  );
  const known = going.map(({ stack, address }) => `${stack}/${address}`);
  return removed
    .filter((given) => !going.some(({ stack, address }) => isMeant(given, stack, address)))
    .map((given) => `--removed ${given}: nothing of that name goes; ${unknownName('address', given, known)}`);
}

/** Objects that Terraform would destroy although the user has not listed them as removed. */
function whatWouldVanish({ stack, open, clashing }: AddressChanges, folder: string): string[] {
  return [
    ...open.map(({ address, candidates }) => {
      const maybe = candidates.length === 0 ? '' : ` (new and of its type: ${candidates.join(', ')})`;
      return (
        `${join(folder, stack)}.txt: ${address} is gone, and Terraform would destroy its object. If its address has changed${maybe}, ` +
        `write the move to ${MOVED_FILE}. To destroy the object, add --removed ${stack}/${address}`
      );
    }),
    ...clashing.map(
      ({ from, to }) =>
        `${join(folder, stack)}.txt: ${from} cannot move to ${to}, which has an object of its own. Terraform would destroy one ` +
        `of the two. Correct the move in ${MOVED_FILE}`,
    ),
  ];
}

/** A stack may belong to another platform; a name near to one that is known is likely a slip. */
function warnOfUnknownStacks(known: readonly string[]): void {
  for (const [stack, [first]] of Object.entries(loadMovedAddresses())) {
    if (stack === EACH_NAMESPACE || known.includes(stack) || first === undefined) continue;
    const near = didYouMean(stack, known);
    process.stderr.write(
      `warning: ${first.place} ${stack}: this platform has no such stack, so that nothing moves there${near}\n`,
    );
  }
}

function total(changes: readonly AddressChanges[]): string {
  const stacks = changes.filter(({ addresses: all }) => all.length > 0);
  const count = stacks.reduce((sum, { addresses: all }) => sum + all.length, 0);
  return `${count} addresses of ${stacks.length} stacks`;
}

/** What differs, for people. */
function drawAddresses(changes: readonly AddressChanges[], summary: string, width: number): string {
  const rows = changes.flatMap((change) => {
    const to = new Set([...change.moved, ...change.likely, ...change.clashing].map((move) => move.to));
    const row = (what: string, address: string): string[] => [change.stack, what, address];
    return [
      ...change.added.filter((address) => !to.has(address)).map((address) => row('new', address)),
      ...change.moved.map((move) => row('moved', `${move.from}\n-> ${move.to}`)),
      ...change.likely.map((move) =>
        row('moved', `${move.from}\n-> ${move.to}\n(${describeLikeness(move.likeness)})`),
      ),
      ...change.clashing.map((move) => row('moved?', `${move.from}\n-> ${move.to}`)),
      ...change.handedOver.map((address) => row('taken over', address)),
      ...change.removed.map((address) => row('removed', address)),
      ...change.open.map(({ address }) => row('gone', address)),
    ];
  });
  return `${rows.length === 0 ? '' : `${table([['STACK', 'IS', 'ADDRESS'], ...rows], width)}\n\n`}${summary}\n`;
}

function describeLikeness({ values, name }: Likeness): string {
  return values === undefined
    ? `by the name, ${Math.round(name * 100)} % the same`
    : `by the values, ${Math.round(values * 100)} % the same`;
}
