import { distance } from 'fastest-levenshtein';
import { changesForm } from '../../facts/attribute-table';
import type { Json, TerraformDocument } from '../../manifests/terraform-document';

/** Less than this, of 1, makes another object. */
const LIKE = 0.5;

/** How much one object is another under a new address: shares from 0 to 1. */
export interface Likeness {
  /** Share of the values that are the same, of all that either has; left out when the old ones are not known. */
  readonly values?: number;
  /** Share of the characters of the names that need no change. */
  readonly name: number;
}

/** An address that is gone, with the one that its object most likely has now. */
export interface LikelyMove {
  readonly from: string;
  readonly to: string;
  readonly likeness: Likeness;
}

/** Addresses of a stack, and what is known of the objects behind them. */
export interface Renamed {
  readonly gone: readonly string[];
  readonly added: readonly string[];
  /** The stack's Terraform JSON with the addresses that are gone, where it is known. */
  readonly before?: TerraformDocument | undefined;
  /** The stack's Terraform JSON. */
  readonly now: TerraformDocument;
}

export interface LikelyMoves {
  readonly moves: readonly LikelyMove[];
  /** Addresses that are gone without one that is clearly theirs now, each with those of its type that are new. */
  readonly open: readonly { readonly address: string; readonly candidates: readonly string[] }[];
}

/**
 * Finds where objects have gone. Two addresses belong together when they are of one type, at least half alike, and each is more
 * like the other than like any third. They are alike by their values; where the old ones are not known, and among equals, by
 * their names. An object of Kubernetes that becomes a `kubernetes_manifest`, or was one, keeps its name.
 */
export function likelyMoves({ gone, added, before, now }: Renamed): LikelyMoves {
  const pairs = gone.flatMap((from) =>
    added
      .filter((to) => typeOf(to) === typeOf(from) || (changesForm(from, to) && nameOf(to) === nameOf(from)))
      .map((to) => ({ from, to, likeness: likeness(from, to, before, now) })),
  );
  const moves = pairs.filter((pair) => {
    const rivals = pairs.filter(
      (other) => other !== pair && (other.from === pair.from || other.to === pair.to),
    );
    const { values, name } = pair.likeness;
    return (values ?? name) >= LIKE && rivals.every((rival) => compare(pair.likeness, rival.likeness) > 0);
  });
  const found = new Set(moves.map(({ from }) => from));
  const taken = new Set(moves.map(({ to }) => to));
  return {
    moves,
    open: gone
      .filter((address) => !found.has(address))
      .map((address) => ({
        address,
        candidates: added.filter((to) => typeOf(to) === typeOf(address) && !taken.has(to)),
      })),
  };
}

function typeOf(address: string): string {
  return address.slice(0, address.indexOf('.'));
}

function nameOf(address: string): string {
  return address.slice(address.indexOf('.') + 1);
}

function likeness(
  from: string,
  to: string,
  before: TerraformDocument | undefined,
  now: TerraformDocument,
): Likeness {
  const [a, b] = [nameOf(from), nameOf(to)];
  const name = 1 - distance(a, b) / Math.max(a.length, b.length, 1);
  const old = before?.resource?.[typeOf(from)]?.[a];
  return old === undefined || typeOf(from) !== typeOf(to)
    ? { name }
    : { values: sameValues(old, now.resource?.[typeOf(to)]?.[b] ?? {}), name };
}

/** What is known of values counts more than what is known of names alone. */
function compare(a: Likeness, b: Likeness): number {
  return (a.values ?? 0) - (b.values ?? 0) || a.name - b.name;
}

function sameValues(a: Json, b: Json): number {
  const [left, right] = [leaves(a), leaves(b)];
  const all = new Set([...left.keys(), ...right.keys()]);
  const same = [...all].filter((path) => left.has(path) && left.get(path) === right.get(path));
  return all.size === 0 ? 1 : same.length / all.size;
}

/** Every value that is no object and no list, by its path. CDKTF's comments, which name the construct, are left out. */
function leaves(value: Json, path = '', into = new Map<string, Json>()): Map<string, Json> {
  if (typeof value !== 'object' || value === null) return into.set(path, value);
  for (const [key, each] of Object.entries(value as Record<string, Json>)) {
    if (key !== '//') leaves(each, `${path}/${key}`, into);
  }
  return into;
}
