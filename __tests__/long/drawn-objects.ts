import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../../src/rules/kubernetes-oracle';
import type { KubernetesObject } from '../../src/manifests/objects';
import { VALID_OBJECTS, type Sample } from './valid-objects';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Values at limits and beyond them, whatever the field. */
const NUMBERS = [
  -2147483649, -1, 0, 1, 2, 15, 63, 100, 101, 3600, 3601, 30000, 32768, 65535, 65536, 86400, 86401,
];
const VALUES: readonly Json[] = [
  ...NUMBERS,
  2147483647,
  2147483648,
  1.5,
  true,
  null,
  [],
  {},
  ...[
    '',
    'a',
    'A',
    'a-b',
    '-a',
    'a.b',
    'a..b',
    'a_b',
    'a b',
    'a/b',
    'a=b',
    'a:b',
    '/a',
    '/a//b',
    '..',
    '*',
    'é',
  ],
  ...['a'.repeat(15), 'a'.repeat(16), 'a'.repeat(63), 'a'.repeat(64), 'a'.repeat(253), 'a'.repeat(254)],
  ...['0', '1', '-1', '65536', '50%', '101%', '1Gi', '1.5', '0.5', '100m', '1e3', 'x1'],
  ...[
    '10.0.0.0/8',
    '10.0.0.1/8',
    '10.0.0.1',
    '010.0.0.1',
    '::1',
    '2001:db8::/64',
    '::ffff:10.0.0.0/112',
    'Always',
    'TCP',
    'UDP',
    'SCTP',
  ],
  ...['* * * * *', '*/0 * * * *', '61 * * * *', '@daily', 'Europe/Madrid', 'europe/madrid', 'In', 'Exists'],
];

/** The places of all values of an object, but for its kind and its version. */
function places(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Object.entries(value).flatMap(([key, inner]) =>
    places(inner, [...path, Array.isArray(value) ? Number(key) : key]),
  );
  return [...(path.length > 0 ? [path] : []), ...inside];
}

function changed(value: Json, [step, ...rest]: readonly (string | number)[], to: Json | undefined): Json {
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<
    string | number,
    Json
  >;
  if (rest.length > 0) copy[step as string] = changed(copy[step as string] as Json, rest, to);
  else if (to !== undefined) copy[step as string] = to;
  else if (Array.isArray(copy)) copy.splice(step as number, 1);
  else Reflect.deleteProperty(copy, step as string);
  return copy;
}

/** A valid object with one value changed, added or taken out. */
export interface Drawn {
  readonly sample: Sample;
  readonly object: Json;
}

const drawnFrom = (samples: readonly Sample[]) =>
  fc.constantFrom(...samples).chain((sample) => {
    // The request's path has the namespace too.
    const all = places(sample.object as Json).filter(
      ([first, second]) => first !== 'kind' && first !== 'apiVersion' && second !== 'namespace',
    );
    const change = fc.tuple(
      fc.constantFrom(...all),
      fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...VALUES) }, fc.constant(undefined)),
      fc.boolean(),
    );
    return change.map(([path, to, misspelled]): Drawn => {
      const name = path.at(-1);
      // Now and then a field is added that is not there.
      const place =
        misspelled && to === true && typeof name === 'string' ? [...path.slice(0, -1), `${name}x`] : path;
      return { sample, object: changed(sample.object as Json, place, to) };
    });
  });

function nameOf(object: Json): Json | undefined {
  const { metadata } = object as { metadata?: { name?: Json } | null };
  return metadata?.name;
}

/** Asks an API server, without storing anything, why it refuses an object. @returns undefined where it accepts it */
export type Refusal = (drawn: Drawn) => Promise<string | undefined>;

/**
 * Draws objects, and compares for each whether it is refused by the linked validation and by the API server.
 *
 * @param update whether each replaces the valid object that it is drawn from
 * @returns the objects of which one of them refuses what the other accepts
 */
export async function disagreements(
  refusal: Refusal,
  options: {
    readonly kubernetes: string;
    readonly runs: number;
    readonly seed: number;
    readonly update?: boolean;
    readonly samples?: readonly Sample[];
  },
): Promise<string[]> {
  const { kubernetes, runs, seed, update = false, samples = VALID_OBJECTS } = options;
  // The path by which an object is replaced has its name.
  const cases = fc
    .sample(drawnFrom(samples), { numRuns: runs, seed })
    .filter(({ sample, object }) => !update || nameOf(object) === sample.object.metadata.name);
  const judged = judge(
    cases.map(({ sample, object }) => ({
      object: object as unknown as KubernetesObject,
      ...(update && { old: sample.object }),
    })),
    kubernetes,
  );
  if (judged?.kubernetes !== kubernetes)
    throw new Error(`no validation of Kubernetes ${kubernetes} is built`);
  // Connections that the API server has closed meanwhile are noticed now, and not by the first request.
  await sleep(100);
  const differences: string[] = [];
  for (const [i, drawn] of cases.entries()) {
    const ours = judged.refusals[i] ?? [];
    const theirs = await refusal(drawn);
    if (ours.length > 0 === (theirs !== undefined)) continue;
    differences.push(
      `${JSON.stringify(drawn.object)}\n  server: ${theirs ?? 'accepts'}\n  here: ${JSON.stringify(ours)}`,
    );
  }
  return differences;
}
