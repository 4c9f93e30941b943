import { isObject } from '../../../manifests/field';
import type { Json } from '../../../manifests/terraform-document';
import type { GuardedChange, GuardedStack } from '../change/guarded-change';
import { objectName } from '../change/kubernetes-change';
import { SENSITIVE, UNKNOWN } from '../change/legible-values';
import { npmRun } from '../../../facts/selected-platform';

/** What to do about a rename. */
export const moveAdvice = (): string =>
  `add a moved entry with ${npmRun('addresses', '--write')}, and it stays as it is`;

/** How much of what a new object says has to be as it was in the old one, for it to look like the same. */
const LIKENESS = 0.9;
/** An object that says less than this is like any other. */
const FEWEST_VALUES = 2;

/** Values by which two objects cannot be told apart. */
const SAYS_NOTHING: readonly unknown[] = [UNKNOWN, SENSITIVE, null, ''];
/** Where the AWS provider says the tags that all objects have. */
const TAGS_OF_ALL = '.tags_all';

/** The new address of each object that looks renamed, by its old address. */
export function renames({ changes, isNew }: GuardedStack): Map<string, string> {
  const found = new Map<string, string>();
  if (isNew) return found;
  const created = changes.filter(({ action }) => action === 'create');
  const taken = new Set<string>();
  for (const gone of changes.filter(({ action, deposed }) => action === 'delete' && deposed === undefined)) {
    const [best] = created
      .filter(({ type, address }) => type === gone.type && !taken.has(address))
      .map((candidate) => ({ candidate, likeness: likeness(gone, candidate) }))
      .filter((match) => match.likeness >= LIKENESS)
      .sort((a, b) => b.likeness - a.likeness);
    if (best === undefined) continue;
    taken.add(best.candidate.address);
    found.set(gone.address, best.candidate.address);
  }
  return found;
}

/** The share of what the new object says that the old one says, too: between 0 and 1. */
function likeness(
  { before = {}, objectBefore }: GuardedChange,
  { after = {}, objectAfter }: GuardedChange,
): number {
  if (objectBefore !== undefined && objectAfter !== undefined) {
    return Number(
      objectBefore.kind === objectAfter.kind && objectName(objectBefore) === objectName(objectAfter),
    );
  }
  const said = leaves(after).filter(
    ([path, value]) => !path.startsWith(TAGS_OF_ALL) && !SAYS_NOTHING.includes(value),
  );
  if (said.length < FEWEST_VALUES) return 0;
  const known = new Map(leaves(before));
  return said.filter(([path, value]) => known.get(path) === value).length / said.length;
}

type Scalar = string | number | boolean | null;

function leaves(value: Json, path = ''): [string, Scalar][] {
  if (Array.isArray(value)) return value.flatMap((item: Json, i) => leaves(item, `${path}[${i}]`));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => leaves(item, `${path}.${key}`));
  return [[path, value as Scalar]];
}
