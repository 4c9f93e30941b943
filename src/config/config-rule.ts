import type { Path } from '../facts/document-path';
import type { Salvaged } from './accepted-parts';
import type { PlatformFile } from './schema/platform-schema';
import type { Part } from '../facts/yaml-document';

/** The file with its wrong parts taken away: a rule looks at what is left. */
export type Draft = Salvaged<PlatformFile>;

/** What a rule has besides the draft. */
export interface RuleContext {
  /** The day against which support dates are held. */
  readonly today: Date;
  /** Whether the file gives the value itself, rather than leave it to the default. */
  readonly isGiven: (path: Path) => boolean;
  /** Tells a mistake; `part` is what the finding points at, the value unless told. */
  readonly report: (path: Path, message: string, part?: Part) => void;
}

/** One thing that the schema cannot say, since it holds two values against each other or against a list. */
export type Rule = (draft: Draft, context: RuleContext) => void;

/** Tells every element of a list that an earlier one equals. */
export function reportDuplicates(
  list: readonly (string | undefined)[] | undefined,
  path: Path,
  context: RuleContext,
): void {
  const firsts = new Map<string, number>();
  list?.forEach((element, i) => {
    if (element === undefined) return;
    const first = firsts.get(element);
    if (first === undefined) return void firsts.set(element, i);
    context.report([...path, i], `${JSON.stringify(element)} is given already at [${first}]; remove one`);
  });
}

/** The entries of a mapping by name that are mappings themselves. */
export function entriesOf<T>(mapping: Readonly<Record<string, T | undefined>> | undefined): [string, T][] {
  return Object.entries(mapping ?? {}).filter((entry): entry is [string, T] => entry[1] !== undefined);
}
