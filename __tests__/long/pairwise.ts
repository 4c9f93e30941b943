/** For each option, what it may be: the first value is that of a platform that says nothing of it. */
export type Choices = Readonly<Record<string, readonly unknown[]>>;
/** Which value of each option, by its place in the list. */
export type Combination = Readonly<Record<string, number>>;

/** Every pair of values of two options, as `option=value option=value`. */
export function pairsOf(choices: Choices): Set<string> {
  const names = Object.keys(choices);
  return new Set(
    names.flatMap((one, at) =>
      names
        .slice(at + 1)
        .flatMap((other) =>
          [...(choices[one] ?? []).keys()].flatMap((a) =>
            [...(choices[other] ?? []).keys()].map((b) => pair(one, a, other, b)),
          ),
        ),
    ),
  );
}

/** The pairs in one combination. */
export function pairsIn(combination: Combination): string[] {
  const all = Object.entries(combination);
  return all.flatMap(([one, a], at) => all.slice(at + 1).map(([other, b]) => pair(one, a, other, b)));
}

const pair = (one: string, a: number, other: string, b: number): string => `${one}=${a} ${other}=${b}`;

/**
 * Combinations in which every pair of values occurs, at least as many as asked for, without chance: each takes, option by option,
 * the value that was least often beside those taken before.
 *
 * @param least how many combinations there are at least
 */
export function combinations(choices: Choices, least: number): Combination[] {
  const missing = pairsOf(choices);
  const seen = new Map<string, number>();
  const names = Object.keys(choices);
  const found: Combination[] = [];
  while (missing.size > 0 || found.length < least) {
    // Begins at another option each time, with a pair that is missing if there is one.
    const first = seedOf(missing);
    const order = [
      ...names.slice(found.length % names.length),
      ...names.slice(0, found.length % names.length),
    ];
    const taken: Record<string, number> = { ...first };
    for (const name of order.filter((one) => !(one in taken))) {
      const cost = (value: number): number =>
        pairsIn(sorted(names, { ...taken, [name]: value }))
          .filter((one) => one.includes(`${name}=${value}`))
          .reduce((sum, one) => sum + (missing.has(one) ? -100 : (seen.get(one) ?? 0)), 0);
      const values = [...(choices[name] ?? []).keys()];
      taken[name] = values.reduce(
        (best, value) => (cost(value) < cost(best) ? value : best),
        found.length % values.length,
      );
    }
    const combination = sorted(names, taken);
    for (const one of pairsIn(combination)) {
      missing.delete(one);
      seen.set(one, (seen.get(one) ?? 0) + 1);
    }
    found.push(combination);
  }
  return found;
}

function seedOf(missing: ReadonlySet<string>): Record<string, number> {
  const [first] = missing;
  if (first === undefined) return {};
  return Object.fromEntries(
    first.split(' ').map((part) => [part.split('=')[0] ?? '', Number(part.split('=')[1])]),
  );
}

const sorted = (names: readonly string[], taken: Readonly<Record<string, number>>): Combination =>
  Object.fromEntries(names.flatMap((name) => (name in taken ? [[name, taken[name] ?? 0]] : [])));
