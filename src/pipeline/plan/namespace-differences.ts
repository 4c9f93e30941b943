import { isObject } from '../../manifests/field';
import type { NamespaceRecord } from '../../manifests/platform-record';
import { resourcesByAddress } from '../../manifests/resources-by-address';
import type { Json, JsonObject, TerraformDocument } from '../../manifests/terraform-document';
import { describeDifference, differences, type Difference, type Side } from './plan-differences';

/** What differs between the objects at one address in two namespaces. */
export interface NamespaceDifference {
  /** Terraform address, the same in both stacks. */
  readonly address: string;
  /** Path of the argument. Empty for an object that one namespace has alone. */
  readonly path: string;
  readonly from: string;
  readonly to: string;
  /** Keys of the namespaces in `platform.yaml` that say so. Empty for a difference that follows from none. */
  readonly declared: readonly string[];
}

/** A namespace with what was synthesized of it. */
export interface SynthesizedNamespace {
  readonly name: string;
  readonly settings: NamespaceRecord;
  readonly document: TerraformDocument;
}

/** A key that differs in `platform.yaml`: the words that one namespace has alone. */
interface Declared {
  readonly key: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What differs between two namespaces, once the one is renamed to the other, in the order of the addresses. */
export function namespaceDifferences(
  from: SynthesizedNamespace,
  to: SynthesizedNamespace,
): NamespaceDifference[] {
  const declared = declaredDifferences(
    renamed(settingsOf(from), from.name, to.name, settingsOf(to)),
    settingsOf(to),
  );
  const workloads = [from, to].flatMap(({ settings }) => Object.keys(settings.workloads));
  const inOne = workloads.filter((name) => workloads.indexOf(name) === workloads.lastIndexOf(name));
  const [before, after] = [resourcesByAddress(from.document), resourcesByAddress(to.document)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .flatMap((address): NamespaceDifference[] => {
      const [is, will] = [before.get(address), after.get(address)];
      if (is === undefined || will === undefined) {
        const only = (name: string) => `only in ${name}`;
        const [has, lacks] = is ? [only(from.name), ''] : ['', only(to.name)];
        const of = inOne.filter((name) => new RegExp(`[._]${name.replaceAll('-', '_')}(_|$)`).test(address));
        return [{ address, path: '', from: has, to: lacks, declared: of.map((name) => `workloads.${name}`) }];
      }
      const found = differences({ before: renamed(is, from.name, to.name, will), after: will });
      return found
        .filter((difference) => !isDigest(difference))
        .map((difference) => {
          const { before: old, after: young } = describeDifference(difference);
          const keys = declared.filter((each) => follows(difference.before, difference.after, each));
          return {
            address,
            path: difference.path,
            from: old,
            to: young,
            declared: keys.map(({ key }) => key),
          };
        });
    });
}

const settingsOf = ({ settings }: SynthesizedNamespace): JsonObject => settings as unknown as JsonObject;

/** A digest of what is compared itself: of the content of ConfigMaps and Secrets, of what a Job runs. It holds the namespace's name. */
function isDigest({ path, before, after }: Difference): boolean {
  const stem = (side: Side): string => textOf(side).replace(/-[0-9a-f]{8}$/, '');
  return (
    path.endsWith('annotations["platform/configuration"]') ||
    path === 'data_wo_revision' ||
    (stem(before) !== textOf(before) && stem(before) === stem(after))
  );
}

/** A value in which the name of a namespace is that of another, but in texts that the other has as they are, such as `/dev/shm`. */
function renamed<Value extends Json>(value: Value, from: string, to: string, other: Json): Value {
  const kept = new Set(textsOf(other));
  const word = new RegExp(`(?<![A-Za-z0-9])${from}(?![A-Za-z0-9])`, 'g');
  const rename = (text: string): string => (kept.has(text) ? text : text.replace(word, to));
  const walk = (each: Json): Json => {
    if (typeof each === 'string') return rename(each);
    if (Array.isArray(each)) return (each as readonly Json[]).map(walk);
    return isObject(each)
      ? Object.fromEntries(Object.entries(each).map(([key, inner]) => [rename(key), walk(inner)]))
      : each;
  };
  return walk(value) as Value;
}

function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return [...(Array.isArray(value) ? [] : Object.keys(value)), ...Object.values(value).flatMap(textsOf)];
}

function declaredDifferences(from: JsonObject, to: JsonObject): Declared[] {
  const byKey = new Map<string, { from: string[]; to: string[] }>();
  for (const { path, before, after } of differences({ before: from, after: to })) {
    const key = path.replace(/\[\d+\]$/, '');
    const known = byKey.get(key) ?? { from: [], to: [] };
    known.from.push(...wordsOf(before));
    known.to.push(...wordsOf(after));
    byKey.set(key, known);
  }
  return [...byKey].map(([key, words]) => ({ key, ...words }));
}

const wordsOf = (side: Side): string[] =>
  side.state === 'known' && typeof side.value === 'object' ? textsOf(side.value) : [textOf(side)];

/** Empty for what is absent. */
const textOf = (side: Side): string =>
  side.state !== 'known'
    ? ''
    : typeof side.value === 'object'
      ? JSON.stringify(side.value)
      : String(side.value);

/** Whether a difference is that of the key: its words on one side each, and the rest of the text the same. */
function follows(before: Side, after: Side, { from, to }: Declared): boolean {
  const [is, will] = [textOf(before), textOf(after)];
  if (is === '') return to.includes(will);
  if (will === '') return from.includes(is);
  return from.some((old) => old !== '' && to.some((young) => is.replaceAll(old, young) === will));
}
