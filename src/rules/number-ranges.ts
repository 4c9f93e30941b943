/** Whole numbers as ranges from first to last: in order, and none touches another. Addresses and ports are kept so. */
export type Ranges = readonly (readonly [first: number, last: number])[];

/** What is in any of the sets. */
export function union(sets: readonly Ranges[]): Ranges {
  const [only, ...more] = sets;
  if (only !== undefined && more.length === 0) return only;
  const found: [number, number][] = [];
  for (const [first, last] of sets.flat().sort(([a], [b]) => a - b)) {
    const before = found.at(-1);
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else found.push([first, last]);
  }
  return found;
}

/** What is in both sets. */
export function intersection(a: Ranges, b: Ranges): Ranges {
  if (a === b) return a;
  return a.flatMap(([first, last]) =>
    b.flatMap(([from, to]) =>
      first <= to && from <= last ? [[Math.max(first, from), Math.min(last, to)] as const] : [],
    ),
  );
}

/** What is in the first set only. */
export function difference(a: Ranges, b: Ranges): Ranges {
  const rest: (readonly [number, number])[] = [];
  let from = -Infinity;
  for (const [first, last] of b) {
    rest.push([from, first - 1]);
    from = last + 1;
  }
  return intersection(a, [...rest, [from, Infinity]]);
}
