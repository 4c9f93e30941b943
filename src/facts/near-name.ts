import { distance } from 'fastest-levenshtein';

/** More edits than this make another word, not a slip of the hand; commander draws the same line. */
const MAX_DISTANCE = 3;
const MIN_SIMILARITY = 0.4;

/**
 * The known name that was most likely meant, or nothing when none is near.
 *
 * @param most edits that are still a slip of the hand
 */
export function nearName(name: string, known: Iterable<string>, most = MAX_DISTANCE): string | undefined {
  let best: { candidate: string; edits: number; step: number } | undefined;
  for (const candidate of known) {
    if (candidate.length < 2) continue;
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    const length = Math.max(name.length, candidate.length);
    if (edits > most || (length - edits) / length <= MIN_SIMILARITY) continue;
    const step = firstStep(name, candidate);
    if (!best || edits < best.edits || (edits === best.edits && step < best.step)) {
      best = { candidate, edits, step };
    }
  }
  return best?.candidate;
}

/** `; did you mean "node-3"?`, or nothing when no known name is near. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const near = nearName(name, known);
  return near === undefined ? '' : `; did you mean "${near}"?`;
}

/** `unknown node "node-4"; did you mean "node-3"? known: node-1, node-2, node-3`. */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  const near = didYouMean(name, known);
  return `unknown ${what} ${JSON.stringify(name)}${near || ';'} known: ${known.join(', ') || 'none'}`;
}

/** Among names equally near, node-4 means node-3 rather than node-1: the smaller step in the first letter that differs. */
function firstStep(a: string, b: string): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const step = Math.abs(a.charCodeAt(i) - b.charCodeAt(i));
    if (step > 0) return step;
  }
  return 0;
}
